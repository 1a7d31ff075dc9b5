"""Raw event rows become distinct events: dated, placed, merged with their repeats, checked against the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from netral_research.clean.accounting import account, accounting_result
from netral_research.clean.decisions import apply_decisions
from netral_research.clean.event_conflicts import find_event_conflicts
from netral_research.clean.loading import EVENTS, EventTables, Reference, date_problems
from netral_research.clean.merging import best_date, first_told, group_reports, join_terms
from netral_research.clean.search_effort import search_effort
from netral_research.dates import DateSpan, parse_date
from netral_research.elections import ElectionCalendar
from netral_research.errors import DataError, Problem
from netral_research.regions import RegionRegister, UnknownRegionError
from netral_research.results import Result, Value
from netral_research.schemas import check_table
from netral_research.study import StudyParameters
from netral_research.vocabulary import EVENT_GROUPS, NO_CYCLE, SCOPES

_GROUP_OF = {event_type: group for group, types in EVENT_GROUPS.items() for event_type in types}
_SKB_DAYS = ((dt.date(2022, 9, 22), "SKB 2022"), (dt.date(2020, 9, 10), "SKB 2020"))
FAR_BEFORE_POLLING_DAYS = 730
_CONFIDENCE_ORDER = ("high", "medium", "low")


def clean_events(tables: EventTables, study: StudyParameters) -> tuple[Result, ...]:
    """Clean the socialisation events.

    Every raw row ends in exactly one place: it is an event, it is merged into one, or it is rejected with its reason.

    Parameters
    ----------
    tables : EventTables
        Raw tables, checked against their contracts.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``events`` (one row a distinct event), ``event_places`` (event by province and regency), ``event_rows`` (fate
        of every raw row), ``rejects``, ``conflicts``, ``decisions_applied``, ``search_effort`` and ``accounting``.

    Raises
    ------
    DataError
        If a region, date, term or decision is not understood.
    """
    decided = apply_decisions(tables.events, tables.decisions, "events.csv", "event_id")
    check_table(decided.frame, EVENTS)
    problems = date_problems(decided.frame)
    if problems:
        raise DataError(problems)
    roots = _roots(decided.frame, decided.merges)
    placed = _place_rows(decided.frame, tables.reference)
    events = _merge_events(decided.frame, roots, placed, tables.reference.calendar)
    places = _event_places(events, study, tables.reference)
    rows = _row_fates(tables, roots, decided.rejects)
    accounts = _accounts(tables, roots, decided.rejects)
    return (
        Result("events", events, _event_values(tables, events, roots)),
        Result("event_places", places),
        Result("event_rows", rows),
        Result("rejects", decided.rejects),
        Result("conflicts", find_event_conflicts(events, decided.frame, roots, tables.reference)),
        Result("decisions_applied", decided.applied),
        Result("search_effort", search_effort(tables.queries, study, tables.reference)),
        accounting_result("clean_events", accounts),
    )


def _roots(frame: pd.DataFrame, merges: Mapping[str, str]) -> dict[str, str]:
    linked = frame[frame["same_event_as"] != ""]
    links = [*zip(linked["event_id"], linked["same_event_as"], strict=True), *merges.items()]
    return group_reports(frame["event_id"].tolist(), links)


def _place_rows(frame: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """Codes valid on each row's day: provinces and regencies, ``;`` joined."""
    rows: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for line, row in frame.iterrows():
        day = _place_day(parse_date(row["date_start"]), row["election_cycle"], reference.calendar)
        try:
            rows.append(_place_codes(row["province"], row["regency"], day, reference.register))
        except UnknownRegionError as unknown:
            column = "province" if unknown.name in row["province"].split(";") else "regency"
            problems.append(Problem("region_unknown", EVENTS, int(str(line)), column, unknown.name, unknown.nearest))
            rows.append(("", ""))
    if problems:
        raise DataError(problems)
    return pd.DataFrame(rows, columns=["province_codes", "regency_codes"], index=frame.index, dtype="str")


def _place_day(span: DateSpan | None, cycle: str, calendar: ElectionCalendar) -> dt.date:
    """Day whose boundaries apply: the event's, else its cycle's polling day, else today's boundaries."""
    if span is not None:
        return span.latest
    return dt.date.max if cycle == NO_CYCLE else calendar.cycles[cycle].polling_day


