"""What the robustness checks pass around: one estimate, however it was made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A rate ratio with its interval.

    Parameters
    ----------
    rate_ratio, lower, upper : float
        Above zero; ``lower`` at most ``rate_ratio``, ``upper`` at least. Missing limits where an estimator has none.
    """

    rate_ratio: float
    lower: float = float("nan")
    upper: float = float("nan")
