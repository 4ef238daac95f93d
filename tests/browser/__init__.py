"""Tests that drive the running product with a real browser, as a person would."""
