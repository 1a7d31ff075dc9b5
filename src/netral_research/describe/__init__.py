"""Stage *describe*: reported rates with exact intervals, coverage, exposure and the tile map; no effect."""

from netral_research.describe.build import DescribeTables, describe, load_describe_tables

__all__ = ["DescribeTables", "describe", "load_describe_tables"]
