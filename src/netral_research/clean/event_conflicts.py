"""Contradictions among event reports that the cleaning finds by itself, kept with all values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from itertools import combinations

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.dates import overlap, parse_date
from netral_research.vocabulary import NO_CYCLE

REPEAT_DAYS = 2
COLUMNS = ("conflict_id", "kind", "row_ids", "told", "region_code", "election_cycle")


def find_event_conflicts(
    events: pd.DataFrame, rows: pd.DataFrame, roots: Mapping[str, str], reference: Reference
) -> pd.DataFrame:
    """Find reports that contradict each other, the calendar or the map of their day.

    Parameters
    ----------
    events : pandas.DataFrame
        Distinct events.
    rows : pandas.DataFrame
        Raw rows that stay.
    roots : mapping of str to str
        Raw row id to event id.
    reference : Reference

    Returns
    -------
    pandas.DataFrame
        ``kind`` is ``merged_dates_differ``, ``merged_cycles_differ``, ``merged_regions_differ``, a ``cycle_*`` check
        that failed,
        ``region_not_yet_existing`` (told by a province of today that did not exist then), or ``possible_repeat`` (same
        place, organiser
        and cycle, not linked: at most two days apart, or of the same kind with a date too coarse to tell them apart).

    Examples
    --------
    >>> from netral_research.elections import ElectionCalendar
    >>> from netral_research.regions import RegionRegister
    >>> reference = Reference(RegionRegister({}, {}, {}, {}, ()), ElectionCalendar({}, {}))
    >>> rows = pd.DataFrame({"event_id": ["E1", "E2"], "date_start": ["2020-09-01", "2020-09-05"],
    ...                      "election_cycle": NO_CYCLE, "province": ""})
    >>> events = rows.head(1).assign(cycle_check="no_cycle", province_codes="")
    >>> found = find_event_conflicts(events, rows, {"E1": "E1", "E2": "E1"}, reference)
    >>> found[["kind", "told"]].to_numpy().tolist()
    [['merged_dates_differ', 'E1=2020-09-01;E2=2020-09-05']]
    """
    found = [
        *_merged_reports(rows, roots),
        *_cycle_checks(events),
        *_anachronisms(rows, reference),
        *_possible_repeats(events),
    ]
    found.sort(key=lambda conflict: (conflict["kind"], conflict["row_ids"]))
    for number, conflict in enumerate(found, 1):
        conflict["conflict_id"] = f"E{number:03d}"
    return pd.DataFrame(found, columns=list(COLUMNS), dtype="str")


def _merged_reports(rows: pd.DataFrame, roots: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for root, group in rows.groupby(rows["event_id"].map(dict(roots)), sort=True):
        if len(group) == 1:
            continue
        spans = [span for span in map(parse_date, group["date_start"]) if span is not None]
        base = {
            "row_ids": ";".join(sorted(group["event_id"])),
            "region_code": "",
            "election_cycle": str(group.loc[group["event_id"] == root, "election_cycle"].iloc[0]),
        }
        if any(not overlap(one, two) for one in spans for two in spans):
            yield {**base, "kind": "merged_dates_differ", "told": _told(group, "date_start")}
        if group["election_cycle"].nunique() > 1:
            yield {**base, "kind": "merged_cycles_differ", "told": _told(group, "election_cycle")}
        if group["province"].nunique() > 1:
            yield {**base, "kind": "merged_regions_differ", "told": _told(group, "province")}


def _told(group: pd.DataFrame, column: str) -> str:
    return ";".join(f"{row.event_id}={getattr(row, column)}" for row in group.sort_values("event_id").itertuples())


def _cycle_checks(events: pd.DataFrame) -> Iterator[dict[str, str]]:
    failed = ("after_polling", "before_previous_polling", "far_before_polling", "several_cycles")
    for event in events[events["cycle_check"].isin(failed)].to_dict("records"):
        yield {
            "kind": f"cycle_{event['cycle_check']}",
            "row_ids": event["event_id"],
            "told": event["date_start"],
            "region_code": event["province_codes"],
            "election_cycle": event["election_cycle"],
        }


def _anachronisms(rows: pd.DataFrame, reference: Reference) -> Iterator[dict[str, str]]:
    register = reference.register
    for row in rows[rows["date_start"].ne("") | rows["election_cycle"].ne(NO_CYCLE)].to_dict("records"):
        span = parse_date(row["date_start"])
        day = span.latest if span else reference.calendar.cycles[row["election_cycle"]].polling_day
        codes = [register.find_province(name) for name in row["province"].split(";") if name]
        if any(not register.exists(code, day) for code in codes):
            yield {
                "kind": "region_not_yet_existing",
                "row_ids": row["event_id"],
                "told": row["province"],
                "region_code": ";".join(codes),
                "election_cycle": row["election_cycle"],
            }


def _possible_repeats(events: pd.DataFrame) -> Iterator[dict[str, str]]:
    groups: dict[tuple[str, ...], list[dict[Hashable, str]]] = {}
    for event in events[events["province_codes"] != ""].sort_values("event_id").to_dict("records"):
        key = tuple(event[name] for name in ("province_codes", "regency_codes", "election_cycle", "organiser"))
        groups.setdefault(key, []).append(event)
    for members in groups.values():
        for one, two in combinations(members, 2):
            if _may_repeat(one, two):
                yield {
                    "kind": "possible_repeat",
                    "row_ids": f"{one['event_id']};{two['event_id']}",
                    "told": ";".join(_date_and_type(event) for event in (one, two)),
                    "region_code": one["regency_codes"] or one["province_codes"],
                    "election_cycle": one["election_cycle"],
                }


def _date_and_type(event: Mapping[Hashable, str]) -> str:
    return f"{event['event_id']}={event['date_start'] or '?'} {event['event_type']}"


def _may_repeat(one: Mapping[Hashable, str], two: Mapping[Hashable, str]) -> bool:
    """Two days at most two apart; or a coarse date that can mean the other's, where kind or pledge is the same."""
    if one["date_precision"] == two["date_precision"] == "day":
        days = dt.date.fromisoformat(one["date_earliest"]) - dt.date.fromisoformat(two["date_earliest"])
        return abs(days.days) <= REPEAT_DAYS
    if one["event_type"] != two["event_type"] and (one["pledge"] == "none" or one["pledge"] != two["pledge"]):
        return False
    spans = parse_date(one["date_start"]), parse_date(two["date_start"])
    return spans[0] is None or spans[1] is None or overlap(spans[0], spans[1])