def _place_codes(provinces: str, regencies: str, day: dt.date, register: RegionRegister) -> tuple[str, str]:
    today = [register.find_province(name.strip()) for name in provinces.split(";") if name.strip()]
    then = list(dict.fromkeys(register.province_on(code, day) for code in today))
    within = frozenset([*today, *then])
    found = [register.find_regency(name.strip(), within) for name in regencies.split(";") if name.strip()]
    return ";".join(then), ";".join(dict.fromkeys(found))


def _merge_events(
    frame: pd.DataFrame, roots: Mapping[str, str], placed: pd.DataFrame, calendar: ElectionCalendar
) -> pd.DataFrame:
    groups: dict[str, list[dict[str, str]]] = {}
    for report in frame.join(placed).sort_values("event_id").to_dict("records"):
        told = {str(name): str(cell) for name, cell in report.items()}
        groups.setdefault(roots[told["event_id"]], []).append(told)
    records = []
    for root, reports in sorted(groups.items()):
        of_root = [report for report in reports if report["event_id"] == root]
        others = [report for report in reports if report["event_id"] != root]
        records.append(_merge_reports([*of_root, *others], calendar))
    return pd.DataFrame(records).astype({"participants_n": "float64", "n_reports": "int64", "has_pledge": "bool"})


def _merge_reports(reports: Sequence[dict[str, str]], calendar: ElectionCalendar) -> dict[str, object]:
    root = reports[0]
    dated = best_date(reports)
    span = parse_date(dated["date_start"])
    until = parse_date(dated["date_end"]) or span

    def cells(name: str) -> Iterator[str]:
        return (report[name] for report in reports)

    cycle = first_told(cells("election_cycle"), NO_CYCLE)
    pledge = first_told(cells("pledge"), "none")
    numbers = first_told(cells("participants_n"))
    return {
        "event_id": root["event_id"],
        "n_reports": len(reports),
        "report_ids": ";".join(cells("event_id")),
        "source_ids": join_terms(cells("source_id")),
        "date_start": dated["date_start"],
        "date_end": dated["date_end"],
        "date_precision": dated["date_precision"],
        "date_earliest": "" if span is None else span.earliest.isoformat(),
        "date_latest": "" if span is None or until is None else max(span.latest, until.latest).isoformat(),
        "election_cycle": cycle,
        "cycle_check": check_cycle(span, cycle, calendar),
        "scope": min(cells("scope"), key=SCOPES.index),
        "event_type": root["event_type"],
        "event_group": _GROUP_OF[root["event_type"]],
        "pledge": pledge,
        "has_pledge": pledge != "none",
        "mode": first_told(cells("mode"), "unknown"),
        "organiser": first_told(cells("organiser")),
        "co_organisers": join_terms(cells("co_organisers")),
        "participants": join_terms(cells("participants")),
        "participants_n": float(numbers) if numbers else float("nan"),
        "province_codes": join_terms(cells("province_codes")),
        "regency_codes": join_terms(cells("regency_codes")),
        "legal_basis": _legal_basis(join_terms(cells("legal_basis")), span),
        "themes": join_terms(cells("themes")),
        "confidence": min(cells("confidence"), key=_CONFIDENCE_ORDER.index),
    }


def check_cycle(span: DateSpan | None, cycle: str, calendar: ElectionCalendar) -> str:
    """Compare the cycle an event was coded with, with the calendar.

    Parameters
    ----------
    span : DateSpan or None
    cycle : str
    calendar : ElectionCalendar

    Returns
    -------
    str
        ``ok``; ``after_polling`` (wholly after the polling day: never part of an exposure);
        ``before_previous_polling`` (wholly before
        the polling day of the cycle before); ``far_before_polling`` (more than two years before it, before the stages
        of any cycle begin);
        ``several_cycles`` (a date so coarse that another cycle is possible); ``date_unknown``; ``no_cycle``.

    Examples
    --------
    >>> from netral_research.elections import Cycle
    >>> cycle = Cycle("pilkada_2020", True, dt.date(2020, 12, 9), dt.date(2020, 9, 26), dt.date(2019, 4, 17))
    >>> calendar = ElectionCalendar({"pilkada_2020": cycle}, {})
    >>> [check_cycle(parse_date(day), "pilkada_2020", calendar) for day in ("2020-09", "2020-12-20", "2017", "")]
    ['ok', 'after_polling', 'before_previous_polling', 'date_unknown']
    """
    if cycle == NO_CYCLE:
        return "no_cycle"
    if span is None:
        return "date_unknown"
    coded = calendar.cycles[cycle]
    if span.earliest > coded.polling_day:
        return "after_polling"
    if span.latest <= coded.previous_polling_day:
        return "before_previous_polling"
    if (coded.polling_day - span.latest).days > FAR_BEFORE_POLLING_DAYS:
        return "far_before_polling"
    return "ok" if calendar.cycles_possible(span) == (cycle,) else "several_cycles"


