"""Reifegrad models, crosswalks between them and rules of counting: data, the built-in and the town's own."""
