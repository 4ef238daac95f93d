"""Fixtures every kind of test may use."""

from __future__ import annotations

from tests.example_city import example_city
from tests.postgres import postgres_cluster, postgres_url

__all__ = ["example_city", "postgres_cluster", "postgres_url"]
