"""The maximum of the negative binomial likelihood (NB2), by Newton's method on exact derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.newton import climb, coordinate_sizes
from netral_research.model.regression_input import RegressionInput

# From this size on the distribution cannot be told from the Poisson one.
THETA_LARGEST = 1e7


@dataclass(frozen=True)
class Maximum:
    """Where the likelihood is highest, and its derivatives there.

    Parameters
    ----------
    coefficients : numpy.ndarray of shape (k,)
    theta : float
    mean : numpy.ndarray of shape (n,)
    log_likelihood : float
    scores : numpy.ndarray of shape (n, k + 1)
        Derivatives of each row's log-likelihood by the coefficients and by theta.
    information : numpy.ndarray of shape (k + 1, k + 1)
        Observed information of the coefficients and theta.
    """

    coefficients: np.ndarray
    theta: float
    mean: np.ndarray
    log_likelihood: float
    scores: np.ndarray
    information: np.ndarray


def maximise(parts: RegressionInput, coefficients: np.ndarray, theta: float) -> Maximum:
    """Find the maximum of the likelihood from a start.

    Parameters
    ----------
    parts : RegressionInput
        Counts with their regressors and offset.
    coefficients : numpy.ndarray of shape (k,)
        Start, for instance of the Poisson regression.
    theta : float
        Start; positive.

    Returns
    -------
    Maximum

    Raises
    ------
    CannotEstimateError
        If theta grows without limit, or no maximum is reached.

    Examples
    --------
    >>> counts, constant = np.array([0.0, 9.0, 2.0, 14.0]), np.ones((4, 1))
    >>> parts = RegressionInput(None, ("constant",), counts, constant, np.zeros(4), None)
    >>> found = maximise(parts, np.array([1.0]), 1.0)
    >>> round(float(np.exp(found.coefficients[0])), 6), bool(np.abs(found.scores.sum(axis=0)).max() < 1e-8)
    (6.25, True)
    """
    # Theta is positive: the search runs over its logarithm.
    start = np.append(coefficients, np.log(theta))
    point = climb(
        lambda x: _log_likelihood(parts, x),
        lambda x: _by_log_theta(_derivatives(parts, x)),
        start,
        np.append(coordinate_sizes(parts.design), 1.0),
    )
    return _derivatives(parts, point)


def _by_log_theta(found: Maximum) -> tuple[np.ndarray, np.ndarray]:
    if found.theta > THETA_LARGEST:
        raise CannotEstimateError([Problem("model_not_overdispersed")])
    gradient, curvature = found.scores.sum(axis=0), found.information.copy()
    gradient[-1] *= found.theta
    curvature[-1] *= found.theta
    curvature[:, -1] *= found.theta
    curvature[-1, -1] -= gradient[-1]
    return gradient, curvature


def _log_likelihood(parts: RegressionInput, point: np.ndarray) -> float:
    y, theta = parts.outcome, np.exp(point[-1])
    line = parts.design @ point[:-1] + parts.offset
    # log(theta + mean) by logaddexp: neither overflows.
    joint = np.logaddexp(point[-1], line)
    logs = special.gammaln(y + theta) - special.gammaln(theta) - special.gammaln(y + 1)
    return float((logs + theta * (point[-1] - joint) + y * (line - joint)).sum())


def _derivatives(parts: RegressionInput, point: np.ndarray) -> Maximum:
    y, design, theta = parts.outcome, parts.design, float(np.exp(point[-1]))
    mean = np.exp(design @ point[:-1] + parts.offset)
    total = theta + mean
    slope = special.digamma(y + theta) - special.digamma(theta) + np.log(theta / total) + 1 - (y + theta) / total
    bend = special.polygamma(1, y + theta) - special.polygamma(1, theta) + 1 / theta - 2 / total
    bend = bend + (y + theta) / total**2
    weight = theta * mean * (y + theta) / total**2
    mixed = -design.T @ (mean * (y - mean) / total**2)
    information = np.block(
        [[design.T @ (weight[:, None] * design), mixed[:, None]], [mixed[None, :], np.array([[-bend.sum()]])]]
    )
    scores = np.column_stack([(theta * (y - mean) / total)[:, None] * design, slope])
    return Maximum(point[:-1], theta, mean, _log_likelihood(parts, point), scores, information)
