"""Running the stages: strict notebooks, the graph of tasks, what depends on what, progress on the screen."""

from __future__ import annotations
