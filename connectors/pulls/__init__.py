"""Ways by which messages are fetched over HTTP before they are read."""
