"""Building blocks of pages. They take figures and finished sentences and return Dash components."""
