"""Observed information at the maximum of a likelihood, and which parameters it determines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Share of the information of fully observed counts below which a direction of the parameters is undetermined,
# and share above which such a direction touches a parameter.
FLAT, TOUCHED = 1e-5, 1e-3
STEP = 1e-4


def observed_information(
    gradient: Callable[[Floats], Floats], parameters: Floats, scales: Floats
) -> tuple[Floats, Floats]:
    """Observed information, and the directions of the parameters about which it says nothing.

    Parameters
    ----------
    gradient : callable
        Gradient of the negative log-likelihood.
    parameters : numpy.ndarray of shape (p,)
        Where the likelihood is highest.
    scales : numpy.ndarray of shape (p,)
        For each parameter the information that as many counts with mean 1 would give.

    Returns
    -------
    tuple of (numpy.ndarray of shape (p, p), numpy.ndarray of shape (p, f))
        The information, and ``f`` flat directions as columns of length 1.

    Examples
    --------
    >>> information, flat = observed_information(lambda x: np.array([2 * x[0], 0.0]), np.zeros(2), np.ones(2))
    >>> information.round(6).tolist(), np.abs(flat).tolist()
    ([[2.0, 0.0], [0.0, 0.0]], [[0.0], [1.0]])
    """
    steps = np.eye(len(parameters)) * STEP
    slopes = np.array([gradient(parameters + step) - gradient(parameters - step) for step in steps]) / (2 * STEP)
    information = (slopes + slopes.T) / 2
    roots = np.sqrt(np.maximum(scales, 1e-12))
    sizes, directions = np.linalg.eigh(information / np.outer(roots, roots))
    flat = directions[:, sizes < FLAT] / roots[:, None]
    return information, flat / np.linalg.norm(flat, axis=0)


def inverse_information(information: Floats, flat: Floats) -> Floats:
    """Covariance of the parameters, zero along the flat directions.

    Parameters
    ----------
    information, flat : numpy.ndarray
        As :func:`observed_information` gives them.

    Returns
    -------
    numpy.ndarray of shape (p, p)

    Examples
    --------
    >>> inverse_information(np.diag([2.0, 0.0]), np.array([[0.0], [1.0]])).tolist()
    [[0.5, 0.0], [0.0, 0.0]]
    """
    basis = np.eye(len(information))
    if flat.size:
        basis = np.linalg.svd(flat, full_matrices=True)[0][:, flat.shape[1] :]
    return basis @ np.linalg.inv(basis.T @ information @ basis) @ basis.T


def touched(flat: Floats) -> NDArray[np.bool_]:
    """Tell which parameters a flat direction moves: the data do not determine them.

    Parameters
    ----------
    flat : numpy.ndarray of shape (p, f)

    Returns
    -------
    numpy.ndarray of bool of shape (p,)
    """
    return np.asarray((np.abs(flat) > TOUCHED).any(axis=1), dtype=np.bool_)
