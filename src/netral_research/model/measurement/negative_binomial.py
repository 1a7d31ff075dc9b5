"""Negative binomial probabilities of exact and interval counts, with derivatives in the log mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

# Below this a probability is replaced by that of the limit nearest the mean: same slope, no underflow.
TINY = 1e-250


class Terms(NamedTuple):
    """Log probability with its first and second derivative in the log mean.

    Parameters
    ----------
    value, first, second : numpy.ndarray
    """

    value: np.ndarray
    first: np.ndarray
    second: np.ndarray


def log_probability(lower: np.ndarray, upper: np.ndarray, log_mean: np.ndarray, dispersion: np.ndarray) -> Terms:
    """Log probability that a count lies between two limits.

    Parameters
    ----------
    lower, upper : numpy.ndarray of shape (n,)
        Whole numbers, both limits included; equal for an exact count; ``upper`` may be infinite.
    log_mean : numpy.ndarray of shape (n,)
    dispersion : numpy.ndarray of shape (n,)
        Alpha of the variance ``mean + alpha * mean ** 2``; above zero.

    Returns
    -------
    Terms

    References
    ----------
    Cameron and Trivedi (2013), Regression Analysis of Count Data, section 3.3 (NB2).

    Examples
    --------
    >>> terms = log_probability(np.array([0.0, 3.0]), np.array([2.0, 3.0]), np.log([2.0, 2.0]), np.array([0.5, 0.5]))
    >>> np.exp(terms.value).round(4).tolist()
    [0.6875, 0.125]
    """
    exact = lower == upper
    value, first, second = (np.zeros(len(log_mean)) for _ in range(3))
    for rows, terms in (
        (exact, _exact(lower[exact], log_mean[exact], dispersion[exact])),
        (~exact, _interval(lower[~exact], upper[~exact], log_mean[~exact], dispersion[~exact])),
    ):
        value[rows], first[rows], second[rows] = terms
    return Terms(value, first, second)


def _exact(count: np.ndarray, log_mean: np.ndarray, dispersion: np.ndarray) -> Terms:
    size, mean = 1 / dispersion, np.exp(log_mean)
    log_total = np.logaddexp(np.log(size), log_mean)
    value = (
        special.gammaln(count + size) - special.gammaln(size) - special.gammaln(count + 1)
        + size * (np.log(size) - log_total) + count * (log_mean - log_total)
    )  # fmt: skip
    return Terms(value, size * (count - mean) / (size + mean), -size * mean * (size + count) / (size + mean) ** 2)


def _interval(lower: np.ndarray, upper: np.ndarray, log_mean: np.ndarray, dispersion: np.ndarray) -> Terms:
    size = 1 / dispersion
    share = special.expit(np.log(size) - log_mean)
    below = np.maximum(lower - 1, 0.0)
    bounded_below, bounded_above = lower > 0, np.isfinite(upper)
    top = np.where(bounded_above, upper, 0.0)
    # The difference is taken in the tail that holds the interval, so that nothing cancels.
    by_survival = bounded_below & (special.betainc(size, below + 1, share) > 0.5)
    from_below = np.where(bounded_above, special.betainc(size, top + 1, share), 1.0) - np.where(
        bounded_below, special.betainc(size, below + 1, share), 0.0
    )
    from_above = special.betainc(below + 1, size, 1 - share) - np.where(
        bounded_above, special.betainc(top + 1, size, 1 - share), 0.0
    )
    unbounded = ~bounded_above
    probability = np.where(by_survival | unbounded, from_above, from_below)
    slope_top, bend_top = _cumulative_derivatives(top, size, share)
    slope_below, bend_below = _cumulative_derivatives(below, size, share)
    slope = np.where(bounded_above, slope_top, 0.0) - np.where(bounded_below, slope_below, 0.0)
    bend = np.where(bounded_above, bend_top, 0.0) - np.where(bounded_below, bend_below, 0.0)
    whole = ~bounded_below & ~bounded_above
    probability = np.where(whole, 1.0, probability)
    lost = probability < TINY
    safe = np.where(lost, 1.0, probability)
    first = slope / safe
    nearest = np.where(np.exp(log_mean) > top, np.where(bounded_above, top, lower), lower)
    instead = _exact(nearest, log_mean, dispersion)
    return Terms(
        np.where(lost, instead.value, np.log(safe)),
        np.where(lost, instead.first, first),
        np.where(lost, instead.second, bend / safe - first**2),
    )


def _cumulative_derivatives(count: np.ndarray, size: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and second derivative of the distribution function in the log mean."""
    with np.errstate(divide="ignore"):
        log_density = size * np.log(share) + (count + 1) * np.log1p(-share) - special.betaln(size, count + 1)
    slope = -np.exp(log_density)
    return slope, slope * (share * (count + 1) - size * (1 - share))


def distribution(count: np.ndarray, mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Probability of a count or fewer.

    Parameters
    ----------
    count : numpy.ndarray
        Whole numbers; below zero gives zero, infinite gives one.
    mean, dispersion : numpy.ndarray

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> distribution(np.array([-1.0, 2.0, np.inf]), np.full(3, 2.0), np.full(3, 0.5)).round(4).tolist()
    [0.0, 0.6875, 1.0]
    """
    size = 1 / dispersion
    finite = np.where(np.isfinite(count), np.maximum(count, 0.0), 0.0)
    inside = special.betainc(size, finite + 1, size / (size + mean))
    return np.where(count < 0, 0.0, np.where(np.isfinite(count), inside, 1.0))
