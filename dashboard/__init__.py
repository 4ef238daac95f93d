"""The application: pages, accounts, settings, command line, the night and the example city."""
