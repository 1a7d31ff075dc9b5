from __future__ import annotations

import pytest

TOP = {"list_kind": "top_k", "list_k": "2"}
FULL = {"list_kind": "full", "list_k": "2"}


def entry(place, province, value, **cells):
    return {"obs_id": place, "province": province, "value": value, **cells}


def ranking(results):
    (record,) = results["rankings"].table.to_dict("records")
    return record


def unlisted(results):
    return results["violations"].table.query("origin == 'unlisted'")


def test_a_region_left_out_of_a_top_list_lies_at_or_below_the_last_value(clean_count_rows):
    results = clean_count_rows(entry("A", "Bali", "9", **TOP), entry("B", "Jawa Timur", "4", **TOP))
    rows = unlisted(results)
    assert (ranking(results)["cut_off"], ranking(results)["usable"]) == (4, "ok")
    assert set(rows["upper"]) == {4.0}
    assert set(rows["lower"]) == {0.0}
    assert rows["value"].isna().all()
    assert set(rows["bound"]) == {"at_most"}
    assert not {"51", "35"} & set(rows["province_code"])


def test_only_regions_that_existed_and_voted_are_bounded(clean_count_rows):
    results = clean_count_rows(entry("A", "Bali", "9", **TOP), entry("B", "Jawa Timur", "4", **TOP))
    # In 2020 there were 34 provinces; in DKI Jakarta and Aceh nobody voted.
    assert len(unlisted(results)) == 34 - 2 - 2
    assert not {"31", "11", "93", "96"} & set(unlisted(results)["province_code"])


def test_a_list_that_exhausts_its_total_leaves_nothing_for_the_others(clean_count_rows):
    total = {"obs_id": "T", "geo_level": "national", "province": "", "value": "13"}
    results = clean_count_rows(entry("A", "Bali", "9", **TOP), entry("B", "Jawa Timur", "4", **TOP), total)
    assert set(unlisted(results)["upper"]) == {0.0}


def test_the_rest_of_the_total_bounds_a_region_below_the_cut_off(clean_count_rows):
    total = {"obs_id": "T", "geo_level": "national", "province": "", "value": "15"}
    results = clean_count_rows(entry("A", "Bali", "9", **TOP), entry("B", "Jawa Timur", "4", **TOP), total)
    assert set(unlisted(results)["upper"]) == {2.0}


def test_a_region_left_out_of_a_bottom_list_lies_at_or_above_the_last_value(clean_count_rows):
    bottom = {"list_kind": "bottom_k", "list_k": "2"}
    rows = unlisted(clean_count_rows(entry("A", "Bali", "1", **bottom), entry("B", "Jawa Timur", "3", **bottom)))
    assert set(rows["lower"]) == {3.0}
    assert rows["upper"].isna().all()


@pytest.mark.parametrize(
    ("cells", "extra", "reason"),
    [
        ({**TOP, "list_k": "3"}, {}, "short"),
        ({**TOP, "list_k": ""}, {}, "no_length"),
        ({**TOP, "as_of": ""}, {}, "no_date"),
        ({**TOP, "bound": "at_least"}, {}, "not_exact"),
        ({**TOP, "list_k": "3", "bound": "at_least"}, {}, "short"),
        ({**TOP, "period_start": "2020-09-26"}, {}, "period"),
        (FULL, {"value": "15"}, "total_differs"),
        (FULL, {"value": "12"}, "total_differs"),
    ],
)
def test_a_list_that_cannot_be_trusted_bounds_nobody(clean_count_rows, cells, extra, reason):
    rows = [entry("A", "Bali", "9", **cells), entry("B", "Jawa Timur", "4", **cells)]
    if extra:
        rows.append({"obs_id": "T", "geo_level": "national", "province": "", **extra})
    results = clean_count_rows(*rows)
    assert ranking(results)["usable"] == reason
    assert unlisted(results).empty


def test_a_regencys_own_commission_bounds_no_other_regency(clean_count_rows):
    cells = {
        "institution": "bawaslu_kabkota", "geo_level": "regency", "regency": "Kota Denpasar", "list_kind": "top_k",
        "list_k": "1",
    }  # fmt: skip
    results = clean_count_rows(entry("A", "Bali", "9", **cells))
    assert ranking(results)["usable"] == "local"
    assert unlisted(results).empty


