"""Counts as the finders of contradictions see them, and the form in which a contradiction is told."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import pandas as pd

# The stock of open cases rises and falls; only the other stages accumulate.
STOCK_STAGE = "in_process"
_SIGNS = {"exact": "", "at_least": "≥", "at_most": "≤"}

Conflict = dict[str, str]


@dataclass(frozen=True)
class Count:
    """One published or censored count, as the finders of contradictions see it.

    Parameters
    ----------
    obs_id, source_ids, institution, institution_group, stage, measure, election_cycle, geo_level : str
    province_code, region_code : str
        ``region_code`` is the regency where there is one, else the province, else empty for the nation.
    as_of, earliest, latest : str
        The date as written and the days it can mean; empty where unknown.
    lower, upper : float
        Limits of the count; ``upper`` is infinite where none is known.
    told : str
        The figure as published, with its date.
    """

    obs_id: str
    source_ids: str
    institution: str
    institution_group: str
    stage: str
    measure: str
    election_cycle: str
    geo_level: str
    province_code: str
    region_code: str
    as_of: str
    earliest: str
    latest: str
    lower: float
    upper: float
    told: str


def read_counts(frame: pd.DataFrame) -> list[Count]:
    """Read clean rows as counts.

    Parameters
    ----------
    frame : pandas.DataFrame
        Clean rows of the violations.

    Returns
    -------
    list of Count

    Examples
    --------
    >>> texts = ["source_ids", "institution", "institution_group", "stage", "measure", "election_cycle", "geo_level",
    ...          "province_code", "regency_code", "as_of_earliest", "as_of_latest"]
    >>> row = dict.fromkeys(texts, "") | {"obs_id": "V1", "as_of": "2020-10-04", "bound": "at_least"}
    >>> read_counts(pd.DataFrame([row | {"value": 5.0, "lower": 5.0, "upper": float("nan")}]))[0].told
    'V1=≥5@2020-10-04'
    """
    counts = []
    for row in frame.to_dict("records"):
        lower, upper = float(row["lower"]), float(row["upper"])
        figure = row["value"] if not math.isnan(row["value"]) else (upper if row["bound"] == "at_most" else lower)
        counts.append(
            Count(
                obs_id=str(row["obs_id"]),
                source_ids=str(row["source_ids"]),
                institution=str(row["institution"]),
                institution_group=str(row["institution_group"]),
                stage=str(row["stage"]),
                measure=str(row["measure"]),
                election_cycle=str(row["election_cycle"]),
                geo_level=str(row["geo_level"]),
                province_code=str(row["province_code"]),
                region_code=str(row["regency_code"] or row["province_code"]),
                as_of=str(row["as_of"]),
                earliest=str(row["as_of_earliest"]),
                latest=str(row["as_of_latest"]),
                lower=lower,
                upper=math.inf if math.isnan(upper) else upper,
                told=f"{row['obs_id']}={_SIGNS[str(row['bound'])]}{figure:g}@{row['as_of'] or '?'}",
            )
        )
    return counts


def group_counts(counts: Iterable[Count], key: Callable[[Count], Hashable]) -> dict[Hashable, list[Count]]:
    """Group counts by a key, in the order they come.

    Parameters
    ----------
    counts : iterable of Count
    key : callable

    Returns
    -------
    dict

    Examples
    --------
    >>> counts = [Count(name, *[""] * 12, lower=5, upper=5, told=f"{name}=5@?") for name in ("V1", "V2")]
    >>> [count.obs_id for count in group_counts(counts, lambda count: count.lower)[5]]
    ['V1', 'V2']
    """
    groups: dict[Hashable, list[Count]] = {}
    for count in counts:
        groups.setdefault(key(count), []).append(count)
    return groups


def tell_conflict(kind: str, counts: Iterable[Count]) -> Conflict:
    """Tell a contradiction with the rows behind it and what each of them told.

    Parameters
    ----------
    kind : str
    counts : iterable of Count

    Returns
    -------
    dict
        The columns of ``conflicts`` but its id.

    Examples
    --------
    >>> counts = [Count(name, *[""] * 12, lower=5, upper=5, told=f"{name}=5@?") for name in ("V2", "V1")]
    >>> tell_conflict("same_figure_other_stage", counts)["told"]
    'V1=5@?;V2=5@?'
    """
    ordered = sorted(counts, key=lambda count: count.obs_id)

    def distinct(name: str) -> str:
        return ";".join(sorted({getattr(count, name) for count in ordered} - {""}))

    return {
        "kind": kind,
        "row_ids": ";".join(count.obs_id for count in ordered),
        "told": ";".join(count.told for count in ordered),
        "region_code": distinct("region_code"),
        "election_cycle": distinct("election_cycle"),
        "institutions": distinct("institution"),
        "stages": distinct("stage"),
        "measures": distinct("measure"),
    }


def days_apart(one: Count, two: Count) -> int:
    """Days between the first days two counts can mean.

    Examples
    --------
    >>> from dataclasses import replace
    >>> undated = Count("V1", *[""] * 12, lower=5, upper=5, told="")
    >>> days_apart(replace(undated, earliest="2020-10-04"), replace(undated, earliest="2020-09-28"))
    6
    """
    return abs((dt.date.fromisoformat(one.earliest) - dt.date.fromisoformat(two.earliest)).days)
