"""Likelihood of counts that are known exactly, within limits, or by their sum, and its maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.count_distributions import Floats, log_interval
from netral_research.model.count_sums import counts_given_sum
from netral_research.model.curvature import inverse_information, observed_information, touched

# Log means and log dispersions beyond these differ in no count; inside them nothing overflows.
LOG_MEANS, LOG_DISPERSIONS = (-40.0, 25.0), (-20.0, 6.0)
GRADIENT = 1e-4


@dataclass(frozen=True)
class CensoredCounts:
    """Counts with what is known of them.

    Parameters
    ----------
    lower, upper : numpy.ndarray of shape (n,)
        Limits of each count, both included; equal where it is exact, ``upper`` infinite where it has none.
    offset : numpy.ndarray of shape (n,)
        Log of the exposed population.
    design : numpy.ndarray of shape (n, k)
        Regressors and dummies.
    sums : tuple of (numpy.ndarray, int)
        Rows whose counts are not exact, and what they add up to; no row is in two sums.
    """

    lower: Floats
    upper: Floats
    offset: Floats
    design: Floats
    sums: tuple[tuple[np.ndarray, int], ...] = ()


@dataclass(frozen=True)
class Likelihood:
    """Log-likelihood with each row's scores (their expectation given what is known, by Fisher's identity).

    Parameters
    ----------
    value : float
    by_log_mean, by_dispersion : numpy.ndarray of shape (n,)
    """

    value: float
    by_log_mean: Floats
    by_dispersion: Floats


@dataclass(frozen=True)
class Maximum:
    """Where the likelihood is highest.

    Parameters
    ----------
    parameters : numpy.ndarray of shape (k,) or (k + 1,)
        Coefficients, then the log of the dispersion where there is one.
    determined : numpy.ndarray of bool
        Whether the data determine the parameter: no direction along which the likelihood is flat touches it.
    covariance : numpy.ndarray
        Inverse of the observed information, zero along flat directions.
    log_likelihoods : tuple of float
        The maximum reached from each start.
    """

    parameters: Floats
    determined: np.ndarray
    covariance: Floats
    log_likelihoods: tuple[float, ...]


def split(parameters: Floats, data: CensoredCounts) -> tuple[Floats, float]:
    """Log means and dispersion that the parameters stand for.

    Parameters
    ----------
    parameters : numpy.ndarray
    data : CensoredCounts

    Returns
    -------
    tuple of (numpy.ndarray, float)
        The dispersion is 0 where the parameters hold none (Poisson).
    """
    k = data.design.shape[1]
    log_mean = np.clip(data.offset + data.design @ parameters[:k], *LOG_MEANS)
    dispersion = float(np.exp(np.clip(parameters[k], *LOG_DISPERSIONS))) if len(parameters) > k else 0.0
    return log_mean, dispersion


def censored_likelihood(log_mean: Floats, dispersion: float, data: CensoredCounts) -> Likelihood:
    """Log-likelihood of counts known exactly, within limits, or by their sum.

    Parameters
    ----------
    log_mean : numpy.ndarray of shape (n,)
    dispersion : float
    data : CensoredCounts

    Returns
    -------
    Likelihood

    Examples
    --------
    >>> data = CensoredCounts(np.array([2.0, 0.0]), np.array([2.0, 1.0]), np.zeros(2), np.ones((2, 1)))
    >>> round(censored_likelihood(np.zeros(2), 0.0, data).value, 3)
    -2.0
    """
    summed = np.zeros(len(log_mean), dtype=bool)
    value, by_log_mean, by_dispersion = 0.0, np.zeros(len(log_mean)), np.zeros(len(log_mean))
    for rows, total in data.sums:
        summed[rows] = True
        found = counts_given_sum(total, data.lower[rows], data.upper[rows], log_mean[rows], dispersion)
        value += found.log_probability
        by_log_mean[rows], by_dispersion[rows] = found.by_log_mean, found.by_dispersion
    single = ~summed
    alone = log_interval(data.lower[single], data.upper[single], log_mean[single], dispersion)
    by_log_mean[single], by_dispersion[single] = alone.by_log_mean, alone.by_dispersion
    return Likelihood(value + float(alone.value.sum()), by_log_mean, by_dispersion)


def row_scores(parameters: Floats, data: CensoredCounts) -> Floats:
    """Score of each row by each parameter.

    Parameters
    ----------
    parameters : numpy.ndarray of shape (p,)
    data : CensoredCounts

    Returns
    -------
    numpy.ndarray of shape (n, p)
    """
    log_mean, dispersion = split(parameters, data)
    found = censored_likelihood(log_mean, dispersion, data)
    scores = found.by_log_mean[:, None] * data.design
    return scores if not dispersion else np.column_stack([scores, found.by_dispersion * dispersion])


def maximise(data: CensoredCounts, has_dispersion: bool) -> Maximum:
    """Find the maximum of the likelihood from two starts and the curvature there.

    The first start fills unknown counts with the middle of what they can be, the second knows of no difference
    between rows at all.

    Parameters
    ----------
    data : CensoredCounts
    has_dispersion : bool
        Negative binomial (True) or Poisson.

    Returns
    -------
    Maximum

    Raises
    ------
    CannotEstimateError
        If no start leads to a maximum.
    """
    rates = np.log(_filled(data) + 0.5) - data.offset
    starts = [
        np.append(np.linalg.lstsq(data.design, target)[0], [log_dispersion] * has_dispersion)
        for target, log_dispersion in ((rates, 0.0), (np.full_like(rates, rates.mean()), -1.0))
    ]
    found = [_climb(start, data) for start in starts]
    values = tuple(_objective(parameters, data)[0] * -1 for parameters in found)
    parameters = found[int(np.argmax(values))]
    scales = _scales(data, len(parameters))

    def gradient(at: Floats) -> Floats:
        return _objective(at, data)[1]

    information, flat = observed_information(gradient, parameters, scales)
    for _ in range(2):
        # The climb stops a little early; Newton's steps end it.
        parameters = parameters - np.clip(inverse_information(information, flat) @ gradient(parameters), -1, 1)
    if not np.abs(gradient(parameters)).max() < GRADIENT:
        raise CannotEstimateError([Problem("model_convergence")])
    information, flat = observed_information(gradient, parameters, scales)
    return Maximum(parameters, ~touched(flat), inverse_information(information, flat), values)


def _filled(data: CensoredCounts) -> Floats:
    counts = np.where(np.isinf(data.upper), 1.25 * data.lower + 1, (data.lower + np.minimum(data.upper, 1e9)) / 2)
    for rows, total in data.sums:
        counts[rows] *= total / max(counts[rows].sum(), 1.0)
    return counts


def _objective(parameters: Floats, data: CensoredCounts) -> tuple[float, Floats]:
    log_mean, dispersion = split(parameters, data)
    found = censored_likelihood(log_mean, dispersion, data)
    gradient = data.design.T @ found.by_log_mean
    if dispersion:
        gradient = np.append(gradient, found.by_dispersion.sum() * dispersion)
    return -found.value, -gradient


def _scales(data: CensoredCounts, size: int) -> Floats:
    """Squared lengths of the columns: the information of as many fully observed counts with mean 1."""
    lengths = (data.design**2).sum(axis=0)
    return np.append(lengths, [float(len(data.lower))] * (size - len(lengths)))


def _climb(start: Floats, data: CensoredCounts) -> Floats:
    k = data.design.shape[1]
    weights = np.minimum(np.exp(split(start, data)[0]), 10.0)
    metric = np.diag(np.maximum(_scales(data, len(start)), 1e-3))
    metric[:k, :k] = data.design.T @ (weights[:, None] * data.design) + np.eye(k) * 1e-2
    inverse = np.linalg.inv(metric)
    options = {"gtol": 1e-7, "maxiter": 500, "hess_inv0": (inverse + inverse.T) / 2}
    return minimize(_objective, start, args=(data,), jac=True, method="BFGS", options=options).x
