from __future__ import annotations

import pytest

from netral_research.clean.conflicts import DISAGREEMENT_DAYS, TELLING_FIGURE
from netral_research.language import LANGUAGES, locale_texts

REGENCY = {"geo_level": "regency", "institution": "bawaslu_provinsi"}
NATION = {"geo_level": "national", "province": ""}


def kinds(results):
    return [(row.kind, row.row_ids) for row in results["conflicts"].table.itertuples()]


def test_counts_that_agree_are_no_contradiction(clean_count_rows):
    rows = [{"obs_id": "A"}, {"obs_id": "B", "value": "7", "as_of": "2020-11-01"}]
    assert kinds(clean_count_rows(*rows)) == []


def test_a_cumulative_count_that_falls_is_told_with_both_values(clean_count_rows):
    results = clean_count_rows({"obs_id": "A", "value": "9"}, {"obs_id": "B", "value": "7", "as_of": "2020-11-01"})
    (conflict,) = results["conflicts"].table.to_dict("records")
    assert (conflict["kind"], conflict["told"]) == ("falling_series", "A=9@2020-10-04;B=7@2020-11-01")
    assert (conflict["region_code"], conflict["election_cycle"]) == ("51", "pilkada_2020")


@pytest.mark.parametrize(
    ("earlier", "later", "falls"),
    [
        ({"bound": "at_least"}, {}, True),
        ({"bound": "at_most"}, {}, False),
        ({}, {"bound": "at_least"}, False),
        ({}, {"bound": "at_most"}, True),
        ({"period_start": "2020-01"}, {}, True),
        ({}, {"period_start": "2020-10-20"}, False),
        ({"stage": "in_process"}, {"stage": "in_process"}, False),
        ({"as_of": "2020"}, {}, False),
        ({"as_of": "2020-10"}, {}, True),
        ({"as_of": ""}, {}, False),
        ({"institution": "kasn"}, {}, False),
        ({"measure": "persons"}, {}, False),
    ],
)
def test_what_is_a_falling_series_and_what_is_not(clean_count_rows, earlier, later, falls):
    rows = [{"obs_id": "A", "value": "9", **earlier}, {"obs_id": "B", "value": "7", "as_of": "2020-11-30", **later}]
    found = [ids for kind, ids in kinds(clean_count_rows(*rows)) if kind == "falling_series"]
    assert found == (["A;B"] if falls else [])


@pytest.mark.parametrize(
    ("second", "differs"),
    [({"value": "6"}, True), ({"value": "6", "bound": "at_most"}, False), ({"value": "6", "bound": "at_least"}, True)],
)
def test_two_counts_of_one_day_that_exclude_each_other_are_told(clean_count_rows, second, differs):
    found = kinds(clean_count_rows({"obs_id": "A"}, {"obs_id": "B", **second}))
    assert found == ([("same_day_differs", "A;B")] if differs else [])


@pytest.mark.parametrize(
    ("day", "found"), [("2020-10-18", True), ("2020-10-19", False), ("2020-10", False), ("2020-09-21", True)]
)
def test_institutions_disagree_within_a_fortnight(clean_count_rows, day, found):
    assert DISAGREEMENT_DAYS == 14
    results = clean_count_rows({"obs_id": "A"}, {"obs_id": "B", "institution": "kasn", "as_of": day, "value": "7"})
    assert kinds(results) == ([("institutions_disagree", "A;B")] if found else [])


def test_institutions_disagree_whatever_period_they_told(clean_count_rows):
    rows = [{"obs_id": "A"}, {"obs_id": "B", "institution": "kasn", "value": "7", "period_start": "2020"}]
    assert kinds(clean_count_rows(*rows)) == [("institutions_disagree", "A;B")]


def province_and_regencies(clean_count_rows, province, *regencies):
    names = ("Kota Denpasar", "Kabupaten Badung", "Kabupaten Tabanan")
    rows = [
        {"obs_id": f"R{place}", "source_id": f"EE00{place + 2}", "regency": name, **REGENCY, **cells}
        for place, (name, cells) in enumerate(zip(names, regencies, strict=False))
    ]
    return kinds(clean_count_rows({"obs_id": "P", "institution": "bawaslu_provinsi", **province}, *rows))


