"""All descriptions of the study from what the cleaning and the panel saved."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from netral_research.clean.loading import Reference, load_reference
from netral_research.describe.breakdowns import national_breakdowns
from netral_research.describe.coverage import coverage, coverage_sources, search_rounds
from netral_research.describe.cycles import best_covered_cycle, cycles_compared
from netral_research.describe.disagreements import contradictions_by_cycle, institutions_apart
from netral_research.describe.exposure import exposure_by_cycle
from netral_research.describe.province_funnel import reported_funnel
from netral_research.describe.rates import national_series, reported_rates, undivided_units
from netral_research.describe.tile_map import tile_map
from netral_research.describe.vulnerability import vulnerability_beside_counts
from netral_research.figures import alternatives
from netral_research.files import Project
from netral_research.language import LANGUAGES, label
from netral_research.results import Result
from netral_research.schemas import load_raw
from netral_research.storage import load_results
from netral_research.study import StudyParameters


@dataclass(frozen=True)
class DescribeTables:
    """What the descriptions are made from.

    Parameters
    ----------
    events, event_rows, event_places, event_conflicts, violations, conflicts, breakdowns, vulnerability_index
        Clean tables.
    headcount, province_cycle, outcome, snapshot_outcome : pandas.DataFrame
        Panel tables.
    tiles : pandas.DataFrame
    reference : Reference
    """

    events: pd.DataFrame
    event_rows: pd.DataFrame
    event_places: pd.DataFrame
    event_conflicts: pd.DataFrame
    violations: pd.DataFrame
    conflicts: pd.DataFrame
    breakdowns: pd.DataFrame
    vulnerability_index: pd.DataFrame
    headcount: pd.DataFrame
    province_cycle: pd.DataFrame
    outcome: pd.DataFrame
    snapshot_outcome: pd.DataFrame
    tiles: pd.DataFrame
    reference: Reference


def load_describe_tables(project: Project) -> DescribeTables:
    """Load the clean tables and the panel.

    Parameters
    ----------
    project : Project

    Returns
    -------
    DescribeTables

    Raises
    ------
    WorkflowError
        If an earlier stage has not been run.
    """
    events = load_results(project, "clean_events").results
    counts = load_results(project, "clean_violations").results
    panel = load_results(project, "panel").results
    return DescribeTables(
        events=events["events"].table,
        event_rows=events["event_rows"].table,
        event_places=events["event_places"].table,
        event_conflicts=events["conflicts"].table,
        violations=counts["violations"].table,
        conflicts=counts["conflicts"].table,
        breakdowns=counts["breakdowns"].table,
        vulnerability_index=counts["vulnerability_index"].table,
        headcount=panel["headcount"].table,
        province_cycle=panel["province_cycle"].table,
        outcome=panel["province_cycle_outcome"].table,
        snapshot_outcome=panel["province_cycle_snapshot_outcome"].table,
        tiles=load_raw(project, "data/reference/tile_grid.csv"),
        reference=load_reference(project),
    )


def describe(tables: DescribeTables, study: StudyParameters) -> tuple[Result, ...]:
    """Describe what was reported, what was held, and how little of either is known.

    Parameters
    ----------
    tables : DescribeTables
    study : StudyParameters

    Returns
    -------
    tuple of Result
        Those that :mod:`netral_research.stages` lists for this stage.
    """
    cycles = tables.reference.calendar.cycles
    polling_days: dict[str, str] = {name: cycles[name].polling_day.isoformat() for name in study.study.cycles}
    names = tables.reference.register.names
    undivided = undivided_units(tables.violations, tables.reference, study)
    rates = reported_rates(undivided, tables.headcount, polling_days, names, study)
    exposed = exposure_by_cycle(tables.events, tables.province_cycle, study)
    known = coverage(undivided, tables.outcome, tables.snapshot_outcome, tables.province_cycle, polling_days, study)
    tiles = tile_map(tables.tiles, rates.table, known.table, tables.reference, study)
    return (
        cycles_compared(exposed.table, known.table, tables.reference, study),
        replace(rates, alt=_rates_alternative("rates", rates)),
        reported_funnel(undivided, tables.headcount, tables.reference, names, study),
        national_series(tables.violations, study),
        *national_breakdowns(tables.breakdowns, tables.violations, study),
        vulnerability_beside_counts(tables.vulnerability_index, rates.table, known.table, tables.reference, study),
        contradictions_by_cycle(tables.event_conflicts, tables.conflicts),
        institutions_apart(tables.conflicts, tables.violations),
        replace(exposed, alt=_exposure_alternative(exposed, known)),
        replace(known, alt=_coverage_alternative(known, study)),
        coverage_sources(tables.violations, study),
        search_rounds(tables.events, tables.event_rows, tables.event_places, study),
        replace(tiles, alt=_rates_alternative("tile_map", rates)),
    )


def _number(result: Result, name: str, style: str = "integer") -> tuple[float, str]:
    return float(str(result.value(f"describe.{name}").value)), style


def _rates_alternative(figure: str, rates: Result) -> dict[str, str]:
    cycle = best_covered_cycle(rates)
    numbers = {
        "provinces": _number(rates, "rates_cycle_provinces"),
        "rate": _number(rates, "rates_top", "decimal_1"),
        "lower": _number(rates, "rates_top_lower", "decimal_1"),
        "upper": _number(rates, "rates_top_upper", "decimal_1"),
    }
    return alternatives(
        figure,
        numbers,
        top=str(rates.value("describe.rates_top_province").value),
        cycle={language: label(language, "cycle", cycle) for language in LANGUAGES},
    )


def _exposure_alternative(exposed: Result, known: Result) -> dict[str, str]:
    numbers = {"cells": _number(known, "coverage_cells"), "without": _number(exposed, "exposure_cells_without_before")}
    return alternatives("exposure", numbers)


def _coverage_alternative(known: Result, study: StudyParameters) -> dict[str, str]:
    numbers = {
        "cells": _number(known, "coverage_cells"),
        "exact": _number(known, "coverage_exact"),
        "without": _number(known, "coverage_without_exact"),
        "nothing": _number(known, "coverage_not_reported"),
    }
    counted = {language: label(language, "counted", study.outcome.counted) for language in LANGUAGES}
    return alternatives("coverage", numbers, counted=counted)
