from __future__ import annotations

import pytest

from netral_research.clean.events import check_cycle
from netral_research.dates import parse_date


def only(results, name="events"):
    (record,) = results[name].table.to_dict("records")
    return record


def test_an_event_keeps_the_precision_of_its_date(clean_event_rows):
    rows = [
        {"event_id": "A", "date_start": "2020-08-26", "date_precision": "day"},
        {"event_id": "B", "date_start": "2020-08", "date_precision": "month"},
        {"event_id": "C", "date_start": "2020", "date_precision": "year"},
        {"event_id": "D"},
    ]
    events = clean_event_rows(*rows)["events"].table.set_index("event_id")
    assert events[["date_earliest", "date_latest", "date_precision"]].to_numpy().tolist() == [
        ["2020-08-26", "2020-08-26", "day"],
        ["2020-08-01", "2020-08-31", "month"],
        ["2020-01-01", "2020-12-31", "year"],
        ["", "", ""],
    ]


def test_an_event_of_several_days_lasts_until_its_last_day(clean_event_rows):
    row = {"event_id": "A", "date_start": "2020-08-26", "date_end": "2020-08-28", "date_precision": "day"}
    event = only(clean_event_rows(row))
    assert (event["date_earliest"], event["date_latest"]) == ("2020-08-26", "2020-08-28")


def test_reports_of_one_event_are_one_event_with_all_sources_and_the_best_of_each(clean_event_rows):
    results = clean_event_rows(
        {"event_id": "A", "source_id": "EE001", "date_start": "2020", "date_precision": "year", "themes": "politik"},
        {
            "event_id": "B", "source_id": "EE002", "same_event_as": "A", "date_start": "2020-10-05",
            "date_precision": "day", "themes": "sanksi;politik", "mode": "virtual", "participants_n": "120",
        },
        {
            "event_id": "C", "source_id": "EE003", "same_event_as": "B", "province": "Jawa Timur",
            "scope": "multi_province",
        },
    )  # fmt: skip
    event = only(results)
    assert (event["event_id"], event["n_reports"], event["report_ids"]) == ("A", 3, "A;B;C")
    assert event["source_ids"] == "EE001;EE002;EE003"
    assert (event["date_start"], event["date_precision"]) == ("2020-10-05", "day")
    assert (event["province_codes"], event["scope"]) == ("51;35", "multi_province")
    assert (event["themes"], event["mode"], event["participants_n"]) == ("politik;sanksi", "virtual", 120)
    assert results["accounting"].table.iloc[0].to_dict() == {
        "file": "data/raw/events.csv", "rows_in": 3, "clean": 1, "merged": 2, "rejected": 0,
    }  # fmt: skip


def test_every_row_has_one_fate_and_the_event_it_went_into(clean_event_rows):
    results = clean_event_rows(
        {"event_id": "A"},
        {"event_id": "B", "same_event_as": "A"},
        {"event_id": "C"},
        decisions=({"row_id": "C", "action": "exclude"},),
    )
    fates = results["event_rows"].table
    assert fates[["row", "row_id", "fate", "event_id"]].to_numpy().tolist() == [
        [2, "A", "event", "A"],
        [3, "B", "merged", "A"],
        [4, "C", "rejected", ""],
    ]
    (reject,) = results["rejects"].table.to_dict("records")
    assert (reject["file"], reject["row"], reject["row_id"], reject["reason_en"]) == (
        "data/raw/events.csv", 4, "C", "reason",
    )  # fmt: skip


def test_an_event_in_several_provinces_has_a_place_in_each(clean_event_rows):
    places = clean_event_rows(
        {
            "event_id": "A", "province": "Bali;Jawa Tengah", "regency": "Kota Denpasar;Kabupaten Badung",
            "scope": "multi_province",
        }
    )["event_places"].table  # fmt: skip
    assert places[["province_code", "regency_code"]].to_numpy().tolist() == [
        ["33", ""],
        ["51", "51.03"],
        ["51", "51.71"],
    ]


def test_a_national_event_has_no_place(clean_event_rows):
    results = clean_event_rows({"event_id": "A", "scope": "national", "province": "DKI Jakarta"}, {"event_id": "B"})
    assert results["event_places"].table["event_id"].tolist() == ["B"]


def test_the_widest_scope_of_the_reports_counts(clean_event_rows):
    results = clean_event_rows(
        {"event_id": "A", "scope": "regency", "regency": "Kota Denpasar"},
        {"event_id": "B", "scope": "national", "province": "", "same_event_as": "A"},
    )
    assert only(results)["scope"] == "national"
    assert results["event_places"].table.empty


def test_merauke_in_2020_lies_in_papua_and_in_2024_in_papua_selatan(clean_event_rows):
    def place(**cells):
        row = {"event_id": "A", "scope": "regency", "regency": "Kabupaten Merauke", "date_precision": "day", **cells}
        return only(clean_event_rows(row), "event_places")

    then = place(province="Papua", date_start="2020-08-10")
    assert (then["province_code"], then["unit_code"]) == ("91", "91")
    assert then["regency_code_then"] != then["regency_code"]
    now = place(province="Papua Selatan", date_start="2024-08-10", election_cycle="pilkada_2024")
    assert (now["province_code"], now["unit_code"], now["regency_code"]) == ("93", "91", then["regency_code"])
    assert now["regency_code_then"] == now["regency_code"]


