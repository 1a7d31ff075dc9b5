"""Published rankings: what they say of all provinces if the unlisted ones count as limits, and if they were zeros."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.rankings import RankingFit, fit_rankings
from netral_research.model.sample import PER
from netral_research.model.unlisted_regions import predict_unlisted
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.ranking_stage.estimate_rankings"
TABLES = ("rankings", "ranking_unlisted")
COLUMNS = (
    "ranking_id", "institution", "stage", "measure", "election_cycle", "as_of", "listed", "unlisted", "cut_off",
    "total", "rate", "rate_lower", "rate_upper", "sum", "sum_least", "sum_most", "zero_sum", "zero_rate",
    "zero_rate_lower", "zero_rate_upper", "refusal",
)  # fmt: skip
UNLISTED_COLUMNS = (
    "ranking_id", "unit_code", "lower", "upper", "expected", "predicted_lower", "predicted_upper",
)  # fmt: skip
SHARED = ("institution", "stage", "measure", "election_cycle", "as_of", "count_kind")
# Fewer exact counts than this do not tell how provinces differ.
MINIMUM_LISTED = 3
DRAWS, _DIGITS = 200, 6


def estimate_rankings(violations: pd.DataFrame, headcounts: pd.Series, study: StudyParameters) -> tuple[Result, ...]:
    """Estimate, list by list, the mean rate of all provinces that voted, and the counts of the unlisted ones.

    Listed counts are exact, the others lie at or below the list's limit, and where the whole nation's total of the
    same day is published the counts add up to it. Beside it stands what taking the unlisted ones as zero would say.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean counts, with the rows (``origin`` ``unlisted``) that the cleaning made of rankings that can bear a limit.
    headcounts : pandas.Series
        Civil servants by ``unit_code``.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``rankings``: one row a list of the highest provinces, with ``rate`` (reported counts per 10,000 civil
        servants of the mean province, negative binomial, interval from the clusters), ``sum`` (of all provinces, with
        the least and the most that the list allows; the published total where there is one), the same with zeros in
        place of limits, and the key of the ``refusal`` where it could not be fitted.
        ``ranking_unlisted``: the unlisted provinces of each, with limits, expected count and interval.
    """
    rows = violations[
        (violations["geo_level"] == "province")
        & (violations["list_kind"] == "top_k")
        & (violations["province_code"] == violations["unit_code"])
        & violations["election_cycle"].isin(study.study.cycles)
        & violations["ranking_id"].ne("")
    ]
    bearing = sorted(rows.loc[rows["origin"] == "unlisted", "ranking_id"].unique())
    told, unlisted = [], []
    for ranking in bearing:
        own = rows[(rows["ranking_id"] == ranking) & (rows["origin"] == "unlisted")]
        observations = _observations(own, _told_alike(violations, own, "province"), headcounts)
        row = _describe(own, observations)
        try:
            numbers, predicted = _estimate(observations, _total(own, violations), study)
            unlisted.append(predicted)
        except CannotEstimateError as reason:
            numbers = {"refusal": reason.problems[0].key}
        told.append(row | numbers)
    table = pd.DataFrame(told, columns=list(COLUMNS))
    table["refusal"] = table["refusal"].fillna("")
    fitted = table[table["refusal"] == ""]
    ratio = fitted["zero_sum"] / fitted["sum"]
    values = (
        _value("rankings", len(table), "integer", "rankings"),
        _value("rankings_fitted", len(fitted), "integer", "rankings"),
        _value("rankings_zero_share_lowest", float(ratio.min()), "percent_0", "percent"),
        _value("rankings_zero_share_highest", float(ratio.max()), "percent_0", "percent"),
    )
    rest = pd.concat(unlisted) if unlisted else pd.DataFrame(columns=list(UNLISTED_COLUMNS))
    return (
        Result("rankings", table.round(_DIGITS), values),
        Result("ranking_unlisted", rest[list(UNLISTED_COLUMNS)].round(_DIGITS).reset_index(drop=True)),
    )


def _told_alike(violations: pd.DataFrame, own: pd.DataFrame, level: str) -> pd.DataFrame:
    """Exact published counts of the list's institution, stage, measure, cycle and day, on its page or another."""
    same = (violations["origin"] == "published") & (violations["bound"] == "exact")
    same &= violations["geo_level"] == level
    for name in SHARED:
        same &= violations[name] == own[name].iloc[0]
    return violations[same & (violations["province_code"] == violations["unit_code"])]


