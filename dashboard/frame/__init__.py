"""Parts of the frame around every page."""
