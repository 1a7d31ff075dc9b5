"""Contradictions among published counts that the cleaning finds by itself, kept with all values.

Each finder is one class of contradiction; a conflict names the rows and what each told.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Iterator, Sequence

import pandas as pd

from netral_research.clean.counts import (
    STOCK_STAGE,
    Conflict,
    Count,
    days_apart,
    group_counts,
    read_counts,
    tell_conflict,
)
from netral_research.clean.loading import Reference
from netral_research.clean.ranking_conflicts import find_list_conflicts, find_missing_entries, find_unlisted_conflicts

COLUMNS = (
    "conflict_id", "kind", "row_ids", "told", "region_code", "election_cycle", "institutions", "stages", "measures",
)  # fmt: skip
# Below this, equal figures of different stages are common by chance.
TELLING_FIGURE = 8
REPEAT_DAYS = 10
DISAGREEMENT_DAYS = 14
FAR_BEFORE_POLLING_DAYS = 365


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
        ``kind`` is one of ``falling_series``, ``same_day_differs``, ``institutions_disagree``,
        ``province_below_regencies``,
        ``nation_below_provinces``, ``stage_above_alleged``, ``parts_above_whole``, ``same_figure_other_stage``,
        ``same_figure_other_measure``, ``repeat_other_day``, ``ranking_short``, ``ranking_differs_from_total``,
        ``unlisted_above_cut_off``, ``region_did_not_vote``, ``far_before_polling``.
    """
    rows = read_counts(published)
    cumulative = read_counts(published[published["count_kind"] == "cumulative"])
    found = [
        *_falling_series(rows, {count.obs_id for count in cumulative}),
        *_same_day(cumulative),
        *_institutions(rows),
        *_wholes_below_parts(cumulative),
        *_stages(cumulative),
        *_same_figures(rows),
        *find_list_conflicts(rankings, rows),
        *find_unlisted_conflicts(read_counts(unlisted), cumulative),
        *find_missing_entries(rankings, cumulative),
        *_calendar(rows, reference),
    ]
    unique = {(conflict["kind"], conflict["row_ids"]): conflict for conflict in found}
    ordered = [unique[key] for key in sorted(unique)]
    table = pd.DataFrame(ordered, columns=list(COLUMNS), dtype="str")
    table["conflict_id"] = pd.array([f"V{number:03d}" for number in range(1, len(table) + 1)], dtype="str")
    return table


def _falling_series(counts: Sequence[Count], cumulative: set[str]) -> Iterator[Conflict]:
    """A cumulative count of one institution that is lower later; a period count is a lower limit for what follows."""
    dated = [count for count in counts if count.as_of and count.stage != STOCK_STAGE]
    series = group_counts(
        dated, lambda c: (c.institution, c.stage, c.measure, c.election_cycle, c.geo_level, c.region_code)
    )
    for members in series.values():
        for later in members:
            higher = [one for one in members if one.latest < later.earliest and one.lower > later.upper]
            if higher and later.obs_id in cumulative:
                highest = max(higher, key=lambda count: (count.lower, count.obs_id))
                yield tell_conflict("falling_series", [highest, later])


def _same_day(counts: Sequence[Count]) -> Iterator[Conflict]:
    """Two counts of the same thing by the same institution on the same day whose limits exclude each other."""
    dated = [count for count in counts if count.as_of]
    days = group_counts(
        dated,
        lambda c: (c.institution, c.stage, c.measure, c.election_cycle, c.geo_level, c.region_code, c.as_of),
    )
    for members in days.values():
        if max(count.lower for count in members) > min(count.upper for count in members):
            yield tell_conflict("same_day_differs", members)


