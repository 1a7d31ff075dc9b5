"""Reported rates: one exact count a province and cycle, with its exact interval, and nothing where nothing is known."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy import stats

from netral_research.describe.rates import national_series, reported_rates, undivided_units
from netral_research.errors import StudyError
from netral_research.language import LANGUAGES
from netral_research.study import StudyParameters

NAMES = {"11": "Aceh", "51": "Bali", "52": "Nusa Tenggara Barat", "91": "Papua"}


@pytest.fixture
def rates(headcount, polling_days, study):
    def run(frame: pd.DataFrame, chosen: StudyParameters = study):
        return reported_rates(frame, headcount, polling_days, NAMES, chosen)

    return run


def test_a_rate_is_cases_per_ten_thousand_civil_servants(rates, counts):
    row = rates(counts({"value": 7})).table.iloc[0]
    assert row["rate"] == pytest.approx(3.5)
    assert row["headcount"] == 20_000


def test_a_published_zero_has_rate_zero_and_an_interval_that_reaches_above_it(rates, counts):
    row = rates(counts({"value": 0, "province_code": "11"})).table.iloc[0]
    assert (row["rate"], row["rate_lower"]) == (0, 0)
    assert row["rate_upper"] == pytest.approx(-math.log(0.025))


@pytest.mark.parametrize(("value", "confidence"), [(1, 0.95), (4, 0.95), (176, 0.95), (4, 0.9), (0, 0.8)])
def test_the_interval_is_garwoods_at_the_confidence_of_the_study(rates, counts, study, value, confidence):
    chosen = study.model_copy(update={"model": study.model.model_copy(update={"confidence": confidence})})
    row = rates(counts({"value": value, "province_code": "52"}), chosen).table.iloc[0]
    tail = (1 - confidence) / 2
    lower = stats.chi2.ppf(tail, 2 * value) / 2 if value else 0
    upper = stats.chi2.ppf(1 - tail, 2 * value + 2) / 2
    assert (row["rate_lower"], row["rate_upper"]) == pytest.approx((lower * 2, upper * 2))


def test_the_confidence_is_a_value_so_that_no_text_has_to_type_it(rates, counts, study):
    chosen = study.model_copy(update={"model": study.model.model_copy(update={"confidence": 0.995})})
    value = rates(counts({}), chosen).value("describe.rates_confidence")
    assert (value.value, value.format) == (0.995, "percent_1")


def test_the_latest_count_of_a_province_is_taken_whoever_told_it(rates, counts):
    frame = counts(
        {"value": 9, "as_of": "2020-10-01"}, {"value": 4, "as_of": "2020-12-20", "institution": "kasn"},
        {"value": 11, "as_of": "2020-11-01"},
    )  # fmt: skip
    row = rates(frame).table.iloc[0]
    assert (row["value"], row["institution"], row["final"]) == (4, "kasn", True)


def test_a_dated_count_goes_before_an_undated_one(rates, counts):
    frame = counts({"value": 9, "as_of": ""}, {"value": 4, "as_of": "2020-10-01"})
    assert rates(frame).table["value"].tolist() == [4]


def test_an_undated_count_stands_where_there_is_no_other_and_is_never_called_final(rates, counts):
    row = rates(counts({"value": 9, "as_of": ""})).table.iloc[0]
    assert (row["value"], row["final"]) == (9, False)


def test_a_count_for_a_whole_year_is_not_called_final(rates, counts):
    frame = counts({"as_of": "2020", "as_of_earliest": "2020-01-01", "as_of_latest": "2020-12-31"})
    assert not rates(frame).table["final"].any()


def test_a_count_on_polling_day_itself_is_final(rates, counts, polling_days):
    assert rates(counts({"as_of": polling_days["pilkada_2020"]})).table["final"].all()


@pytest.mark.parametrize(
    "other",
    [
        {"bound": "at_least"}, {"bound": "at_most"}, {"origin": "unlisted"}, {"geo_level": "regency"},
        {"geo_level": "provincial_government"}, {"count_kind": "period"}, {"stage": "proven"}, {"measure": "persons"},
        {"institution": "media"}, {"election_cycle": "pilkada_2015"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_exact_cumulative_headline_count_of_a_province_gives_no_rate(rates, counts, other):
    frame = counts({"province_code": "51", "value": 3}, {"province_code": "52", "value": 900, **other})
    assert rates(frame).table["unit_code"].tolist() == ["51"]


def test_a_province_split_off_later_does_not_stand_for_the_unit_it_belonged_to(rates, counts):
    frame = counts({"value": 3}, {"province_code": "93", "unit_code": "91", "election_cycle": "pilkada_2024"})
    assert rates(frame).table["unit_code"].tolist() == ["51"]


def test_after_a_split_the_old_name_does_not_stand_for_the_whole_unit_either(counts, reference, study):
    papua = {"province_code": "91"}
    frame = counts(papua, {**papua, "election_cycle": "pilkada_2024"}, {"election_cycle": "pilkada_2024"})
    kept = undivided_units(frame, reference, study)
    assert kept[["unit_code", "election_cycle"]].to_numpy().tolist() == [["91", "pilkada_2020"], ["51", "pilkada_2024"]]


def test_one_province_alone_is_the_highest_and_the_median(rates, counts):
    result = rates(counts({"value": 8}))
    told = {value.id: value.value for value in result.values}
    assert told["describe.rates_top_province"] == "Bali"
    assert told["describe.rates_top"] == told["describe.rates_median"] == told["describe.rates_quartile_low"] == 4
    assert (told["describe.rates_cells"], told["describe.rates_cycle_provinces"]) == (1, 1)


def test_the_highest_rate_is_of_the_cycle_with_most_provinces_not_of_all_cycles(rates, counts):
    frame = counts(
        {"value": 1, "province_code": "11"}, {"value": 6, "province_code": "51"},
        {"value": 5000, "province_code": "52", "election_cycle": "pilkada_2024", "as_of": "2024-12-01"},
    )  # fmt: skip
    result = rates(frame)
    assert result.value("describe.rates_cycle").value == "cycle:pilkada_2020"
    assert result.value("describe.rates_top_province").value == "Bali"
    assert result.value("describe.rates_top").sources == ("S1",)


def test_small_provinces_are_ranked_by_rate_not_by_count(rates, counts):
    frame = counts({"value": 8, "province_code": "51"}, {"value": 3, "province_code": "52"})
    assert rates(frame).value("describe.rates_top_value").value == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_single_exact_count_the_study_is_refused_with_a_way_out(rates, counts, language):
    with pytest.raises(StudyError) as refused:
        rates(counts({"bound": "at_least"}))
    told = refused.value.describe(language)
    assert "headline_stage" in told
    assert "alleged" in told


def test_the_national_series_keeps_institutions_stages_and_measures_apart(counts, study):
    nation = {"geo_level": "national", "province_code": ""}
    frame = counts(
        {**nation, "value": 100}, {**nation, "value": 40, "institution": "kasn"},
        {**nation, "value": 70, "stage": "proven"},
        {**nation, "value": 130, "measure": "persons"}, {"value": 999},
    )  # fmt: skip
    table = national_series(frame, study).table
    assert sorted(table["value"]) == [40, 70, 100, 130]


def test_the_national_series_takes_the_latest_count_and_shows_the_range_ever_told(counts, study):
    nation = {"geo_level": "national", "province_code": ""}
    frame = counts(
        {**nation, "value": 100, "as_of": "2020-10-01"}, {**nation, "value": 90, "as_of": "2020-12-01"},
        {**nation, "value": 120, "as_of": "2020-11-01"}, {**nation, "value": 5000, "as_of": ""},
    )  # fmt: skip
    row = national_series(frame, study).table.iloc[0]
    assert (row["value"], row["value_min"], row["value_max"], row["n_counts"]) == (90, 90, 120, 3)


def test_a_national_series_without_counts_is_empty_not_a_fault(counts, study):
    result = national_series(counts({"value": 3}), study)
    assert result.table.empty
    assert result.value("describe.national_counts").value == 0
