"""Newton's method for likelihoods that need not be concave everywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from netral_research.errors import CannotEstimateError, Problem

ITERATIONS = 200
# Newton's decrement, in units of the log-likelihood, from which one more step reaches the maximum.
REACHED = 1e-8
# Least curvature of a direction, by that of its coefficients alone, that a step trusts.
FLAT = 1e-10
# Longest step, in units of the coordinates' own size: logs of rates and odds do not sensibly change more at once.
LONGEST_STEP = 3.0

Derivatives = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def climb(
    value: Callable[[np.ndarray], float], derivatives: Derivatives, start: np.ndarray, size: np.ndarray
) -> np.ndarray:
    """Climb from a start to a maximum.

    Parameters
    ----------
    value : callable
        Log-likelihood of a point.
    derivatives : callable
        Its gradient (k,) and its negative second derivatives (k, k).
    start : numpy.ndarray of shape (k,)
    size : numpy.ndarray of shape (k,)
        Change of each coordinate that moves the logs of some row's rate or odds by one.

    Returns
    -------
    numpy.ndarray of shape (k,)
        A local maximum.

    Raises
    ------
    CannotEstimateError
        If none is reached.

    Examples
    --------
    >>> peak = climb(
    ...     lambda x: -float(np.cosh(x[0] - 2)),
    ...     lambda x: (-np.sinh(x - 2), np.cosh(x - 2)[:, None]),
    ...     np.array([0.0]),
    ...     np.array([1.0]))
    >>> round(float(peak[0]), 6)
    2.0
    """
    # A step can leave the numbers' range: it is shortened like any other that does not climb.
    with np.errstate(all="ignore"):
        point, reached = start, value(start)
        for _ in range(ITERATIONS):
            gradient, curvature = derivatives(point)
            if not (np.isfinite(gradient).all() and np.isfinite(curvature).all()):
                break
            step, concave = _step(gradient, curvature)
            if concave and gradient @ step < REACHED:
                return np.asarray(point + step)
            step = step / max(1.0, float(np.abs(step / size).max()) / LONGEST_STEP)
            point, reached = _search(value, point, step, reached)
    raise CannotEstimateError([Problem("model_convergence")])


def _step(gradient: np.ndarray, curvature: np.ndarray) -> tuple[np.ndarray, bool]:
    """Newton's step, and whether the likelihood is concave here; where it is not, its curvatures are taken as if."""
    # Every direction in its own unit: how regressors are scaled must not matter.
    unit = 1 / np.sqrt(np.maximum(np.abs(np.diag(curvature)), 1e-300))
    sizes, directions = np.linalg.eigh(unit[:, None] * curvature * unit)
    lengths = np.maximum(np.abs(sizes), FLAT)
    return unit * (directions @ ((directions.T @ (unit * gradient)) / lengths)), bool(sizes[0] > 0)


def _search(
    value: Callable[[np.ndarray], float], point: np.ndarray, step: np.ndarray, reached: float
) -> tuple[np.ndarray, float]:
    for _ in range(60):
        found = value(point + step)
        if found >= reached - 1e-13 * abs(reached):
            return point + step, found
        step = step / 2
    raise CannotEstimateError([Problem("model_convergence")])


def coordinate_sizes(design: np.ndarray) -> np.ndarray:
    """Change of each coefficient that moves the linear predictor of some row by one.

    Parameters
    ----------
    design : numpy.ndarray of shape (n, k)

    Returns
    -------
    numpy.ndarray of shape (k,)

    Examples
    --------
    >>> coordinate_sizes(np.array([[1.0, -4.0], [1.0, 2.0]])).tolist()
    [1.0, 0.25]
    """
    return np.asarray(1 / np.maximum(np.abs(design).max(axis=0), 1e-300))
