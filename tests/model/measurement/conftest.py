"""Observations made for a test: few regions, every kind of published figure, a truth that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.fit import MeasurementFit, fit_measurement
from netral_research.model.measurement.observations import Observations, build_observations
from netral_research.model.measurement.simulation import Truth, draw_truth, simulate_limits

UNITS = tuple(str(code) for code in range(11, 25))
CYCLES = ("pilkada_2020", "pemilu_2024", "pilkada_2024")
COLUMNS = {
    "institution_group": "bawaslu", "stage": "alleged", "measure": "cases", "as_of": "2020-10-04",
    "start_days_from_polling": np.nan, "level": "province", "kind": "exact", "origin": "published", "lower": 5.0,
    "upper": 5.0, "from_campaign": True, "snapshot_date": "day", "ranking_id": "", "list_kind": "total",
    "source_ids": "S1",
}  # fmt: skip
LOG_SPREADS = np.log([0.8, 0.4, 0.1, 0.02])


def _rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for place, unit in enumerate(UNITS):
        for cycle in CYCLES:
            if place < 10:
                rows.append({"unit_code": unit, "election_cycle": cycle, "days_from_polling": -20.0})
                rows.append({
                    "unit_code": unit, "election_cycle": cycle, "days_from_polling": 10.0, "stage": "referred",
                    "measure": "persons" if place % 2 else "cases",
                    "institution_group": "kasn" if place > 5 else "bawaslu",
                })  # fmt: skip
            listed = place < 4
            rows.append({
                "unit_code": unit, "election_cycle": cycle, "days_from_polling": -60.0, "ranking_id": f"L-{cycle}",
                "list_kind": "top_k", "origin": "published" if listed else "unlisted",
                "kind": "exact" if listed else "interval", "lower": 5.0 if listed else 0.0, "upper": 5.0,
            })  # fmt: skip
    for cycle in CYCLES:
        for day in (-90.0, -10.0, 20.0):
            rows.append({"unit_code": "", "election_cycle": cycle, "days_from_polling": day, "level": "national"})
    rows.append({
        "unit_code": "12", "election_cycle": CYCLES[0], "days_from_polling": 0.0, "start_days_from_polling": -70.0,
    })  # fmt: skip
    rows.append({
        "unit_code": "24", "election_cycle": CYCLES[1], "days_from_polling": 0.0, "kind": "interval", "upper": np.inf,
    })  # fmt: skip
    return rows


@pytest.fixture(scope="session")
def told() -> Observations:
    table = pd.DataFrame([{**COLUMNS, **row, "obs_id": f"V{number:03d}"} for number, row in enumerate(_rows())])
    random = np.random.default_rng(5)
    cells = pd.DataFrame([(u, c) for u in UNITS for c in CYCLES], columns=["unit_code", "election_cycle"])
    headcount = dict(zip(UNITS, random.normal(1.0, 0.5, len(UNITS)), strict=True))
    dose = np.log2(1 + random.poisson(3, len(cells)))
    cells = cells.assign(log_headcount=cells["unit_code"].map(headcount), dose=dose)
    doses = cells[["unit_code", "election_cycle", "dose"]].assign(
        snapshot_date="day", dose_to_date=dose, later_dose=np.log2(1 + random.poisson(3, len(cells)))
    )
    return Observations(table, cells, doses, CYCLES)


@pytest.fixture(scope="session")
def publish(told: Observations) -> Callable[..., tuple[Observations, Truth]]:
    """Draws what is published from a known truth: ratios of 0.8, 0.9 and 1.5, slopes of 0.4 per 60 days."""

    def draw(seed: int, regressors: dict[str, np.ndarray] | None = None, **fixed: float) -> tuple[Observations, Truth]:
        design, random = build_design(told, regressors), np.random.default_rng(seed)
        effects = np.zeros(design.blocks.size)
        effects[design.blocks.spans[1]] = 0.4
        known = {
            "intercept": 2.5, "stage_referred": np.log(0.9), "measure_persons": np.log(1.5),
            "institution_group_kasn": np.log(0.8), "election_cycle_pemilu_2024": -1.0,
        }  # fmt: skip
        truth = draw_truth(design, effects, LOG_SPREADS, random, **known, **fixed)
        lower, upper = simulate_limits(design, told, truth, random)
        kind = np.where(lower == upper, "exact", "interval")
        return replace(told, table=told.table.assign(lower=lower, upper=upper, kind=kind)), truth

    return draw


@pytest.fixture(scope="session")
def published(publish) -> Observations:
    return publish(1)[0]


@pytest.fixture(scope="session")
def fitted(published: Observations) -> MeasurementFit:
    return fit_measurement(build_design(published))


@pytest.fixture(scope="session")
def real_observations(cleaned_violations, panel, reference, study) -> Observations:
    return build_observations(
        cleaned_violations["violations"].table, panel["province_cycle"].table,
        panel["province_cycle_snapshot"].table, reference, study,
    )  # fmt: skip
