"""Counts of which only limits and the sum are known: the probability of the sum, and each count given the sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.optimize import brentq
from scipy.special import logsumexp

from netral_research.model.count_distributions import Floats, log_pmf

# Beyond this tilt every count lies on one of its limits.
STEEPEST = 60.0


@dataclass(frozen=True)
class CountsGivenSum:
    """Independent counts within limits, given their sum.

    Parameters
    ----------
    log_probability : float
        Log probability that all counts lie within their limits and add up to the sum.
    by_log_mean, by_dispersion : numpy.ndarray of shape (n,)
        Derivatives of ``log_probability`` by each count's log mean, and each count's share of the one by dispersion.
    values : numpy.ndarray of shape (n, m)
        The values each count can take.
    probabilities : numpy.ndarray of shape (n, m)
        Their probabilities given the limits and the sum; rows add up to 1.
    """

    log_probability: float
    by_log_mean: Floats
    by_dispersion: Floats
    values: Floats
    probabilities: Floats


def counts_given_sum(
    total: int, lower: Floats, upper: Floats, log_mean: Floats, dispersion: float = 0.0
) -> CountsGivenSum:
    """Probability that independent counts lie within their limits and add up to a total.

    The distributions, cut at their limits, are convolved by Fourier transform after an exponential tilt that moves
    the expected sum onto the total: there the transform is accurate to its last digits, so a total far out in the
    tail costs no accuracy.

    Parameters
    ----------
    total : int
        From the sum of ``lower`` to the sum of ``upper``.
    lower, upper : numpy.ndarray of shape (n,)
        Whole numbers, both limits included; ``upper`` may be infinite.
    log_mean : numpy.ndarray of shape (n,)
    dispersion : float
        As in :func:`netral_research.model.count_distributions.log_pmf`.

    Returns
    -------
    CountsGivenSum

    References
    ----------
    Daniels (1954), Annals of Mathematical Statistics 25: 631-650 (the tilt).

    Examples
    --------
    >>> two = counts_given_sum(2, np.zeros(2), np.array([1.0, np.inf]), np.zeros(2))
    >>> round(float(np.exp(two.log_probability)), 4)
    0.203
    >>> two.probabilities.round(4).tolist()
    [[0.3333, 0.6667, 0.0], [0.0, 0.6667, 0.3333]]
    """
    rest = int(total - lower.sum())
    width = np.minimum(upper - lower, rest)
    steps = np.arange(width.max() + 1)
    single = log_pmf(lower[:, None] + steps, log_mean[:, None], dispersion)
    terms = np.where(steps <= width[:, None], single.value, -np.inf)
    tilt = _tilt(terms, steps, rest)
    terms = terms + tilt * steps
    scale = logsumexp(terms, axis=1)
    tilted = np.exp(terms - scale[:, None])
    # Long enough that no other sum falls on the place of the total.
    length = next_fast_len(max(rest, int(width.sum()) - rest) + 1, real=True)
    others = irfft(_products_of_others(rfft(tilted, length, axis=1)), length, axis=1)
    joint = tilted * np.maximum(others[:, ((rest - steps) % length).astype(int)], 0.0) * (steps <= rest)
    sums = joint.sum(axis=1)
    shares = joint / sums[:, None]
    return CountsGivenSum(
        float(np.log(sums.mean()) + scale.sum() - tilt * rest),
        (shares * single.by_log_mean).sum(axis=1),
        (shares * single.by_dispersion).sum(axis=1),
        lower[:, None] + steps,
        shares,
    )


def _tilt(terms: Floats, steps: Floats, rest: int) -> float:
    """The exponential tilt under which the expected sum is the wanted one."""

    def surplus(tilt: float) -> float:
        tilted = terms + tilt * steps
        weights = np.exp(tilted - tilted.max(axis=1, keepdims=True))
        return float((weights @ steps / weights.sum(axis=1)).sum() - rest)

    if surplus(-STEEPEST) >= 0:
        return -STEEPEST
    if surplus(STEEPEST) <= 0:
        return STEEPEST
    return float(brentq(surplus, -STEEPEST, STEEPEST, xtol=1e-3))


def _products_of_others(transforms: np.ndarray) -> np.ndarray:
    """For each row the product of all other rows, without a division that could be by zero."""
    before, after = np.ones_like(transforms), np.ones_like(transforms)
    np.cumprod(transforms[:-1], axis=0, out=before[1:])
    after[:-1] = np.cumprod(transforms[:0:-1], axis=0)[::-1]
    return before * after