def test_a_provinces_commission_bounds_the_regencies_of_its_province(clean_count_rows):
    cells = {"institution": "bawaslu_provinsi", "geo_level": "regency", "list_kind": "full", "list_k": "1"}
    results = clean_count_rows(entry("A", "Bali", "9", regency="Kota Denpasar", **cells))
    rows = unlisted(results)
    assert set(rows["province_code"]) == {"51"}
    assert "51.71" not in set(rows["regency_code"])
    # Six of the nine regencies of Bali voted in 2020.
    assert len(rows) == 5
    assert set(rows["upper"]) == {9.0}


def test_a_list_told_on_several_pages_is_one_list(clean_count_rows):
    rows = [entry("A", "Bali", "9", source_id="EE001", **TOP), entry("B", "Jawa Timur", "4", source_id="EE002", **TOP)]
    record = ranking(clean_count_rows(*rows))
    assert (record["n_listed"], record["source_ids"], record["usable"]) == (2, "EE001;EE002", "ok")


def test_a_list_of_provinces_and_a_list_of_governments_of_one_day_are_two_lists(clean_count_rows):
    regency = {"geo_level": "regency", **TOP}
    results = clean_count_rows(
        entry("A", "Bali", "90", **TOP),
        entry("B", "Jawa Timur", "40", **TOP),
        entry("C", "Bali", "8", regency="Kota Denpasar", **regency),
        entry("D", "Jawa Timur", "3", regency="Kota Surabaya", **regency),
    )
    limits = results["rankings"].table.set_index("geo_level")["limit"].to_dict()
    assert limits == {"province": 40.0, "regency": 3.0}


def test_the_two_lists_of_one_page_of_the_real_data_have_their_own_cut_offs(cleaned_violations):
    lists = cleaned_violations["rankings"].table.query("source_ids == 'VA006'").set_index("geo_level")
    assert lists["n_listed"].to_dict() == {"province": 5, "regency": 5}
    assert lists.at["province", "cut_off"] > lists.at["regency", "cut_off"]


def test_a_list_with_a_governments_entry_is_short_only_without_it(clean_count_rows):
    cells = {"list_kind": "top_k", "list_k": "2"}
    results = clean_count_rows(
        entry("A", "Bali", "9", geo_level="provincial_government", **cells),
        entry("B", "Bali", "4", geo_level="regency", regency="Kota Denpasar", **cells),
    )
    assert set(results["rankings"].table["usable"]) == {"ok"}
    assert set(unlisted(results)["geo_level"]) == {"regency"}


def test_real_lists_that_bound_others_are_complete_dated_and_exact(cleaned_violations):
    lists = cleaned_violations["rankings"].table
    usable = lists[lists["usable"] == "ok"]
    assert len(usable) > 30
    assert (usable["n_listed"] >= usable["list_k"]).all()
    assert (usable["as_of"] != "").all()
    assert (usable["count_kind"] == "cumulative").all()
    assert (usable["limit"] <= usable["cut_off"]).all()
    assert (usable["limit"] >= 0).all()
    assert lists.loc[lists["usable"] != "ok", "limit"].isna().all()
    told = unlisted(cleaned_violations)
    assert set(told["ranking_id"]) <= set(usable["ranking_id"])


def test_no_region_is_both_listed_and_left_out(cleaned_violations):
    table = cleaned_violations["violations"].table
    place = ["ranking_id", "geo_level", "province_code", "regency_code"]
    listed = table[(table["origin"] == "published") & (table["ranking_id"] != "")]
    both = unlisted(cleaned_violations).merge(listed[place], on=place)
    assert both.empty


def test_the_sixty_seven_governments_of_one_ministry_are_one_list_over_five_pages(cleaned_violations):
    lists = cleaned_violations["rankings"].table
    (sources,) = set(lists.loc[(lists["list_k"] == 67) & (lists["geo_level"] == "regency"), "source_ids"])
    assert sources == "VA030;VA034;VA035;VA036;VA111"
    assert set(lists.loc[lists["list_k"] == 67, "n_listed"]) == {67}
