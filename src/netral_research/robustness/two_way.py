"""Poisson regression with effects of regions and periods, one step from the fit without a dose: fast, for many draws.

The steps of one draw are those of every other, so whole stacks of panels, or of shuffled doses, go through at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netral_research.errors import CannotEstimateError, Problem

MOST_ROUNDS, CLOSE_ENOUGH = 2_000, 1e-10
# Where the best fit of a cell is zero the rounds come nearer and nearer without an end; the rest of it moves nothing.
NEARLY_ZERO = 2e-3
# Share of a dose's variation that must remain beside the effects of regions and periods.
LEAST_VARIATION = 1e-9


@dataclass(frozen=True)
class OneStep:
    """Estimates one Newton step away from the fit without a dose.

    Parameters
    ----------
    log_ratios : numpy.ndarray of shape (...)
        Log rate ratio of one unit of the dose; missing where the dose does not vary beside the effects.
    region_scores : numpy.ndarray of shape (..., n)
        What each region contributes to the score; their sum over their spread is a test without a variance formula.
    """

    log_ratios: np.ndarray
    region_scores: np.ndarray


def fit_two_way(counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Expected counts of the Poisson regression on effects of regions and periods alone.

    Parameters
    ----------
    counts : numpy.ndarray of shape (..., n, t)
        Counts by region and period, zero where ``exposure`` is.
    exposure : numpy.ndarray of shape (n, t)
        Exposed population (the exponential of the offset); zero in cells without a count, which then play no role.

    Returns
    -------
    numpy.ndarray of shape (..., n, t)
        With the same sums over every region and every period as the counts.

    Raises
    ------
    CannotEstimateError
        If a count is missing or negative, all are zero, an exposure is negative or missing, or the sums are not met.

    References
    ----------
    The sums determine the fit, so it is found by proportional fitting of rows and columns in turn: Deming and Stephan
    (1940), Annals of Mathematical Statistics 11: 427-444.

    Examples
    --------
    >>> fit_two_way(np.array([[2.0, 4.0], [1.0, 5.0]]), np.ones((2, 2))).tolist()
    [[1.5, 4.5], [1.5, 4.5]]
    """
    if not (np.isfinite(exposure).all() and (exposure >= 0).all()):
        raise CannotEstimateError([Problem("model_exposure")])
    if not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise CannotEstimateError([Problem("model_missing_cell", column="counts")])
    if not counts.any():
        raise CannotEstimateError([Problem("model_zeros")])
    by_region, by_period = counts.sum(axis=-1, keepdims=True), counts.sum(axis=-2, keepdims=True)
    fitted = np.broadcast_to(exposure, counts.shape).astype("float64")
    for _ in range(MOST_ROUNDS):
        fitted = fitted * _ratio(by_region, fitted.sum(axis=-1, keepdims=True))
        found = fitted.sum(axis=-2, keepdims=True)
        gap = np.abs(found - by_period).max() / max(float(by_period.max()), 1.0)
        if gap <= CLOSE_ENOUGH:
            return fitted
        fitted = fitted * _ratio(by_period, found)
    if gap <= NEARLY_ZERO:
        return fitted
    raise CannotEstimateError([Problem("model_convergence")])


def _ratio(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.divide(wanted, found, out=np.zeros(np.broadcast_shapes(wanted.shape, found.shape)), where=found > 0)


def one_step(counts: np.ndarray, fitted: np.ndarray, dose: np.ndarray) -> OneStep:
    """Log rate ratio of a dose, one Newton step from the fit without it.

    Close to the maximum-likelihood estimate where the ratio is near 1 (and at 1, where permutations put it, the same
    to several digits); for a far ratio it is a test statistic, not an estimate to print.

    Parameters
    ----------
    counts, fitted, dose : numpy.ndarray of shape (..., n, t)
        Leading dimensions broadcast: many panels with one dose, or one panel with many doses.

    Returns
    -------
    OneStep

    Examples
    --------
    >>> counts = np.array([[100.0, 100.0], [100.0, 110.0]])
    >>> step = one_step(counts, fit_two_way(counts, np.ones((2, 2))), np.array([[0.0, 0.0], [0.0, 1.0]]))
    >>> round(float(step.log_ratios), 2)
    0.1
    """
    left = counts - fitted
    weighted = fitted * dose
    by_region = fitted.sum(axis=-1)
    dose_of_region = _ratio(weighted.sum(axis=-1), by_region)
    share = _ratio(fitted, by_region[..., None])
    # The effects of regions are swept out; a matrix of the size of the periods is left.
    between = _diagonal(fitted.sum(axis=-2)) - np.swapaxes(fitted, -1, -2) @ share
    inverse = np.linalg.pinv(between, rcond=LEAST_VARIATION, hermitian=True)
    open_periods = weighted.sum(axis=-2) - (fitted * dose_of_region[..., None]).sum(axis=-2)
    period = (inverse @ open_periods[..., None])[..., 0]
    region = dose_of_region - (share * period[..., None, :]).sum(axis=-1)
    within = dose - region[..., None] - period[..., None, :]
    information = (fitted * within**2).sum(axis=(-1, -2))
    known = information > LEAST_VARIATION * np.maximum((weighted * dose).sum(axis=(-1, -2)), 1e-300)
    region_scores = (within * left).sum(axis=-1)
    score = region_scores.sum(axis=-1)
    estimates = np.divide(score, information, out=np.full(score.shape, np.nan), where=known)
    return OneStep(estimates, region_scores)


def shuffled_log_ratios(counts: np.ndarray, fitted: np.ndarray, dose: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """The log rate ratios of :func:`one_step` when regions exchange their whole doses.

    Every sum over a region's periods with another's dose is an entry of one product of matrices, so a shuffled
    history costs little more than its sums by period.

    Parameters
    ----------
    counts, fitted, dose : numpy.ndarray of shape (n, t)
    orders : numpy.ndarray of shape (draws, n)
        Row by row, the region whose dose each region is given.

    Returns
    -------
    numpy.ndarray of shape (draws,)

    Examples
    --------
    >>> counts, dose = np.array([[100.0, 100.0], [100.0, 110.0]]), np.array([[0.0, 0.0], [0.0, 1.0]])
    >>> shuffled_log_ratios(counts, fit_two_way(counts, np.ones((2, 2))), dose, np.array([[0, 1], [1, 0]])).round(2)
    array([ 0.1, -0.1])
    """
    own, left = np.arange(len(counts)), counts - fitted
    by_region = fitted.sum(axis=1)
    sums, squares, score = (
        (one @ two.T)[orders, own] for one, two in ((dose, fitted), (dose**2, fitted), (dose, left))
    )
    dose_of_region = _ratio(sums, by_region)
    share = _ratio(fitted, by_region[:, None])
    inverse = np.linalg.pinv(_diagonal(fitted.sum(axis=0)) - fitted.T @ share, rcond=LEAST_VARIATION, hermitian=True)
    by_period = np.stack([np.einsum("nt,nt->t", fitted, dose[order]) for order in orders])
    open_periods = by_period - dose_of_region @ fitted
    period = open_periods @ inverse
    region = dose_of_region - period @ share.T
    information = (squares - sums * dose_of_region).sum(axis=1) - (open_periods * period).sum(axis=1)
    score = score.sum(axis=1) - region @ left.sum(axis=1) - period @ left.sum(axis=0)
    known = information > LEAST_VARIATION * np.maximum(squares.sum(axis=1), 1e-300)
    return np.divide(score, information, out=np.full(len(orders), np.nan), where=known)


def _diagonal(values: np.ndarray) -> np.ndarray:
    return values[..., None] * np.eye(values.shape[-1])
