"""The model gives a number where the data determine one, and a clear refusal everywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.language import LANGUAGES, locale_texts
from netral_research.model import poisson
from netral_research.model.cluster_errors import jackknife_quantile
from netral_research.model.poisson import FIXED_EFFECTS, design_matrix, fit_within_provinces

PACKAGE = Path(poisson.__file__).parents[1]


def refusal_of(sample: pd.DataFrame, regressors: tuple[str, ...] = ("dose",), minimum: int = 5) -> str:
    with pytest.raises(CannotEstimateError) as refused:
        fit_within_provinces(sample, regressors, minimum)
    for language in LANGUAGES:
        told = refused.value.describe(language)
        assert "{" not in told
        assert "Traceback" not in told
    return refused.value.problems[0].key


def test_an_empty_sample_is_refused(sample):
    assert refusal_of(sample.iloc[:0]) == "model_regions"


def test_too_few_provinces_are_refused_with_both_numbers(sample):
    few = sample[sample["unit_code"] < "15"]
    with pytest.raises(CannotEstimateError) as refused:
        fit_within_provinces(few, ["dose"], 10)
    assert refused.value.problems[0].fields == {"found": "4", "wanted": "10"}


def test_one_province_alone_is_refused_whatever_the_minimum(sample):
    assert refusal_of(sample[sample["unit_code"] == "11"], minimum=1) == "model_regions"


def test_zeros_everywhere_are_refused(sample):
    assert refusal_of(sample.assign(count=0)) == "model_zeros"


def test_provinces_with_nothing_but_zeros_say_nothing_and_change_nothing(sample):
    quiet = sample[sample["unit_code"] == "11"].assign(unit_code="99", count=0)
    with_quiet = fit_within_provinces(pd.concat([sample, quiet], ignore_index=True), ["dose"], 5)
    without = fit_within_provinces(sample, ["dose"], 5)
    assert with_quiet.coefficients == pytest.approx(without.coefficients, abs=1e-10)
    assert with_quiet.standard_errors == pytest.approx(without.standard_errors, abs=1e-10)
    assert with_quiet.error_weights == pytest.approx(without.error_weights, abs=1e-6)


def test_provinces_with_cases_must_be_enough_by_themselves(sample):
    quiet = sample.assign(count=sample["count"].where(sample["unit_code"] < "15", 0))
    assert refusal_of(quiet, minimum=5) == "model_regions"


def test_a_dose_that_never_changes_within_a_province_is_refused(sample):
    lasting = sample.assign(dose=sample["unit_code"].astype("float64"))
    assert refusal_of(lasting) == "model_no_variation"


def test_a_dose_that_is_the_same_for_all_provinces_of_a_cycle_is_refused(sample):
    by_cycle = sample.assign(
        dose=sample["election_cycle"].map({"pilkada_2018": 0.0, "pemilu_2019": 1.0, "pilkada_2020": 3.0})
    )
    assert refusal_of(by_cycle) == "model_no_variation"


def test_a_dose_of_province_plus_cycle_is_refused(sample):
    both = sample["unit_code"].astype("float64") + sample["election_cycle"].str.len()
    assert refusal_of(sample.assign(dose=both)) == "model_no_variation"


def test_a_dose_without_any_event_is_refused(sample):
    assert refusal_of(sample.assign(dose=0.0)) == "model_no_variation"


def test_a_dose_that_varies_in_one_province_only_is_refused(sample):
    one = (sample["unit_code"] == "11") & (sample["election_cycle"] == "pilkada_2020")
    assert refusal_of(sample.assign(dose=one.astype("float64"))) == "model_no_variation"


def test_the_message_names_the_variable_that_does_not_vary(sample):
    with pytest.raises(CannotEstimateError) as refused:
        fit_within_provinces(sample.assign(later=2 * sample["dose"]), ["dose", "later"], 5)
    assert refused.value.problems[0].column in ("dose", "later")


def test_a_dose_found_only_where_counts_are_zero_is_refused_not_estimated_as_minus_twenty(sample):
    treated = (sample["election_cycle"] == "pilkada_2020") & sample["unit_code"].isin(["11", "12", "13"])
    separated = sample.assign(dose=treated.astype("float64"), count=sample["count"].where(~treated, 0))
    assert refusal_of(separated) == "model_no_variation"


def test_a_cycle_of_zeros_does_not_disturb_the_others(sample):
    quiet = sample.assign(count=sample["count"].where(sample["election_cycle"] != "pilkada_2020", 0))
    without = sample[sample["election_cycle"] != "pilkada_2020"]
    one, two = (fit_within_provinces(frame, ["dose"], 5) for frame in (quiet, without))
    k = len(one.regressors)
    assert one.coefficients[:k] == pytest.approx(two.coefficients[:k], abs=1e-7)
    assert one.standard_errors[:k] == pytest.approx(two.standard_errors[:k], abs=1e-6)


def test_every_refusal_has_a_text_in_both_languages():
    keys = {
        key for path in PACKAGE.rglob("*.py") for key in re.findall(r'Problem\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert {"model_regions", "model_zeros", "model_no_variation", "model_convergence"} <= keys
    for language in LANGUAGES:
        texts = locale_texts(language)
        parts = ("problem", "expected", "action")
        assert [key for key in keys for part in parts if f"errors.{key}.{part}" not in texts] == []


def test_order_and_names_of_rows_do_not_matter(sample):
    shuffled = sample.sample(frac=1, random_state=3)
    one, two = (fit_within_provinces(frame, ["dose"], 5) for frame in (sample, shuffled))
    assert two.coefficients == pytest.approx(one.coefficients, abs=1e-9)
    assert two.standard_errors == pytest.approx(one.standard_errors, abs=1e-9)


def test_a_headcount_that_is_the_same_for_all_cycles_does_not_change_the_ratio(sample):
    other = sample.assign(log_headcount=sample["log_headcount"] + sample["unit_code"].astype("float64"))
    one, two = (fit_within_provinces(frame, ["dose"], 5) for frame in (sample, other))
    assert two.coefficients == pytest.approx(one.coefficients, abs=1e-8)


def test_a_headcount_that_changes_between_cycles_does(sample):
    other = sample.assign(log_headcount=sample["log_headcount"] + 0.3 * sample["dose"])
    one, two = (fit_within_provinces(frame, ["dose"], 5) for frame in (sample, other))
    assert two.coefficients[0] == pytest.approx(one.coefficients[0] - 0.3, abs=1e-8)


def test_without_an_offset_the_counts_themselves_are_compared(sample):
    one = fit_within_provinces(sample.assign(log_headcount=0.0), ["dose"], 5)
    two = fit_within_provinces(sample.drop(columns="log_headcount"), ["dose"], 5, offset=None)
    assert two.coefficients == pytest.approx(one.coefficients, abs=1e-12)


def test_provinces_are_absorbed_and_the_other_fixed_effects_keep_all_levels_but_one(sample):
    names = design_matrix(sample, ["dose"]).columns
    assert sum(name.startswith("unit_code_") for name in names) == 0
    assert sum(name.startswith("election_cycle_") for name in names) == 2
    assert sum(name.startswith("stage_") for name in names) == 1
    assert len(names) == 1 + 2 + 1


def test_the_interval_and_the_detectable_ratio_follow_from_the_error_and_what_bears_it(sample):
    fit = fit_within_provinces(sample, ["dose"], 5)
    error, centre = fit.standard_errors[0] / fit.error_scales[0], fit.coefficients[0]
    bound, wanted = (jackknife_quantile(tail, fit.error_weights[0]) for tail in (0.95, 0.8))
    ratio, lower, upper = fit.interval("dose", 0.9)
    reach = bound * error
    assert (ratio, lower, upper) == pytest.approx((np.exp(centre), np.exp(centre - reach), np.exp(centre + reach)))
    below, above = fit.detectable("dose", 0.9, 0.8)
    assert above == pytest.approx(np.exp((bound + wanted) * error))
    assert below * above == pytest.approx(1)


def test_fixed_effects_of_the_study_are_those_the_report_names():
    assert FIXED_EFFECTS == ("unit_code", "election_cycle", "institution_group", "stage", "measure")


def test_a_level_that_hangs_on_one_province_has_no_error():
    sample = pd.DataFrame(
        {
            "unit_code": [unit for unit in "abcdefghijkl" for _ in range(2)],
            "election_cycle": ["one", "two"] * 12,
            "institution_group": ["bawaslu"] * 24,
            "stage": ["alleged"] * 23 + ["proven"],
            "measure": ["cases"] * 24,
            "count": [5, 7, 4, 9, 8, 3, 6, 6, 5, 2, 9, 4, 7, 7, 3, 5, 8, 6, 4, 4, 6, 9, 5, 3],
            "log_headcount": [1.0] * 24,
            "dose": [0, 1, 2, 0, 1, 1, 0, 2, 1, 0, 2, 1, 0, 0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1],
        }
    )
    fit = fit_within_provinces(sample, ["dose"], 10)
    errors = dict(zip(fit.names, fit.standard_errors, strict=True))
    assert errors["dose"] > 0
    assert np.isnan(errors["stage_proven"])
    assert np.isnan(fit.interval("stage_proven", 0.95)[1])
