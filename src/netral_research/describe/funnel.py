"""Funnel plot: which regions' rates differ from the common one by more than chance and a shared spread explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.describe.intervals import exact_rate_interval, numbers
from netral_research.errors import CannotEstimateError, Problem

# The two bands of a funnel plot: about two and about three standard errors wide.
LEVELS = (0.95, 0.998)


@dataclass(frozen=True)
class Funnel:
    """Rates of regions against the limits within which they cannot be told apart.

    Parameters
    ----------
    rate : float
        Common rate: all counts by all exposure.
    dispersion : float
        Mean square of the winsorised standardised differences (phi). About 0.7 where chance alone spreads the rates,
        as the ends are pulled in; above two the plain limits flag regions for no more than the spread all share.
    overdispersed : bool
        Whether the dispersion lies above what chance gives; only then the widened limits use it.
    levels : tuple of float
        Share of regions that each band holds where nothing but chance spreads the rates.
    table : pandas.DataFrame
        One row a region, indexed as the counts: ``count``, ``exposure``, ``expected``, ``rate``, ``rate_lower``,
        ``rate_upper`` (exact interval), ``standardised``, and for every level (in per cent) the limits of the rate,
        ``exact_lower_95`` and so on (Poisson) and ``widened_lower_95`` and so on (over-dispersed), and whether the
        region lies ``below``, ``inside`` or ``above`` them: ``exact_place_95``, ``widened_place_95``.
    """

    rate: float
    dispersion: float
    overdispersed: bool
    levels: tuple[float, ...]
    table: pd.DataFrame

    def outside(self, level: float, limits: str = "widened") -> pd.Index:
        """Regions outside a band.

        Parameters
        ----------
        level : float
            One of ``levels``.
        limits : {"exact", "widened"}

        Returns
        -------
        pandas.Index
            Sorted from the lowest rate to the highest.
        """
        place = self.table[f"{limits}_place_{level_name(level)}"]
        return self.table[place != "inside"].sort_values("standardised", kind="stable").index


def level_name(level: float) -> str:
    """A level in per cent, as columns are named with it.

    Examples
    --------
    >>> level_name(0.95), level_name(0.998)
    ('95', '99.8')
    """
    return f"{level * 100:g}"


def funnel_plot(
    counts: pd.Series, exposure: pd.Series, *, levels: tuple[float, ...] = LEVELS, winsorised: float = 0.1
) -> Funnel:
    """Limits within which regions' rates cannot be told from the common rate, for every size of region.

    Only one cycle, institution, stage and measure belong in a funnel. A region outside it reported more or less than
    others, which can mean conduct, supervision, record keeping or the day of the count.

    Parameters
    ----------
    counts : pandas.Series of shape (n,)
        Whole numbers from zero, one a region; the index names the regions.
    exposure : pandas.Series
        Positive, matched by index, in the unit the rates are told in.
    levels : tuple of float
    winsorised : float
        Share at each end of the standardised differences that is pulled in to the next value before the dispersion is
        estimated, so that a few extreme regions do not hide themselves.

    Returns
    -------
    Funnel

    Raises
    ------
    CannotEstimateError
        If there are fewer than three regions, all counts are zero, parts do not match, or a number is impossible.

    References
    ----------
    Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202.

    Examples
    --------
    >>> counts = pd.Series([12, 20, 7, 60, 9], index=["11", "12", "13", "14", "15"])
    >>> funnel = funnel_plot(counts, pd.Series(20.0, index=counts.index))
    >>> funnel.outside(0.998, "exact").tolist(), round(funnel.dispersion, 1)
    (['13', '14'], 8.8)
    """
    exposed = _matched(counts, exposure)
    lower, upper = exact_rate_interval(counts.to_numpy(), exposed)
    observed = counts.to_numpy(dtype="float64")
    if not observed.any():
        raise CannotEstimateError([Problem("model_zeros")])
    rate = float(observed.sum() / exposed.sum())
    expected = rate * exposed
    standardised = (observed - expected) / np.sqrt(expected)
    dispersion = _winsorised_dispersion(standardised, winsorised)
    # Spiegelhalter's rule: below this the regions' spread is that of chance.
    overdispersed = dispersion > 1 + 2 * np.sqrt(2 / len(observed))
    table = pd.DataFrame(
        {
            "count": counts, "exposure": exposed, "expected": expected, "rate": observed / exposed,
            "rate_lower": lower, "rate_upper": upper, "standardised": standardised,
        }, index=counts.index,
    )  # fmt: skip
    spread = dispersion if overdispersed else 1.0
    for level in levels:
        for limits in ("exact", "widened"):
            low, high = funnel_limits(rate, exposed, level, spread if limits == "widened" else None)
            name = level_name(level)
            table[f"{limits}_lower_{name}"], table[f"{limits}_upper_{name}"] = low, high
            table[f"{limits}_place_{name}"] = _place(observed, low * exposed, high * exposed)
    return Funnel(rate, dispersion, bool(overdispersed), tuple(levels), table)


def funnel_limits(
    rate: float, exposure: np.ndarray, level: float, dispersion: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a rate around the common one, for regions of any size.

    Parameters
    ----------
    rate : float
        Common rate.
    exposure : numpy.ndarray of shape (n,)
    level : float
    dispersion : float or None
        None for exact Poisson limits; else the factor by which the variance exceeds that of chance. Widened limits are
        normal ones, and never inside the exact ones.

    Returns
    -------
    tuple of numpy.ndarray of shape (n,)
        Lower and upper limits; a lower limit is never negative.

    Examples
    --------
    >>> [limits.tolist() for limits in funnel_limits(1.0, np.array([4.0, 100.0]), 0.95)]
    [[0.25, 0.81], [2.0, 1.2]]
    """
    expected = rate * exposure
    tails = np.array([0.5 - level / 2, 0.5 + level / 2])
    low, high = stats.poisson.ppf(tails[:, None], expected)
    if dispersion is not None:
        # Small counts are skewed: there the normal limit alone would flag more regions than chance explains.
        below, above = expected + stats.norm.ppf(tails)[:, None] * np.sqrt(dispersion * expected)
        low, high = np.minimum(low, below), np.maximum(high, above)
    return np.maximum(low, 0.0) / exposure, high / exposure


def _matched(counts: pd.Series, exposure: pd.Series) -> np.ndarray:
    if not counts.index.is_unique or not exposure.index.is_unique or not counts.index.isin(exposure.index).all():
        raise CannotEstimateError([Problem("model_rows_unmatched", column="exposure")])
    if len(counts) < 3:
        raise CannotEstimateError([Problem("model_regions", fields={"found": str(len(counts)), "wanted": "3"})])
    return numbers(exposure.loc[counts.index])


def _winsorised_dispersion(standardised: np.ndarray, share: float) -> float:
    low, high = np.quantile(standardised, [share, 1 - share])
    return float((np.clip(standardised, low, high) ** 2).mean())


def _place(observed: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    # Limits times exposure give back whole numbers only up to rounding.
    below, above = observed < low - 1e-9, observed > high + 1e-9
    return np.select([below, above], ["below", "above"], "inside")
