"""Musterstadt, the example city: invented figures on real catalogues, written as source systems."""

from dashboard.demo.city import SEED, write_case_tables, write_city
from dashboard.demo.ledger import seed_ledger

__all__ = ["SEED", "seed_ledger", "write_case_tables", "write_city"]
