"""Everything the default study computes, from the raw files on, and its values by id."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research.describe import DescribeTables, describe
from netral_research.model.build import ModelTables, estimate_association
from netral_research.results import Result, Value
from netral_research.schemas import load_raw


@pytest.fixture(scope="session")
def all_results(
    real_project, cleaned_events, cleaned_violations, panel, reference, study
) -> dict[str, dict[str, Result]]:
    tables = DescribeTables(
        events=cleaned_events["events"].table,
        event_rows=cleaned_events["event_rows"].table,
        event_places=cleaned_events["event_places"].table,
        event_conflicts=cleaned_events["conflicts"].table,
        violations=cleaned_violations["violations"].table,
        conflicts=cleaned_violations["conflicts"].table,
        breakdowns=cleaned_violations["breakdowns"].table,
        vulnerability_index=cleaned_violations["vulnerability_index"].table,
        headcount=panel["headcount"].table,
        province_cycle=panel["province_cycle"].table,
        outcome=panel["province_cycle_outcome"].table,
        snapshot_outcome=panel["province_cycle_snapshot_outcome"].table,
        tiles=load_raw(real_project, "data/reference/tile_grid.csv"),
        reference=reference,
    )
    fitted = ModelTables(
        cleaned_violations["violations"].table, panel["province_cycle"].table, panel["province_cycle_snapshot"].table,
        reference,
    )  # fmt: skip
    return {
        "clean_events": cleaned_events,
        "clean_violations": cleaned_violations,
        "panel": panel,
        "describe": {result.name: result for result in describe(tables, study)},
        "model": {result.name: result for result in estimate_association(fitted, study)},
    }


@pytest.fixture(scope="session")
def values(all_results) -> dict[str, Value]:
    return {value.id: value for stage in all_results.values() for result in stage.values() for value in result.values}


@pytest.fixture(scope="session")
def tables(all_results) -> dict[str, dict[str, pd.DataFrame]]:
    return {stage: {name: result.table for name, result in results.items()} for stage, results in all_results.items()}
