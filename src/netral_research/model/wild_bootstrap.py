"""Score wild cluster bootstrap: a p-value for few clusters from the model without the regressor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from netral_research.model.absorb import Absorber, Array
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.refusals import finite_numbers, require_names


def project_out(column: Array, fit: FixedEffectsFit) -> Array:
    """What the fixed effects and the regressors of a fit leave of a column of its used rows.

    Parameters
    ----------
    column : numpy.ndarray of shape (m,) or (m, b)
    fit : FixedEffectsFit

    Returns
    -------
    numpy.ndarray of the same shape
    """
    columns = column.reshape(len(column), -1)
    left = Absorber(fit.groups, fit.fitted).take_out(columns)
    if len(fit.coefficients):
        weighted = fit.regressors * fit.fitted[:, None]
        left = left - fit.regressors @ np.linalg.solve(fit.information, weighted.T @ left)
    return left.reshape(column.shape)


def score_wild_bootstrap(
    counts: Any,
    regressors: Any,
    fixed_effects: Sequence[Any],
    offset: Any,
    clusters: Any,
    draws: int,
    seed: int,
) -> float:
    """Two-sided p-value that the first regressor has no association.

    The model is fitted without it; the scores of the clusters are given random signs, and the share of draws whose
    studentised sum is at least as large as the observed one is the p-value.

    Parameters
    ----------
    counts, regressors, fixed_effects, offset
        As for :func:`netral_research.model.fixed_effects.fit_fixed_effects`; the first regressor is tested.
    clusters : array-like of shape (n,)
    draws : int
    seed : int

    Returns
    -------
    float

    Raises
    ------
    CannotEstimateError
        Where the first regressor cannot be estimated either, as for ``fit_fixed_effects``: it does not vary within
        the fixed effects, or only rows without a case hold it.

    References
    ----------
    Kline and Santos (2012), Journal of Econometric Methods 1: 23-41.

    Examples
    --------
    >>> score_wild_bootstrap([10, 5, 20, 20, 8, 4, 12, 14], [[0], [1], [0], [0], [1], [2], [1], [1]],
    ...                      [list("aabbccdd"), [2020, 2024] * 4], None, list("aabbccdd"), draws=99, seed=1) < 1
    True
    """
    x = finite_numbers(regressors, "regressors").reshape(max(len(np.asarray(counts)), 1), -1)
    # What has no estimate has no test: the sum of its scores would be rounding noise.
    fit_fixed_effects(counts, x, fixed_effects, offset, needed=[0])
    null = fit_fixed_effects(counts, x[:, 1:], fixed_effects, offset)
    scores = project_out(x[null.used, 0], null) * null.residuals
    require_names(clusters, "clusters")
    # Sorted, so that the signs do not hang on the order of the rows.
    codes, labels = pd.factorize(np.asarray(clusters)[null.used], sort=True)
    sums = np.bincount(codes, scores, len(labels))
    signs = np.random.default_rng(seed).integers(0, 2, (draws, len(sums))) * 2.0 - 1.0
    # The denominator does not change with the signs of single clusters.
    drawn = np.abs(signs @ sums)
    observed = abs(sums.sum())
    return float((1 + np.count_nonzero(drawn >= observed * (1 - 1e-12))) / (draws + 1))