def _legal_basis(cell: str, span: DateSpan | None) -> str:
    """The codebook's rule: a joint decree without its year is the one in force on the event's day."""
    laws = cell.split(";") if cell else []
    if "SKB" in laws and span is not None:
        in_force = next((name for day, name in _SKB_DAYS if span.earliest >= day), "SKB")
        laws = [in_force if law == "SKB" else law for law in laws]
    return ";".join(dict.fromkeys(laws))


def _event_places(events: pd.DataFrame, study: StudyParameters, reference: Reference) -> pd.DataFrame:
    """Event by place; national events have none: they reach every province alike and are counted apart."""
    register, boundaries = reference.register, study.study.province_boundaries
    rows = []
    for event in events[events["scope"] != "national"].itertuples():
        day = _place_day(parse_date(str(event.date_start)), str(event.election_cycle), reference.calendar)
        regencies = [code for code in str(event.regency_codes).split(";") if code]
        for province in (code for code in str(event.province_codes).split(";") if code):
            inside = [code for code in regencies if register.province_on(register.parents[code], day) == province]
            for regency in inside or [""]:
                unit = register.province_on(register.parents[regency] if regency else province, boundaries)
                then = register.regency_on(regency, day) if regency else ""
                rows.append((event.event_id, province, unit, regency, then))
    columns = ["event_id", "province_code", "unit_code", "regency_code", "regency_code_then"]
    return pd.DataFrame(rows, columns=columns, dtype="str").sort_values(columns).reset_index(drop=True)


def _row_fates(tables: EventTables, roots: Mapping[str, str], rejects: pd.DataFrame) -> pd.DataFrame:
    raw, gone = tables.events, set(rejects["row_id"])
    fates = ["rejected" if row in gone else "event" if roots[row] == row else "merged" for row in raw["event_id"]]
    frames = dict(zip(tables.source_frame["source_id"], tables.source_frame["frame"], strict=True))
    return pd.DataFrame(
        {
            "row": raw.index.to_numpy(),
            "row_id": raw["event_id"].to_numpy(),
            "source_id": raw["source_id"].to_numpy(),
            "frame": pd.array([frames.get(source, "") for source in raw["source_id"]], dtype="str"),
            "fate": pd.array(fates, dtype="str"),
            "event_id": pd.array([roots.get(row, "") for row in raw["event_id"]], dtype="str"),
        }
    )


def _accounts(tables: EventTables, roots: Mapping[str, str], rejects: pd.DataFrame) -> list[dict[str, object]]:
    distinct = len(set(roots.values()))
    return [
        account(EVENTS, len(tables.events), distinct, len(roots) - distinct, len(rejects)),
        *(
            account(f"data/raw/{name}.csv", len(frame), len(frame), 0, 0)
            for name, frame in (
                ("sources", tables.sources),
                ("decisions", tables.decisions),
                ("queries", tables.queries),
                ("source_frame", tables.source_frame),
            )
        ),
    ]


def _event_values(tables: EventTables, events: pd.DataFrame, roots: Mapping[str, str]) -> tuple[Value, ...]:
    function = "netral_research.clean.events.clean_events"
    national = events["scope"] == "national"

    def count(name: str, number: int, unit: str = "events") -> Value:
        return Value(f"clean_events.{name}", number, "integer", unit, function)

    return (
        count("rows", len(tables.events), "rows"),
        count("distinct", len(events)),
        count("merged", len(roots) - len(events), "rows"),
        count("national", int(national.sum())),
        count("day_precise", int((events["date_precision"] == "day").sum())),
        count("month_precise", int((events["date_precision"] == "month").sum())),
        count("year_precise", int((events["date_precision"] == "year").sum())),
        count("undated", int((events["date_precision"] == "").sum())),
        count("with_pledge", int(events["has_pledge"].sum())),
        count("after_polling", int((events["cycle_check"] == "after_polling").sum())),
        count("sources", events["source_ids"].str.split(";").explode().nunique(), "pages"),
    )
