"""``python -m netral_research``: all commands, for people without make."""

from __future__ import annotations

from netral_research.cli import main

main()
