"""Rate ratios from published rankings: listed counts exact, the others within the limits the lists set them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.censored_likelihood import CensoredCounts, maximise, row_scores
from netral_research.model.count_distributions import Floats
from netral_research.model.poisson import design_matrix
from netral_research.model.refusals import LARGEST_LOG, as_floats, finite_numbers, require_columns, require_names

# Probabilities are sums over all counts up to the largest: beyond this they need more memory than there is.
LARGEST_LISTED = 1e6
FAMILIES = ("poisson", "negative_binomial")


@dataclass(frozen=True)
class RankingFit:
    """A model of counts of which some are known only within limits.

    Parameters
    ----------
    regressors : tuple of str
    names : tuple of str
        Every term: the regressors, then the dummies (or ``intercept``).
    coefficients : numpy.ndarray of shape (k,)
        Log rate ratios, in the order of ``names``; missing for a level the data do not determine (a region that no
        list ever named).
    covariance : numpy.ndarray
        From the observed information: right where the family is, but somewhat too small for a negative binomial
        model with dummies of many regions, whose dispersion is then underestimated.
    cluster_covariance : numpy.ndarray
        Sandwich over clusters: also right where counts of one cluster belong together. It leaves out what a
        published total makes regions share.
    clusters : int
    dispersion : float
        Of the negative binomial distribution; 0 for Poisson.
    log_likelihood : float
    log_likelihoods : tuple of float
        Reached from each of two starts; where they differ, the likelihood has several tops.
    left_out : tuple of str
        Levels ("column value") all of whose counts may be zero: their own rate is free to be zero, so they say
        nothing about a ratio.
    listed, unlisted : int
        Rows with an exact count, and rows with limits only, that the model used.
    data : CensoredCounts
    parameters : numpy.ndarray
        Of :func:`netral_research.model.censored_likelihood.split`.
    used : numpy.ndarray of bool
        Which rows of the observations the model used.
    """

    regressors: tuple[str, ...]
    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    cluster_covariance: Floats
    clusters: int
    dispersion: float
    log_likelihood: float
    log_likelihoods: tuple[float, ...]
    left_out: tuple[str, ...]
    listed: int
    unlisted: int
    data: CensoredCounts
    parameters: Floats
    used: np.ndarray

    def standard_error(self, name: str, clustered: bool = True) -> float:
        """Standard error of one coefficient.

        Parameters
        ----------
        name : str
        clustered : bool
            From the clusters, or from the information alone.

        Returns
        -------
        float
        """
        place = self.names.index(name)
        return float(np.sqrt((self.cluster_covariance if clustered else self.covariance)[place, place]))

    def interval(self, name: str, confidence: float, clustered: bool = True) -> tuple[float, float, float]:
        """Rate ratio of one term with its interval.

        Parameters
        ----------
        name : str
        confidence : float
        clustered : bool
            With the t distribution of the number of clusters, or the normal one of the information.

        Returns
        -------
        tuple of float
            Estimate, lower and upper limit.
        """
        centre, tail = float(self.coefficients[self.names.index(name)]), 0.5 + confidence / 2
        quantile = stats.t.ppf(tail, self.clusters - 1) if clustered else stats.norm.ppf(tail)
        reach = float(quantile) * self.standard_error(name, clustered)
        return float(np.exp(centre)), float(np.exp(centre - reach)), float(np.exp(centre + reach))


def fit_rankings(
    observations: pd.DataFrame,
    regressors: Sequence[str],
    *,
    cluster: str,
    fixed_effects: Sequence[str] = (),
    offset: str | None = None,
    totals: Mapping[str, int] | None = None,
    family: Literal["poisson", "negative_binomial"] = "negative_binomial",
) -> RankingFit:
    """Fit a count model to published rankings, of any number of lists at once.

    An unlisted region is neither without cases nor missing: its count is known to lie within limits, and enters the
    likelihood as such. Taking it as zero exaggerates a ratio, leaving it out pulls it to 1.

    Parameters
    ----------
    observations : pandas.DataFrame
        One row a region and list: ``ranking`` (the list), ``lower`` and ``upper`` (limits of its count, both
        included, as :func:`netral_research.model.ranking_limits.ranking_limits` gives them; equal where it is exact),
        the regressors, fixed effects, offset and cluster.
    regressors : sequence of str
        Columns of ``observations``.
    cluster : str
        Column that names what counts are gathered by for the cluster-robust error: the region.
    fixed_effects : sequence of str
        Columns that enter as dummies.
    offset : str or None
        Column with the log of the exposed population, or None.
    totals : mapping of str to int, optional
        Published total of a list's whole scope, by ``ranking``.
    family : {"poisson", "negative_binomial"}

    Returns
    -------
    RankingFit

    Raises
    ------
    CannotEstimateError
        If a cell or label is missing or too large, there are fewer than two clusters, limits are not whole numbers or
        contradict each other or a total, the no count above zero is known, a regressor does not vary beyond what the
        fixed effects explain or the data do not determine it, or no maximum is found.

    References
    ----------
    Cameron and Trivedi (2013), Regression Analysis of Count Data, 2nd ed., sec. 4.3 (censored counts); Louis (1982),
    Journal of the Royal Statistical Society B 44: 226-233.

    Examples
    --------
    >>> lists = pd.DataFrame({
    ...     "ranking": ["a"] * 4 + ["b"] * 4, "region": ["11", "12", "13", "14"] * 2, "dose": [0, 0, 1, 1, 0, 0, 0, 1],
    ...     "lower": [12, 8, 4, 0, 9, 11, 10, 0], "upper": [12, 8, 4, 4, 9, 11, 10, 9]})
    >>> fit = fit_rankings(lists, ["dose"], cluster="region", family="poisson")
    >>> [round(ratio, 2) for ratio in fit.interval("dose", 0.95, clustered=False)]
    [0.32, 0.13, 0.8]
    """
    observations = _sound(observations, regressors, [cluster, *fixed_effects], offset)
    used, left_out = _informative(observations, fixed_effects, totals or {})
    rows = observations[used]
    _check_counts(rows, cluster)
    design = _design(rows, regressors, fixed_effects)
    _require_determined(design, regressors)
    shift = np.zeros(len(rows)) if offset is None else rows[offset].to_numpy(dtype="float64")
    data = CensoredCounts(
        rows["lower"].to_numpy(dtype="float64"),
        rows["upper"].to_numpy(dtype="float64"),
        shift,
        design.to_numpy(),
        _sums(rows, totals or {}),
    )
    found = maximise(data, family == "negative_binomial")
    names = tuple(design.columns)
    for name in regressors:
        if not found.determined[names.index(name)]:
            raise CannotEstimateError([Problem("model_no_variation", column=name)])
    exact = int((data.lower == data.upper).sum())
    k = len(names)
    undetermined = ~found.determined
    covariances = [found.covariance, _cluster_covariance(found.parameters, found.covariance, data, rows[cluster])]
    for covariance in covariances:
        covariance[undetermined] = covariance[:, undetermined] = np.nan
    return RankingFit(
        tuple(regressors),
        names,
        np.where(undetermined, np.nan, found.parameters)[:k],
        covariances[0],
        covariances[1],
        rows[cluster].nunique(),
        float(np.exp(found.parameters[k])) if len(found.parameters) > k else 0.0,
        max(found.log_likelihoods),
        found.log_likelihoods,
        left_out,
        exact,
        len(rows) - exact,
        data,
        found.parameters,
        used,
    )


def _sound(
    observations: pd.DataFrame, regressors: Sequence[str], labels: Sequence[str], offset: str | None
) -> pd.DataFrame:
    """The observations with floating numbers, or a refusal."""
    require_columns(observations, ["lower", "upper", *regressors, *labels, *([] if offset is None else [offset])])
    for name in labels:
        require_names(observations[name], name)
    lower, upper = (as_floats(observations[name], name) for name in ("lower", "upper"))
    whole = np.where(np.isinf(upper), 0.0, upper)
    sound = (lower >= 0) & (upper >= lower) & (lower % 1 == 0) & (whole % 1 == 0)
    if not sound.all():
        raise CannotEstimateError(
            [Problem("ranking_limits_impossible", value=str(name)) for name in observations.loc[~sound, labels[0]]]
        )
    for name, limits in (("lower", lower), ("upper", whole)):
        finite_numbers(limits, name, LARGEST_LISTED)
    found = {"lower": lower, "upper": upper} | {name: finite_numbers(observations[name], name) for name in regressors}
    if offset is not None:
        found[offset] = finite_numbers(observations[offset], offset, LARGEST_LOG, "model_offset")
    return observations.assign(**found)


def _check_counts(rows: pd.DataFrame, cluster: str) -> None:
    if rows[cluster].nunique() < 2:
        fields = {"found": str(rows[cluster].nunique()), "wanted": "2"}
        raise CannotEstimateError([Problem("model_regions", fields=fields)])
    if not rows["lower"].sum():
        raise CannotEstimateError([Problem("model_zeros")])


def _design(rows: pd.DataFrame, regressors: Sequence[str], fixed_effects: Sequence[str]) -> pd.DataFrame:
    """Regressors and dummies; all levels of the first fixed effect, or an intercept, span the constant."""
    design = design_matrix(rows, regressors, fixed_effects[1:])
    if not fixed_effects:
        return design.assign(intercept=1.0)
    first = pd.get_dummies(rows[fixed_effects[0]], prefix=fixed_effects[0], dtype="float64")
    own = len(regressors)
    return pd.concat([design.iloc[:, :own], first, design.iloc[:, own:]], axis=1)


def _informative(
    observations: pd.DataFrame, fixed_effects: Sequence[str], totals: Mapping[str, int]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Rows of levels that hold more than counts that may be zero, and the other levels."""
    used = np.ones(len(observations), dtype=bool)
    bound = (observations["lower"] > 0).to_numpy() | observations["ranking"].isin(totals.keys()).to_numpy()
    left_out: list[str] = []
    found = True
    while found:
        found = False
        for name in fixed_effects:
            levels = observations[name].to_numpy()
            silent = sorted(set(levels[used]) - set(levels[used & bound]))
            left_out += [f"{name} {level}" for level in silent]
            used &= ~np.isin(levels, silent)
            found |= bool(silent)
    return used, tuple(left_out)


