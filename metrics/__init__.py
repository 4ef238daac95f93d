"""What the figures mean: one SQL file per metric, one door to ask for values."""