def _observations(own: pd.DataFrame, exact: pd.DataFrame, headcounts: pd.Series) -> pd.DataFrame:
    """One row a province: its exact count where one is told, both where two are, else the limits of the list."""
    known = exact.groupby("unit_code")["value"].agg(lower="min", upper="max").assign(listed=True)
    limits = own.set_index("unit_code")[["lower", "upper"]].assign(listed=False)
    table = pd.concat([known, limits[~limits.index.isin(known.index)]]).sort_index().reset_index()
    return table.assign(
        ranking=own["ranking_id"].iloc[0],
        log_headcount=np.log(table["unit_code"].map(headcounts).to_numpy(dtype="float64") / PER),
    )


def _describe(own: pd.DataFrame, observations: pd.DataFrame) -> dict[str, object]:
    first = own.iloc[0]
    names = ("ranking_id", "institution", "stage", "measure", "election_cycle", "as_of")
    return {name: first[name] for name in names} | {
        "listed": int(observations["listed"].sum()),
        "unlisted": int((~observations["listed"]).sum()),
        "cut_off": float(own["upper"].max()),
    }


def _total(own: pd.DataFrame, violations: pd.DataFrame) -> float:
    """Exact national total of the same count, the highest where several are told; missing where none is."""
    return float(_told_alike(violations, own, "national")["value"].max())


def _estimate(
    observations: pd.DataFrame, known: float, study: StudyParameters
) -> tuple[dict[str, object], pd.DataFrame]:
    found = int(observations["listed"].sum())
    if found < MINIMUM_LISTED:
        fields = {"found": str(found), "wanted": str(MINIMUM_LISTED)}
        raise CannotEstimateError([Problem("ranking_few_exact", fields=fields)])
    totals = {} if np.isnan(known) else {str(observations["ranking"].iloc[0]): int(known)}
    fit = _fit(observations, totals)
    zeros = _fit(observations.assign(upper=observations["lower"]), {})
    model = study.model
    predicted = predict_unlisted(fit, observations, "unit_code", model.confidence, DRAWS, model.seed)
    exact = float(observations.loc[observations["listed"], "lower"].sum())
    limits = observations[["lower", "upper"]].sum()
    rate, zero = (one.interval("intercept", model.confidence) for one in (fit, zeros))
    return {
        **dict(zip(("rate", "rate_lower", "rate_upper"), rate, strict=True)),
        **dict(zip(("zero_rate", "zero_rate_lower", "zero_rate_upper"), zero, strict=True)),
        "sum": exact + float(predicted["expected"].sum()) if np.isnan(known) else known,
        # What the list says whatever the model: the unlisted ones at their limits.
        "sum_least": float(limits["lower"]) if np.isnan(known) else known,
        "sum_most": float(limits["upper"]) if np.isnan(known) else known,
        "zero_sum": exact,
        "total": known,
        "refusal": "",
    }, predicted.rename(columns={"ranking": "ranking_id"})


def _fit(observations: pd.DataFrame, totals: Mapping[str, int]) -> RankingFit:
    return fit_rankings(observations, [], cluster="unit_code", offset="log_headcount", totals=totals)


def _value(name: str, value: float, style: str, unit: str) -> Value:
    return Value(f"model.{name}", value if np.isfinite(value) else None, style, unit, FUNCTION)
