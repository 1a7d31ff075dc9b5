"""Intervals of the electoral clocks' slopes, which cannot be negative and may be zero."""

from __future__ import annotations

import numpy as np
from scipy import interpolate, stats

from netral_research.model.measurement.fit import MeasurementFit
from netral_research.model.measurement.posterior import Posterior

# Logs of slopes per 60 days at which the profile is computed; at the first a slope is zero for any purpose.
GRID = np.array([-8.0, -5.0, -4.0, -3.25, -2.5, -2.0, -1.5, -1.1, -0.7, -0.35, 0.0, 0.4, 0.9, 1.5])
_POINTS = 2000


def slope_limits(fit: MeasurementFit, confidence: float) -> np.ndarray:
    """Limits of each slope from its profile likelihood, all other effects integrated out.

    A normal interval around the log of a slope can never reach zero, however little the counts say against it. The
    profile can: where no slope at all fits nearly as well as the best one, the lower limit is zero.

    Parameters
    ----------
    fit : MeasurementFit
    confidence : float

    Returns
    -------
    numpy.ndarray of shape (k, 2)
        Per 60 days, in the order of ``fit.design.blocks.slopes``; holds the estimate.

    References
    ----------
    Self and Liang (1987), Journal of the American Statistical Association 82: 605-610: at the boundary the usual
    critical value errs to the safe side.
    """
    posterior, slopes = Posterior(fit.design), fit.design.blocks.spans[1]
    drop = float(stats.chi2.ppf(confidence, 1)) / 2
    fine = np.linspace(GRID[0], GRID[-1], _POINTS)
    limits = []
    for place in range(slopes.start, slopes.stop):
        profile = interpolate.PchipInterpolator(GRID, _profile(posterior, fit, place))(fine)
        near = np.flatnonzero(profile >= profile.max() - drop)
        low, high = (0.0 if near[0] == 0 else np.exp(fine[near[0]])), np.exp(fine[near[-1]])
        estimate = np.exp(fit.effects[place])
        limits.append((min(low, estimate), max(high, estimate)))
    return np.array(limits).reshape(-1, 2)


def _profile(posterior: Posterior, fit: MeasurementFit, place: int) -> np.ndarray:
    values = []
    for value in GRID:
        start = fit.mode.copy()
        start[place] = value
        values.append(posterior.pinned(place, value).mode(fit.log_spreads, start).log_marginal)
    return np.array(values)
