"""How far reporting, or something else that was not measured, would have to differ to explain an estimate away."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from netral_research.robustness.estimates import Estimate


def identified_set(estimate: Estimate, lowest: float, highest: float) -> tuple[Estimate, Estimate]:
    """Rate ratios of what happened that fit the rate ratio of what was reported.

    Reported violations are committed times detected and recorded: the rate ratio of reported violations is the one of
    violations times the reporting ratio, the probability of being reported with the events over that without.

    Parameters
    ----------
    estimate : Estimate
        Of reported violations.
    lowest, highest : float
        Smallest and largest reporting ratio held possible, above zero.

    Returns
    -------
    tuple of Estimate
        At the highest and at the lowest reporting ratio: the ends of the set, each with its limits.

    Examples
    --------
    >>> [round(end.rate_ratio, 2) for end in identified_set(Estimate(1.25, 1.0, 1.5), 0.8, 1.25)]
    [1.0, 1.56]
    """
    return _divided(estimate, highest), _divided(estimate, lowest)


def _divided(estimate: Estimate, reporting_ratio: float) -> Estimate:
    return Estimate(*(value / reporting_ratio for value in (estimate.rate_ratio, estimate.lower, estimate.upper)))


def reporting_table(estimate: Estimate, reporting_ratios: Sequence[float]) -> pd.DataFrame:
    """What the estimate would be of what happened, for one reporting ratio after the other.

    Parameters
    ----------
    estimate : Estimate
    reporting_ratios : sequence of float

    Returns
    -------
    pandas.DataFrame
        ``reporting_ratio``, ``rate_ratio``, ``lower``, ``upper`` and ``says`` (``lower``, ``higher`` or
        ``cannot_tell``, by whether the interval holds 1).

    Examples
    --------
    >>> reporting_table(Estimate(0.8, 0.66, 0.97), [0.8, 1.0])["says"].tolist()
    ['cannot_tell', 'lower']
    """
    rows = []
    for ratio in reporting_ratios:
        one = _divided(estimate, ratio)
        says = "lower" if one.upper < 1 else "higher" if one.lower > 1 else "cannot_tell"
        rows.append((ratio, one.rate_ratio, one.lower, one.upper, says))
    return pd.DataFrame(rows, columns=["reporting_ratio", "rate_ratio", "lower", "upper", "says"])


def e_value(rate_ratio: float) -> float:
    """How strongly something unmeasured must go with both events and counts to explain a rate ratio away.

    It speaks of confounding, not of reporting.

    Parameters
    ----------
    rate_ratio : float
        Above zero; below 1 it is inverted first.

    Returns
    -------
    float
        Smallest rate ratio with both that could do it; 1 where there is nothing to explain.

    References
    ----------
    VanderWeele and Ding (2017), Annals of Internal Medicine 167: 268-274.

    Examples
    --------
    >>> round(e_value(3.9), 2), e_value(1.0)
    (7.26, 1.0)
    """
    ratio = max(rate_ratio, 1 / rate_ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def e_value_of_limit(estimate: Estimate) -> float:
    """The same for the limit nearer 1; 1 where the interval holds it.

    Parameters
    ----------
    estimate : Estimate

    Returns
    -------
    float

    Examples
    --------
    >>> e_value_of_limit(Estimate(0.9, 0.7, 1.2)), round(e_value_of_limit(Estimate(0.8, 0.66, 0.97)), 2)
    (1.0, 1.21)
    """
    if estimate.lower <= 1 <= estimate.upper:
        return 1.0
    return e_value(estimate.lower if estimate.lower > 1 else estimate.upper)
