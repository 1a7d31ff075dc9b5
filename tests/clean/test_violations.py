from __future__ import annotations

import math

import pytest


def published(results):
    return results["violations"].table.query("origin == 'published'").set_index("obs_id")


@pytest.mark.parametrize(("bound", "lower", "upper"), [("exact", 5, 5), ("at_least", 5, math.nan), ("at_most", 0, 5)])
def test_a_bound_becomes_limits(clean_count_rows, bound, lower, upper):
    row = published(clean_count_rows({"obs_id": "A", "bound": bound})).loc["A"]
    assert row["lower"] == lower
    assert row["upper"] == upper or (math.isnan(row["upper"]) and math.isnan(upper))


def test_a_count_with_a_start_is_a_count_of_a_period(clean_count_rows):
    rows = published(clean_count_rows({"obs_id": "A", "period_start": "2020-09-26"}, {"obs_id": "B", "value": "9"}))
    assert rows["count_kind"].to_dict() == {"A": "period", "B": "cumulative"}


def test_a_count_speaks_of_the_regions_that_voted_then(clean_count_rows):
    rows = published(
        clean_count_rows(
            {"obs_id": "A", "province": "Papua Selatan", "election_cycle": "pilkada_2024", "as_of": "2024-10-01"},
            {"obs_id": "B", "province": "Papua"},
            {"obs_id": "C", "province": "Papua", "geo_level": "regency", "regency": "Kabupaten Merauke"},
        )
    )
    assert rows["province_code"].to_dict() == {"A": "93", "B": "91", "C": "91"}
    assert set(rows["unit_code"]) == {"91"}
    assert rows.at["C", "regency_code"] == "93.01"


def test_the_same_count_twice_is_one_observation_with_both_sources(clean_count_rows):
    results = clean_count_rows(
        {"obs_id": "A", "source_id": "EE001"},
        {"obs_id": "B", "source_id": "EE002", "list_kind": "top_k", "list_k": "1"},
        {"obs_id": "C", "source_id": "EE003", "value": "6"},
        {"obs_id": "D", "source_id": "EE004", "as_of": "2020-10-05"},
        {"obs_id": "E", "source_id": "EE005", "stage": "proven"},
    )
    rows = published(results)
    assert sorted(rows.index) == ["A", "C", "D", "E"]
    assert (rows.at["A", "source_ids"], rows.at["A", "n_reports"]) == ("EE001;EE002", 2)


def test_a_decided_merge_is_honoured_even_where_the_rows_are_identical(clean_count_rows):
    results = clean_count_rows(
        {"obs_id": "A", "source_id": "EE001"},
        {"obs_id": "B", "source_id": "EE002"},
        {"obs_id": "C", "source_id": "EE003"},
        decisions=({"row_id": "A", "action": "merge", "field": "same_as", "value": "B"},),
    )
    assert published(results)["source_ids"].to_dict() == {"B": "EE001;EE002;EE003"}


def test_zero_is_a_count_and_not_an_absence(clean_count_rows):
    row = published(clean_count_rows({"obs_id": "A", "value": "0"})).loc["A"]
    assert (row["lower"], row["upper"], row["value"]) == (0, 0, 0)


def test_the_cleaned_real_counts_hold_their_promises(cleaned_violations, violation_tables, reference):
    table = cleaned_violations["violations"].table
    assert table["obs_id"].is_unique
    rows = published(cleaned_violations)
    exact = rows[rows["bound"] == "exact"]
    assert (exact["lower"] == exact["upper"]).all()
    assert (rows["lower"] >= 0).all()
    assert (rows["upper"].isna() == (rows["bound"] == "at_least")).all()
    assert set(rows["institution_group"]) == {"bawaslu", "kasn", "other"}
    assert set(table["province_code"]) - {""} <= set(reference.register.provinces)
    regencies = table[table["regency_code"] != ""]
    assert set(regencies["geo_level"]) == {"regency"}
    sources = rows["source_ids"].str.split(";").explode()
    raw = violation_tables.violations
    gone = set(cleaned_violations["rejects"].table["row_id"])
    assert set(sources) == set(raw.loc[~raw["obs_id"].isin(gone), "source_id"])


def test_dates_are_never_filled_in(cleaned_violations):
    rows = published(cleaned_violations)
    assert (rows["as_of"] == "").sum() > 20
    unknown = rows[rows["as_of"] == ""]
    assert (unknown["as_of_earliest"] == "").all()
    years = rows[rows["as_of"].str.len() == 4]
    assert len(years) > 40
    assert years["as_of_earliest"].str.endswith("-01-01").all()
    assert years["as_of_latest"].str.endswith("-12-31").all()


def test_index_scores_are_numbers_with_the_codes_of_their_day(cleaned_violations):
    index = cleaned_violations["vulnerability_index"].table
    assert len(index) == 69
    assert index["score"].dropna().between(0, 100).all()
    assert (index.loc[index["geo_level"] == "province", "province_code"].str.len() == 2).all()
