"""How complete the event search is, on searches whose chance to find an event is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.exposure_completeness import (
    capture_histories,
    completeness_by_cell,
    estimate_completeness,
)
from netral_research.schemas import load_raw


def searched(random, events: int, first: float, second: float, loudness: float = 0.0) -> pd.DataFrame:
    loud = random.normal(0, loudness, events) if loudness else np.zeros(events)

    def found(chance: float) -> np.ndarray:
        return random.uniform(size=events) < 1 / (1 + np.exp(-np.log(chance / (1 - chance)) - loud))

    table = pd.DataFrame({"first": found(first), "second": found(second)})
    table = table.assign(
        election_cycle="pilkada_2020", unit_code=random.choice(["11", "12", "13"], events),
        event_id=[f"E{n}" for n in range(events)],
    )  # fmt: skip
    return table[table["first"] | table["second"]]


def test_independent_searches_tell_how_many_events_there_were():
    random = np.random.default_rng(1)
    tables = [searched(random, 400, 0.3, 0.4) for _ in range(100)]
    rows = pd.concat([estimate_completeness(table, ["election_cycle"], 0.95) for table in tables])
    assert rows["events"].mean() == pytest.approx(400, rel=0.03)
    assert 0.9 <= ((rows["events_lower"] <= 400) & (rows["events_upper"] >= 400)).mean() <= 1
    assert rows["completeness"].mean() == pytest.approx(0.58, abs=0.03)


def test_where_loud_events_are_found_by_both_the_completeness_is_an_upper_bound():
    table = searched(np.random.default_rng(2), 20_000, 0.3, 0.4, loudness=1.5)
    row = estimate_completeness(table, [], 0.95).iloc[0]
    true = len(table) / 20_000
    assert row["completeness"] > true > row["completeness_dependent_4"]
    assert row["chao"] < 20_000


def test_cells_are_drawn_to_the_mean_and_differ_where_the_searches_do():
    random = np.random.default_rng(3)
    hard = searched(random, 3000, 0.15, 0.15).assign(unit_code="21")
    easy = searched(random, 3000, 0.4, 0.4).assign(unit_code="22")
    few = searched(random, 4, 0.5, 0.5).assign(unit_code="23")
    cells = completeness_by_cell(pd.concat([hard, easy, few])).set_index("unit_code")["completeness"]
    assert cells["21"] == pytest.approx(0.28, abs=0.06)
    assert cells["22"] == pytest.approx(0.64, abs=0.06)
    assert cells["21"] < cells["23"] < cells["22"]


def test_one_search_alone_is_refused():
    table = searched(np.random.default_rng(1), 50, 0.5, 0.5).assign(second=False)
    for estimate in (lambda: estimate_completeness(table, [], 0.95), lambda: completeness_by_cell(table)):
        with pytest.raises(CannotEstimateError) as refusal:
            estimate()
        assert refusal.value.problems[0].key == "model_one_search"


def test_the_real_search_has_found_less_than_two_thirds_of_the_events_of_every_cycle(
    cleaned_events, real_project, study
):
    captures = capture_histories(
        cleaned_events["events"].table, cleaned_events["event_places"].table,
        load_raw(real_project, "data/raw/source_frame.csv"),
    )  # fmt: skip
    captures = captures[captures["election_cycle"].isin(study.study.cycles)]
    table = estimate_completeness(captures, ["election_cycle"], 0.95)
    assert set(table["election_cycle"]) == set(study.study.cycles)
    assert (table["completeness"] < 2 / 3).all()
    assert (table["events_lower"] > table["found"]).all()
