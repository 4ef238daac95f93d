"""Fixtures every kind of test may use."""

from __future__ import annotations

from tests.postgres import postgres_cluster, postgres_url

__all__ = ["postgres_cluster", "postgres_url"]
