"""Separation: rows of count zero that a combination of regressors and fixed effects fits as zero without limit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Absorber, Array, Groups

# Weight of rows with cases beside those without: they must not be moved.
_HELD, _MOST_ROUNDS = 1e8, 5000
# Share of its length below which the fixed effects explain a regressor.
_EMPTY = 1e-10
# The direction found: none at all; relative to its largest row, no longer changing; and a row that belongs to it.
_NOTHING, _SETTLED, _BELONGS = 1e-6, 1e-5, 1e-2


def separated_rows(counts: Array, regressors: Array, groups: Groups) -> npt.NDArray[np.bool_]:
    """Find the separated rows by the iterative rectifier.

    A row is separated where a combination of regressors and fixed effects is zero for every row with a case, nowhere
    negative and positive here: along it the likelihood rises without end and the fitted count falls to zero.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n,)
    regressors : numpy.ndarray of shape (n, k)
    groups : Groups

    Returns
    -------
    numpy.ndarray of shape (n,)
        True for separated rows.

    Raises
    ------
    CannotEstimateError
        If the search does not end.

    References
    ----------
    Correia, Guimaraes and Zylkin (2020), Stata Journal 20: 95-115, section 3.

    Examples
    --------
    >>> from netral_research.model.absorb import number_groups
    >>> groups = number_groups([[0, 0, 0, 1, 1, 1]])
    >>> separated_rows(np.array([3.0, 2, 0, 4, 5, 6]), np.array([[0.0], [0], [1], [0], [0], [0]]), groups).tolist()
    [False, False, True, False, False, False]
    """
    empty = counts <= 0
    if not empty.any():
        return np.zeros(len(counts), dtype=bool)
    weights = np.where(empty, 1.0, _HELD)
    absorber = Absorber(groups, weights)
    root = np.sqrt(weights)[:, None]
    basis = _basis(absorber.take_out(regressors) * root, regressors)
    target = empty.astype(np.float64)
    for _ in range(_MOST_ROUNDS):
        left = absorber.take_out(target[:, None])[:, 0] * root[:, 0]
        moved = target - (left - basis @ (basis.T @ left)) / root[:, 0]
        largest = float(moved[empty].max())
        if largest < _NOTHING:
            return np.zeros(len(counts), dtype=bool)
        settled = float(np.abs(moved - target)[empty].max()) < _SETTLED * largest
        if settled and float(moved[empty].min()) > -_SETTLED * largest:
            return np.asarray(empty & (moved > _BELONGS * largest))
        target = np.where(empty, np.maximum(moved, 0.0), 0.0)
    raise CannotEstimateError([Problem("model_convergence")])


def _basis(within: Array, regressors: Array) -> Array:
    """Orthonormal columns that span what the fixed effects leave of the regressors; rounding noise is no regressor."""
    lengths = np.linalg.norm(within, axis=0)
    varies = lengths > _EMPTY * np.sqrt(_HELD) * np.linalg.norm(regressors, axis=0)
    basis, sizes, _ = np.linalg.svd(within[:, varies] / lengths[varies], full_matrices=False)
    return np.asarray(basis[:, sizes > _EMPTY])
