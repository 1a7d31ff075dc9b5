"""Linear regression with fixed effects, in the frame of the Poisson one so that its errors serve both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.absorb import Absorber, number_groups
from netral_research.model.fixed_effects import FixedEffectsFit
from netral_research.model.refusals import finite_numbers


def fit_linear_effects(outcome: Any, regressors: Any, fixed_effects: Sequence[Any]) -> FixedEffectsFit:
    """Least squares with fixed effects taken out.

    Parameters
    ----------
    outcome : array-like of shape (n,)
    regressors : array-like of shape (n, k)
    fixed_effects : sequence of array-like of shape (n,)
        Labels, at least one effect.

    Returns
    -------
    FixedEffectsFit
        Its covariance by clusters is that of :func:`netral_research.model.cluster_errors.cluster_robust`.

    Raises
    ------
    CannotEstimateError
        If a number is missing, or no regressor varies beyond the fixed effects.

    References
    ----------
    Frisch and Waugh (1933), Econometrica 1: 387-401; Guimaraes and Portugal (2010), Stata Journal 10: 628-649.

    Examples
    --------
    >>> fit = fit_linear_effects([1, 3, 2, 4.5], [[0], [1], [0], [1]], [list("aabb"), [2020, 2024, 2020, 2020]])
    >>> fit.coefficients.round(6).tolist()
    [2.5]
    """
    y, x = finite_numbers(outcome, "outcome"), finite_numbers(regressors, "regressors")
    if not len(y):
        raise CannotEstimateError([Problem("model_rows_few", fields={"rows": "0", "columns": "1"})])
    x = x.reshape(len(y), -1)
    groups, ones = number_groups(fixed_effects), np.ones(len(y))
    left = Absorber(groups, ones).take_out(np.column_stack([y, x]))
    within = left[:, 1:]
    lengths = np.linalg.norm(within, axis=0)
    if not (lengths > 1e-9 * np.linalg.norm(x, axis=0)).any():
        raise CannotEstimateError([Problem("model_no_variation", column="0")])
    scale = np.maximum(lengths, np.finfo(float).tiny)
    _, sizes, directions = np.linalg.svd(within / scale, full_matrices=False)
    empty = directions[sizes <= 1e-9 * sizes[0]]
    beta = np.linalg.lstsq(within / scale, left[:, 0], rcond=1e-9)[0] / scale
    residuals = left[:, 0] - within @ beta
    return FixedEffectsFit(
        coefficients=beta, information=within.T @ within, scores=within * residuals[:, None], regressors=within,
        fitted=ones, residuals=residuals, determined=(np.abs(empty) < 1e-6).all(axis=0),
        used=np.ones(len(y), dtype=bool), groups=groups, deviance=float(residuals @ residuals), steps=1,
    )  # fmt: skip
