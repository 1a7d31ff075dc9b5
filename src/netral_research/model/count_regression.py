"""Regressions of counts on an exposure: Poisson, quasi-Poisson and negative binomial.

Only the mean must be right for the Poisson estimate; which standard error is right is a question of its own. The
negative binomial regression is a check of robustness beside it, not the main model.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import special, stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.negative_binomial import Maximum, maximise
from netral_research.model.regression_fit import RegressionFit, covariance_under
from netral_research.model.regression_input import RegressionInput, match_rows, require_no_separation

ITERATIONS = 200
# Change of the deviance, by its size, at which the coefficients count as reached: their own error is smaller yet.
REACHED = 1e-12


def fit_poisson(
    counts: pd.Series,
    regressors: pd.DataFrame,
    *,
    exposure: pd.Series | None = None,
    offset: pd.Series | None = None,
    clusters: pd.Series | None = None,
    errors: str = "model",
    constant: bool = True,
) -> RegressionFit:
    """Regress counts on what may go with their rate, by a Poisson regression with a log link.

    Coefficients are log rate ratios: between regions they tell which regions reported more, never what would have
    happened to one of them.

    Parameters
    ----------
    counts : pandas.Series of shape (n,)
        Not negative. All other parts are matched to its index.
    regressors : pandas.DataFrame
        Numbers; see :func:`netral_research.model.regression_input.code_levels` for categories. May have no column.
    exposure : pandas.Series, optional
        Positive, for instance the number of civil servants: the coefficients then speak of rates.
    offset : pandas.Series, optional
        The same on the log scale; both together are added.
    clusters : pandas.Series, optional
        Name of the cluster of each row, for ``errors="cluster"``.
    errors : {"model", "dispersion", "robust", "cluster"}
        ``dispersion`` is the quasi-Poisson regression; intervals then use the t distribution with the rows less the
        coefficients. ``robust`` is HC0. ``cluster`` is CRV1 with the t distribution of clusters less one.
    constant : bool
        Whether a constant is put before the regressors.

    Returns
    -------
    RegressionFit

    Raises
    ------
    CannotEstimateError
        If parts do not match, numbers are missing or impossible, all counts are zero, or a coefficient is not
        determined (collinear) or has no limit (separation).

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, 2nd edition, chapter 6.

    Examples
    --------
    >>> counts = pd.Series([4, 6, 9, 11])
    >>> treated = pd.DataFrame({"treated": [0, 0, 1, 1]})
    >>> fit = fit_poisson(counts, treated, exposure=pd.Series([10.0, 10.0, 10.0, 10.0]))
    >>> [round(number, 2) for number in fit.interval("treated", 0.95)]
    [2.0, 0.94, 4.27]
    """
    parts = match_rows(counts, regressors, exposure=exposure, offset=offset, clusters=clusters, constant=constant)
    _require_counts(parts)
    coefficients, mean = _poisson_means(parts)
    pearson = float(((parts.outcome - mean) ** 2 / mean).sum())
    freedom = len(mean) - len(coefficients)
    covariance, degrees = covariance_under(
        errors,
        parts.design.T @ (mean[:, None] * parts.design),
        (parts.outcome - mean)[:, None] * parts.design,
        parts.clusters,
        pearson / freedom if freedom else math.nan,
    )
    logs = special.xlogy(parts.outcome, mean) - mean - special.gammaln(parts.outcome + 1)
    deviance = 2 * (special.xlogy(parts.outcome, parts.outcome / mean) - parts.outcome + mean)
    return RegressionFit(
        parts.names, coefficients, covariance, errors, degrees, pd.Series(mean, parts.index), freedom,
        float(deviance.sum()), pearson, float(logs.sum()),
    )  # fmt: skip


def _require_counts(parts: RegressionInput) -> None:
    if (parts.outcome < 0).any():
        raise CannotEstimateError([Problem("model_values", column="counts")])
    if not parts.outcome.any():
        raise CannotEstimateError([Problem("model_zeros")])
    require_no_separation(parts.design, parts.names, parts.outcome == 0, np.zeros(len(parts.outcome), dtype=bool))


def _poisson_means(parts: RegressionInput) -> tuple[np.ndarray, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        family = sm.families.Poisson()
        try:
            fitted = sm.GLM(parts.outcome, parts.design, family=family, offset=parts.offset).fit(
                atol=REACHED, rtol=REACHED, maxiter=ITERATIONS
            )
        except ValueError:  # numbers that leave the range of what a computer holds
            raise CannotEstimateError([Problem("model_convergence")]) from None
    if not fitted.converged:
        raise CannotEstimateError([Problem("model_convergence")])
    return np.asarray(fitted.params), np.asarray(fitted.fittedvalues)


def fit_negative_binomial(
    counts: pd.Series,
    regressors: pd.DataFrame,
    *,
    exposure: pd.Series | None = None,
    offset: pd.Series | None = None,
    clusters: pd.Series | None = None,
    errors: str = "model",
    information: str = "expected",
    constant: bool = True,
) -> RegressionFit:
    """Regress counts by a negative binomial regression whose variance is the mean plus its square by theta (NB2).

    Parameters
    ----------
    counts, regressors, exposure, offset, clusters, constant
        As for :func:`fit_poisson`.
    errors : {"model", "robust", "cluster"}
    information : {"expected", "observed"}
        What the model's standard errors rest on. ``expected``: of the coefficients at the estimated theta, and of
        theta at the fitted means (as ``glm.nb`` of R's MASS has it). ``observed``: of all of them together (as
        statsmodels and Stata have it).
    constant : bool

    Returns
    -------
    RegressionFit
        With ``theta`` and its standard error; ``alpha`` is one by theta.

    Raises
    ------
    CannotEstimateError
        As for :func:`fit_poisson`, and if counts are not whole or do not vary more than a Poisson regression expects:
        theta then has no limit.

    References
    ----------
    Lawless (1987), Canadian Journal of Statistics 15: 209-225; Venables and Ripley (2002), section 7.4.

    Examples
    --------
    >>> counts = pd.Series([0, 9, 2, 14, 1, 30, 5, 11])
    >>> treated = pd.DataFrame({"treated": [0, 0, 0, 0, 1, 1, 1, 1]})
    >>> fit = fit_negative_binomial(counts, treated)
    >>> round(fit.interval("treated", 0.95)[0], 2), round(fit.theta, 2)
    (1.88, 0.93)
    """
    if errors == "dispersion" or information not in ("expected", "observed"):
        raise ValueError(f"no such errors: {errors!r}, {information!r}")
    parts = match_rows(counts, regressors, exposure=exposure, offset=offset, clusters=clusters, constant=constant)
    _require_counts(parts)
    if (parts.outcome % 1 != 0).any():
        raise CannotEstimateError([Problem("model_not_whole", column="counts")])
    coefficients, mean = _poisson_means(parts)
    # At theta without limit the likelihood's slope in one by theta has the sign of this sum.
    excess = float(((parts.outcome - mean) ** 2 - parts.outcome).sum())
    if excess <= 0:
        raise CannotEstimateError([Problem("model_not_overdispersed")])
    found = maximise(parts, coefficients, float((mean**2).sum()) / excess)
    covariance, degrees, theta_error = _negative_binomial_errors(parts, found, errors, information)
    mean, theta, outcome = found.mean, found.theta, parts.outcome
    deviance = 2 * (
        special.xlogy(outcome, outcome / mean) - (outcome + theta) * np.log((outcome + theta) / (mean + theta))
    )
    pearson = ((outcome - mean) ** 2 / (mean + mean**2 / theta)).sum()
    return RegressionFit(
        parts.names, found.coefficients, covariance, errors, degrees, pd.Series(mean, parts.index),
        len(mean) - len(coefficients), float(deviance.sum()), float(pearson), found.log_likelihood, theta, theta_error,
    )  # fmt: skip


def _negative_binomial_errors(
    parts: RegressionInput, found: Maximum, errors: str, information: str
) -> tuple[np.ndarray, int | None, float]:
    """Covariance of the coefficients, its degrees of freedom, and the standard error of theta."""
    columns = parts.design.shape[1]
    if information == "observed":
        covariance, degrees = covariance_under(errors, found.information, found.scores, parts.clusters, 1.0)
        return covariance[:columns, :columns], degrees, math.sqrt(covariance[columns, columns])
    weight = found.mean * found.theta / (found.mean + found.theta)
    covariance, degrees = covariance_under(
        errors,
        parts.design.T @ (weight[:, None] * parts.design),
        found.scores[:, :columns],
        parts.clusters,
        1.0,
    )
    return covariance, degrees, 1 / math.sqrt(found.information[columns, columns])


def overdispersion_test(fit: RegressionFit, counts: pd.Series) -> tuple[float, float]:
    """Test whether counts vary more than a Poisson regression expects, against the negative binomial (NB2).

    Parameters
    ----------
    fit : RegressionFit
        Of :func:`fit_poisson`.
    counts : pandas.Series of shape (n,)
        The counts it was fitted to.

    Returns
    -------
    tuple of float
        The score statistic, normal where the Poisson variance holds, and its one-sided p-value.

    References
    ----------
    Dean (1992), Journal of the American Statistical Association 87: 451-457 (statistic P_B).

    Examples
    --------
    >>> counts = pd.Series([0, 9, 2, 14, 1, 30, 5, 11])
    >>> statistic, p_value = overdispersion_test(fit_poisson(counts, pd.DataFrame(index=counts.index)), counts)
    >>> statistic > 10, p_value < 0.001
    (True, True)
    """
    mean = fit.fitted.to_numpy()
    observed = counts.loc[fit.fitted.index].to_numpy(dtype="float64")
    statistic = float(((observed - mean) ** 2 - observed).sum() / math.sqrt(2 * float((mean**2).sum())))
    return statistic, float(stats.norm.sf(statistic))
