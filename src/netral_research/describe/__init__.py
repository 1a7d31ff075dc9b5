"""Stage *describe*: reported rates with exact intervals and their funnel, breakdowns, coverage, exposure; no effect."""

from netral_research.describe.build import DescribeTables, describe, load_describe_tables
from netral_research.describe.cycles import best_covered_cycle
from netral_research.describe.province_funnel import draw_funnel

__all__ = ["DescribeTables", "best_covered_cycle", "describe", "draw_funnel", "load_describe_tables"]
