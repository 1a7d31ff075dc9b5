"""Reading and checking everything the cleaning needs, before any of it is changed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from netral_research.dates import parse_date
from netral_research.elections import ElectionCalendar, build_calendar
from netral_research.errors import DataError, Problem
from netral_research.files import Project
from netral_research.regions import RegionRegister, build_register
from netral_research.schemas import load_raw, require_known

EVENTS = "data/raw/events.csv"
VIOLATIONS = "data/raw/violations.csv"
SOURCES = "data/raw/sources.csv"
DECISIONS = "data/raw/decisions.csv"


@dataclass(frozen=True)
class Reference:
    """Reference knowledge shared by the stages.

    Parameters
    ----------
    register : RegionRegister
    calendar : ElectionCalendar
    """

    register: RegionRegister
    calendar: ElectionCalendar


@dataclass(frozen=True)
class EventTables:
    """Raw tables of the socialisation events, as text, indexed by line.

    Parameters
    ----------
    events, sources, decisions, queries, source_frame, regulations : pandas.DataFrame
    reference : Reference
    """

    events: pd.DataFrame
    sources: pd.DataFrame
    decisions: pd.DataFrame
    queries: pd.DataFrame
    source_frame: pd.DataFrame
    regulations: pd.DataFrame
    reference: Reference


@dataclass(frozen=True)
class ViolationTables:
    """Raw tables of the published counts, as text, indexed by line.

    Parameters
    ----------
    violations, breakdowns, vulnerability_index, sources, decisions : pandas.DataFrame
    reference : Reference
    """

    violations: pd.DataFrame
    breakdowns: pd.DataFrame
    vulnerability_index: pd.DataFrame
    sources: pd.DataFrame
    decisions: pd.DataFrame
    reference: Reference


def load_reference(project: Project) -> Reference:
    """Read the region register and the electoral calendar.

    Parameters
    ----------
    project : Project

    Returns
    -------
    Reference

    Raises
    ------
    DataError
    """
    regions, aliases, history, pilkada, participants = (
        load_raw(project, f"data/reference/{name}.csv")
        for name in ("regions", "aliases", "history", "pilkada", "pilkada_participants")
    )
    register = build_register(regions, aliases, history)
    known = pd.Series(list(register.names))
    problems = require_known(
        participants, "data/reference/pilkada_participants.csv", "code", known, "data/reference/regions.csv"
    )
    if problems:
        raise DataError(problems)
    return Reference(register, build_calendar(_rows(pilkada), _rows(participants)))


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    return [dict(zip(table.columns, cells, strict=True)) for cells in table.itertuples(index=False)]


def load_event_tables(project: Project) -> EventTables:
    """Read and check the raw tables of the events.

    Parameters
    ----------
    project : Project

    Returns
    -------
    EventTables

    Raises
    ------
    DataError
        Listing every cell, reference or file that is not understood.
    """
    tables = EventTables(
        events=load_raw(project, EVENTS),
        sources=load_raw(project, SOURCES),
        decisions=load_raw(project, DECISIONS),
        queries=load_raw(project, "data/raw/queries.csv"),
        source_frame=load_raw(project, "data/raw/source_frame.csv"),
        regulations=load_raw(project, "data/reference/regulations.csv"),
        reference=load_reference(project),
    )
    sources = tables.sources["source_id"]
    problems = [
        *require_known(tables.events, EVENTS, "source_id", sources, SOURCES),
        *require_known(tables.events, EVENTS, "same_event_as", tables.events["event_id"], EVENTS),
        *require_known(tables.source_frame, "data/raw/source_frame.csv", "source_id", sources, SOURCES),
        *date_problems(tables.events),
        *_self_link_problems(tables.events),
    ]
    if problems:
        raise DataError(problems)
    return tables


def _self_link_problems(events: pd.DataFrame) -> list[Problem]:
    cells = events["event_id"]
    same = cells[events["same_event_as"] == cells]
    return [Problem("link_to_itself", EVENTS, int(str(line)), "same_event_as", cell) for line, cell in same.items()]


def date_problems(events: pd.DataFrame) -> list[Problem]:
    """Events whose precision does not fit their date, or that end before they begin.

    Parameters
    ----------
    events : pandas.DataFrame
        Raw rows whose dates have been checked one by one.

    Returns
    -------
    list of Problem

    Examples
    --------
    >>> events = pd.DataFrame({"date_start": ["2020-09"], "date_end": [""], "date_precision": ["day"]}, index=[2])
    >>> [(problem.row, problem.value, problem.nearest) for problem in date_problems(events)]
    [(2, 'day', 'month')]
    """
    problems = []
    for line, start, end, precision in events[["date_start", "date_end", "date_precision"]].itertuples():
        span, until = parse_date(start), parse_date(end)
        implied = "" if span is None else span.precision
        if precision != implied:
            problems.append(Problem("date_precision", EVENTS, int(line), "date_precision", precision, implied))
        if until is not None and (span is None or until.latest < span.earliest):
            problems.append(Problem("date_order", EVENTS, int(line), "date_end", end))
    return problems


def load_violation_tables(project: Project) -> ViolationTables:
    """Read and check the raw tables of the published counts.

    Parameters
    ----------
    project : Project

    Returns
    -------
    ViolationTables

    Raises
    ------
    DataError
        Listing every cell, reference or file that is not understood.
    """
    tables = ViolationTables(
        violations=load_raw(project, VIOLATIONS),
        breakdowns=load_raw(project, "data/raw/breakdowns.csv"),
        vulnerability_index=load_raw(project, "data/raw/vulnerability_index.csv"),
        sources=load_raw(project, SOURCES),
        decisions=load_raw(project, DECISIONS),
        reference=load_reference(project),
    )
    sources = tables.sources["source_id"]
    problems = [
        problem
        for frame, relative in (
            (tables.violations, VIOLATIONS),
            (tables.breakdowns, "data/raw/breakdowns.csv"),
            (tables.vulnerability_index, "data/raw/vulnerability_index.csv"),
        )
        for problem in require_known(frame, relative, "source_id", sources, SOURCES)
    ]
    problems += level_problems(tables.violations)
    if problems:
        raise DataError(problems)
    return tables


def level_problems(violations: pd.DataFrame) -> list[Problem]:
    """Counts whose level and place do not fit: a regency's without its regency, a nation's with a province.

    Parameters
    ----------
    violations : pandas.DataFrame
        Raw rows whose terms have been checked.

    Returns
    -------
    list of Problem

    Examples
    --------
    >>> counts = pd.DataFrame({"geo_level": ["regency"], "province": ["Aceh"], "regency": [""]}, index=[2])
    >>> [(problem.row, problem.column) for problem in level_problems(counts)]
    [(2, 'regency')]
    """
    wants = {
        "national": (False, False),
        "province": (True, False),
        "provincial_government": (True, False),
        "regency": (True, True),
    }
    problems = []
    for line, level, province, regency in violations[["geo_level", "province", "regency"]].itertuples():
        for column, cell, needed in zip(("province", "regency"), (province, regency), wants[level], strict=True):
            if needed != bool(cell):
                problems.append(Problem("level_place", VIOLATIONS, int(line), column, cell, fields={"level": level}))
    return problems
