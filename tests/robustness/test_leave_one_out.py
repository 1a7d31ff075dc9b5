"""Estimates without each cycle: which one they hang on, and which one they cannot do without."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.poisson import fit_within_provinces
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.leave_one_out import leave_one_cycle_out, most_influential

EFFECTS = ["unit_code", "election_cycle"]


def within_provinces(sample):
    fit = fit_within_provinces(sample, ["dose"], 5, EFFECTS, offset=None)
    return Estimate(*fit.interval("dose", 0.95))


@pytest.fixture(scope="module")
def sample():
    random = np.random.default_rng(1)
    cells = pd.MultiIndex.from_product([[f"{unit}" for unit in range(11, 23)], ["c1", "c2", "c3", "c4"]], names=EFFECTS)
    table = pd.DataFrame({"dose": random.poisson(1.0, len(cells))}, index=cells).reset_index()
    effect = np.where(table["election_cycle"] == "c3", -0.6, 0.0)
    return table.assign(count=random.poisson(60 * np.exp(effect * table["dose"])))


def test_the_cycle_that_carries_the_estimate_is_found(sample):
    table = leave_one_cycle_out(sample, within_provinces)
    assert most_influential(table) == "c3"
    assert table["left_out"].tolist() == ["", "c1", "c2", "c3", "c4"]
    assert table["n_rows"].tolist() == [48, 36, 36, 36, 36]
    assert table.set_index("left_out").loc["c3", "rate_ratio"] == pytest.approx(1.0, abs=0.05)
    assert (table["lower"] < table["rate_ratio"]).all()


def test_each_row_is_the_estimate_of_the_sample_without_that_cycle(sample):
    table = leave_one_cycle_out(sample, within_provinces).set_index("left_out")
    assert table.loc["c2", "rate_ratio"] == within_provinces(sample[sample["election_cycle"] != "c2"]).rate_ratio


def test_a_cycle_that_cannot_be_left_out_is_told_and_comes_first(sample):
    only_once = sample.assign(dose=np.where(sample["election_cycle"] == "c2", sample["dose"], 0))
    table = leave_one_cycle_out(only_once, within_provinces).set_index("left_out")
    assert table.loc["c2", "refusal"] == "model_no_variation"
    assert math.isnan(table.loc["c2", "rate_ratio"])
    assert most_influential(table.reset_index()) == "c2"


def test_a_single_cycle_and_a_sample_that_cannot_be_estimated_are_refused(sample):
    with pytest.raises(CannotEstimateError) as refused:
        leave_one_cycle_out(sample[sample["election_cycle"] == "c1"], within_provinces)
    assert refused.value.problems[0].key == "robustness_one_part"
    with pytest.raises(CannotEstimateError) as refused:
        leave_one_cycle_out(sample.assign(dose=0), within_provinces)
    assert refused.value.problems[0].key == "model_no_variation"


def test_any_column_can_be_left_out(sample):
    table = leave_one_cycle_out(sample, within_provinces, column="unit_code")
    assert len(table) == 13
    assert set(table["n_regions"][1:]) == {11}
