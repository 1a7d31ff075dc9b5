"""Stage *model*: one count model within provinces, cross-checked, with its placebo and what it could have detected."""

from netral_research.model.build import ModelTables, estimate_association, load_model_tables

__all__ = ["ModelTables", "estimate_association", "load_model_tables"]
