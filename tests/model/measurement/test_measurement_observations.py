"""What becomes an observation of the likelihood, and in which limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.measurement.observations import build_observations

USUAL = {
    "origin": "published", "geo_level": "province", "stage": "alleged", "measure": "cases",
    "institution": "bawaslu_ri", "institution_group": "bawaslu", "province_code": "51", "unit_code": "51",
    "election_cycle": "pilkada_2020", "as_of": "2020-10-04", "as_of_earliest": "2020-10-04",
    "as_of_latest": "2020-10-04", "period_start": "", "lower": 4.0, "upper": 4.0, "ranking_id": "",
    "list_kind": "total", "source_ids": "S1",
}  # fmt: skip


@pytest.fixture
def observe(reference, study):
    def run(*rows: dict[str, object], headcount: float = 20_000.0) -> pd.DataFrame:
        violations = pd.DataFrame([{**USUAL, "obs_id": f"V{number}", **row} for number, row in enumerate(rows)])
        panel = pd.DataFrame({"unit_code": ["51", "52", "91"], "election_cycle": "pilkada_2020"})
        panel = panel.assign(voted=[True, True, True], headcount=headcount, exposure=1.0)
        days = panel[["unit_code", "election_cycle"]].assign(snapshot_date="2020-10-04")
        days = days.assign(events_to_date=0, events_after_date=0)
        return build_observations(violations, panel, days, reference, study).table.set_index("obs_id")

    return run


def test_a_count_holds_on_its_day_relative_to_polling(observe):
    told = observe({}).loc["V0"]
    assert (told["kind"], told["lower"], told["days_from_polling"], told["from_campaign"]) == ("exact", 4, -66, True)


def test_a_region_left_out_of_a_ranking_lies_at_or_below_its_limit_on_the_rankings_day(observe):
    told = observe({"origin": "unlisted", "lower": 0.0, "upper": 6.0}).loc["V0"]
    assert (told["kind"], told["lower"], told["upper"]) == ("interval", 0, 6)


def test_a_limit_that_says_nothing_is_no_observation(observe):
    assert observe({"lower": 0.0, "upper": np.nan}, {}).index.tolist() == ["V1"]


def test_a_count_dated_by_its_year_is_a_lower_limit_at_the_years_end(observe):
    told = observe({"as_of": "2020", "as_of_earliest": "2020-01-01", "as_of_latest": "2020-12-31"}).loc["V0"]
    assert (told["lower"], told["upper"], told["days_from_polling"]) == (4, np.inf, 22)


def test_a_count_dated_by_its_month_holds_on_the_middle_day(observe):
    told = observe({"as_of": "2020-10", "as_of_earliest": "2020-10-01", "as_of_latest": "2020-10-31"}).loc["V0"]
    assert (told["kind"], told["days_from_polling"]) == ("exact", -54)


def test_a_period_keeps_its_start(observe):
    assert observe({"period_start": "2020-09-26"}).loc["V0", "start_days_from_polling"] == -74


def test_national_totals_are_observations_without_a_region(observe):
    told = observe({"geo_level": "national", "province_code": "", "unit_code": "", "lower": 800.0, "upper": 800.0})
    assert told.loc["V0", ["level", "unit_code"]].tolist() == ["national", ""]


@pytest.mark.parametrize(
    "row", [{"as_of": ""}, {"province_code": "93", "unit_code": "91"}, {"stage": "dismissed"}, {"institution": "ngo"}]
)
def test_undated_partial_or_foreign_counts_are_left_out(observe, row):
    assert observe(row, {}).index.tolist() == ["V1"]


def test_a_missing_headcount_is_refused_by_name(observe):
    with pytest.raises(CannotEstimateError) as refusal:
        observe({}, headcount=np.nan)
    assert refusal.value.problems[0].key == "model_offset_missing"


def test_the_real_counts_enter_with_totals_limits_and_rankings(real_observations):
    kinds = real_observations.table.groupby(["level", "kind", "origin"]).size()
    assert kinds["national", "exact", "published"] > 50
    assert kinds["province", "exact", "published"] > 150
    assert kinds["province", "interval", "unlisted"] > 100
    assert len(real_observations.cells) == 165
