"""Simulation and extrapolation: what an estimate would be without the error in a regressor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import optimize, stats

from netral_research.errors import CannotEstimateError, Problem

EXTRAPOLATIONS = ("quadratic", "rational")
_NO_ERROR = -1.0


@dataclass(frozen=True)
class SimexResult:
    """An estimate beside what it would be without error in the regressor.

    Parameters
    ----------
    naive : float
        Estimate from the data as they are.
    corrected : mapping of str to float
        By extrapolation, ``quadratic`` and ``rational``; missing where the curve cannot be fitted.
    standard_errors : mapping of str to float
        Of ``corrected``; missing where that is.
    path : pandas.DataFrame
        ``level`` (added error in units of the error there is), ``estimate`` (mean) and ``variance``.
    """

    naive: float
    corrected: dict[str, float]
    standard_errors: dict[str, float]
    path: pd.DataFrame

    def interval(self, extrapolation: str, confidence: float) -> tuple[float, float, float]:
        """Corrected estimate with its interval.

        Parameters
        ----------
        extrapolation : {"quadratic", "rational"}
        confidence : float

        Returns
        -------
        tuple of float
            Estimate, lower and upper limit.
        """
        centre = self.corrected[extrapolation]
        reach = float(stats.norm.ppf(0.5 + confidence / 2)) * self.standard_errors[extrapolation]
        return centre, centre - reach, centre + reach


def simex(
    estimate_at: Callable[[float, np.random.Generator], tuple[float, float]],
    levels: Sequence[float],
    draws: int,
    seed: int,
) -> SimexResult:
    """Add ever more error to a regressor, watch the estimate fade, and extrapolate back to no error.

    Parameters
    ----------
    estimate_at : callable
        Takes the level of added error (0: the data as they are) and a random generator; returns the estimate and its
        variance.
    levels : sequence of float
        Above zero; at least three.
    draws : int
        Data sets for each level; in the processes that :func:`joblib.parallel_config` sets, else in one.
    seed : int

    Returns
    -------
    SimexResult

    Raises
    ------
    CannotEstimateError
        If fewer than three levels are given, or the estimate is no number.

    References
    ----------
    Cook and Stefanski (1994), Journal of the American Statistical Association 89: 1314-1328; Stefanski and Cook
    (1995), Journal of the American Statistical Association 90: 1247-1256 (variance).

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> true = random.normal(size=4000)
    >>> outcome, seen = 2 * true + random.normal(size=4000), true + random.normal(size=4000)
    >>> def slope(level, draw):
    ...     noisy = seen + np.sqrt(level) * draw.normal(size=4000)
    ...     return np.cov(noisy, outcome)[0, 1] / noisy.var(), 0.001
    >>> result = simex(slope, (0.5, 1.0, 1.5, 2.0), 20, seed=2)
    >>> round(result.naive, 1), round(result.corrected["rational"], 1)
    (1.0, 1.9)
    """
    if len(set(levels)) < 3 or min(levels) <= 0:
        raise CannotEstimateError([Problem("model_simex_levels")])
    seeds = np.random.SeedSequence(seed).spawn(draws)
    naive, variance = estimate_at(0.0, np.random.default_rng(seeds[0]))
    rows = [(0.0, naive, variance)]
    # The same random numbers at every level: the curve is smooth, and extrapolation does not magnify chance.
    drawn = Parallel()(delayed(estimate_at)(level, np.random.default_rng(one)) for level in levels for one in seeds)
    for level, found in zip(levels, np.array(drawn).reshape(len(levels), draws, 2), strict=True):
        # The spread between data sets comes from the added error alone, so it is taken off.
        rows.append((level, found[:, 0].mean(), found[:, 1].mean() - (found[:, 0].var(ddof=1) if draws > 1 else 0.0)))
    path = pd.DataFrame(rows, columns=["level", "estimate", "variance"])
    if not np.isfinite(path.to_numpy()).all():
        raise CannotEstimateError([Problem("model_convergence")])
    corrected = {name: _extrapolate(path["level"], path["estimate"], name) for name in EXTRAPOLATIONS}
    # The variance rises steeply towards no error and is easily put too low: of three ways the largest.
    curves = [_extrapolate(path["level"], path["variance"], name) for name in EXTRAPOLATIONS]
    error = {
        name: float(np.sqrt(np.nanmax([*curves, variance * (value / naive) ** 2]))) if np.isfinite(value) else value
        for name, value in corrected.items()
    }
    return SimexResult(float(naive), corrected, error, path)


def _extrapolate(levels: pd.Series, values: pd.Series, extrapolation: str) -> float:
    x, y = levels.to_numpy(), values.to_numpy()
    quadratic = np.polyfit(x, y, 2)
    if extrapolation == "quadratic":
        return float(np.polyval(quadratic, _NO_ERROR))

    def misfit(pole: float) -> float:
        return float(((y - _rational(x, y, pole)(x)) ** 2).sum())

    # The pole must lie beyond no error, else the curve has no value there.
    poles = np.geomspace(1.01, 100.0, 200)
    first = int(np.argmin([misfit(pole) for pole in poles]))
    if first == 0:
        return float("nan")
    span = poles[first - 1], poles[min(first + 1, len(poles) - 1)]
    best = optimize.minimize_scalar(misfit, bounds=span, method="bounded")
    return float(_rational(x, y, best.x)(np.array([_NO_ERROR]))[0])


def _rational(x: np.ndarray, y: np.ndarray, pole: float) -> Callable[[np.ndarray], np.ndarray]:
    """Least squares of ``a + b / (pole + level)``."""
    design = np.column_stack([np.ones(len(x)), 1 / (pole + x)])
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0]
    return lambda at: np.column_stack([np.ones(len(at)), 1 / (pole + at)]) @ coefficients
