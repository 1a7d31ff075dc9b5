"""Socialisation and reported violations of civil-servant neutrality in Indonesia, region by region.

The package reads what was published, keeps what each number means, and reports how the two
series relate and how sure anyone can be. Importing it has no side effect.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