def _require_determined(design: pd.DataFrame, regressors: Sequence[str]) -> None:
    for name in regressors:
        others, column = design.drop(columns=name).to_numpy(), design[name].to_numpy()
        rest = column - others @ np.linalg.lstsq(others, column)[0]
        if not np.linalg.norm(rest) > 1e-8 * np.linalg.norm(column):
            raise CannotEstimateError([Problem("model_no_variation", column=name)])


def _sums(rows: pd.DataFrame, totals: Mapping[str, int]) -> tuple[tuple[np.ndarray, int], ...]:
    sums = []
    lower, upper = rows["lower"].to_numpy(), rows["upper"].to_numpy()
    for ranking, total in sorted(totals.items()):
        members = (rows["ranking"] == ranking).to_numpy()
        unknown = np.flatnonzero(members & (lower < upper))
        rest = int(total - lower[members & (lower == upper)].sum())
        if rest < 0:
            raise CannotEstimateError([Problem("ranking_total_below_listed", value=str(ranking))])
        if not lower[unknown].sum() <= rest <= upper[unknown].sum():
            raise CannotEstimateError([Problem("ranking_total_impossible", value=str(ranking))])
        if len(unknown):
            sums.append((unknown, rest))
    return tuple(sums)


def _cluster_covariance(parameters: Floats, bread: Floats, data: CensoredCounts, clusters: pd.Series) -> Floats:
    scores = pd.DataFrame(row_scores(parameters, data)).groupby(clusters.to_numpy()).sum().to_numpy()
    count = len(scores)
    return count / (count - 1) * bread @ (scores.T @ scores) @ bread
