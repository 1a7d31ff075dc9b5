from __future__ import annotations

import pandas as pd
import pytest

from netral_research.panel.exposure import (
    count_events,
    count_events_by_day,
    countable_events,
    national_events_before,
    when_relative_to,
)

START = "2020-09-26"


@pytest.fixture
def counted(clean_event_rows, study):
    """Exposure of Bali in Pilkada 2020 from event rows typed in a test."""

    def run(*rows, province="51", cycle="pilkada_2020", **choices):
        chosen = study.model_copy(update={"exposure": study.exposure.model_copy(update=choices)})
        named = [{"event_id": f"E{place}", **row} for place, row in enumerate(rows)]
        results = clean_event_rows(*named)
        events = countable_events(results["events"].table, chosen)
        counts = count_events(events, results["event_places"].table, "unit_code", chosen, {cycle: START})
        return counts.reindex([(province, cycle)], fill_value=0).iloc[0]

    return run


def day(date):
    return {"date_start": date, "date_precision": {4: "year", 7: "month", 10: "day"}[len(date)]}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (day("2020-09-25"), "events_before_campaign"),
        (day("2020-09-26"), "events_from_campaign"),
        (day("2020-12-09"), "events_from_campaign"),
        (day("2020-08"), "events_before_campaign"),
        (day("2020-09"), "events_ambiguous"),
        (day("2020-10"), "events_from_campaign"),
        (day("2020"), "events_ambiguous"),
        (day("2019"), "events_before_campaign"),
        ({}, "events_undated"),
        ({**day("2020-09-25"), "date_end": "2020-09-27"}, "events_ambiguous"),
    ],
)
def test_an_event_counts_where_its_date_surely_puts_it(counted, cells, column):
    counts = counted(cells)
    places = ("events_before_campaign", "events_from_campaign", "events_ambiguous", "events_undated")
    assert {name: counts[name] for name in places if counts[name]} == {column: 1}
    assert counts["events_in_cycle"] == 1


def test_an_event_after_polling_day_never_counts(counted):
    assert counted(day("2020-12-10"))["events_in_cycle"] == 0


def test_a_date_only_known_by_its_year_never_counts_as_before_the_campaign(counted):
    counts = counted(day("2020"))
    assert (counts["events_before_campaign"], counts["exposure"]) == (0, 0)


def test_ambiguous_dates_count_only_where_the_study_says_so(counted):
    counts = counted(day("2020"), day("2020-08-01"), ambiguous_dates="include")
    assert (counts["events_before_campaign"], counts["events_before_campaign_certain"]) == (2, 1)


def test_kinds_and_pledges_are_counted_apart(counted):
    counts = counted(
        day("2020-08-01"),
        {**day("2020-08-02"), "event_type": "penandatanganan", "pledge": "pakta_integritas"},
        {**day("2020-08-03"), "event_type": "surat_edaran"},
    )
    assert counts["events_before_campaign"] == 3
    assert counts["pledges_before_campaign"] == 1
    groups = ("awareness", "pledge_ceremony", "coordination", "circular", "other")
    assert [counts[f"{group}_before_campaign"] for group in groups] == [1, 1, 0, 1, 0]


def test_kinds_that_the_study_leaves_out_do_not_count(counted):
    rows = [day("2020-08-01"), {**day("2020-08-02"), "event_type": "webinar"}]
    assert counted(*rows, event_types=("webinar",))["events_before_campaign"] == 1
    pledge = {**day("2020-08-01"), "pledge": "ikrar"}
    assert counted(pledge, pledges=False)["events_before_campaign"] == 0


def test_a_half_life_halves_an_events_weight(counted):
    counts = counted(day("2020-08-27"), day("2020-07-28"), half_life_days=30)
    assert counts["exposure"] == pytest.approx(0.5 + 0.25)
    assert counted(day("2020-08-27"), half_life_days=0)["exposure"] == 1


def test_no_event_weighs_more_than_one_on_the_campaigns_first_day(counted):
    counts = counted(day("2020"), half_life_days=30, ambiguous_dates="include")
    assert counts["exposure"] == pytest.approx(1.0)


def test_an_event_in_two_provinces_counts_once_in_each(counted):
    row = {**day("2020-08-01"), "province": "Bali;Jawa Timur", "scope": "multi_province"}
    for province in ("51", "35"):
        counts = counted(row, province=province)
        assert (counts["events_before_campaign"], counts["multi_province_before_campaign"]) == (1, 1)


def test_an_event_in_two_regencies_counts_once_in_their_province(counted):
    row = {**day("2020-08-01"), "regency": "Kota Denpasar;Kabupaten Badung", "scope": "regency"}
    assert counted(row)["events_before_campaign"] == 1


def test_an_event_in_two_of_todays_provinces_counts_once_in_the_one_they_were(counted):
    row = {**day("2020-08-01"), "province": "Papua Selatan;Papua Tengah", "scope": "multi_province"}
    assert counted(row, province="91")["events_before_campaign"] == 1


def test_a_national_event_counts_in_no_province_and_is_counted_apart(counted, clean_event_rows, study):
    row = {"event_id": "A", **day("2020-08-01"), "scope": "national"}
    assert counted(row)["events_in_cycle"] == 0
    events = countable_events(clean_event_rows(row)["events"].table, study)
    assert national_events_before(events, {"pilkada_2020": START, "pilkada_2018": "2018-02-15"}).to_dict() == {
        "pilkada_2020": 1, "pilkada_2018": 0,
    }  # fmt: skip


def test_events_up_to_a_day_are_those_surely_no_later(clean_event_rows):
    results = clean_event_rows(
        {"event_id": "A", **day("2020-08-01")},
        {"event_id": "B", **day("2020-08-02")},
        {"event_id": "C", **day("2020-08")},
        {"event_id": "D"},
        {"event_id": "E", **day("2020-09-01"), "pledge": "ikrar"},
    )
    snapshots = pd.DataFrame({"election_cycle": ["pilkada_2020"] * 2, "snapshot_date": ["2020-08-01", "2020-08-31"]})
    table = count_events_by_day(results["events"].table, results["event_places"].table, snapshots, ["51", "35"])
    found = table.set_index(["unit_code", "snapshot_date"])[["events_to_date", "events_after_date"]]
    assert found.loc[("51", "2020-08-01")].tolist() == [1, 2]
    assert found.loc[("51", "2020-08-31")].tolist() == [3, 1]
    assert found.loc["35"].to_numpy().sum() == 0
    assert table["pledges_to_date"].sum() == 0


def test_places_in_time():
    events = pd.DataFrame(
        {"date_earliest": ["2020-09-25", "2020-09-26", "2020-01-01", ""],
         "date_latest": ["2020-09-25", "2020-09-26", "2020-12-31", ""]}, dtype="str",
    )  # fmt: skip
    day = pd.Series([START] * 4, dtype="str")
    assert when_relative_to(events, day).tolist() == ["before", "from", "ambiguous", "undated"]
