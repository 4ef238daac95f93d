"""The search of the header: one index per published state and scope, one route that answers while typing."""