@pytest.mark.parametrize(
    ("province", "regencies", "found"),
    [
        ({"value": "5"}, [{"value": "3"}, {"value": "3"}], True),
        ({"value": "6"}, [{"value": "3"}, {"value": "3"}], False),
        ({"value": "5"}, [{"value": "3"}, {"value": "3", "as_of": "2020-09-01"}], True),
        ({"value": "5"}, [{"value": "3"}, {"value": "3", "as_of": "2020-11-01"}], False),
        ({"value": "5"}, [{"value": "3"}, {"value": "3", "bound": "at_least"}], True),
        ({"value": "5"}, [{"value": "3"}, {"value": "3", "bound": "at_most"}], False),
        ({"value": "5"}, [{"value": "3"}, {"value": "3", "measure": "persons"}], False),
        ({"value": "5", "bound": "at_least"}, [{"value": "3"}, {"value": "3"}], False),
    ],
)
def test_a_province_below_the_sum_of_its_regencies_is_told(clean_count_rows, province, regencies, found):
    ids = "P;R0;R1"
    assert (
        ("province_below_regencies", ids) in province_and_regencies(clean_count_rows, province, *regencies)
    ) == found


def test_a_nation_below_its_provinces_is_told_but_not_by_an_older_stock_of_open_cases(clean_count_rows):
    nation = {"obs_id": "N", "source_id": "EE002", **NATION, "value": "4"}
    province = {"obs_id": "P", "as_of": "2020-09-01"}
    assert kinds(clean_count_rows(nation, province)) == [("nation_below_provinces", "N;P")]
    stock = {"stage": "in_process"}
    assert kinds(clean_count_rows({**nation, **stock}, {**province, **stock})) == []
    same_day = {**province, **stock, "as_of": "2020-10-04"}
    assert kinds(clean_count_rows({**nation, **stock}, same_day)) == [("nation_below_provinces", "N;P")]


def test_parts_of_the_procedure_above_the_alleged_cases_are_told(clean_count_rows):
    rows = [
        {"obs_id": "A", "value": "131"},
        {"obs_id": "B", "value": "116", "stage": "referred"},
        {"obs_id": "C", "value": "20", "stage": "dismissed"},
    ]
    assert kinds(clean_count_rows(*rows)) == [("parts_above_whole", "A;B;C")]
    assert kinds(clean_count_rows(*rows[:2], {**rows[2], "value": "15"})) == []


def test_a_later_stage_above_the_alleged_cases_is_told(clean_count_rows):
    rows = [{"obs_id": "A"}, {"obs_id": "B", "value": "6", "stage": "referred"}]
    assert kinds(clean_count_rows(*rows)) == [("stage_above_alleged", "A;B")]


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        ({"stage": "proven"}, "same_figure_other_stage"),
        ({"measure": "persons"}, "same_figure_other_measure"),
        ({"measure": "persons", "as_of": "2020-11-30"}, ""),
        ({"stage": "proven", "source_id": "EE001"}, ""),
        ({"as_of": "2020-10-10"}, "repeat_other_day"),
        ({"as_of": ""}, "repeat_other_day"),
        ({"as_of": "2020-11-30"}, ""),
    ],
)
def test_one_figure_told_as_several_things(clean_count_rows, second, kind):
    value = str(TELLING_FIGURE)
    results = clean_count_rows(
        {"obs_id": "A", "value": value}, {"obs_id": "B", "value": value, "source_id": "EE002", **second}
    )
    assert kinds(results) == ([(kind, "A;B")] if kind else [])


def test_small_figures_agree_by_chance(clean_count_rows):
    value = str(TELLING_FIGURE - 1)
    rows = [{"obs_id": "A", "value": value}, {"obs_id": "B", "value": value, "source_id": "EE002", "stage": "proven"}]
    assert kinds(clean_count_rows(*rows)) == []


LIST = {"list_kind": "full", "list_k": "2", "source_id": "EE002"}


