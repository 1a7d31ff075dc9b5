"""Stage *panel*: regions by electoral cycle, with exposure, outcome limits and denominators, none left out."""

from netral_research.panel.build import PanelTables, build_panel, load_panel_tables

__all__ = ["PanelTables", "build_panel", "load_panel_tables"]
