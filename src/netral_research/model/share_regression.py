"""Regression of shares: how many of the cases that came to one stage came to the next."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import special

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.regression_fit import RegressionFit, covariance_under
from netral_research.model.regression_input import as_numbers, match_rows, require_no_separation

ITERATIONS = 200
# Change of the deviance, by its size, at which the coefficients count as reached: their own error is smaller yet.
REACHED = 1e-12


def fit_shares(
    counts: pd.Series,
    totals: pd.Series,
    regressors: pd.DataFrame,
    *,
    clusters: pd.Series | None = None,
    errors: str = "model",
    constant: bool = True,
) -> RegressionFit:
    """Regress shares on what may go with them, by a binomial regression with a logit link.

    Parameters
    ----------
    counts : pandas.Series of shape (n,)
        Whole numbers; all other parts are matched to its index.
    totals : pandas.Series
        Whole numbers above zero, at least the counts.
    regressors : pandas.DataFrame
        Numbers. May have no column: the constant alone gives the common share.
    clusters : pandas.Series, optional
        Name of the cluster of each row, for ``errors="cluster"``.
    errors : {"model", "dispersion", "robust", "cluster"}
        As for :func:`netral_research.model.count_regression.fit_poisson`.
    constant : bool

    Returns
    -------
    RegressionFit
        Its ratios are odds ratios; ``fitted`` holds shares.

    Raises
    ------
    CannotEstimateError
        If parts do not match, a number is missing, a total is zero or below its count, or a coefficient is not
        determined or has no limit (all shares zero or one among them).

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, 2nd edition, chapter 4.

    Examples
    --------
    >>> proven, alleged = pd.Series([2, 6, 5]), pd.Series([10, 10, 20])
    >>> fit = fit_shares(proven, alleged, pd.DataFrame(index=proven.index))
    >>> round(float(fit.fitted[0]), 3)
    0.325
    """
    parts = match_rows(counts, regressors, clusters=clusters, constant=constant)
    y, n = parts.outcome, _totals(parts.outcome, totals, parts.index)
    require_no_separation(parts.design, parts.names, y == 0, y == n)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = sm.GLM(np.column_stack([y, n - y]), parts.design, family=sm.families.Binomial()).fit(
            atol=REACHED, rtol=REACHED, maxiter=ITERATIONS
        )
    if not fitted.converged:
        raise CannotEstimateError([Problem("model_convergence")])
    share = np.asarray(fitted.fittedvalues)
    freedom = len(y) - len(parts.names)
    weight = n * share * (1 - share)
    pearson = float(((y - n * share) ** 2 / weight).sum())
    covariance, degrees = covariance_under(
        errors,
        parts.design.T @ (weight[:, None] * parts.design),
        (y - n * share)[:, None] * parts.design,
        parts.clusters,
        pearson / freedom if freedom else np.nan,
    )
    ways = special.gammaln(n + 1) - special.gammaln(y + 1) - special.gammaln(n - y + 1)
    logs = ways + special.xlogy(y, share) + special.xlogy(n - y, 1 - share)
    deviance = 2 * (special.xlogy(y, y / (n * share)) + special.xlogy(n - y, (n - y) / (n * (1 - share))))
    return RegressionFit(
        parts.names, np.asarray(fitted.params), covariance, errors, degrees, pd.Series(share, parts.index), freedom,
        float(deviance.sum()), pearson, float(logs.sum()),
    )  # fmt: skip


def _totals(counts: np.ndarray, totals: pd.Series, index: pd.Index) -> np.ndarray:
    if not totals.index.is_unique or not index.isin(totals.index).all():
        raise CannotEstimateError([Problem("model_rows_unmatched", column="totals")])
    all_cases = as_numbers(totals.loc[index])
    whole = (counts % 1 == 0) & (all_cases % 1 == 0)
    if not (whole & np.isfinite(all_cases) & (all_cases > 0) & (counts >= 0) & (counts <= all_cases)).all():
        raise CannotEstimateError([Problem("model_values", column="totals")])
    return all_cases
