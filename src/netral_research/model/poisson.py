"""Poisson regression within provinces, with the uncertainty that few provinces allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.cluster_errors import error_spectrum, jackknife_quantile
from netral_research.model.fixed_effects import FixedEffectsFit, fit_fixed_effects
from netral_research.model.refusals import require_panel

FIXED_EFFECTS = ("unit_code", "election_cycle", "institution_group", "stage", "measure")


@dataclass(frozen=True)
class Fit:
    """A fitted model with leave-one-province-out uncertainty.

    Parameters
    ----------
    regressors : tuple of str
        The regressors; the first one is the dose.
    names : tuple of str
        Every term but the provinces: the regressors, then the levels of the other fixed effects.
    coefficients : numpy.ndarray of shape (k,)
        Log rate ratios, in the order of ``names``.
    standard_errors : numpy.ndarray of shape (k,)
        Cluster jackknife (CRV3); missing for a level that hangs on a single province.
    left_out : pandas.DataFrame
        Coefficients without each province: one row a province, one column a term.
    error_weights : numpy.ndarray of shape (k, G)
        How the provinces bear each error, as :func:`netral_research.model.cluster_errors.error_spectrum` gives it.
    error_scales : numpy.ndarray of shape (k,)
        By how much each error is too large on average, from the same.
    """

    regressors: tuple[str, ...]
    names: tuple[str, ...]
    coefficients: np.ndarray
    standard_errors: np.ndarray
    left_out: pd.DataFrame
    error_weights: np.ndarray
    error_scales: np.ndarray

    def interval(self, name: str, confidence: float) -> tuple[float, float, float]:
        """Rate ratio of one term with its interval.

        Parameters
        ----------
        name : str
        confidence : float

        Returns
        -------
        tuple of float
            Estimate, lower and upper limit, from the distribution that the provinces bearing the error give
            it; limits are missing where the error is.

        Examples
        --------
        >>> fit = Fit(("dose",), ("dose",), np.zeros(1), np.array([0.1]), pd.DataFrame(),
        ...           np.full((1, 20), 0.05), np.ones(1))
        >>> [round(ratio, 2) for ratio in fit.interval("dose", 0.95)]
        [1.0, 0.81, 1.23]
        """
        place = self.names.index(name)
        centre, error = self.coefficients[place], self.standard_errors[place] / self.error_scales[place]
        reach = jackknife_quantile(0.5 + confidence / 2, self.error_weights[place]) * error
        return tuple(float(np.exp(bound)) for bound in (centre, centre - reach, centre + reach))  # type: ignore[return-value]

    def detectable(self, name: str, confidence: float, power: float) -> tuple[float, float]:
        """Rate ratios below and above which the study would have shown a difference.

        Parameters
        ----------
        name : str
        confidence, power : float

        Returns
        -------
        tuple of float
            The minimum detectable rate ratio below 1, and its mirror above 1.

        Examples
        --------
        >>> fit = Fit(("dose",), ("dose",), np.zeros(1), np.array([0.1]), pd.DataFrame(),
        ...           np.full((1, 20), 0.05), np.ones(1))
        >>> [round(ratio, 2) for ratio in fit.detectable("dose", 0.95, 0.8)]
        [0.74, 1.34]
        """
        place = self.names.index(name)
        error = self.standard_errors[place] / self.error_scales[place]
        quantiles = (jackknife_quantile(tail, self.error_weights[place]) for tail in (0.5 + confidence / 2, power))
        reach = float(sum(quantiles) * error)
        return float(np.exp(-reach)), float(np.exp(reach))


def design_matrix(
    sample: pd.DataFrame, regressors: Sequence[str], fixed_effects: Sequence[str] = FIXED_EFFECTS[1:]
) -> pd.DataFrame:
    """Regressors beside dummies of fixed effects, all levels but the first of each.

    Parameters
    ----------
    sample : pandas.DataFrame
    regressors : sequence of str
    fixed_effects : sequence of str
        Columns of ``sample`` whose levels are of interest.

    Returns
    -------
    pandas.DataFrame
        Float columns, no constant: the effects of the provinces span it.

    Examples
    --------
    >>> frame = pd.DataFrame({"election_cycle": ["a", "b"], "dose": [0, 1]})
    >>> design_matrix(frame, ["dose"], ["election_cycle"]).columns.tolist()
    ['dose', 'election_cycle_b']
    """
    dummies = [pd.get_dummies(sample[name], prefix=name, drop_first=True, dtype="float64") for name in fixed_effects]
    return pd.concat([sample[list(regressors)].astype("float64"), *dummies], axis=1)


def fit_within_provinces(
    sample: pd.DataFrame,
    regressors: Sequence[str],
    minimum_regions: int,
    fixed_effects: Sequence[str] = FIXED_EFFECTS,
    offset: str | None = "log_headcount",
) -> Fit:
    """Compare counts of the same province between cycles by a Poisson regression with offset.

    The standard error is the cluster jackknife (CRV3): the model is refitted without each province in turn. With
    few provinces of unequal size the usual cluster-robust error is far too small; the distribution of the jackknife
    follows from how the provinces bear each coefficient.

    Parameters
    ----------
    sample : pandas.DataFrame
        As :func:`netral_research.model.sample.build_sample` gives it: one row a count, with ``count``. Provinces
        whose counts are all zero say nothing about a ratio within them and are left out.
    regressors : sequence of str
        Columns of ``sample``; the first one is the dose.
    minimum_regions : int
        Fewer provinces than this: no estimate.
    fixed_effects : sequence of str
        Columns of ``sample``; the first one names the provinces, which are also the clusters.
    offset : str or None
        Column with the log of the exposed population, or None.

    Returns
    -------
    Fit

    Raises
    ------
    CannotEstimateError
        If a cell or label is missing, there are too few provinces, all counts are zero, or a regressor does not vary
        within provinces beyond what the fixed effects explain: in all rows, in the rows whose fitted count is not zero
        (separation), or once a single province is left out.

    References
    ----------
    Santos Silva and Tenreyro (2006); Correia, Guimaraes and Zylkin (2020), Stata Journal 20: 95-115 (separation);
    MacKinnon, Nielsen and Webb (2023), Journal of Econometrics 232: 272-299.

    Examples
    --------
    >>> sample = pd.DataFrame({
    ...     "unit_code": ["11", "11", "12", "12", "13", "13", "14", "14"], "election_cycle": ["2020", "2024"] * 4,
    ...     "count": [10, 5, 20, 20, 8, 4, 12, 12], "dose": [0, 1, 0, 0, 1, 2, 1, 1]})
    >>> fit = fit_within_provinces(sample, ["dose"], 4, ["unit_code", "election_cycle"], offset=None)
    >>> round(fit.interval("dose", 0.95)[0], 3)
    0.5
    """
    sample, cluster = require_panel(sample, regressors, fixed_effects, offset), fixed_effects[0]
    _require_regions(sample[cluster].nunique(), minimum_regions)
    if not sample["count"].sum():
        raise CannotEstimateError([Problem("model_zeros")])
    sample = sample[sample.groupby(cluster)["count"].transform("sum") > 0]
    units = sorted(sample[cluster].unique())
    _require_regions(len(units), minimum_regions)
    design = design_matrix(sample, regressors, fixed_effects[1:])
    counts, clusters = sample["count"].to_numpy(), sample[cluster].to_numpy()
    shift = np.zeros(len(sample)) if offset is None else sample[offset].to_numpy()
    whole = _fit(counts, shift, design, clusters, len(regressors))
    coefficients = _determined(whole)
    # MacKinnon, Nielsen and Webb: centred on the full estimate, not on the mean of the refits.
    left_out = pd.DataFrame(
        [
            _determined(_fit(counts[keep], shift[keep], design[keep], clusters[keep], len(regressors)))
            for keep in (clusters != unit for unit in units)
        ],
        index=pd.Index(units, name=cluster),
        columns=design.columns,
    )
    spread = ((left_out.to_numpy() - coefficients) ** 2).sum(axis=0)
    errors = np.sqrt((len(units) - 1) / len(units) * spread)
    weights, scales = error_spectrum(whole, clusters)
    return Fit(tuple(regressors), tuple(design.columns), coefficients, errors, left_out, weights, scales)


def _require_regions(found: int, minimum_regions: int) -> None:
    wanted = max(minimum_regions, 2)
    if found < wanted:
        raise CannotEstimateError([Problem("model_regions", fields={"found": str(found), "wanted": str(wanted)})])


def _fit(
    counts: np.ndarray, offset: np.ndarray, design: pd.DataFrame, units: np.ndarray, needed: int
) -> FixedEffectsFit:
    try:
        return fit_fixed_effects(counts, design.to_numpy(), [units], offset, needed=range(needed))
    except CannotEstimateError as reason:
        problem = reason.problems[0]
        if problem.key != "model_no_variation":
            raise
        name = str(design.columns[int(problem.column)])
        raise CannotEstimateError([Problem("model_no_variation", column=name)]) from None


def _determined(fit: FixedEffectsFit) -> np.ndarray:
    """Coefficients of the Poisson regression; missing for a level that its rows do not determine."""
    return np.where(fit.determined, fit.coefficients, np.nan)
