"""Randomisation inference: whole histories of exposure shuffled among comparable regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from joblib import Parallel, delayed

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Array
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.refusals import finite_numbers
from netral_research.model.wild_bootstrap import project_out

_CHUNK = 250
# Share of an exposure's variation that must remain beside the fixed effects and the other regressors.
_VARIES = 1e-9
Order = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Permutations:
    """How large the estimate is when histories are shuffled.

    Parameters
    ----------
    coefficient, statistic : float
        One-step coefficient (score over information at the model without the exposure) and its cluster-robust t
        statistic, of the histories as they were.
    coefficients, statistics : numpy.ndarray of shape (B,)
        The same of shuffled histories.
    """

    coefficient: float
    statistic: float
    coefficients: Array
    statistics: Array

    @property
    def p_coefficient(self) -> float:
        """Two-sided p-value of the coefficient, its distribution centred on its own mean."""
        return _p_value(self.coefficient, self.coefficients)

    @property
    def p_statistic(self) -> float:
        """Two-sided p-value of the t statistic, its distribution centred on its own mean."""
        return _p_value(self.statistic, self.statistics)


def _p_value(observed: float, drawn: Array) -> float:
    centre = float(drawn.mean())
    larger = np.abs(drawn - centre) >= abs(observed - centre) * (1 - 1e-12)
    return float((1 + np.count_nonzero(larger)) / (len(drawn) + 1))


def permute_histories(
    counts: Any,
    exposure: Any,
    regions: Any,
    periods: Any,
    strata: Any,
    regressors: Any,
    fixed_effects: Sequence[Any],
    offset: Any,
    draws: int,
    seed: int,
) -> Permutations:
    """Shuffle whole exposure histories among the regions of a stratum and estimate again.

    Every draw takes one step from the model without the exposure, which is all but exact for a single regressor and
    thousands of times faster than a refit. A shuffled dose keeps its own course in time. Where the exposure of a
    date is a function of the date, its mean over shuffled histories is not zero, so the p-values are centred.

    Parameters
    ----------
    counts : array-like of shape (n,)
    exposure : array-like of shape (G, T)
        Exposure of every region in every period, the regions in the order of ``strata``.
    regions, periods : array-like of int of shape (n,)
        Row and column of ``exposure`` that each count belongs to; several counts may share one.
    strata : array-like of shape (G,)
        Histories are exchanged only between regions of one stratum.
    regressors : array-like of shape (n, k) or None
        Further regressors.
    fixed_effects : sequence of array-like of shape (n,)
    offset : array-like of shape (n,) or None
    draws, seed : int

    Returns
    -------
    Permutations

    Raises
    ------
    CannotEstimateError
        If the exposure has missing cells, a count lies in a row or column that it does not have, it has no estimate
        itself (it does not vary within the fixed effects, or only rows without a case hold it), or no stratum holds
        two different histories.

    References
    ----------
    MacKinnon and Webb (2020), Journal of Econometrics 218: 435-450.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> exposure, place = rng.random((12, 4)), np.indices((12, 4)).reshape(2, -1)
    >>> found = permute_histories(rng.poisson(9, 48), exposure, *place, np.zeros(12), None, place, None, 99, 1)
    >>> len(found.coefficients), 0 < found.p_statistic <= 1
    (99, True)
    """
    dose, strata = finite_numbers(exposure, "exposure"), np.asarray(strata)
    rows, columns = _places(regions, len(dose), "regions"), _places(periods, dose.shape[1], "periods")
    if all(len(np.unique(dose[strata == stratum], axis=0)) < 2 for stratum in np.unique(strata)):
        raise CannotEstimateError([Problem("model_no_variation", column="exposure")])
    others = np.zeros((len(rows), 0)) if regressors is None else finite_numbers(regressors, "regressors")
    # What has no estimate has no test.
    own = np.column_stack([dose[rows, columns], others])
    fit_fixed_effects(counts, own, fixed_effects, offset, needed=[0])
    orders = np.vstack([np.arange(len(dose)), _shuffled(strata, draws, seed)])
    found = estimate_orders(counts, dose, rows, columns, orders, others, fixed_effects, offset)
    if not np.isfinite(found[:, 0]).all():
        raise CannotEstimateError([Problem("model_no_variation", column="exposure")])
    return Permutations(float(found[0, 0]), float(found[1, 0]), found[0, 1:], found[1, 1:])


def estimate_orders(
    counts: Any,
    exposure: Any,
    regions: Any,
    periods: Any,
    orders: Any,
    regressors: Any,
    fixed_effects: Sequence[Any],
    offset: Any,
) -> Array:
    """One-step estimates with the regions' exposure histories in given orders, so that several samples can share them.

    Parameters
    ----------
    counts : array-like of shape (n,)
    exposure : array-like of shape (G, T)
        Exposure of every region in every period; not missing.
    regions, periods : array-like of int of shape (n,)
        Row and column of ``exposure`` that each count belongs to. Regions without a count lend their history only.
    orders : array-like of int of shape (B, G)
        Row by row, the region whose history each region is given.
    regressors : array-like of shape (n, k) or None
        Further regressors.
    fixed_effects : sequence of array-like of shape (n,)
    offset : array-like of shape (n,) or None

    Returns
    -------
    numpy.ndarray of shape (2, B)
        Coefficients and cluster-robust t statistics; missing where the exposure in that order does not vary beside the
        fixed effects and the other regressors.

    Raises
    ------
    CannotEstimateError
        If the model without the exposure has no estimate.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> exposure, place = rng.random((12, 4)), np.indices((12, 4)).reshape(2, -1)
    >>> orders = [np.arange(12), np.arange(12)[::-1]]
    >>> estimate_orders(rng.poisson(9, 48), exposure, *place, orders, None, place, None).shape
    (2, 2)
    """
    dose, given = np.asarray(exposure, dtype=np.float64), np.asarray(orders, dtype=np.intp).T
    rows, columns = np.asarray(regions, dtype=np.intp), np.asarray(periods, dtype=np.intp)
    others = np.zeros((len(rows), 0)) if regressors is None else np.asarray(regressors, dtype=np.float64)
    null = fit_fixed_effects(counts, others, fixed_effects, offset)
    step = _OneStep.of(null, dose, rows[null.used], columns[null.used])
    chunks = [given[:, start : start + _CHUNK] for start in range(0, given.shape[1], _CHUNK)]
    return np.concatenate(Parallel()(delayed(step.estimate)(chunk) for chunk in chunks), axis=1)


def _places(values: Any, size: int, column: str) -> Order:
    """Rows or columns of the exposure; a place that it does not have is none."""
    found = finite_numbers(values, column)
    if ((found < 0) | (found >= size) | (found % 1 != 0)).any():
        raise CannotEstimateError([Problem("multiverse_history", column=column)])
    return found.astype(np.intp)


def _shuffled(strata: Any, draws: int, seed: int) -> Order:
    """One row a draw: whose history each region is given."""
    rng = np.random.default_rng(seed)
    orders = np.tile(np.arange(len(strata), dtype=np.intp)[:, None], (1, draws))
    for stratum in np.unique(strata):
        places = np.flatnonzero(strata == stratum)
        orders[places] = rng.permuted(np.tile(places[:, None], (1, draws)), axis=0)
    return orders.T


@dataclass(frozen=True)
class _OneStep:
    """The step from the model without the exposure, prepared so that a draw costs sums only.

    The residuals are orthogonal to the fixed effects, so the score of a shuffled exposure needs nothing taken out:
    it is a sum of entries of ``dose @ residuals.T``. What is taken out of the information is a quadratic form in
    the sums of the weighted exposure over the columns of an orthonormal basis.
    """

    dose: Array
    residuals: Array
    weights: Array
    fit: FixedEffectsFit
    rows: Order
    columns: Order
    is_panel: bool

    @classmethod
    def of(cls, null: FixedEffectsFit, dose: Array, rows: Order, columns: Order) -> _OneStep:
        shape = dose.shape
        place = rows * shape[1] + columns
        residuals, weights = (
            np.asarray(np.bincount(place, values, dose.size), dtype=np.float64).reshape(shape)
            for values in (null.residuals, null.fitted)
        )
        plain = not len(null.coefficients) and null.groups.is_panel and _spans(null, rows, columns)
        return cls(dose, residuals, weights, null, rows, columns, plain)

    def estimate(self, orders: Order) -> Array:
        """One-step coefficients and t statistics, shape (2, draws)."""
        return self._of_a_panel(orders) if self.is_panel else self._of_rows(orders)

    def _of_a_panel(self, orders: Order) -> Array:
        """One row for every region and period, and effects of both."""
        own = np.arange(len(self.dose))[:, None]
        totals = np.maximum(self.weights.sum(axis=1), np.finfo(float).tiny)
        score = (self.dose @ self.residuals.T)[orders, own]
        mean = (self.dose @ self.weights.T)[orders, own] / totals[:, None]
        squares = ((self.dose**2) @ self.weights.T)[orders, own].sum(axis=0)
        shares = self.weights / totals[:, None]
        schur = np.diag(self.weights.sum(axis=0)) - self.weights.T @ shares
        # Weighted exposure by period, less what the regions' means explain.
        by_period = (
            np.stack([np.einsum("gt,gt->t", self.weights, self.dose[order]) for order in orders.T], axis=1)
            - self.weights.T @ mean
        )
        effects = np.linalg.pinv(schur, hermitian=True) @ by_period
        information = squares - (totals[:, None] * mean**2).sum(axis=0) - (by_period * effects).sum(axis=0)
        parts = score - self.residuals @ effects
        return _studentised(parts, information, squares)

    def _of_rows(self, orders: Order) -> Array:
        drawn = self.dose[orders[self.rows], self.columns[:, None]]
        left = project_out(drawn, self.fit)
        information = np.einsum("nb,n,nb->b", left, self.fit.fitted, left)
        scores = left * self.fit.residuals[:, None]
        codes, labels = pd.factorize(self.rows)
        parts = np.zeros((len(labels), orders.shape[1]))
        np.add.at(parts, codes, scores)
        return _studentised(parts, information, self.fit.fitted @ drawn**2)


def _spans(null: FixedEffectsFit, rows: Order, columns: Order) -> bool:
    first, second = null.groups.codes
    place = len(np.unique(rows)), len(np.unique(columns))
    return place == null.groups.sizes and bool((first == rows).all() and (second == columns).all())


def _studentised(parts: Array, information: Array, squares: Array) -> Array:
    """Coefficients and t statistics where enough of a draw's own sum of squares is left beside the other terms."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.stack([parts.sum(axis=0) / information, parts.sum(axis=0) / np.sqrt((parts**2).sum(axis=0))])
    return np.where(information > _VARIES * np.maximum(squares, np.finfo(float).tiny), found, np.nan)
