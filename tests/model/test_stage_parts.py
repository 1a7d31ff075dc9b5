"""The parts beside the headline: provinces pooled, rankings, first events, and what each refuses."""

from __future__ import annotations

import numpy as np
import pytest

from netral_research.model.case_flow_stage import share_stages
from netral_research.model.event_study_stage import study_first_events
from netral_research.model.ranking_stage import estimate_rankings
from netral_research.model.region_stage import cell_weights, estimate_by_region
from netral_research.model.sample import build_sample


@pytest.fixture(scope="module")
def headcounts(panel):
    return panel["province_cycle"].table.groupby("unit_code")["headcount"].first()


@pytest.fixture(scope="module")
def pooled(model_tables, study):
    tables = model_tables
    sample = build_sample(tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study).table
    return estimate_by_region(sample, study)


def test_only_provinces_whose_interval_excludes_one_are_named(pooled):
    table = pooled.table
    outside = (table["lower"] > 1) | (table["upper"] < 1)
    assert (table["named"] == outside).all()
    assert set(table["term"]) == {"intercept", "dose"}


def test_elections_that_differ_more_than_chance_make_each_count_weigh_less(simulate):
    calm, restless = (
        cell_weights(simulate(np.random.default_rng(3), overdispersion=spread)).mean() for spread in (0.0, 0.6)
    )
    assert calm > 3 * restless
    assert 0 < restless < 0.2


def test_no_ratio_by_province_where_there_are_too_few_cycles(simulate, study):
    sample = simulate(np.random.default_rng(1), provinces=3, cycles=("pilkada_2020",))
    found = estimate_by_region(sample, study)
    assert found.table.empty
    assert found.value("model.region_refusal").value == "model_no_variation"


def test_zeros_in_place_of_limits_put_the_sum_too_low(model_tables, headcounts, study):
    table = estimate_rankings(model_tables.violations, headcounts, study)[0].table
    fitted = table[table["refusal"] == ""]
    assert len(fitted) > 3
    assert (fitted["zero_sum"] < fitted["sum"]).all()
    assert (fitted["zero_rate"] < fitted["rate"]).all()
    assert fitted["sum"].between(fitted["sum_least"], fitted["sum_most"]).all()
    told = fitted["total"].notna()
    assert (fitted.loc[told, "sum"] == fitted.loc[told, "total"]).all()


def test_an_unlisted_province_stays_within_the_limits_of_its_list(model_tables, headcounts, study):
    table = estimate_rankings(model_tables.violations, headcounts, study)[1].table
    assert table["expected"].between(table["lower"], table["upper"]).all()
    assert (table["predicted_upper"] <= table["upper"]).all()


def test_every_cycle_tells_why_first_events_cannot_be_studied_or_has_ratios(model_tables, headcounts, study):
    cycles, ratios = study_first_events(model_tables.violations, model_tables.snapshots, headcounts, study)
    refused = cycles.table[cycles.table["refusal"] != ""]["election_cycle"]
    assert set(ratios.table["election_cycle"]) == set(study.study.cycles) - set(refused)


def test_every_count_of_a_later_stage_has_a_pair_or_a_reason(model_tables, study):
    pairs, refused, shares = (result.table for result in share_stages(model_tables.violations, study))
    assert (refused["reason"] != "").all()
    for step in ("proven", "sanctioned"):
        own = pairs.loc[pairs["numerator"] == step, "obs_id"], refused.loc[refused["numerator"] == step, "obs_id"]
        assert not set(own[0]) & set(own[1])
    assert (shares["share"].isna() == (shares["refusal"] != "")).all()
