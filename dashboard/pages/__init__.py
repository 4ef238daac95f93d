"""Pages of the portal; each module with a PAGE is found by itself."""
