"""Stage *robustness*: how far the findings hang on choices, on space and time, on reporting, and on too little data."""

from netral_research.robustness.build import RobustnessTables, check_robustness, load_robustness_tables

__all__ = ["RobustnessTables", "check_robustness", "load_robustness_tables"]