def test_a_province_of_today_told_for_a_day_before_it_existed_is_flagged_and_placed_in_its_parent(clean_event_rows):
    results = clean_event_rows(
        {"event_id": "A", "province": "Papua Selatan", "date_start": "2020-08-10", "date_precision": "day"}
    )
    assert only(results)["province_codes"] == "91"
    assert results["conflicts"].table["kind"].tolist() == ["region_not_yet_existing"]


@pytest.mark.parametrize(
    ("written", "cycle", "check"),
    [
        ("2020-09-01", "pilkada_2020", "ok"),
        ("2020-12-09", "pilkada_2020", "ok"),
        ("2020-12-10", "pilkada_2020", "after_polling"),
        ("2019-04-17", "pilkada_2020", "before_previous_polling"),
        ("2019-04-18", "pilkada_2020", "ok"),
        ("2022-02-13", "pemilu_2024", "far_before_polling"),
        ("2022-02-14", "pemilu_2024", "ok"),
        ("2024", "pilkada_2024", "several_cycles"),
        ("2024", "pemilu_2024", "several_cycles"),
        ("2019", "pilkada_2020", "several_cycles"),
        ("2018", "pilkada_2020", "before_previous_polling"),
        ("", "pilkada_2020", "date_unknown"),
        ("2020-09-01", "none", "no_cycle"),
    ],
)
def test_the_cycle_is_compared_with_the_calendar(reference, written, cycle, check):
    assert check_cycle(parse_date(written), cycle, reference.calendar) == check


@pytest.mark.parametrize(
    ("date", "law"),
    [("2020-09-09", "SKB"), ("2020-09-10", "SKB 2020"), ("2022-09-22", "SKB 2022"), ("2021", "SKB 2020"), ("", "SKB")],
)
def test_a_joint_decree_without_its_year_is_the_one_in_force(clean_event_rows, date, law):
    precision = {0: "", 4: "year", 10: "day"}[len(date)]
    row = {"event_id": "A", "legal_basis": "UU 5/2014;SKB", "date_start": date, "date_precision": precision}
    assert only(clean_event_rows(row))["legal_basis"] == f"UU 5/2014;{law}"


def pair(clean_event_rows, first, second):
    results = clean_event_rows({"event_id": "A", **first}, {"event_id": "B", **second})
    return [(row.kind, row.row_ids) for row in results["conflicts"].table.itertuples()]


def day(date):
    return {"date_start": date, "date_precision": "day"}


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (day("2020-08-03"), True),
        (day("2020-08-04"), False),
        ({**day("2020-08-02"), "province": "Jawa Timur"}, False),
        ({**day("2020-08-02"), "organiser": "bkn"}, False),
        ({**day("2020-08-02"), "event_type": "webinar"}, True),
        ({}, True),
        ({"event_type": "webinar"}, False),
        ({"date_start": "2020-08", "date_precision": "month"}, True),
        ({"date_start": "2020-07", "date_precision": "month"}, False),
    ],
)
def test_likely_repeats_are_told_and_never_merged(clean_event_rows, second, found):
    assert pair(clean_event_rows, day("2020-08-01"), second) == ([("possible_repeat", "A;B")] if found else [])


def test_merged_reports_that_cannot_be_the_same_day_are_told_with_all_values(clean_event_rows):
    results = clean_event_rows(
        {"event_id": "A", **day("2020-08-01")},
        {"event_id": "B", "same_event_as": "A", **day("2020-08-02"), "province": "Jawa Timur"},
    )
    found = {row.kind: row.told for row in results["conflicts"].table.itertuples()}
    assert found == {
        "merged_dates_differ": "A=2020-08-01;B=2020-08-02",
        "merged_regions_differ": "A=Bali;B=Jawa Timur",
    }


def test_a_coarser_date_of_the_same_event_is_no_contradiction(clean_event_rows):
    results = clean_event_rows(
        {"event_id": "A", **day("2020-08-01")},
        {"event_id": "B", "same_event_as": "A", "date_start": "2020", "date_precision": "year"},
    )
    assert results["conflicts"].table.empty


def test_the_cleaned_real_events_hold_their_promises(cleaned_events, event_tables, reference):
    events = cleaned_events["events"].table
    assert events["event_id"].is_unique
    reported = events["report_ids"].str.split(";").explode()
    assert reported.is_unique
    assert sorted(reported) == sorted(event_tables.events["event_id"])
    known = set(reference.register.provinces)
    assert set(events["province_codes"].str.split(";").explode()) - {""} <= known
    assert set(cleaned_events["event_places"].table["regency_code"]) - {""} <= set(reference.register.regencies)
    assert (events["date_earliest"] <= events["date_latest"]).all()
    sources = events["source_ids"].str.split(";").explode()
    assert set(sources) == set(event_tables.events["source_id"])
    assert not cleaned_events["event_places"].table.duplicated().any()