def _institutions(counts: Sequence[Count]) -> Iterator[Conflict]:
    """Two institutions that give different exact counts of the same thing within a fortnight, whatever the period."""
    exact = [count for count in counts if count.lower == count.upper and len(count.as_of) == len("2020-10-04")]
    places = group_counts(exact, lambda c: (c.stage, c.measure, c.election_cycle, c.geo_level, c.region_code))
    for members in places.values():
        for place, one in enumerate(members):
            for two in members[place + 1 :]:
                if one.institution == two.institution or one.lower == two.lower:
                    continue
                if days_apart(one, two) <= DISAGREEMENT_DAYS:
                    yield tell_conflict("institutions_disagree", [one, two])


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

        parts = group_counts((count for count in counts if count.geo_level == part_level), key)
        for whole in (count for count in counts if count.geo_level == whole_level and count.upper < math.inf):
            highest: dict[str, Count] = {}
            for part in parts.get(key(whole), []):
                if _counted_by(part, whole) and part.lower > 0:
                    known = highest.get(part.region_code, part)
                    highest[part.region_code] = max(known, part, key=lambda count: (count.lower, count.obs_id))
            if sum(part.lower for part in highest.values()) > whole.upper:
                yield tell_conflict(kind, [whole, *highest.values()])


def _counted_by(part: Count, whole: Count) -> bool:
    """Tell whether a part was counted no later than the whole: on its day or before, or on the same page."""
    same_page = part.source_ids == whole.source_ids
    if not part.as_of or not whole.as_of:
        return same_page
    if part.as_of == whole.as_of:
        return True
    # An earlier stock may have been worked off since.
    earlier = part.latest <= whole.earliest or (same_page and part.earliest <= whole.latest)
    return earlier and part.stage != STOCK_STAGE


def _stages(counts: Sequence[Count]) -> Iterator[Conflict]:
    """A later stage above the alleged count of the same day, or ends of the procedure that add up to more than it."""
    dated = [count for count in counts if count.as_of]
    days = group_counts(
        dated, lambda c: (c.institution_group, c.measure, c.election_cycle, c.geo_level, c.region_code, c.as_of)
    )
    for members in days.values():
        alleged = [count for count in members if count.stage == "alleged" and count.upper < math.inf]
        if not alleged:
            continue
        ceiling = max(count.upper for count in alleged)
        above = [count for count in members if count.stage != "alleged" and count.lower > ceiling]
        if above:
            yield tell_conflict("stage_above_alleged", [*alleged, *above])
            continue
        ends: dict[str, Count] = {}
        for count in members:
            if count.stage in ("referred", "in_process", "dismissed"):
                ends[count.stage] = max(ends.get(count.stage, count), count, key=lambda one: (one.lower, one.obs_id))
        if len(ends) > 1 and sum(count.lower for count in ends.values()) > ceiling:
            yield tell_conflict("parts_above_whole", [*alleged, *ends.values()])


def _same_figures(counts: Sequence[Count]) -> Iterator[Conflict]:
    """One figure told for several days, or as several stages or measures: at most one of them can be meant."""
    exact = [count for count in counts if count.lower == count.upper and count.lower > 0]
    figures = group_counts(exact, lambda c: (c.election_cycle, c.geo_level, c.region_code, c.lower))
    for members in figures.values():
        for place, one in enumerate(members):
            for two in members[place + 1 :]:
                kind = _repetition(one, two)
                if kind:
                    yield tell_conflict(kind, [one, two])


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
    return days_apart(one, two) <= REPEAT_DAYS


def _calendar(counts: Sequence[Count], reference: Reference) -> Iterator[Conflict]:
    """A count of a region that did not vote, or one dated more than a year before polling day."""
    for count in counts:
        cycle = reference.calendar.cycles[count.election_cycle]
        regency = count.geo_level == "regency"
        if regency and not reference.calendar.voted(count.region_code, count.province_code, cycle.name):
            yield tell_conflict("region_did_not_vote", [count])
        if count.as_of and (cycle.polling_day - dt.date.fromisoformat(count.latest)).days > FAR_BEFORE_POLLING_DAYS:
            yield tell_conflict("far_before_polling", [count])
