"""Contradictions among published counts that the cleaning finds by itself, kept with all values.

Each finder is one class of contradiction; a conflict names the rows and what each told.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from netral_research.clean.loading import Reference

COLUMNS = (
    "conflict_id", "kind", "row_ids", "told", "region_code", "election_cycle", "institutions", "stages", "measures",
)  # fmt: skip
# Below this, equal figures of different stages are common by chance.
TELLING_FIGURE = 8
REPEAT_DAYS = 10
DISAGREEMENT_DAYS = 14
FAR_BEFORE_POLLING_DAYS = 365
# The stock of open cases rises and falls; only the other stages accumulate.
STOCK_STAGE = "in_process"


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


Conflict = dict[str, str]


def find_conflicts(
    published: pd.DataFrame, rankings: pd.DataFrame, unlisted: pd.DataFrame, reference: Reference
) -> pd.DataFrame:
    """Find all contradictions among the counts.

    Parameters
    ----------
    published : pandas.DataFrame
        Clean published rows.
    rankings, unlisted : pandas.DataFrame
        As :mod:`netral_research.clean.rankings` gives them.
    reference : Reference

    Returns
    -------
    pandas.DataFrame
        ``kind`` is one of ``falling_series``, ``same_day_differs``, ``institutions_disagree``, ``province_below_regencies``,
        ``nation_below_provinces``, ``stage_above_alleged``, ``parts_above_whole``, ``same_figure_other_stage``,
        ``same_figure_other_measure``, ``repeat_other_day``, ``ranking_short``, ``ranking_differs_from_total``,
        ``unlisted_above_cut_off``, ``region_did_not_vote``, ``far_before_polling``.
    """
    rows = _counts(published)
    cumulative = _counts(published[published["count_kind"] == "cumulative"])
    found = [
        *_falling_series(rows, {count.obs_id for count in cumulative}),
        *_same_day(cumulative),
        *_institutions(cumulative),
        *_wholes_below_parts(cumulative),
        *_stages(cumulative),
        *_same_figures(rows),
        *_rankings(rankings, rows),
        *_unlisted(_counts(unlisted), cumulative),
        *_calendar(rows, reference),
    ]
    unique = {(conflict["kind"], conflict["row_ids"]): conflict for conflict in found}
    ordered = [unique[key] for key in sorted(unique)]
    table = pd.DataFrame(ordered, columns=list(COLUMNS), dtype="str")
    table["conflict_id"] = pd.array([f"V{number:03d}" for number in range(1, len(table) + 1)], dtype="str")
    return table


def _counts(frame: pd.DataFrame) -> list[Count]:
    signs = {"exact": "", "at_least": "≥", "at_most": "≤"}
    counts = []
    for row in frame.to_dict("records"):
        figure = row["value"] if not math.isnan(row["value"]) else row["upper" if row["bound"] == "at_most" else "lower"]
        counts.append(
            Count(
                *(str(row[name]) for name in (
                    "obs_id", "source_ids", "institution", "institution_group", "stage", "measure", "election_cycle",
                    "geo_level", "province_code",
                )),
                region_code=str(row["regency_code"] or row["province_code"]),
                as_of=str(row["as_of"]),
                earliest=str(row["as_of_earliest"]),
                latest=str(row["as_of_latest"]),
                lower=float(row["lower"]),
                upper=math.inf if math.isnan(row["upper"]) else float(row["upper"]),
                told=f"{row['obs_id']}={signs[row['bound']]}{figure:g}@{row['as_of'] or '?'}",
            )
        )  # fmt: skip
    return counts


def _grouped(counts: Iterable[Count], key: Callable[[Count], Hashable]) -> dict[Hashable, list[Count]]:
    groups: dict[Hashable, list[Count]] = {}
    for count in counts:
        groups.setdefault(key(count), []).append(count)
    return groups


def _conflict(kind: str, counts: Iterable[Count]) -> Conflict:
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


def _falling_series(counts: Sequence[Count], cumulative: set[str]) -> Iterator[Conflict]:
    """A cumulative count of one institution that is lower later; a period count is a lower limit for what follows it."""
    dated = [count for count in counts if count.as_of and count.stage != STOCK_STAGE]
    series = _grouped(
        dated, lambda c: (c.institution, c.stage, c.measure, c.election_cycle, c.geo_level, c.region_code)
    )
    for members in series.values():
        for later in members:
            higher = [one for one in members if one.latest < later.earliest and one.lower > later.upper]
            if higher and later.obs_id in cumulative:
                yield _conflict("falling_series", [max(higher, key=lambda count: (count.lower, count.obs_id)), later])


def _same_day(counts: Sequence[Count]) -> Iterator[Conflict]:
    """Two counts of the same thing by the same institution on the same day whose limits exclude each other."""
    dated = [count for count in counts if count.as_of]
    days = _grouped(
        dated,
        lambda c: (c.institution, c.stage, c.measure, c.election_cycle, c.geo_level, c.region_code, c.as_of),
    )
    for members in days.values():
        if max(count.lower for count in members) > min(count.upper for count in members):
            yield _conflict("same_day_differs", members)


def _institutions(counts: Sequence[Count]) -> Iterator[Conflict]:
    """Two institutions that give different exact counts of the same thing within a fortnight."""
    exact = [count for count in counts if count.lower == count.upper and len(count.as_of) == len("2020-10-04")]
    places = _grouped(exact, lambda c: (c.stage, c.measure, c.election_cycle, c.geo_level, c.region_code))
    for members in places.values():
        for place, one in enumerate(members):
            for two in members[place + 1 :]:
                if one.institution == two.institution or one.lower == two.lower:
                    continue
                if _days_apart(one, two) <= DISAGREEMENT_DAYS:
                    yield _conflict("institutions_disagree", [one, two])


def _wholes_below_parts(counts: Sequence[Count]) -> Iterator[Conflict]:
    """A province below the sum of its regencies, or the nation below the sum of its provinces, counted no later."""
    levels = (
        ("province", "regency", "province_below_regencies"),
        ("national", "province", "nation_below_provinces"),
    )
    for whole_level, part_level, kind in levels:
        def key(count: Count, by_province: bool = whole_level == "province") -> Hashable:
            shared = count.province_code if by_province else ""
            return count.institution_group, count.stage, count.measure, count.election_cycle, shared

        parts = _grouped((count for count in counts if count.geo_level == part_level), key)
        for whole in (count for count in counts if count.geo_level == whole_level and count.upper < math.inf):
            highest: dict[str, Count] = {}
            for part in parts.get(key(whole), []):
                if _counted_by(part, whole) and part.lower > 0:
                    known = highest.get(part.region_code, part)
                    highest[part.region_code] = max(known, part, key=lambda count: (count.lower, count.obs_id))
            if sum(part.lower for part in highest.values()) > whole.upper:
                yield _conflict(kind, [whole, *highest.values()])


def _counted_by(part: Count, whole: Count) -> bool:
    """Tell whether a part was counted no later than the whole: on its day or before, or on the same page."""
    if part.source_ids == whole.source_ids:
        return True
    return bool(part.as_of and whole.as_of) and (part.as_of == whole.as_of or part.latest <= whole.earliest)


def _stages(counts: Sequence[Count]) -> Iterator[Conflict]:
    """A later stage above the alleged count of the same day, or ends of the procedure that add up to more than it."""
    dated = [count for count in counts if count.as_of]
    days = _grouped(
        dated, lambda c: (c.institution_group, c.measure, c.election_cycle, c.geo_level, c.region_code, c.as_of)
    )
    for members in days.values():
        alleged = [count for count in members if count.stage == "alleged" and count.upper < math.inf]
        if not alleged:
            continue
        ceiling = max(count.upper for count in alleged)
        above = [count for count in members if count.stage != "alleged" and count.lower > ceiling]
        if above:
            yield _conflict("stage_above_alleged", [*alleged, *above])
            continue
        ends: dict[str, Count] = {}
        for count in members:
            if count.stage in ("referred", "in_process", "dismissed"):
                ends[count.stage] = max(ends.get(count.stage, count), count, key=lambda one: (one.lower, one.obs_id))
        if len(ends) > 1 and sum(count.lower for count in ends.values()) > ceiling:
            yield _conflict("parts_above_whole", [*alleged, *ends.values()])


def _same_figures(counts: Sequence[Count]) -> Iterator[Conflict]:
    """One figure told for several days, or as several stages or measures: at most one of them can be meant."""
    exact = [count for count in counts if count.lower == count.upper and count.lower > 0]
    figures = _grouped(exact, lambda c: (c.election_cycle, c.geo_level, c.region_code, c.lower))
    for members in figures.values():
        for place, one in enumerate(members):
            for two in members[place + 1 :]:
                kind = _repetition(one, two)
                if kind:
                    yield _conflict(kind, [one, two])


def _repetition(one: Count, two: Count) -> str:
    if (one.stage, one.measure) == (two.stage, two.measure):
        return "repeat_other_day" if one.institution_group == two.institution_group and _near(one, two) else ""
    if one.lower < TELLING_FIGURE or one.source_ids == two.source_ids:
        return ""
    if one.measure == two.measure:
        return "same_figure_other_stage"
    return "same_figure_other_measure" if one.stage == two.stage and _near(one, two) else ""


def _near(one: Count, two: Count) -> bool:
    """Told within ten days of each other, on the same page, or one of the two without its day."""
    if not one.as_of or not two.as_of or one.source_ids == two.source_ids:
        return True
    return _days_apart(one, two) <= REPEAT_DAYS


def _days_apart(one: Count, two: Count) -> int:
    return abs((dt.date.fromisoformat(one.earliest) - dt.date.fromisoformat(two.earliest)).days)


def _rankings(rankings: pd.DataFrame, counts: Sequence[Count]) -> Iterator[Conflict]:
    """A list shorter than it claims, or a complete list whose entries do not add up to the published total."""
    by_id = {count.obs_id: count for count in counts}
    for ranking in rankings.to_dict("records"):
        entries = [by_id[obs_id] for obs_id in ranking["listed"].split(";") if obs_id in by_id]
        if not entries:
            continue
        if ranking["usable"] == "short":
            yield _conflict("ranking_short", entries)
        elif ranking["list_kind"] == "full" and not math.isnan(ranking["total"]):
            if sum(count.lower for count in entries) != ranking["total"]:
                yield _conflict("ranking_differs_from_total", entries)


def _unlisted(censored: Sequence[Count], counts: Sequence[Count]) -> Iterator[Conflict]:
    """A region that a ranking leaves out although a higher count of it was known by then."""

    def key(count: Count) -> Hashable:
        return (
            count.institution_group, count.stage, count.measure, count.election_cycle, count.geo_level, count.region_code,
        )  # fmt: skip

    known = _grouped((count for count in counts if count.as_of), key)
    for left_out in censored:
        above = [
            count
            for count in known.get(key(left_out), [])
            if count.latest <= left_out.earliest and count.lower > left_out.upper
        ]
        if above:
            yield _conflict("unlisted_above_cut_off", [*above, left_out])


def _calendar(counts: Sequence[Count], reference: Reference) -> Iterator[Conflict]:
    """A count of a region that did not vote, or one dated more than a year before polling day."""
    for count in counts:
        cycle = reference.calendar.cycles[count.election_cycle]
        regency = count.geo_level == "regency"
        if regency and not reference.calendar.voted(count.region_code, count.province_code, cycle.name):
            yield _conflict("region_did_not_vote", [count])
        if count.as_of and (cycle.polling_day - dt.date.fromisoformat(count.latest)).days > FAR_BEFORE_POLLING_DAYS:
            yield _conflict("far_before_polling", [count])
