"""Estimates by region, pulled to the mean of all regions as far as their own counts are uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.curvature import Floats, inverse_information, observed_information, touched
from netral_research.model.quadrature import GroupedCounts, group_effects, marginal_likelihood
from netral_research.model.refusals import require_panel

# A standard deviation between regions below this cannot be told from zero.
NO_SPREAD = 1e-3
GRADIENT = 1e-3


@dataclass(frozen=True)
class RegionFit:
    """A Poisson model whose intercept, and where asked the slope of the dose, varies between regions.

    Parameters
    ----------
    names : tuple of str
        Terms with fixed coefficients: ``intercept``, the regressors, the dummies.
    coefficients, standard_errors : numpy.ndarray of shape (k,)
        Log rate ratios of the typical region.
    covariance : numpy.ndarray of shape (k, k)
    varying : tuple of str
        Terms that vary between regions: ``intercept``, and the dose where its slope varies.
    region_covariance : numpy.ndarray of shape (q, q)
        Variances between regions, and their covariance.
    region_variance_errors : numpy.ndarray of shape (q,)
        Standard errors of the variances; missing where a variance is at its limit of zero.
    log_likelihood : float
    at_boundary : bool
        Whether a variance between regions is zero, or slopes follow exactly from intercepts: standard errors then
        take that as given.
    regions : tuple of str
    effects : numpy.ndarray of shape (g, q)
        Conditional modes: each region's log rate ratio to the typical region, by varying term.
    joint_covariance : numpy.ndarray of shape (k + g * q, k + g * q)
        Of the coefficients and then the effects, region by region, with the uncertainty of every parameter.
    """

    names: tuple[str, ...]
    coefficients: Floats
    standard_errors: Floats
    covariance: Floats
    varying: tuple[str, ...]
    region_covariance: Floats
    region_variance_errors: Floats
    log_likelihood: float
    at_boundary: bool
    regions: tuple[str, ...]
    effects: Floats
    joint_covariance: Floats


def fit_region_effects(
    sample: pd.DataFrame,
    regressors: Sequence[str],
    *,
    region: str,
    slope: str | None = None,
    correlated: bool = True,
    fixed_effects: Sequence[str] = (),
    offset: str | None = None,
    nodes: int = 15,
) -> RegionFit:
    """Fit a Poisson regression with normal effects of regions by maximum likelihood.

    Parameters
    ----------
    sample : pandas.DataFrame
        One row a count, with ``count``.
    regressors : sequence of str
        Columns of ``sample``.
    region : str
        Column that names the regions.
    slope : str or None
        The regressor whose slope varies between regions.
    correlated : bool
        Whether slopes may go with intercepts.
    fixed_effects : sequence of str
        Columns that enter as dummies, without their first level.
    offset : str or None
        Column with the log of the exposed population, or None.
    nodes : int
        Points of the adaptive Gauss-Hermite quadrature, for each varying term; 1 is the Laplace approximation.

    Returns
    -------
    RegionFit

    Raises
    ------
    CannotEstimateError
        If a cell or label is missing, there is one region only, all counts are zero, a regressor does not vary beyond
        the others or is not determined (separation), the dose varies within fewer than two regions and slopes are
        asked, or no maximum is found.

    References
    ----------
    Bates, Maechler, Bolker and Walker (2015), Journal of Statistical Software 67(1); Pinheiro and Chao (2006),
    Journal of Computational and Graphical Statistics 15: 58-81; Kass and Steffey (1989), Journal of the American
    Statistical Association 84: 717-726 (intervals of the effects).

    Examples
    --------
    >>> sample = pd.DataFrame({"region": ["11", "11", "12", "12", "13", "13", "14", "14"],
    ...     "dose": [0, 1] * 4, "count": [20, 9, 4, 3, 11, 5, 40, 22]})
    >>> fit = fit_region_effects(sample, ["dose"], region="region")
    >>> [round(float(number), 2) for number in (*fit.coefficients, *fit.region_covariance.ravel())]
    [2.66, -0.65, 0.58]
    """
    sample = require_panel(sample, regressors, [region, *fixed_effects], offset)
    _check(sample, regressors, region, slope)
    rows = sample.sort_values(region, kind="stable", key=lambda names: names.astype("str"))
    design = _design(rows, regressors, fixed_effects)
    _require_variation(design, rows[region], regressors, slope)
    varying = ("intercept",) if slope is None else ("intercept", slope)
    regions, starts = np.unique(rows[region].to_numpy(dtype="str"), return_index=True)
    data = GroupedCounts(
        rows["count"].to_numpy(dtype="float64"),
        np.zeros(len(rows)) if offset is None else rows[offset].to_numpy(dtype="float64"),
        design.to_numpy(),
        design[list(varying)].to_numpy(),
        starts,
        tuple((a, b) for a in range(len(varying)) for b in range(a + 1) if a == b or correlated),
        nodes,
    )
    parameters = _climb(data)
    scales = np.append((data.design**2).sum(axis=0), np.full(len(data.places), float(len(regions))))

    def gradient(at: Floats) -> Floats:
        return -marginal_likelihood(at, data)[1]

    if not np.abs(gradient(parameters)).max() < GRADIENT * max(1.0, float(data.counts.sum()) ** 0.5):
        raise CannotEstimateError([Problem("model_convergence")])
    information, flat = observed_information(gradient, parameters, scales)
    undetermined = dict(zip(design.columns, touched(flat), strict=False))
    for name in regressors:
        if undetermined[name]:
            raise CannotEstimateError([Problem("model_no_variation", column=name)])
    return _result(parameters, information, flat, data, tuple(design.columns), varying, tuple(map(str, regions)))


def _check(sample: pd.DataFrame, regressors: Sequence[str], region: str, slope: str | None) -> None:
    if sample[region].nunique() < 2:
        fields = {"found": str(sample[region].nunique()), "wanted": "2"}
        raise CannotEstimateError([Problem("model_regions", fields=fields)])
    if not sample["count"].sum():
        raise CannotEstimateError([Problem("model_zeros")])
    if slope is not None and slope not in regressors:
        raise CannotEstimateError([Problem("model_no_variation", column=slope)])


def _design(rows: pd.DataFrame, regressors: Sequence[str], fixed_effects: Sequence[str]) -> pd.DataFrame:
    dummies = [pd.get_dummies(rows[name], prefix=name, drop_first=True, dtype="float64") for name in fixed_effects]
    design = pd.concat([rows[list(regressors)].astype("float64"), *dummies], axis=1)
    design.insert(0, "intercept", 1.0)
    return design


def _require_variation(design: pd.DataFrame, region: pd.Series, regressors: Sequence[str], slope: str | None) -> None:
    for name in regressors:
        others, column = design.drop(columns=name).to_numpy(), design[name].to_numpy()
        rest = column - others @ np.linalg.lstsq(others, column)[0]
        if not np.linalg.norm(rest) > 1e-8 * np.linalg.norm(column):
            raise CannotEstimateError([Problem("model_no_variation", column=name)])
    if slope is not None:
        moving = design[slope].groupby(region.to_numpy()).nunique() > 1
        if moving.sum() < 2:
            raise CannotEstimateError([Problem("model_no_variation", column=slope)])


def _climb(data: GroupedCounts) -> Floats:
    k = data.design.shape[1]
    rates = np.log(data.counts + 0.5) - data.offset
    spread = [0.5 if row == column else 0.0 for row, column in data.places]
    start = np.append(np.linalg.lstsq(data.design, rates)[0], spread)
    metric = np.eye(len(start)) * max(len(data.starts), 1)
    weights = data.counts + 0.5
    metric[:k, :k] = data.design.T @ (weights[:, None] * data.design) / 4 + np.eye(k) * 1e-2
    inverse = np.linalg.inv(metric)

    def objective(at: Floats) -> tuple[float, Floats]:
        value, gradient = marginal_likelihood(at, data)
        return -value, -gradient

    options = {"gtol": 1e-7, "maxiter": 500, "hess_inv0": (inverse + inverse.T) / 2}
    try:
        parameters = minimize(objective, start, jac=True, method="BFGS", options=options).x
    except np.linalg.LinAlgError:
        raise CannotEstimateError([Problem("model_convergence")]) from None
    # The sign of a column of the root changes nothing: its diagonal is shown as a standard deviation.
    for place, (row, column) in enumerate(data.places):
        if row == column and parameters[k + place] < 0:
            for other, (_, same) in enumerate(data.places):
                parameters[k + other] *= -1 if same == column else 1
    return parameters


def _result(
    parameters: Floats,
    information: Floats,
    flat: Floats,
    data: GroupedCounts,
    names: tuple[str, ...],
    varying: tuple[str, ...],
    regions: tuple[str, ...],
) -> RegionFit:
    k, q, count = len(names), len(varying), len(regions)
    root = data.root(parameters)
    # A deviation at zero is no estimate with a curvature of its own: it is held there.
    held = [
        k + place for place, (row, column) in enumerate(data.places) if row == column and root[row, row] < NO_SPREAD
    ]
    free = np.setdiff1d(np.arange(len(parameters)), held)
    at_boundary = bool(held)
    covariance = np.zeros_like(information)
    covariance[np.ix_(free, free)] = inverse_information(information[np.ix_(free, free)], flat[free])
    effects = group_effects(parameters, data)
    modes = effects.modes @ root.T
    moves = np.einsum("ab,gbp->gap", root, effects.by_parameter)
    variance_moves = np.zeros((q, len(parameters)))
    for place, (row, column) in enumerate(data.places):
        moves[:, row, k + place] += effects.modes[:, column]
        variance_moves[row, k + place] = 2 * root[row, column]
    # Kass and Steffey: the spread of each effect given the parameters, and what the parameters' own adds to it.
    every = np.concatenate([np.eye(k, len(parameters)), moves.reshape(count * q, -1)])
    joint = every @ covariance @ every.T
    given = root @ effects.spread
    for place, block in enumerate(given @ np.swapaxes(given, 1, 2)):
        inside = slice(k + place * q, k + (place + 1) * q)
        joint[inside, inside] += block
    errors = np.sqrt(np.diag(variance_moves @ covariance @ variance_moves.T))
    return RegionFit(
        names,
        parameters[:k],
        np.sqrt(np.diag(covariance)[:k]),
        covariance[:k, :k],
        varying,
        root @ root.T,
        np.where(np.diag(root @ root.T) < NO_SPREAD**2, np.nan, errors),
        marginal_likelihood(parameters, data)[0],
        at_boundary,
        regions,
        modes,
        joint,
    )
