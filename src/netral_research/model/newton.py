"""Newton's method for likelihoods that need not be concave everywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from netral_research.errors import CannotEstimateError, Problem

ITERATIONS = 200
# Newton's decrement, in units of the log-likelihood, at which the maximum counts as reached.
REACHED = 1e-12
# Longest step of one coefficient: logs of rates and odds do not sensibly change more at once.
LONGEST_STEP = 3.0

Derivatives = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def climb(value: Callable[[np.ndarray], float], derivatives: Derivatives, start: np.ndarray) -> np.ndarray:
    """Climb from a start to a maximum.

    Parameters
    ----------
    value : callable
        Log-likelihood of a point.
    derivatives : callable
        Its gradient (k,) and its negative second derivatives (k, k).
    start : numpy.ndarray of shape (k,)

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
    ...     np.array([0.0]))
    >>> round(float(peak[0]), 6)
    2.0
    """
    point, reached = start, value(start)
    for _ in range(ITERATIONS):
        gradient, curvature = derivatives(point)
        sizes, directions = np.linalg.eigh(curvature)
        # Where the likelihood is not concave, its curvatures are taken as if it were: the step still climbs.
        lengths = np.maximum(np.abs(sizes), 1e-10 * max(float(np.abs(sizes).max()), 1e-300))
        step = directions @ ((directions.T @ gradient) / lengths)
        if gradient @ step < REACHED and sizes[0] > 0:
            return point
        point, reached = _search(value, point, step, reached)
    raise CannotEstimateError([Problem("model_convergence")])


def _search(
    value: Callable[[np.ndarray], float], point: np.ndarray, step: np.ndarray, reached: float
) -> tuple[np.ndarray, float]:
    step = step / max(1.0, float(np.abs(step).max()) / LONGEST_STEP)
    for _ in range(40):
        found = value(point + step)
        if found >= reached - 1e-13 * abs(reached):
            return point + step, found
        step = step / 2
    raise CannotEstimateError([Problem("model_convergence")])
