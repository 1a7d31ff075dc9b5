"""Before and after a province's first event of a cycle, month by month; or why these counts do not bear it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.event_study import event_study
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.event_study_stage.study_first_events"
TABLES = ("event_study_cycles", "event_study")
CYCLE_COLUMNS = ["election_cycle", "provinces", "series", "adopting", "waiting", "refusal"]
RATIO_COLUMNS = ["election_cycle", "kind", "at", "rate_ratio", "lower", "upper", "cells"]
_MONTH, _DIGITS = 7, 6


def study_first_events(
    violations: pd.DataFrame, snapshots: pd.DataFrame, headcounts: pd.Series, study: StudyParameters
) -> tuple[Result, ...]:
    """Compare provinces before and after their first event of a cycle with those that had none yet.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean counts. Used: exact cumulative counts of whole provinces, of the study's headline kind, by Bawaslu; the
        last one of each month.
    snapshots : pandas.DataFrame
        ``province_cycle_snapshot``: ``events_to_date`` by province, cycle and day.
    headcounts : pandas.Series
        Civil servants by ``unit_code``.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``event_study_cycles``: one row a cycle, with the provinces that have a count at all, in two months or more
        (``series``), a count before and after their first event (``adopting``), and a series without any event so far
        while another province had its first (``waiting``), and the key of the ``refusal`` where these are too few.
        ``event_study``: rate ratios by months since the first event (before it: leads), for the other cycles.

    Notes
    -----
    The least number of provinces is the study's, on both sides together; and no ratio is given without at least two
    provinces that adopt and two that wait: one province alone has no spread.
    """
    counts = _monthly(violations, study)
    first = snapshots[snapshots["events_to_date"] > 0].groupby(["unit_code", "election_cycle"])["snapshot_date"].min()
    cycles, ratios = [], []
    for cycle in study.study.cycles:
        rows = counts[counts["election_cycle"] == cycle]
        own = first[first.index.get_level_values("election_cycle") == cycle].droplevel("election_cycle")
        begins = rows["unit_code"].map(own).astype("str").where(rows["unit_code"].isin(own.index), "").str[:_MONTH]
        row, series = _describe(cycle, rows.assign(first=begins))
        try:
            _require(row, study.model.minimum_regions)
            ratios.append(_estimate(series, headcounts, study.model.confidence).assign(election_cycle=cycle))
            row["refusal"] = ""
        except CannotEstimateError as reason:
            row["refusal"] = reason.problems[0].key
        cycles.append(row)
    told = pd.DataFrame(cycles, columns=CYCLE_COLUMNS)
    found = pd.concat(ratios) if ratios else pd.DataFrame(columns=RATIO_COLUMNS)
    values = (
        _value("event_study_cycles", int((told["refusal"] == "").sum()), "cycles"),
        _value("event_study_adopting", int(told["adopting"].max()), "provinces"),
        _value("event_study_series", int(told["series"].max()), "provinces"),
        _value("event_study_wanted", study.model.minimum_regions, "provinces"),
    )
    return (
        Result("event_study_cycles", told, values, notes=("association_not_effect",)),
        Result("event_study", found[RATIO_COLUMNS].round(_DIGITS).reset_index(drop=True)),
    )


def _monthly(violations: pd.DataFrame, study: StudyParameters) -> pd.DataFrame:
    rows = violations[
        (violations["origin"] == "published")
        & (violations["geo_level"] == "province")
        & (violations["bound"] == "exact")
        & (violations["count_kind"] == "cumulative")
        & (violations["institution_group"] == "bawaslu")
        & (violations["stage"] == study.outcome.headline_stage)
        & (violations["measure"] == study.outcome.headline_measure)
        & (violations["province_code"] == violations["unit_code"])
        & (violations["as_of"].str.len() >= _MONTH)
    ]
    rows = rows.assign(month=rows["as_of"].str[:_MONTH]).sort_values(["unit_code", "as_of", "obs_id"])
    return rows.groupby(["unit_code", "election_cycle", "month"], as_index=False).tail(1)


def _describe(cycle: str, rows: pd.DataFrame) -> tuple[dict[str, object], pd.DataFrame]:
    series = rows[rows.groupby("unit_code")["month"].transform("nunique") > 1]
    spans = series.groupby("unit_code").agg(begin=("month", "min"), end=("month", "max"), first=("first", "first"))
    has_event = spans["first"] != ""
    adopts = has_event & (spans["begin"] < spans["first"]) & (spans["first"] <= spans["end"])
    earliest = spans.loc[adopts, "first"].min() if adopts.any() else ""
    # Still without an event in a month in which another one had its first.
    waits = (spans["end"] >= earliest) & (~has_event | (spans["first"] > earliest)) if earliest else ~adopts & False
    row = {"election_cycle": cycle, "provinces": rows["unit_code"].nunique(), "series": len(spans),
           "adopting": int(adopts.sum()), "waiting": int(waits.sum())}  # fmt: skip
    return row, series


def _require(row: dict[str, object], minimum: int) -> None:
    series, adopting, waiting = (int(str(row[name])) for name in ("series", "adopting", "waiting"))
    if series < minimum:
        fields = {"found": str(series), "wanted": str(minimum)}
        raise CannotEstimateError([Problem("model_regions", fields=fields)])
    if adopting == 0:
        raise CannotEstimateError([Problem("event_study_untreated")])
    if adopting < 2 or waiting < 2:
        raise CannotEstimateError([Problem("event_study_no_comparison")])


def _estimate(series: pd.DataFrame, headcounts: pd.Series, confidence: float) -> pd.DataFrame:
    months = sorted(set(series["month"]) | set(series.loc[series["first"] != "", "first"]))
    place = {month: number for number, month in enumerate(months, 1)}
    offset = np.log(series["unit_code"].map(headcounts).to_numpy(dtype="float64"))
    table = event_study(
        series["value"], series["unit_code"], series["month"].map(place), series["first"].map(place).fillna(0), offset
    )
    reach = stats.t.ppf(0.5 + confidence / 2, series["unit_code"].nunique() - 1) * table["standard_error"]
    logs = table["log_rate_ratio"]
    return table.assign(rate_ratio=np.exp(logs), lower=np.exp(logs - reach), upper=np.exp(logs + reach))


def _value(name: str, value: int, unit: str) -> Value:
    return Value(f"model.{name}", value, "integer", unit, FUNCTION)
