"""How far a reported rate, and the ratio of two, could lie from what was counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from netral_research.errors import CannotEstimateError, Problem


@dataclass(frozen=True)
class RateComparison:
    """Two regions' rates compared.

    Parameters
    ----------
    ratio : float
        Rate of the first region by that of the second; infinite where only the second has no case.
    lower, upper : float
        Score interval of the ratio.
    exact_lower, exact_upper : float
        Exact conditional interval: never too narrow, and wider than the score interval.
    p_value : float
        Exact conditional test of equal rates, two-sided.
    """

    ratio: float
    lower: float
    upper: float
    exact_lower: float
    exact_upper: float
    p_value: float


def exact_rate_interval(
    counts: ArrayLike, exposure: ArrayLike, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Exact interval of a rate from a count (Garwood): it holds the true rate at least as often as it says.

    Parameters
    ----------
    counts : array_like of shape (n,)
        Whole numbers from zero.
    exposure : array_like of shape (n,)
        Positive, in the unit the rate is told in (for a rate per 10,000, the headcount by 10,000).
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray of shape (n,)
        Lower and upper limits; the lower one is zero for a count of zero.

    Raises
    ------
    CannotEstimateError
        If a count is missing or negative, or an exposure is missing or not positive.

    References
    ----------
    Garwood (1936), Biometrika 28: 437-442.

    Examples
    --------
    >>> lower, upper = exact_rate_interval([0, 10], [1.0, 1.0])
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    cases, exposed = _checked(counts, exposure)
    lower, upper = confint_poisson(cases, exposed, method="exact-c", alpha=1 - confidence)
    return np.asarray(lower), np.asarray(upper)


def exact_share_interval(
    counts: ArrayLike, totals: ArrayLike, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Exact interval of a share (Clopper and Pearson).

    Parameters
    ----------
    counts, totals : array_like of shape (n,)
        Whole numbers; every count lies between zero and its total, which is above zero.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray of shape (n,)
        Lower and upper limits.

    Raises
    ------
    CannotEstimateError
        If a number is missing, a total is zero, or a count is negative or above its total.

    References
    ----------
    Clopper and Pearson (1934), Biometrika 26: 404-413.

    Examples
    --------
    >>> lower, upper = exact_share_interval([0, 7], [10, 10])
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.0, 0.348], [0.308, 0.933])
    """
    cases, all_cases = _checked(counts, totals)
    if (cases > all_cases).any():
        raise CannotEstimateError([Problem("model_values", column="counts")])
    lower, upper = proportion_confint(cases, all_cases, alpha=1 - confidence, method="beta")
    # The library gives no limit where the count is zero or all.
    return np.where(cases == 0, 0.0, lower), np.where(cases == all_cases, 1.0, upper)


def compare_rates(first: tuple[int, float], second: tuple[int, float], confidence: float = 0.95) -> RateComparison:
    """Compare the rates of two regions; only a ratio whose interval leaves out one tells them apart.

    Given how many cases the two have together, the first one's share of them is binomial, whatever the rates' height.
    Both intervals and the test rest on that.

    Parameters
    ----------
    first, second : tuple of (int, float)
        Count and exposure of each region.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    RateComparison

    Raises
    ------
    CannotEstimateError
        If a number is missing or impossible, or neither region has a case: any ratio would do.

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31: 313-323; Graham, Mays and Singh (2003), Statistics in Medicine
    22: 2071-2083 (score interval). Where a count is zero the score interval of statsmodels 0.15 collapses to a point,
    so its closed form is used.

    Examples
    --------
    >>> found = compare_rates((10, 100.0), (3, 120.0))
    >>> round(found.ratio, 2), round(found.lower, 2), round(found.upper, 2), round(found.p_value, 3)
    (4.0, 1.19, 13.47, 0.027)
    """
    cases, exposed = _checked([first[0], second[0]], [first[1], second[1]])
    total = float(cases.sum())
    if not total:
        raise CannotEstimateError([Problem("model_zeros")])
    by_exposure = exposed[1] / exposed[0]
    with np.errstate(divide="ignore"):
        ratio = float(np.divide(cases[0], cases[1]) * by_exposure)
    score = proportion_confint(cases[0], total, alpha=1 - confidence, method="wilson")
    exact = exact_share_interval([cases[0]], [total], confidence)
    shares = (*score, exact[0][0], exact[1][0])
    lower, upper, exact_lower, exact_upper = (_odds(float(share)) * float(by_exposure) for share in shares)
    test = stats.binomtest(int(cases[0]), int(total), float(exposed[0] / exposed.sum()))
    return RateComparison(ratio, lower, upper, exact_lower, exact_upper, float(test.pvalue))


def _odds(share: float) -> float:
    # The limits of no and of all cases, cleared of rounding.
    if share > 1 - 1e-15:
        return float("inf")
    return share / (1 - share) if share > 1e-15 else 0.0


def _checked(counts: ArrayLike, exposure: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    cases, exposed = numbers(counts), numbers(exposure)
    if not (np.isfinite(cases) & (cases >= 0) & (cases == np.round(cases))).all():
        raise CannotEstimateError([Problem("model_values", column="counts")])
    if not (np.isfinite(exposed) & (exposed > 0)).all():
        raise CannotEstimateError([Problem("model_offset", column="exposure")])
    return cases, exposed


def numbers(values: ArrayLike) -> np.ndarray:
    """Values as floating numbers; whatever is no number is missing, and so refused, not an error of its own.

    Parameters
    ----------
    values : array_like of shape (n,)

    Returns
    -------
    numpy.ndarray of shape (n,)

    Examples
    --------
    >>> numbers(["1", "many", None]).tolist()
    [1.0, nan, nan]
    """
    return pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
