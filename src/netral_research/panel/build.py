"""The panel: every region and cycle (and snapshot day), with exposure, outcome limits, denominators, search effort."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from netral_research.clean.loading import Reference, load_reference
from netral_research.files import Project
from netral_research.panel.denominators import HEADCOUNT, contests_held, unit_headcounts
from netral_research.panel.exposure import (
    count_events,
    count_events_by_day,
    countable_events,
    national_events_before,
)
from netral_research.panel.outcome import KEY, limits_at_end, limits_on, limits_record, studied_counts
from netral_research.panel.territories import find_territories, group_by_level, unit_limits
from netral_research.results import Result, Value
from netral_research.schemas import load_raw
from netral_research.storage import load_results
from netral_research.study import StudyParameters
from netral_research.vocabulary import INSTITUTION_GROUPS, MEASURES, STAGES


@dataclass(frozen=True)
class PanelTables:
    """What the panel is built from.

    Parameters
    ----------
    events, event_places, search_effort, violations : pandas.DataFrame
        Clean tables.
    headcounts : pandas.DataFrame
        Reference table, as text.
    reference : Reference
    """

    events: pd.DataFrame
    event_places: pd.DataFrame
    search_effort: pd.DataFrame
    violations: pd.DataFrame
    headcounts: pd.DataFrame
    reference: Reference


def load_panel_tables(project: Project) -> PanelTables:
    """Load the clean tables and the headcounts.

    Parameters
    ----------
    project : Project

    Returns
    -------
    PanelTables

    Raises
    ------
    WorkflowError
        If the cleaning has not been run.
    """
    cleaned = load_results(project, "clean_events").results
    return PanelTables(
        events=cleaned["events"].table,
        event_places=cleaned["event_places"].table,
        search_effort=cleaned["search_effort"].table,
        violations=load_results(project, "clean_violations").results["violations"].table,
        headcounts=load_raw(project, HEADCOUNT),
        reference=load_reference(project),
    )


def build_panel(tables: PanelTables, study: StudyParameters) -> tuple[Result, ...]:
    """Build the panel with every combination present.

    Parameters
    ----------
    tables : PanelTables
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``headcount``; ``province_cycle`` (exposure, denominators, search effort) and ``province_cycle_outcome``
        (limits by institution group, stage and measure); the same by snapshot day; and by regency, where anything
        was told. Only counts by the study's institutions enter.

    Raises
    ------
    DataError
        If a province has no headcount.
    """
    tables = replace(tables, violations=studied_counts(tables.violations, study))
    contests = contests_held(study, tables.reference)
    headcount = unit_headcounts(tables.headcounts, study, tables.reference)
    province_cycle = _province_cycle(tables, study, contests, headcount)
    outcome = _province_outcome(tables, study, contests)
    snapshots = _snapshots(tables.violations)
    return (
        Result("headcount", headcount),
        Result("province_cycle", province_cycle, _panel_values(province_cycle, outcome, headcount)),
        Result("province_cycle_outcome", outcome),
        Result("province_cycle_snapshot", _province_snapshot(tables, study, contests, snapshots)),
        Result("province_cycle_snapshot_outcome", _snapshot_outcome(tables, study, contests, snapshots)),
        Result("regency_cycle", _regency_cycle(tables, study)),
        Result("regency_cycle_outcome", _regency_outcome(tables)),
    )


def _campaign_starts(tables: PanelTables, study: StudyParameters) -> dict[str, str]:
    cycles = tables.reference.calendar.cycles
    return {name: cycles[name].campaign_start.isoformat() for name in study.study.cycles}


def _province_cycle(
    tables: PanelTables, study: StudyParameters, contests: pd.DataFrame, headcount: pd.DataFrame
) -> pd.DataFrame:
    starts = _campaign_starts(tables, study)
    events = countable_events(tables.events, study)
    counts = count_events(events, tables.event_places, "unit_code", study, starts)
    index = pd.MultiIndex.from_frame(contests[["unit_code", "election_cycle"]])
    exposure = counts.reindex(index, fill_value=0).reset_index()
    panel = contests.merge(exposure, on=["unit_code", "election_cycle"]).merge(headcount, on="unit_code")
    national = national_events_before(events, starts)
    panel["national_events_before_campaign"] = panel["election_cycle"].map(national).astype("int64")
    panel = panel.merge(_search_by_cell(tables.search_effort, contests), on=["unit_code", "election_cycle"])
    panel["exposure_absence"] = _exposure_absence(panel)
    order = {cycle: place for place, cycle in enumerate(study.study.cycles)}
    panel = panel.sort_values("election_cycle", key=lambda cycles: cycles.map(order))
    return panel.sort_values("unit_code", kind="stable").reset_index(drop=True)


def _search_by_cell(effort: pd.DataFrame, contests: pd.DataFrame) -> pd.DataFrame:
    """Queries that named the province: those that named the cycle, and those that named none."""
    mine = effort[effort["purpose"] == "events"]
    numbers = ["n_queries", "n_results", "n_relevant"]
    named = mine.set_index(["unit_code", "election_cycle"])[numbers].add_suffix("_named_cycle")
    unnamed = mine[mine["election_cycle"] == ""].set_index("unit_code")[numbers].add_suffix("_no_cycle")
    cells = contests[["unit_code", "election_cycle"]]
    table = cells.join(named, on=["unit_code", "election_cycle"]).join(unnamed, on="unit_code")
    counted = [column for column in table.columns if column.startswith("n_")]
    table[counted] = table[counted].fillna(0).astype("int64")
    seen = table["n_results_named_cycle"] + table["n_results_no_cycle"]
    relevant = table["n_relevant_named_cycle"] + table["n_relevant_no_cycle"]
    table["coverage_share"] = (relevant / seen.where(seen > 0)).astype("float64")
    return table


def _exposure_absence(panel: pd.DataFrame) -> pd.Series:
    """Empty where events were found; else why there are none."""
    absence = pd.Series("", index=panel.index, dtype="str")
    none = panel["events_in_cycle"] == 0
    searched = (panel["n_queries_named_cycle"] + panel["n_queries_no_cycle"]) > 0
    absence[none & searched] = "zero"
    absence[none & ~searched] = "not_reported"
    absence[~panel["voted"]] = "not_applicable"
    return absence


def _groups_in(study: StudyParameters) -> tuple[str, ...]:
    return tuple(dict.fromkeys(INSTITUTION_GROUPS[name] for name in study.outcome.institutions))


def _province_outcome(tables: PanelTables, study: StudyParameters, contests: pd.DataFrame) -> pd.DataFrame:
    groups, territories = group_by_level(tables.violations), find_territories(study, tables.reference)
    rows = []
    for cell in contests.to_dict("records"):
        unit, cycle = cell["unit_code"], cell["election_cycle"]
        polling = tables.reference.calendar.cycles[cycle].polling_day.isoformat()
        for key in _keys(study):
            limits = unit_limits(
                territories[unit, cycle], (cycle, *key), groups, partial(limits_at_end, polling_day=polling)
            )
            rows.append({
                "unit_code": unit, "election_cycle": cycle, **dict(zip(KEY, key, strict=True)),
                **limits_record(limits, bool(cell["voted"])),
            })  # fmt: skip
    return pd.DataFrame(rows)


def _keys(study: StudyParameters) -> list[tuple[str, ...]]:
    return [(group, stage, measure) for group in _groups_in(study) for stage in STAGES for measure in MEASURES]


def _snapshots(violations: pd.DataFrame) -> pd.DataFrame:
    """Days on which something was told about provinces, by cycle, institution group, stage and measure."""
    chosen = violations[violations["geo_level"].isin(["province", "national"]) & (violations["as_of_latest"] != "")]
    table = chosen[["election_cycle", *KEY, "as_of_latest"]].rename(columns={"as_of_latest": "snapshot_date"})
    return table.drop_duplicates().sort_values(["election_cycle", *KEY, "snapshot_date"]).reset_index(drop=True)


def _province_snapshot(
    tables: PanelTables, study: StudyParameters, contests: pd.DataFrame, snapshots: pd.DataFrame
) -> pd.DataFrame:
    days = snapshots[["election_cycle", "snapshot_date"]].drop_duplicates()
    units = sorted(contests["unit_code"].unique())
    table = count_events_by_day(countable_events(tables.events, study), tables.event_places, days, units)
    cycles = tables.reference.calendar.cycles
    polling = table["election_cycle"].map({name: cycles[name].polling_day.isoformat() for name in study.study.cycles})
    table["days_to_polling"] = (pd.to_datetime(polling) - pd.to_datetime(table["snapshot_date"])).dt.days
    table = table.merge(contests[["unit_code", "election_cycle", "voted"]], on=["unit_code", "election_cycle"])
    return table.sort_values(["unit_code", "election_cycle", "snapshot_date"]).reset_index(drop=True)


def _snapshot_outcome(
    tables: PanelTables, study: StudyParameters, contests: pd.DataFrame, snapshots: pd.DataFrame
) -> pd.DataFrame:
    groups, territories = group_by_level(tables.violations), find_territories(study, tables.reference)
    voted = contests.set_index(["unit_code", "election_cycle"])["voted"].to_dict()
    units = sorted(contests["unit_code"].unique())
    rows = []
    for snapshot in snapshots.to_dict("records"):
        cycle, day = snapshot["election_cycle"], snapshot["snapshot_date"]
        cell_key = (cycle, *(snapshot[name] for name in KEY))
        for unit in units:
            limits = unit_limits(territories[unit, cycle], cell_key, groups, partial(limits_on, day=day))
            told = {str(name): value for name, value in snapshot.items()}
            rows.append({"unit_code": unit, **told, **limits_record(limits, bool(voted[unit, cycle]))})
    return pd.DataFrame(rows)


def _regency_cycle(tables: PanelTables, study: StudyParameters) -> pd.DataFrame:
    register, calendar = tables.reference.register, tables.reference.calendar
    events = countable_events(tables.events, study)
    counts = count_events(events, tables.event_places, "regency_code", study, _campaign_starts(tables, study))
    rows = [
        (code, register.province_on(register.parents[code], study.study.province_boundaries), name,
         calendar.voted(code, register.province_on(register.parents[code], calendar.cycles[name].polling_day), name))
        for code in register.regencies
        for name in study.study.cycles
    ]  # fmt: skip
    every = pd.DataFrame(rows, columns=["regency_code", "unit_code", "election_cycle", "voted"])
    index = pd.MultiIndex.from_frame(every[["regency_code", "election_cycle"]])
    return every.merge(counts.reindex(index, fill_value=0).reset_index(), on=["regency_code", "election_cycle"])


def _regency_outcome(tables: PanelTables) -> pd.DataFrame:
    register, calendar = tables.reference.register, tables.reference.calendar
    rows = []
    for (cycle, group, stage, measure, regency), told in sorted(group_by_level(tables.violations)[1].items()):
        polling = calendar.cycles[cycle].polling_day
        province = register.province_on(register.parents[regency], polling)
        record = limits_record(limits_at_end(told, polling.isoformat()), calendar.voted(regency, province, cycle))
        rows.append({
            "regency_code": regency, "election_cycle": cycle, "institution_group": group, "stage": stage,
            "measure": measure, **record,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _panel_values(panel: pd.DataFrame, outcome: pd.DataFrame, headcount: pd.DataFrame) -> tuple[Value, ...]:
    function = "netral_research.panel.build.build_panel"
    voted = panel[panel["voted"]]

    def count(name: str, number: int, unit: str) -> Value:
        return Value(f"panel.{name}", number, "integer", unit, function)

    by_cell = outcome[outcome["status"] != "not_applicable"]
    reported = by_cell[~by_cell["status"].isin(["not_reported", "censored"])]
    return (
        count("units", panel["unit_code"].nunique(), "provinces"),
        count("cells", len(panel), "province_cycles"),
        count("cells_voted", len(voted), "province_cycles"),
        count("cells_with_event", int((voted["events_in_cycle"] > 0).sum()), "province_cycles"),
        count("cells_with_event_before", int((voted["events_before_campaign"] > 0).sum()), "province_cycles"),
        count("cells_with_count", len(reported[["unit_code", "election_cycle"]].drop_duplicates()), "province_cycles"),
        count("headcount", int(headcount["headcount"].sum()), "persons"),
        Value("panel.headcount_as_of", str(headcount["headcount_as_of"].iloc[0]), "day", "none", function),
    )
