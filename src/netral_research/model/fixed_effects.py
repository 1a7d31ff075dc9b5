"""Poisson regression with fixed effects of any number, solved without dummies.

The fixed effects are taken out of the regressors in every step of the iterations (Correia, Guimaraes and Zylkin
2020). Rows that a fixed effect or a combination of regressors fits as zero without limit (separation) are found and
left out, and a regressor that only they determine is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Absorber, Array, Groups, number_groups
from netral_research.model.refusals import LARGEST_LOG, counts_of, finite_numbers
from netral_research.model.separation import separated_rows

Rows = npt.NDArray[np.bool_]
# Share of a regressor's own size that must be left beside the fixed effects and the other regressors.
VARIES = 1e-9
# Relative size below which a direction of the regressors is empty, and share above which it touches one of them.
_EMPTY, _TOUCHED = 1e-11, 1e-6
# The steps converge quadratically: what moves by less than the square root of the wanted precision has arrived.
_SETTLED = 1e-7
_TOLERANCE, _STILL, _MOST_STEPS, _MOST_HALVINGS = 1e-12, 2, 100, 20
# A fitted count that still changes by so large a share when the deviance stands still drifts away without limit.
_DRIFTS = 1e-3


@dataclass(frozen=True)
class FixedEffectsFit:
    """A Poisson regression with fixed effects.

    Parameters
    ----------
    coefficients : numpy.ndarray of shape (k,)
        Log rate ratios.
    information : numpy.ndarray of shape (k, k)
        Expected information of the coefficients, the fixed effects taken out.
    scores : numpy.ndarray of shape (m, k)
        Contribution of every used row to the score.
    regressors : numpy.ndarray of shape (m, k)
        What the fixed effects leave of the regressors, weighted by the fitted counts.
    fitted : numpy.ndarray of shape (m,)
        Expected counts of the used rows.
    residuals : numpy.ndarray of shape (m,)
        Counts minus expected counts.
    determined : numpy.ndarray of shape (k,)
        Whether the used rows determine each coefficient.
    used : numpy.ndarray of shape (n,)
        Rows that carry information; the others belong to levels without a case or are separated.
    groups : Groups
        Fixed effects of the used rows.
    deviance : float
    steps : int
    """

    coefficients: Array
    information: Array
    scores: Array
    regressors: Array
    fitted: Array
    residuals: Array
    determined: Rows
    used: Rows
    groups: Groups
    deviance: float
    steps: int


def fit_fixed_effects(
    counts: Any,
    regressors: Any,
    fixed_effects: Sequence[Any],
    offset: Any = None,
    start: Array | None = None,
    needed: Sequence[int] | None = None,
) -> FixedEffectsFit:
    """Fit a Poisson regression with fixed effects.

    Parameters
    ----------
    counts : array-like of shape (n,)
        Not negative; need not be whole.
    regressors : array-like of shape (n, k)
        ``k`` may be 0.
    fixed_effects : sequence of array-like of shape (n,)
        Labels of each fixed effect.
    offset : array-like of shape (n,), optional
        Log of the exposed population.
    start : numpy.ndarray of shape (n,), optional
        Linear predictor to start from, for a refit of nearly the same rows.
    needed : sequence of int, optional
        Regressors without which there is no estimate; all of them by default. Of the others only those that the rows
        determine have a meaning.

    Returns
    -------
    FixedEffectsFit

    Raises
    ------
    CannotEstimateError
        If a cell is missing, no number or too large, a label is missing, all counts are zero, or a needed regressor
        does not vary beside the fixed effects and the other regressors in the rows that carry information.

    References
    ----------
    Santos Silva and Tenreyro (2006); Correia, Guimaraes and Zylkin (2020), Stata Journal 20: 95-115.

    Examples
    --------
    >>> fit = fit_fixed_effects([10, 5, 20, 20, 8, 4, 12, 12], [[0], [1], [0], [0], [1], [2], [1], [1]],
    ...                         [list("aabbccdd"), [2020, 2024] * 4])
    >>> float(np.exp(fit.coefficients[0]).round(6))
    0.5
    """
    y = counts_of(counts)
    shift = np.zeros(len(y)) if offset is None else finite_numbers(offset, "offset", LARGEST_LOG)
    x = finite_numbers(regressors, "regressors")
    if not y.any():
        raise CannotEstimateError([Problem("model_zeros")])
    x = x.reshape(len(y), -1)
    everything = number_groups(fixed_effects)
    used = _with_cases(y, everything)
    while True:
        groups = everything.of(used)
        eta = None if start is None else start[used]
        fit, drifting = _iterate(y[used], x[used], shift[used], groups, used, eta)
        if not drifting:
            lacking = [
                place for place in (range(x.shape[1]) if needed is None else needed) if not fit.determined[place]
            ]
            if lacking:
                raise CannotEstimateError([Problem("model_no_variation", column=str(lacking[0]))])
            return fit
        separated = separated_rows(y[used], x[used], groups)
        if not separated.any():
            raise CannotEstimateError([Problem("model_convergence")])
        used = used.copy()
        used[np.flatnonzero(used)[separated]] = False
        used &= _with_cases(np.where(used, y, 0.0), everything)


def _with_cases(counts: Array, groups: Groups) -> Rows:
    """Rows of levels that hold a case in every fixed effect, until nothing changes."""
    used = np.ones(len(counts), dtype=bool)
    while True:
        kept = used.copy()
        for codes, size in zip(groups.codes, groups.sizes, strict=True):
            kept &= np.bincount(codes, counts * used, size)[codes] > 0
        if (kept == used).all():
            return used
        used = kept


def _iterate(
    y: Array, x: Array, shift: Array, groups: Groups, used: Rows, eta: Array | None
) -> tuple[FixedEffectsFit, bool]:
    if eta is None:
        eta = np.log(_scaled(y, np.exp(shift), groups))
    # The first predictor is no fit of this model, so the first step may not be judged by it.
    deviance, moved, still, steps = np.inf, np.inf, 0, 0
    beta, mu, saturated = np.zeros(x.shape[1]), np.exp(eta), float(special.xlogy(y, y).sum() - y.sum())
    columns = np.empty((len(y), 1 + x.shape[1]), order="F")
    columns[:, 1:] = x
    while still < _STILL and steps < _MOST_STEPS and moved > _SETTLED:
        steps += 1
        target = columns[:, 0]
        np.divide(y, mu, out=target)
        target += eta
        target -= 1.0
        proposed = target.copy()
        target -= shift
        left = Absorber(groups, mu).take_out(columns)
        beta = _least_squares(left[:, 1:], left[:, 0], mu)
        proposed -= left[:, 0]
        proposed += left[:, 1:] @ beta
        before, previous = deviance, mu
        eta, mu, deviance = _shortened(y, eta, proposed, deviance, saturated)
        np.divide(mu, previous, out=previous)
        moved = max(float(previous.max()) - 1.0, 1.0 - float(previous.min()))
        still = still + 1 if np.isfinite(before) and abs(before - deviance) <= _TOLERANCE * (abs(deviance) + 0.1) else 0
    if moved >= _DRIFTS:
        return _summary(y, x, eta, groups, used, beta, deviance, steps), True
    fit = _summary(y, x, eta, groups, used, beta, deviance, steps)
    return fit, False


def _scaled(y: Array, mu: Array, groups: Groups) -> Array:
    """Exposures scaled to the totals of every level once: where the iterations start."""
    mu = mu * (y.sum() / mu.sum())
    for codes, size in zip(groups.codes, groups.sizes, strict=True):
        mu = mu * (np.bincount(codes, y, size) / np.bincount(codes, mu, size))[codes]
    return mu


def _shortened(y: Array, eta: Array, proposed: Array, deviance: float, saturated: float) -> tuple[Array, Array, float]:
    """The proposed step, halved until it does not worsen the fit, with its expected counts and deviance."""
    for _ in range(_MOST_HALVINGS):
        with np.errstate(over="ignore", invalid="ignore"):
            mu = np.exp(proposed)
            found = float(2 * (saturated - y @ proposed + mu.sum()))
        if np.isfinite(found) and found <= deviance + _TOLERANCE * (abs(deviance) + abs(saturated)):
            return proposed, mu, found
        proposed = (eta + proposed) / 2
    return proposed, mu, found


def _least_squares(x: Array, z: Array, weights: Array) -> Array:
    if not x.shape[1]:
        return np.zeros(0)
    weighted = x * weights[:, None]
    gram = x.T @ weighted
    if not np.isfinite(gram).all():
        raise CannotEstimateError([Problem("model_convergence")])
    scale = np.sqrt(np.maximum(np.diag(gram), np.finfo(float).tiny))
    found = np.linalg.pinv(gram / np.outer(scale, scale), rcond=VARIES**2 * 1e4, hermitian=True)
    return np.asarray(found @ (weighted.T @ z / scale) / scale)


def _summary(
    y: Array, x: Array, eta: Array, groups: Groups, used: Rows, beta: Array, deviance: float, steps: int
) -> FixedEffectsFit:
    mu = np.exp(eta)
    left = Absorber(groups, mu).take_out(x)
    information = left.T @ (left * mu[:, None])
    return FixedEffectsFit(
        coefficients=beta,
        information=information,
        scores=left * (y - mu)[:, None],
        regressors=left,
        fitted=mu,
        residuals=y - mu,
        determined=_determined(x, mu, information),
        used=used,
        groups=groups,
        deviance=deviance,
        steps=steps,
    )


def _determined(x: Array, mu: Array, information: Array) -> Rows:
    """Regressors that hold anything beside the fixed effects and the others: no empty direction touches them."""
    if not np.isfinite(information).all():
        raise CannotEstimateError([Problem("model_convergence")])
    own = np.maximum(np.einsum("i,ij,ij->j", mu, x, x), np.finfo(float).tiny)
    kept = np.diag(information)
    varies = kept > VARIES**2 * own
    scale = np.where(varies, np.sqrt(np.maximum(kept, np.finfo(float).tiny)), 1.0)
    scaled = np.where(np.outer(varies, varies), information / np.outer(scale, scale), 0.0)
    sizes, directions = np.linalg.eigh(scaled)
    empty = directions[:, sizes <= _EMPTY]
    return np.asarray(varies & (np.abs(empty) < _TOUCHED).all(axis=1))
