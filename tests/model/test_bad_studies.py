"""Whole studies that bear no estimate: the stage says so and why, and prints no number in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from netral_research.model import build
from netral_research.model.build import ModelTables, estimate_association


def with_exposure(events: float) -> Callable[[ModelTables], ModelTables]:
    def change(tables: ModelTables) -> ModelTables:
        panel = tables.province_cycle.assign(exposure=events, events_before_campaign=int(events))
        return replace(tables, province_cycle=panel)

    return change


def one_region(tables: ModelTables) -> ModelTables:
    rows = tables.violations
    return replace(tables, violations=rows[rows["unit_code"] == rows["unit_code"].value_counts().drop("").index[0]])


def all_zero(tables: ModelTables) -> ModelTables:
    return replace(tables, violations=tables.violations.assign(value=0, lower=0, upper=0))


def offset_missing(tables: ModelTables) -> ModelTables:
    return replace(tables, province_cycle=tables.province_cycle.assign(headcount=np.nan))


BAD = {
    "no_treated_region": (with_exposure(0.0), "model_no_variation"),
    "constant_dose": (with_exposure(3.0), "model_no_variation"),
    "one_region": (one_region, "model_regions"),
    "all_zero": (all_zero, "model_regions"),
    "offset_missing": (offset_missing, "model_offset"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_study_that_bears_no_estimate_ends_in_its_reason_not_a_ratio(model_tables, study, fault, monkeypatch):
    # What stands beside the association has refusals, and tests, of its own, and takes far longer.
    monkeypatch.setattr(build, "_beside", lambda *_: ())
    change, reason = BAD[fault]
    results = {result.name: result for result in estimate_association(change(model_tables), study)}
    told = {value.id: value.value for value in results["estimates"].values}
    assert (told["model.sentence"], told["model.refusal"]) == ("not_estimated", reason)
    for name in ("estimates", "association_tests", "coefficients", "leave_one_out", "cross_check"):
        assert results[name].table.empty
    printed = {value.id for result in results.values() for value in result.values}
    assert not printed & {"model.rate_ratio", "model.lower", "model.p_shuffled_histories", "model.placebo_ratio"}


def test_what_stands_beside_the_association_gives_no_number_for_a_province_without_a_headcount(model_tables, study):
    panel = model_tables.province_cycle
    unit = panel["unit_code"].iloc[0]
    known = panel["headcount"].where(panel["unit_code"] != unit)
    tables = replace(model_tables, province_cycle=panel.assign(headcount=known))
    sample = build.build_sample(tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study)
    results = {result.name: result for result in build._beside(tables, sample.table, study)}
    measured = [result for name, result in results.items() if name.startswith("measurement")]
    assert all(result.table.empty for result in measured)
    told = {value.id: value.value for result in measured for value in result.values}
    assert told == {"model.measurement_refusal": "model_offset_missing"}
    unlisted = results["ranking_unlisted"].table
    assert unit not in set(unlisted["unit_code"])
    assert len(results["rankings"].table)
