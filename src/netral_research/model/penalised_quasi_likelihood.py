"""Penalised quasi-likelihood: the older approximation that published analyses often used, for comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.curvature import Floats


@dataclass(frozen=True)
class QuasiFit:
    """A Poisson model with a random intercept and free dispersion, by penalised quasi-likelihood.

    Parameters
    ----------
    coefficients, standard_errors : numpy.ndarray of shape (k,)
    group_deviation, residual_deviation : float
        Standard deviations between groups and of the working residuals.
    """

    coefficients: Floats
    standard_errors: Floats
    group_deviation: float
    residual_deviation: float


def fit_by_quasi_likelihood(counts: Floats, offset: Floats, design: Floats, group: np.ndarray) -> QuasiFit:
    """Fit by a linear mixed model of working responses, repeated until nothing moves (MASS's ``glmmPQL``).

    Parameters
    ----------
    counts, offset : numpy.ndarray of shape (n,)
    design : numpy.ndarray of shape (n, k)
    group : numpy.ndarray of int of shape (n,)
        From 0 on.

    Returns
    -------
    QuasiFit

    Raises
    ------
    CannotEstimateError
        If the repetitions do not settle.

    References
    ----------
    Breslow and Clayton (1993), Journal of the American Statistical Association 88: 9-25.

    Examples
    --------
    >>> counts = np.array([20.0, 9, 4, 3, 11, 5, 40, 22])
    >>> design = np.column_stack([np.ones(8), [0, 1] * 4])
    >>> fit_by_quasi_likelihood(counts, np.zeros(8), design, np.repeat(np.arange(4), 2)).coefficients.round(2).tolist()
    [2.64, -0.65]
    """
    log_mean = np.log(counts + 0.5)
    for _ in range(200):
        mean = np.exp(log_mean)
        fit, fitted = _linear_mixed(log_mean - offset + (counts - mean) / mean, mean, design, group)
        moved, log_mean = log_mean - offset - fitted, offset + fitted
        if (moved**2).sum() < 1e-16 * (fitted**2).sum():
            return fit
    raise CannotEstimateError([Problem("model_convergence")])


def _linear_mixed(response: Floats, weights: Floats, design: Floats, group: np.ndarray) -> tuple[QuasiFit, Floats]:
    """Maximum likelihood of a weighted linear model with a random intercept, and its fitted values."""
    sizes = np.bincount(group, weights)
    n, k = design.shape

    def solve(ratio: float) -> tuple[float, Floats, Floats, Floats]:
        # Inverse of the covariance: the weights less, in each group, what the shared intercept explains.
        shrink = ratio / (1 + ratio * sizes)

        def weigh(columns: Floats) -> Floats:
            sums = np.array([np.bincount(group, weights * column) for column in columns.T])
            return weights[:, None] * (columns - (shrink * sums)[:, group].T)

        information = design.T @ weigh(design)
        coefficients: Floats = np.linalg.solve(information, design.T @ weigh(response[:, None])[:, 0]).astype(
            np.float64
        )
        rest = response - design @ coefficients
        variance = float(rest @ weigh(rest[:, None])[:, 0]) / n
        height = n * np.log(variance) + np.log1p(ratio * sizes).sum()
        effects = shrink * np.bincount(group, weights * rest)
        covariance = np.linalg.inv(information) * variance
        return float(height), coefficients, covariance, np.asarray(effects, dtype=np.float64)

    best = minimize_scalar(
        lambda log: solve(np.exp(log))[0], bounds=(-15, 10), method="bounded", options={"xatol": 1e-9}
    )
    ratio = float(np.exp(best.x))
    _, coefficients, covariance, effects = solve(ratio)
    variance = float(np.exp((best.fun - np.log1p(ratio * sizes).sum()) / n))
    errors = np.sqrt(np.diag(covariance) * n / (n - k))
    fit = QuasiFit(coefficients, errors, float(np.sqrt(ratio * variance)), float(np.sqrt(variance)))
    return fit, design @ coefficients + effects[group]