def complete(total, first="9", second="4", **cells):
    return [
        {"obs_id": "T", **NATION, "value": total},
        {"obs_id": "A", "value": first, **LIST, **cells},
        {"obs_id": "B", "province": "Jawa Timur", "value": second, **LIST, **cells},
    ]


def test_a_complete_list_that_does_not_add_up_is_told(clean_count_rows):
    assert kinds(clean_count_rows(*complete("15"))) == [("ranking_differs_from_total", "A;B")]
    assert kinds(clean_count_rows(*complete("13"))) == []


def test_entries_told_as_limits_add_up_where_the_total_lies_between_them(clean_count_rows):
    assert kinds(clean_count_rows(*complete("15", bound="at_least"))) == []
    assert kinds(clean_count_rows(*complete("12", bound="at_most"))) == []
    assert kinds(clean_count_rows(*complete("15", bound="at_most"))) == [("ranking_differs_from_total", "A;B")]


def test_a_list_shorter_than_it_claims_is_told(clean_count_rows):
    rows = [{**row, "list_k": "3"} if row["obs_id"] != "T" else row for row in complete("13")]
    assert ("ranking_short", "A;B") in kinds(clean_count_rows(*rows))


def test_a_region_left_out_although_more_was_known_is_told(clean_count_rows):
    known = {"obs_id": "K", "province": "Jawa Tengah", "value": "6", "as_of": "2020-09-01"}
    top = [{**row, "list_kind": "top_k"} for row in complete("15")[1:]]
    (found,) = kinds(clean_count_rows(known, *top))
    assert found == ("unlisted_above_cut_off", "K;L001:33")
    # Four may still be below the fifth; more than the last listed one may not.
    assert kinds(clean_count_rows({**known, "value": "4"}, *top)) == []


def test_a_region_missing_from_a_complete_list_that_does_not_add_up_is_told(clean_count_rows):
    known = {"obs_id": "K", "province": "Jawa Tengah", "value": "1", "as_of": "2020-09-01", "stage": "in_process"}
    found = dict(kinds(clean_count_rows(known, *complete("15"))))
    assert found["unlisted_above_cut_off"] == "K;L001:33"
    assert "unlisted_above_cut_off" not in dict(
        kinds(clean_count_rows({**known, "as_of": "2020-11-01"}, *complete("15")))
    )
    assert "unlisted_above_cut_off" not in dict(kinds(clean_count_rows({**known, "value": "0"}, *complete("15"))))


def test_a_count_where_nobody_voted_is_told_and_kept(clean_count_rows):
    row = {"obs_id": "A", "province": "Maluku Utara", "regency": "Kabupaten Pulau Morotai", **REGENCY}
    results = clean_count_rows(row)
    assert kinds(results) == [("region_did_not_vote", "A")]
    assert len(results["violations"].table) == 1


@pytest.mark.parametrize(
    ("day", "found"), [("2019-12-09", True), ("2019-12-10", False), ("2019", False), ("2018", True)]
)
def test_a_count_long_before_polling_day_is_told(clean_count_rows, day, found):
    assert kinds(clean_count_rows({"obs_id": "A", "as_of": day})) == ([("far_before_polling", "A")] if found else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_contradiction_has_its_label(cleaned_events, cleaned_violations, language):
    found = {
        *cleaned_events["conflicts"].table["kind"],
        *cleaned_violations["conflicts"].table["kind"],
    }
    labels = {key.rpartition(".")[2] for key in locale_texts(language) if key.startswith("vocabulary.conflict.")}
    assert found <= labels


def test_the_rows_of_a_contradiction_keep_their_values(cleaned_violations):
    table = cleaned_violations["violations"].table
    known = set(table["obs_id"])
    conflicts = cleaned_violations["conflicts"].table
    named = conflicts["row_ids"].str.split(";").explode()
    assert set(named[~named.str.startswith("L")]) <= known
    assert conflicts["conflict_id"].is_unique
    assert (conflicts["told"].str.count("=") == conflicts["row_ids"].str.count(";") + 1).all()
