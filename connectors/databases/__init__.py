"""Databases behind the kind `sql`: parameters, the fast PostgreSQL path, typed values to text."""
