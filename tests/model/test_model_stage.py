"""What the stage *model* saves beside the headline: tests of the association, measured counts, shares of stages."""

from __future__ import annotations

import numpy as np
import pytest

from netral_research.model.association_tests import shuffle_exposure
from netral_research.model.measurement_stage import RATIOS, TABLES, measure_counts
from netral_research.stages import stage_named


def test_the_stage_saves_what_it_declares(real_model):
    assert set(real_model) == set(stage_named("model").tables)


def test_only_shuffled_histories_are_told_as_a_p_value(real_model):
    tests = real_model["association_tests"].table.set_index("test")["p_value"]
    assert list(tests.index) == ["shuffled_histories"]
    assert tests.between(0, 1).all()
    names = {value.id for result in real_model.values() for value in result.values}
    assert not names & {"model.p_wild_bootstrap", "model.p_jackknife", "model.p_cluster_robust"}


def test_the_seed_gives_the_same_p_values(real_model, model_tables, study):
    one, two = (
        shuffle_exposure(real_model["sample"].table, model_tables.province_cycle, study).table for _ in range(2)
    )
    assert one.equals(two)


def test_provinces_are_named_only_where_their_interval_excludes_one(real_model):
    table = real_model["measurement_differences"].table
    named = table[table["named"]]
    assert ((named["lower"] > 1) | (named["upper"] < 1)).all()
    rest = table[~table["named"]]
    assert ((rest["lower"] <= 1) & (rest["upper"] >= 1)).all()
    assert (table["rank_lower"] <= table["rank"]).all()


def test_every_province_and_cycle_that_voted_has_an_estimate(real_model):
    table = real_model["measurement_provinces"].table
    assert len(table) == 165
    assert (table["rate_lower"] < table["rate"]).all()
    assert (table["rate"] < table["rate_upper"]).all()
    assert table["n_exact"].sum() > 100


def test_ratios_between_ways_of_counting_lie_where_a_prototype_found_them(real_model):
    """A prototype on earlier data: persons to cases 1.53, referred 0.89, proven 0.71, KASN 0.69."""
    found = real_model["measurement_ratios"].table.set_index("term")
    for name, low, high in (("persons_cases", 1.2, 1.8), ("referred_alleged", 0.7, 1.05), ("proven_alleged", 0.55, 0.9),
                            ("kasn_bawaslu", 0.5, 0.85)):  # fmt: skip
        assert low < found.loc[RATIOS[name], "ratio"] < high
        assert real_model["measurement_ratios"].value(f"model.measured_{name}").value == pytest.approx(
            found.loc[RATIOS[name], "ratio"], abs=1e-5
        )


def test_the_dose_is_told_with_its_placebo_and_what_it_could_have_shown(real_model):
    table = real_model["measurement_dose"].table.set_index("estimate")
    assert {"within", "between", "placebo", "beyond_placebo"} <= set(table.index)
    within = table.loc["within"]
    assert within["lower"] < within["rate_ratio"] < within["upper"]
    assert within["detectable_below"] < 1 < within["detectable_above"]
    sentence = real_model["measurement_dose"].value("model.measured_sentence").value
    assert sentence == "cannot_tell" or not within["lower"] <= 1 <= within["upper"]


def test_national_totals_that_were_kept_out_are_mostly_inside(real_model):
    table = real_model["measurement_totals"].table
    assert len(table) > 40
    assert table["inside"].mean() > 0.92
    assert (table["published"] > 0).all()


def test_the_worst_fitting_counts_come_first(real_model):
    residuals = real_model["measurement_outliers"].table["residual"].abs().to_numpy()
    assert (np.diff(residuals) <= 1e-9).all()


def test_shares_stand_only_where_one_institution_counted_both(real_model):
    table = real_model["case_flow"].table
    assert (table["count"] <= table["total"]).all()
    assert table["share"].between(0, 1).all()
    refused = real_model["case_flow"].value("model.case_flow_refused").value
    assert refused > len(table), "most counts of later stages have no denominator of their own"


def test_too_few_counts_are_refused_with_empty_tables(model_tables, study):
    few = model_tables.violations.head(5)
    found = measure_counts(few, model_tables.province_cycle, model_tables.snapshots, model_tables.reference, study)
    assert [result.name for result in found] == list(TABLES)
    assert all(result.table.empty for result in found)
    assert found[0].value("model.measurement_refusal").value == "model_regions"
