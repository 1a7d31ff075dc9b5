"""The stage *robustness* on the real study, and where the association cannot be estimated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from netral_research.language import LANGUAGES, locale_texts
from netral_research.model.build import ModelTables, estimate_association
from netral_research.robustness.build import TABLES, RobustnessTables, check_robustness
from netral_research.robustness.choices import OPTIONS, StudyChoices
from netral_research.robustness.multiverse_stage import _joint_test, _joint_values
from netral_research.robustness.shuffles import shuffle_histories
from netral_research.schemas import load_raw
from netral_research.stages import stage_named


@pytest.fixture(scope="module")
def tables(cleaned_events, cleaned_violations, panel, reference, study, real_project) -> RobustnessTables:
    model = ModelTables(
        cleaned_violations["violations"].table, panel["province_cycle"].table,
        panel["province_cycle_snapshot"].table, reference,
    )  # fmt: skip
    saved = {result.name: result.table for result in estimate_association(model, study)}
    names = ("data/reference/regions.csv", "data/reference/neighbours.csv", "data/raw/source_frame.csv")
    raw = (load_raw(real_project, name) for name in names)
    events = cleaned_events["events"].table, cleaned_events["event_places"].table
    return RobustnessTables(model, saved["sample"], saved["estimates"], *raw, *events)


@pytest.fixture(scope="module")
def results(tables, study):
    return {result.name: result for result in check_robustness(tables, study)}


def test_the_stage_saves_what_it_declares(results):
    assert list(results) == list(TABLES) == list(stage_named("robustness").tables)


def test_the_tipping_point_is_the_estimate_itself(results, tables):
    ratio = tables.estimates.set_index("estimate").loc["dose", "rate_ratio"]
    assert results["reporting"].value("robustness.tipping").value == pytest.approx(ratio)
    table = results["reporting"].table
    at_one = table.iloc[(table["reporting_ratio"] - 1).abs().argmin()]
    assert at_one["ratio"] == pytest.approx(ratio, rel=1e-4)


def test_the_whole_sample_stands_first_beside_those_without_a_cycle(results, tables, study):
    table = results["without_cycle"].table
    assert table["left_out"].iloc[0] == ""
    assert set(table["left_out"][1:]) == set(study.study.cycles)
    whole = tables.estimates.set_index("estimate").loc["dose"]
    assert table["rate_ratio"].iloc[0] == pytest.approx(whole["rate_ratio"], abs=1e-5)


def test_every_specification_is_a_row_and_refusals_are_counted(results):
    table = results["multiverse"].table
    assert len(table) == np.prod([len(options) for options in OPTIONS.values()])
    assert ((table["refusal"] == "") == table["rate_ratio"].notna()).all()
    # Every row says in both languages why it stands there, each choice of its own.
    assert (table[["reason_id", "reason_en"]] != "").all(axis=None)
    assert table["reason_id"].is_unique
    assert table["reason_en"].is_unique
    told = table[table["refusal"] == ""]
    assert results["multiverse"].value("robustness.specifications_estimated").value == len(told)


def test_refusals_by_reason_and_estimates_add_up_to_all_specifications(results):
    told = {value.id.removeprefix("robustness."): value.value for value in results["multiverse"].values}
    refused = sum(told[f"specifications_refused_{reason}"] for reason in ("regions", "variation", "other"))
    assert told["specifications"] == told["specifications_estimated"] + refused
    options = results["multiverse_choices"].table
    for name in OPTIONS:
        parts = options[options["dimension"] == name]
        assert parts["specifications"].sum() == told["specifications"]
        assert parts["estimated"].sum() == told["specifications_estimated"]


def test_the_joint_test_takes_what_was_estimated_and_tells_what_it_lost(results):
    estimated = results["multiverse"].table.query("refusal == ''")
    joint = results["joint_test"]
    assert joint.table["spec_id"].tolist() == estimated["spec_id"].tolist()
    taken = joint.table["refusal"] == ""
    assert set(joint.table.loc[~taken, "refusal"]) <= {"multiverse_draws"}
    assert joint.value("robustness.joint_specifications").value == taken.sum()
    assert joint.value("robustness.joint_specifications_lost").value == (~taken).sum()
    assert 0 < joint.value("robustness.joint_p_median").value <= 1
    # One step from the fit without a dose is near the estimate, except where the estimate is far from one.
    gap = np.log(joint.table["rate_ratio"].to_numpy() / estimated["rate_ratio"].to_numpy())
    assert np.abs(gap).max() < 0.15


def test_provinces_that_cannot_exchange_histories_have_no_joint_test(tables, study):
    choices = StudyChoices(tables.model, study)
    alone = tables.sample[tables.sample["unit_code"].isin(["11", "31", "73"])]
    assert _joint_test(choices, choices.specifications[:1], alone, study) is None
    assert _joint_values(None)[0].value is None


def test_every_option_has_words_and_a_dimension_with_one_option_says_why():
    for language in LANGUAGES:
        texts = locale_texts(language)
        for name, options in OPTIONS.items():
            assert all(f"choices.option.{name}_{option}" in texts for option in options)
            assert (f"choices.single.{name}" in texts) == (len(options) == 1)
            assert f"choices.dimension.{name}" in texts


def test_the_first_specification_is_the_study(results, tables):
    first = results["multiverse"].table.iloc[0]
    whole = tables.estimates.set_index("estimate").loc["dose"]
    assert (first["rate_ratio"], first["lower"]) == pytest.approx((whole["rate_ratio"], whole["lower"]), abs=1e-5)


def test_residuals_of_neighbours_are_tested_by_two_kinds_of_neighbours(results):
    table = results["space"].table
    assert table["neighbours"].tolist() == ["adjacent", "nearest_seats"]
    assert table["p_value"].between(0, 1).all()


def test_more_regions_would_show_a_weaker_association(results):
    table = results["more_data"].table.set_index("design")["detectable_ratio"]
    assert table["provinces"] < table["regencies"] < 1


def test_the_searches_found_less_than_all(results, study):
    table = results["completeness"].table
    assert set(table["election_cycle"]) <= set(study.study.cycles)
    assert table["completeness"].between(0, 1).all()
    assert (table["events"] >= table["found"]).all()


def test_where_nothing_was_estimated_only_what_needs_no_estimate_is_told(tables, study):
    found = {result.name: result for result in check_robustness(replace(tables, estimates=pd.DataFrame()), study)}
    assert found["reporting"].table.empty
    assert found["multiverse"].table.empty
    assert len(found["more_data"].table) == 2


def test_an_exposure_of_any_event_is_zero_or_one(tables, study):
    choices = StudyChoices(tables.model, study)
    chosen = next(one for one in choices.specifications if one.exposure == "any" and one.outlier_rule == "none")
    assert set(choices.sample(chosen)["dose"]) <= {0.0, 1.0}


def test_leaving_out_the_largest_rate_leaves_out_one_province(tables, study):
    choices = StudyChoices(tables.model, study)
    whole, less = (
        choices.sample(next(one for one in choices.specifications if one.outlier_rule == rule))
        for rule in ("none", "largest_rate")
    )
    assert whole["unit_code"].nunique() - less["unit_code"].nunique() == 1


@pytest.mark.parametrize("exposure", OPTIONS["exposure"])
def test_shuffled_histories_begin_with_those_of_the_sample(tables, study, exposure):
    choices = StudyChoices(tables.model, study)
    chosen = next(one for one in choices.specifications if one.exposure == exposure)
    sample = choices.sample(chosen)
    shuffles = shuffle_histories(sorted(tables.sample["unit_code"].unique()), draws=3, seed=1)
    observed = float(np.exp(choices.permute(sample, chosen, shuffles)[0]))
    assert observed == pytest.approx(choices.estimate(sample, chosen).rate_ratio, rel=0.02)
