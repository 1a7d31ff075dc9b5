"""Outcome: between which limits a region's count lies, on a day and for the whole cycle.

A cumulative count never falls. So a count told for a day is a lower limit ever after and an upper limit until then,
and a ranking's
cut-off bounds the count up to the ranking's day, never the cycle's total. Only the stock of cases in process rises and
falls: what is told of it holds on its day alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from netral_research.study import StudyParameters

KEY = ["institution_group", "stage", "measure"]
STOCK_STAGE = "in_process"


@dataclass(frozen=True)
class Limits:
    """Limits of a count and where they come from.

    Parameters
    ----------
    lower, upper : float
        ``upper`` is infinite where none is known.
    published : bool
        Whether a published count of the region itself, or of one of its parts, is behind them.
    contradictory : bool
        Whether the limits excluded each other; they are then the hull of what was told.
    obs_ids : tuple of str
        Observations that speak about the region.
    """

    lower: float
    upper: float
    published: bool
    contradictory: bool
    obs_ids: tuple[str, ...]

    @property
    def status(self) -> str:
        """``exact``, ``zero``, ``interval``, ``censored`` (bounded by a ranking only) or ``not_reported``.

        Examples
        --------
        >>> told = Limits(0.0, 3.0, published=True, contradictory=False, obs_ids=("V1",))
        >>> left_out = Limits(0.0, 3.0, published=False, contradictory=False, obs_ids=("L001:11",))
        >>> told.status, left_out.status, NOTHING.status
        ('interval', 'censored', 'not_reported')
        """
        if not self.published:
            return "censored" if self.upper < math.inf or self.lower > 0 else "not_reported"
        if self.lower == self.upper:
            return "zero" if self.upper == 0 else "exact"
        return "interval"


NOTHING = Limits(0.0, math.inf, False, False, ())


def limits_on(rows: Sequence[dict[str, object]], day: str) -> Limits:
    """Limits of one region's count on a day.

    Parameters
    ----------
    rows : sequence of dict
        Clean rows of one region, institution group, stage and measure: ``obs_id``, ``origin``, ``lower``, ``upper``,
        ``as_of_earliest``, ``as_of_latest``, ``count_kind``.
    day : str
        ISO day.

    Returns
    -------
    Limits

    Examples
    --------
    >>> row = {"obs_id": "A", "origin": "published", "lower": 5.0, "upper": 5.0, "count_kind": "cumulative",
    ...        "as_of_earliest": "2020-10-04", "as_of_latest": "2020-10-04"}
    >>> limits_on([row], "2020-10-01").upper, limits_on([row], "2020-12-01").lower
    (5.0, 5.0)
    """
    if rows and rows[0].get("stage") == STOCK_STAGE:
        rows = [row for row in rows if row["as_of_earliest"] == row["as_of_latest"] == day]
    below = [row for row in rows if _text(row, "as_of_latest") and _text(row, "as_of_latest") <= day]
    above = [
        row
        for row in rows
        if _text(row, "as_of_earliest") >= day
        and row["count_kind"] == "cumulative"
        and not math.isnan(_number(row, "upper"))
    ]
    lower = max((_number(row, "lower") for row in below), default=0.0)
    upper = min((_number(row, "upper") for row in above), default=math.inf)
    used = [*below, *(row for row in above if row not in below)]
    published = any(row["origin"] == "published" for row in used)
    return _ordered(lower, upper, published, tuple(sorted(_text(row, "obs_id") for row in used)))


def _text(row: dict[str, object], name: str) -> str:
    return str(row[name])


def _number(row: dict[str, object], name: str) -> float:
    return float(str(row[name]))


def _ordered(lower: float, upper: float, published: bool, obs_ids: tuple[str, ...]) -> Limits:
    if lower > upper:
        return Limits(upper, lower, published, True, obs_ids)
    return Limits(lower, upper, published, False, obs_ids)


def limits_at_end(rows: Sequence[dict[str, object]], polling_day: str) -> Limits:
    """Limits of the cycle's total: every count is a lower limit, only counts from polling day on are upper ones.

    Parameters
    ----------
    rows : sequence of dict
        As for :func:`limits_on`; counts without a date are lower limits too.
    polling_day : str

    Returns
    -------
    Limits

    Examples
    --------
    >>> row = {"obs_id": "A", "origin": "published", "lower": 5.0, "upper": 5.0, "count_kind": "cumulative",
    ...        "as_of_earliest": "2020-10-04", "as_of_latest": "2020-10-04"}
    >>> limits = limits_at_end([row], "2020-12-09")
    >>> limits.lower, limits.upper, limits.status
    (5.0, inf, 'interval')
    """
    if rows and rows[0].get("stage") == STOCK_STAGE:
        rows = [row for row in rows if _text(row, "as_of_earliest") >= polling_day and row["as_of_earliest"] != ""]
    final = [
        row
        for row in rows
        if _text(row, "as_of_earliest") >= polling_day
        and _text(row, "as_of_earliest") != ""
        and row["count_kind"] == "cumulative"
        and row["origin"] == "published"
        and not math.isnan(_number(row, "upper"))
    ]
    lower = max((_number(row, "lower") for row in rows), default=0.0)
    upper = max((_number(row, "upper") for row in final), default=math.inf)
    published = any(row["origin"] == "published" for row in rows)
    return _ordered(lower, upper, published, tuple(sorted(_text(row, "obs_id") for row in rows)))


def combine_parts(whole: Limits, parts: Iterable[Limits]) -> Limits:
    """Raise a region's lower limit to the sum of what its parts are known to have.

    Parameters
    ----------
    whole : Limits
    parts : iterable of Limits

    Returns
    -------
    Limits

    Examples
    --------
    >>> regencies = [Limits(4.0, 4.0, True, False, ("V1",)), Limits(3.0, 3.0, True, False, ("V2",))]
    >>> combine_parts(Limits(5.0, math.inf, True, False, ("V3",)), regencies).lower
    7.0
    """
    known = [part for part in parts if part.lower > 0]
    floor = sum(part.lower for part in known)
    if floor <= whole.lower:
        return whole
    obs_ids = tuple(sorted({*whole.obs_ids, *(obs_id for part in known for obs_id in part.obs_ids)}))
    ordered = _ordered(floor, whole.upper, True, obs_ids)
    return Limits(ordered.lower, ordered.upper, True, ordered.contradictory or whole.contradictory, obs_ids)


def add_up(parts: Sequence[Limits]) -> Limits:
    """Limits of a unit that consists of several provinces of the day.

    Parameters
    ----------
    parts : sequence of Limits
        One for every province.

    Returns
    -------
    Limits

    Examples
    --------
    >>> add_up([Limits(4.0, 4.0, True, False, ("V1",)), Limits(3.0, 6.0, True, False, ("V2",))]).upper
    10.0
    """
    if len(parts) == 1:
        return parts[0]
    return Limits(
        sum(part.lower for part in parts),
        sum(part.upper for part in parts),
        any(part.published for part in parts),
        any(part.contradictory for part in parts),
        tuple(sorted({obs_id for part in parts for obs_id in part.obs_ids})),
    )


def limits_record(limits: Limits, applicable: bool) -> dict[str, object]:
    """Columns of the panel for one count.

    Parameters
    ----------
    limits : Limits
    applicable : bool
        Whether the region existed and voted.

    Returns
    -------
    dict
        ``lower``, ``upper`` (missing where unbounded), ``status``, ``contradictory``, ``obs_ids``.

    Examples
    --------
    >>> limits_record(NOTHING, applicable=True)
    {'lower': 0.0, 'upper': nan, 'status': 'not_reported', 'contradictory': False, 'obs_ids': ''}
    """
    told = applicable or limits.published
    return {
        "lower": limits.lower if told else float("nan"),
        "upper": limits.upper if told and limits.upper < math.inf else float("nan"),
        "status": limits.status if told else "not_applicable",
        "contradictory": limits.contradictory,
        "obs_ids": ";".join(limits.obs_ids) if told else "",
    }


def studied_counts(violations: pd.DataFrame, study: StudyParameters) -> pd.DataFrame:
    """Counts of the study's cycles by the study's institutions.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    study : StudyParameters

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> from netral_research.study import OutcomeSection, StudySection
    >>> study = StudyParameters.model_construct(
    ...     study=StudySection.model_construct(cycles=("pilkada_2020",)),
    ...     outcome=OutcomeSection.model_construct(institutions=("kasn",)))
    >>> cycles = ["pilkada_2020", "pemilu_2019"]
    >>> told = pd.DataFrame({"election_cycle": cycles, "institution": "kasn", "obs_id": ["V1", "V2"]})
    >>> studied_counts(told, study)["obs_id"].tolist()
    ['V1']
    """
    cycles, institutions = study.study.cycles, study.outcome.institutions
    return violations[violations["election_cycle"].isin(cycles) & violations["institution"].isin(institutions)]


def rows_by_region(violations: pd.DataFrame, level: str, region: str) -> dict[tuple[str, ...], list[dict[str, object]]]:
    """Group clean rows by cycle, institution group, stage, measure and region.

    Parameters
    ----------
    violations : pandas.DataFrame
        Clean rows.
    level : {"province", "regency"}
    region : {"province_code", "regency_code"}

    Returns
    -------
    dict
        Key ``(cycle, institution_group, stage, measure, region)``.

    Examples
    --------
    >>> row = {"election_cycle": "pilkada_2020", "institution_group": "kasn", "stage": "alleged", "measure": "cases",
    ...        "geo_level": "province", "province_code": "11", "obs_id": "V1"}
    >>> list(rows_by_region(pd.DataFrame([row]), "province", "province_code"))
    [('pilkada_2020', 'kasn', 'alleged', 'cases', '11')]
    """
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for row in violations[violations["geo_level"] == level].to_dict("records"):
        key = (row["election_cycle"], *(row[name] for name in KEY), row[region])
        groups.setdefault(key, []).append({str(name): value for name, value in row.items()})
    return groups
