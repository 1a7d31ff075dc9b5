"""Separation: rows of count zero that a combination of regressors and fixed effects fits as zero without limit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from netral_research.model.absorb import Absorber, Array, Groups

# Weight of rows with cases beside those without: they must not be moved.
_HELD, _SMALL, _MOST_ROUNDS = 1e8, 1e-5, 1000


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
    design = absorber.take_out(regressors) * root
    scale = np.maximum(np.linalg.norm(design, axis=0), np.finfo(float).tiny)
    solve = np.linalg.pinv(design / scale, rcond=1e-10) if design.shape[1] else np.zeros((0, len(counts)))
    target = empty.astype(np.float64)
    for _ in range(_MOST_ROUNDS):
        left = absorber.take_out(target[:, None])[:, 0]
        left = left - (design @ (solve @ (left * root[:, 0]))) / root[:, 0] / 1.0 if design.shape[1] else left
        moved = target - left
        moved[np.abs(moved) < _SMALL] = 0.0
        if (moved[empty] >= 0).all():
            return np.asarray(empty & (moved > _SMALL))
        target = np.where(empty, np.maximum(moved, 0.0), 0.0)
    return np.zeros(len(counts), dtype=bool)
