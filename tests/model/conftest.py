"""Samples of counts made for a test: small, with a truth that is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from netral_research.model.build import ModelTables, estimate_association
from netral_research.results import Result

CYCLES = ("pilkada_2018", "pemilu_2019", "pilkada_2020", "pemilu_2024", "pilkada_2024")
STAGES = ("alleged", "referred", "proven")


@pytest.fixture(scope="session")
def simulate() -> Callable[..., pd.DataFrame]:
    """Draws a sample with provinces of unequal size and risk, and risk of a region-cycle that is its own.

    ``effect`` is the log rate ratio of one doubling of events; ``targeting`` sends events where the province's lasting
    risk is high; ``chase`` sends them where the risk of that very cycle is high.
    """

    def draw(
        random: np.random.Generator, *, effect: float = 0.0, targeting: float = 0.0, chase: float = 0.0,
        overdispersion: float = 0.4, provinces: int = 24, cycles: Sequence[str] = CYCLES,
        stages: Sequence[str] = STAGES, mean: float = 20.0, treated: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        n, t = provinces, len(cycles)
        lasting = random.normal(0, 0.8, n)
        passing = random.normal(0, overdispersion, (n, t))
        drive = targeting * lasting[:, None] + chase * passing
        events = random.poisson(np.exp(0.6 + drive + random.normal(0, 0.5, (n, t))))
        if treated is not None:
            events[treated:] = 0
        headcount = np.exp(random.normal(11.3, 0.7, n))
        trend = random.normal(0, 0.5, t)
        dose = np.log2(1 + events)
        log_rate = np.log(mean) + lasting[:, None] + passing + trend + effect * dose - 11.3
        frames = []
        for place, stage in enumerate(stages):
            expected = np.exp(log_rate - 0.2 * place + np.log(headcount)[:, None])
            frames.append(
                pd.DataFrame(
                    {
                        "unit_code": np.repeat([f"{code:02d}" for code in range(11, 11 + n)], t),
                        "election_cycle": np.tile(np.array(cycles), n),
                        "institution_group": "bawaslu",
                        "stage": stage,
                        "measure": "cases",
                        "count": random.poisson(expected).ravel(),
                        "log_headcount": np.repeat(np.log(headcount / 10_000), t),
                        "dose": dose.ravel(),
                    }
                )
            )
        return pd.concat(frames, ignore_index=True)

    return draw


@pytest.fixture
def sample(simulate) -> pd.DataFrame:
    return simulate(np.random.default_rng(1), provinces=8, cycles=CYCLES[:3], stages=STAGES[:2])


@pytest.fixture(scope="session")
def model_tables(cleaned_violations, panel, reference) -> ModelTables:
    return ModelTables(
        violations=cleaned_violations["violations"].table,
        province_cycle=panel["province_cycle"].table,
        snapshots=panel["province_cycle_snapshot"].table,
        reference=reference,
    )


@pytest.fixture(scope="session")
def real_model(model_tables, study) -> dict[str, Result]:
    return {result.name: result for result in estimate_association(model_tables, study)}
