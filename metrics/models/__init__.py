"""Calculations as objects: dated parameters with their sources go in, figures with their spans come out."""
