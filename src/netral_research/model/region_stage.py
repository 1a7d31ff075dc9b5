"""Estimates by province, partially pooled: what each province's own counts bear, told as tables and values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.poisson import FIXED_EFFECTS
from netral_research.model.region_effects import fit_region_effects
from netral_research.model.region_estimates import name_regions, region_table
from netral_research.model.sample import CLOCK_PIECES
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.region_stage.estimate_by_region"
TERMS = ("intercept", "dose")
COLUMNS = (
    "term", "unit_code", "rate_ratio", "lower", "upper", "probability_above_1", "rank", "rank_lower", "rank_upper",
    "named", "counts", "cells",
)  # fmt: skip
DRAWS, _DIGITS = 2000, 6
CELL = ["unit_code", "election_cycle"]
# Spreads (variance of the log) looked at, from none that could be told to a hundredfold between elections.
_LOG_SPREADS = (-9.0, 3.0)
_ROUNDS = 3


def estimate_by_region(sample: pd.DataFrame, study: StudyParameters) -> Result:
    """Rate and ratio of every province, pulled to the mean as far as its own counts are uncertain.

    Counts of one province and cycle share what is peculiar to that election there, so ten of them are not ten
    independent ones. Each weighs as much as the spread between provinces and cycles leaves it (:func:`cell_weights`);
    without that, half of the provinces would be named by chance.

    Parameters
    ----------
    sample : pandas.DataFrame
        Rows of the model, as :func:`netral_research.model.sample.build_sample` gives them.
    study : StudyParameters

    Returns
    -------
    Result
        ``region_effects``: two rows a province, ``term`` ``intercept`` (its rate to that of the typical province) and
        ``dose`` (ratio of twice as many events within it), with interval and rank; ``named`` only where the interval
        excludes 1. Where the panel does not bear it the table is empty and ``model.region_refusal`` says why.
    """
    try:
        weights = cell_weights(sample)
        weighted = sample.assign(
            count=sample["count"] * weights, log_headcount=sample["log_headcount"] + np.log(weights)
        )
        fit = fit_region_effects(
            weighted, ["dose", *CLOCK_PIECES], region="unit_code", slope="dose",
            fixed_effects=FIXED_EFFECTS[1:], offset="log_headcount",
        )  # fmt: skip
    except CannotEstimateError as reason:
        refusal = Value("model.region_refusal", reason.problems[0].key, "text", "none", FUNCTION)
        return Result("region_effects", pd.DataFrame(columns=list(COLUMNS)), (refusal,))
    model = study.model
    tables = {term: region_table(fit, term, model.confidence, DRAWS, model.seed) for term in TERMS}
    named = {term: name_regions(table) for term, table in tables.items()}
    size = sample.groupby("unit_code").agg(counts=("count", "size"), cells=("election_cycle", "nunique")).reset_index()
    table = pd.concat(
        [one.assign(term=term, named=one["region"].isin(named[term]["region"])) for term, one in tables.items()]
    ).rename(columns={"region": "unit_code"})
    table = table.merge(size, on="unit_code", how="left")[list(COLUMNS)].round(_DIGITS)
    spread = np.sqrt(np.diag(fit.region_covariance))
    values = (
        _value("regions_pooled", len(fit.regions)),
        *(_value(f"regions_named_{term}", len(named[term])) for term in TERMS),
        # What chance alone would name if every province were alike.
        _value("regions_by_chance", (1 - model.confidence) * len(fit.regions), "decimal_1"),
        _value("region_spread_intercept", float(spread[0]), "decimal_2", "log_ratio"),
        _value("region_spread_dose", float(spread[1]), "decimal_2", "log_ratio"),
    )
    return Result("region_effects", table, values, notes=("association_not_effect",))


def cell_weights(sample: pd.DataFrame) -> pd.Series:
    """Weight of every count by how uncertain the sum of its province and cycle is.

    A sum with the mean *m* has the variance ``m + s m**2``, where *s* is the spread of provinces' single elections
    around what province and cycle explain. A Poisson likelihood takes *m* alone, so it is weighted by
    ``1 / (1 + s m)``.

    Parameters
    ----------
    sample : pandas.DataFrame
        Rows of the model.

    Returns
    -------
    pandas.Series
        Above zero, at most 1; 1 everywhere where the sums spread no more than chance.

    Raises
    ------
    CannotEstimateError
        If provinces and cycles leave no sum free.

    References
    ----------
    Breslow (1984), Applied Statistics 33: 38-44 (the spread at which Pearson's statistic equals its degrees of
    freedom).

    Examples
    --------
    >>> sample = pd.DataFrame({"unit_code": ["11", "11", "12", "12"], "election_cycle": ["a", "b"] * 2,
    ...     "institution_group": "bawaslu", "stage": "alleged", "measure": "cases", "log_headcount": 0.0,
    ...     "count": [10, 10, 10, 10]})
    >>> cell_weights(sample).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    clock = [name for name in CLOCK_PIECES if name in sample]
    regions, cycles = (sample[name].nunique() for name in CELL)
    free = len(sample[CELL].drop_duplicates()) - regions - cycles + 1 - len(clock)
    if free < 1:
        raise CannotEstimateError([Problem("model_no_variation", column="election_cycle")])

    def weights(spread: float) -> pd.Series:
        found = pd.Series(1.0, index=sample.index)
        for _ in range(_ROUNDS if spread else 0):
            found = 1 / (1 + spread * _cell_means(sample, clock, found)[1])
        return found

    def misfit(log_spread: float) -> float:
        spread = float(np.exp(log_spread))
        sums, means = _cell_means(sample, clock, weights(spread))
        cells = pd.DataFrame({"sum": sums, "mean": means}).groupby([sample[name] for name in CELL]).first()
        pearson = (cells["sum"] - cells["mean"]) ** 2 / (cells["mean"] + spread * cells["mean"] ** 2)
        return float(pearson.sum()) - free

    if misfit(_LOG_SPREADS[0]) <= 0:
        return weights(0.0)
    if misfit(_LOG_SPREADS[1]) >= 0:
        return weights(float(np.exp(_LOG_SPREADS[1])))
    return weights(float(np.exp(brentq(misfit, *_LOG_SPREADS, xtol=1e-3))))


def _cell_means(sample: pd.DataFrame, clock: list[str], weights: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Sum of the counts of each row's province and cycle, and what the weighted model expects of it."""
    effects = [sample[name] for name in FIXED_EFFECTS]
    shift = sample["log_headcount"] + np.log(weights)
    fit = fit_fixed_effects(sample["count"] * weights, sample[clock], effects, shift)
    fitted = np.zeros(len(sample))
    fitted[fit.used] = fit.fitted
    expected = pd.Series(fitted / weights.to_numpy(), index=sample.index)
    cells = [sample[name] for name in CELL]
    return sample["count"].groupby(cells).transform("sum"), expected.groupby(cells).transform("sum")


def _value(name: str, value: float, style: str = "integer", unit: str = "provinces") -> Value:
    return Value(f"model.{name}", value if np.isfinite(value) else None, style, unit, FUNCTION)
