"""Probabilities of counts and of ranges of counts, on the log scale, with their derivatives.

One family serves both models: the negative binomial distribution with variance ``mean + dispersion * mean**2`` (NB2),
which is the Poisson distribution where the dispersion is zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, logsumexp

Floats = NDArray[np.float64]
# From this log of F(lower - 1) on, its complement has lost four digits: the tail is then summed upwards.
NEARLY_ONE = -1e-4
# Log of the share of a tail that may be left out of its sum.
NEGLIGIBLE = -45.0
# Coefficients of the series of ``_log1p_remainder``, highest power first.
SERIES = [(-1) ** power * (power + 1) / (power + 2) for power in range(8, -1, -1)]


@dataclass(frozen=True)
class LogProbability:
    """Logs of probabilities with their derivatives.

    Parameters
    ----------
    value : numpy.ndarray of shape (n,)
        Natural logs of the probabilities.
    by_log_mean, by_dispersion : numpy.ndarray of shape (n,)
        Derivatives of ``value``.
    """

    value: Floats
    by_log_mean: Floats
    by_dispersion: Floats


def log_pmf(counts: ArrayLike, log_mean: ArrayLike, dispersion: float = 0.0) -> LogProbability:
    """Log probability of exact counts.

    Parameters
    ----------
    counts : array_like of int
        Not negative; any shape.
    log_mean : array_like of float
        Log of the expected counts; broadcast against ``counts``.
    dispersion : float
        Variance beyond the mean, divided by the squared mean; 0 is the Poisson distribution.

    Returns
    -------
    LogProbability

    References
    ----------
    Cameron and Trivedi (2013), Regression Analysis of Count Data, 2nd ed., sec. 3.3.

    Examples
    --------
    >>> np.exp(log_pmf([0, 1], 0.0).value).round(4).tolist()
    [0.3679, 0.3679]
    >>> np.exp(log_pmf([0, 1], 0.0, dispersion=1.0).value).round(4).tolist()
    [0.5, 0.25]
    """
    counts, log_mean = np.asarray(counts, dtype=np.int64), np.asarray(log_mean, dtype=np.float64)
    mean = np.exp(log_mean)
    excess = dispersion * mean
    # Products up to the count instead of ratios of gamma functions: exact however small the dispersion is.
    steps = np.arange(max(int(counts.max(initial=0)), 1))
    rising = np.concatenate([[0.0], np.cumsum(np.log1p(dispersion * steps))])[counts]
    rising_slope = np.concatenate([[0.0], np.cumsum(steps / (1 + dispersion * steps))])[counts]
    value = rising - gammaln(counts + 1.0) + counts * (log_mean - np.log1p(excess)) - mean * _log1p_ratio(excess)
    by_log_mean = (counts - mean) / (1 + excess)
    by_dispersion = rising_slope - counts * mean / (1 + excess) + mean**2 * _log1p_remainder(excess)
    return LogProbability(value, by_log_mean, by_dispersion)


def log_cdf(counts: ArrayLike, log_mean: ArrayLike, dispersion: float = 0.0) -> LogProbability:
    """Log probability of at most so many cases.

    Parameters
    ----------
    counts : array_like of int of shape (n,)
        Not negative; the count itself is included.
    log_mean : array_like of float of shape (n,)
    dispersion : float

    Returns
    -------
    LogProbability

    Examples
    --------
    >>> np.exp(log_cdf([1], [0.0]).value).round(4).tolist()
    [0.7358]
    """
    counts = np.asarray(counts)
    return log_interval(np.zeros(counts.shape), counts, log_mean, dispersion)


def log_interval(lower: ArrayLike, upper: ArrayLike, log_mean: ArrayLike, dispersion: float = 0.0) -> LogProbability:
    """Log probability of a count between two limits, both included.

    Every probability is a sum of positive terms on the log scale, so it stays right where it is far smaller than the
    smallest number a computer can hold.

    Parameters
    ----------
    lower : array_like of shape (n,)
        Whole numbers, not negative.
    upper : array_like of shape (n,)
        Whole numbers from ``lower`` on, or infinite.
    log_mean : array_like of float of shape (n,)
    dispersion : float

    Returns
    -------
    LogProbability

    Examples
    --------
    >>> np.exp(log_interval([0, 1, 1], [1, 1, np.inf], [0.0, 0.0, 0.0]).value).round(4).tolist()
    [0.7358, 0.3679, 0.6321]
    """
    first, last, means = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (lower, upper, log_mean)))
    value, by_log_mean, by_dispersion = (np.zeros(first.shape) for _ in range(3))
    open_ended = np.isinf(last)
    exact, within, above = first == last, (first < last) & ~open_ended, open_ended & (first > 0)
    found = [(exact, log_pmf(first[exact], means[exact], dispersion))]
    if within.any():
        found.append((within, _sum(first[within], (last - first)[within], means[within], dispersion)))
    if above.any():
        found.append((above, _at_least(first[above], means[above], dispersion)))
    for rows, part in found:
        value[rows], by_log_mean[rows], by_dispersion[rows] = part.value, part.by_log_mean, part.by_dispersion
    return LogProbability(value, by_log_mean, by_dispersion)


def _sum(lower: Floats, width: Floats, log_mean: Floats, dispersion: float) -> LogProbability:
    """Log of the sum of the probabilities from ``lower`` to ``lower + width``."""
    steps = np.arange(int(width.max()) + 1)
    single = log_pmf(lower[:, None] + steps, log_mean[:, None], dispersion)
    terms = np.where(steps <= width[:, None], single.value, -np.inf)
    value = logsumexp(terms, axis=1)
    shares = np.exp(terms - value[:, None])
    return LogProbability(value, (shares * single.by_log_mean).sum(axis=1), (shares * single.by_dispersion).sum(axis=1))


def _at_least(lower: Floats, log_mean: Floats, dispersion: float) -> LogProbability:
    below = _sum(np.zeros(lower.shape), lower - 1, log_mean, dispersion)
    far = below.value > NEARLY_ONE
    value = np.log(-np.expm1(np.minimum(below.value, NEARLY_ONE)))
    odds = -np.exp(below.value - value)
    by_log_mean, by_dispersion = odds * below.by_log_mean, odds * below.by_dispersion
    if far.any():
        tail = _sum(lower[far], _tail_width(lower[far], log_mean[far], dispersion), log_mean[far], dispersion)
        value[far], by_log_mean[far], by_dispersion[far] = tail.value, tail.by_log_mean, tail.by_dispersion
    return LogProbability(value, by_log_mean, by_dispersion)


def _tail_width(lower: Floats, log_mean: Floats, dispersion: float) -> Floats:
    width = 64.0
    start = log_pmf(lower, log_mean, dispersion).value
    # Beyond the mean the terms only fall, so a negligible last term means a negligible rest.
    while (log_pmf(lower + width, log_mean, dispersion).value - start > NEGLIGIBLE).any():
        width *= 2
    return np.full(lower.shape, width)


def _log1p_ratio(x: Floats) -> Floats:
    """``log(1 + x) / x``, 1 at zero."""
    return np.where(x > 0, np.log1p(x) / np.where(x > 0, x, 1.0), 1.0)


def _log1p_remainder(x: Floats) -> Floats:
    """``(log(1 + x) - x / (1 + x)) / x**2``, a half at zero."""
    small = x < 1e-2
    series = np.polyval(SERIES, np.where(small, x, 0.0))
    safe = np.where(small, 1.0, x)
    return np.where(small, series, (np.log1p(safe) - safe / (1 + safe)) / safe**2)
