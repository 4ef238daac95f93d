"""What papers say, held against itself, against each other, against models and against live figures."""
