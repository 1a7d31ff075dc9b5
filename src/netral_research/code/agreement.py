"""Measures of agreement between two readings of the same texts, computed for many weightings at once.

Every function takes counts whose first axis is the weighting (a resample of the articles), and gives one figure for
each; where a figure has nothing to stand on, it is not a number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def ratio(part: Numbers, whole: Numbers) -> Numbers:
    """A share, or not a number where the whole is zero.

    Examples
    --------
    >>> ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) != 0)


def f1_score(right: Numbers, missed: Numbers, false: Numbers) -> Numbers:
    """Harmonic mean of recall and precision.

    Parameters
    ----------
    right, missed, false : numpy.ndarray
        Found and coded, coded and not found, found and not coded.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> f1_score(np.array([6.0]), np.array([2.0]), np.array([4.0])).round(3).tolist()
    [0.667]
    """
    return ratio(2 * right, 2 * right + missed + false)


def cohens_kappa(tables: Numbers) -> Numbers:
    """Agreement beyond what two independent readers with these habits would reach (Cohen 1960).

    Parameters
    ----------
    tables : numpy.ndarray
        Contingency tables, shape (weightings, terms, terms); rows are coded, columns proposed.

    Returns
    -------
    numpy.ndarray
        One where all agree on one and the same term, as nothing was left to chance.

    Examples
    --------
    >>> cohens_kappa(np.array([[[20.0, 5.0], [10.0, 15.0]]])).round(3).tolist()
    [0.4]
    """
    total = tables.sum(axis=(1, 2))
    observed = ratio(np.trace(tables, axis1=1, axis2=2), total)
    expected = ratio((tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1), total**2)
    return _beyond(observed, expected)


def krippendorff_alpha(tables: Numbers) -> Numbers:
    """Agreement beyond what readers who share their habits would reach by chance (Krippendorff 2011), nominal data.

    Parameters
    ----------
    tables : numpy.ndarray
        As for :func:`cohens_kappa`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> krippendorff_alpha(np.array([[[5.0, 1.0], [3.0, 1.0]]])).round(3).tolist()
    [0.095]
    """
    terms = tables.sum(axis=1) + tables.sum(axis=2)
    cells = terms.sum(axis=1)
    observed = ratio(np.trace(tables, axis1=1, axis2=2), tables.sum(axis=(1, 2)))
    expected = ratio((terms * (terms - 1)).sum(axis=1), cells * (cells - 1))
    return _beyond(observed, expected)


def _beyond(observed: Numbers, expected: Numbers) -> Numbers:
    certain = np.isclose(expected, 1.0)
    return np.where(
        certain & np.isclose(observed, 1.0), 1.0, ratio(observed - expected, np.where(certain, 0.0, 1 - expected))
    )
