"""`/api/v1`: the same figures for the programs of the town, asked with personal tokens."""
