"""Stage *clean*: what sources said becomes typed rows with one meaning each; what is left out has its reason."""

from netral_research.clean.events import clean_events
from netral_research.clean.loading import load_event_tables, load_violation_tables
from netral_research.clean.violations import clean_violations

__all__ = ["clean_events", "clean_violations", "load_event_tables", "load_violation_tables"]
