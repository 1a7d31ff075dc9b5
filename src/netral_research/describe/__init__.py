"""Stage *describe*: reported rates with exact intervals, coverage, exposure and the tile map; no effect."""

from netral_research.describe.build import DescribeTables, describe, load_describe_tables
from netral_research.describe.cycles import best_covered_cycle

__all__ = ["DescribeTables", "best_covered_cycle", "describe", "load_describe_tables"]
