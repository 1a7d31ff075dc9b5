from __future__ import annotations

import math
from dataclasses import replace

import pytest

from netral_research.panel import build_panel
from netral_research.vocabulary import LIMIT_STATUSES, MEASURES, STAGES

KEY = ["institution_group", "stage", "measure"]


def test_every_unit_and_cycle_has_exactly_one_row(panel, study):
    table = panel["province_cycle"].table
    assert table.shape[0] == 34 * len(study.study.cycles) == 170
    assert not table.duplicated(["unit_code", "election_cycle"]).any()
    assert table["voted"].sum() == 165
    order = {cycle: place for place, cycle in enumerate(study.study.cycles)}
    keys = list(zip(table["unit_code"], table["election_cycle"].map(order), strict=True))
    assert keys == sorted(keys)


def test_provinces_without_any_event_are_present_with_zero(panel):
    table = panel["province_cycle"].table
    empty = table[(table["events_in_cycle"] == 0) & table["voted"]]
    assert len(empty) == 165 - 136
    assert set(empty["exposure_absence"]) == {"zero"}
    assert (empty["exposure"] == 0).all()


def test_absences_of_exposure_are_kept_apart(panel):
    table = panel["province_cycle"].table
    assert set(table.loc[~table["voted"], "exposure_absence"]) == {"not_applicable"}
    assert set(table.loc[table["events_in_cycle"] > 0, "exposure_absence"]) <= {"", "not_applicable"}


def test_events_of_a_cell_are_shared_out_by_their_dates(panel):
    table = panel["province_cycle"].table
    parts = ["events_before_campaign", "events_ambiguous", "events_from_campaign", "events_undated"]
    assert (table[parts].sum(axis=1) == table["events_in_cycle"]).all()
    groups = [name for name in table if name.endswith("_before_campaign") and name.split("_")[0] in {
        "awareness", "pledge", "coordination", "circular", "other"}]  # fmt: skip
    assert (table[groups].sum(axis=1) == table["events_before_campaign"]).all()
    assert (table["exposure"] == table["events_before_campaign"]).all()


def test_an_unsearched_cell_is_not_a_zero(panel_tables, study):
    effort = panel_tables.search_effort
    quiet = replace(
        panel_tables, search_effort=effort[effort["unit_code"] != "51"], violations=panel_tables.violations.head(0)
    )
    table = {result.name: result.table for result in build_panel(quiet, study)}["province_cycle"]
    bali = table[table["unit_code"] == "51"].set_index("election_cycle")
    nothing = bali[bali["events_in_cycle"] == 0]
    assert set(nothing["exposure_absence"]) <= {"not_reported"}
    assert bali["coverage_share"].isna().all()
    assert (bali["n_queries_named_cycle"] == 0).all()


def test_outcomes_hold_every_unit_cycle_group_stage_and_measure(panel):
    table = panel["province_cycle_outcome"].table
    assert len(table) == 170 * 2 * len(STAGES) * len(MEASURES)
    assert not table.duplicated(["unit_code", "election_cycle", *KEY]).any()
    assert set(table["status"]) <= set(LIMIT_STATUSES)
    assert {"exact", "interval", "not_reported", "not_applicable"} <= set(table["status"])


def test_all_four_absences_occur_in_the_panel(panel):
    statuses = {
        *panel["province_cycle_outcome"].table["status"],
        *panel["province_cycle_snapshot_outcome"].table["status"],
    }
    assert {"zero", "censored", "not_reported", "not_applicable"} <= statuses


@pytest.mark.parametrize("name", ["province_cycle_outcome", "province_cycle_snapshot_outcome", "regency_cycle_outcome"])
def test_limits_agree_with_their_status(panel, name):
    table = panel[name].table
    by = dict(iter(table.groupby("status")))
    for status in ("exact", "zero"):
        if status in by:
            assert (by[status]["lower"] == by[status]["upper"]).all()
    if "not_reported" in by:
        assert (by["not_reported"]["lower"] == 0).all()
        assert by["not_reported"]["upper"].isna().all()
    if "not_applicable" in by:
        assert by["not_applicable"]["lower"].isna().all()
    both = table.dropna(subset=["lower", "upper"])
    assert (both["lower"] <= both["upper"]).all()


def test_the_total_of_a_cycle_is_never_bounded_by_an_older_count(panel, cleaned_violations, reference):
    table = panel["province_cycle_outcome"].table
    counts = cleaned_violations["violations"].table.set_index("obs_id")
    cycles = reference.calendar.cycles
    bounded = table[table["upper"].notna() & (table["stage"] != "in_process") & ~table["contradictory"]]
    assert len(bounded) > 20
    for row in bounded.itertuples():
        told = counts.loc[row.obs_ids.split(";")]
        late = told["as_of_earliest"] >= cycles[row.election_cycle].polling_day.isoformat()
        assert (late & (told["origin"] == "published")).any()


def test_a_rankings_cut_off_counts_on_its_day_and_is_gone_at_the_end(panel):
    snapshots = panel["province_cycle_snapshot_outcome"].table
    censored = snapshots[snapshots["status"] == "censored"]
    assert len(censored) > 100
    ends = panel["province_cycle_outcome"].table.set_index(["unit_code", "election_cycle", *KEY])["status"]
    assert set(ends.loc[list(censored[["unit_code", "election_cycle", *KEY]].itertuples(index=False, name=None))]) <= {
        "not_reported", "exact", "interval", "zero", "censored", "not_applicable",
    }  # fmt: skip
    only = censored.merge(snapshots[snapshots["status"] != "censored"], on=["unit_code", "election_cycle", *KEY])
    assert len(only) > 0
    assert not (panel["province_cycle_outcome"].table["status"] == "censored").any()


def test_limits_of_snapshots_never_fall_as_days_go_by(panel):
    table = panel["province_cycle_snapshot_outcome"].table
    table = table[table["stage"] != "in_process"].sort_values("snapshot_date")
    known = table[table["lower"].notna()]
    upper = known["upper"].fillna(math.inf)
    grouped = known.groupby(["unit_code", "election_cycle", *KEY])
    assert (grouped["lower"].diff().fillna(0) >= 0).all()
    steps = upper.groupby([known[name] for name in ["unit_code", "election_cycle", *KEY]])
    assert steps.apply(lambda cells: cells.is_monotonic_increasing).all()


def test_every_snapshot_has_all_units(panel):
    for name in ("province_cycle_snapshot", "province_cycle_snapshot_outcome"):
        table = panel[name].table
        keys = ["election_cycle", "snapshot_date", *(KEY if name.endswith("outcome") else [])]
        assert set(table.groupby(keys)["unit_code"].nunique()) == {34}
        assert not table.duplicated(["unit_code", *keys]).any()


def test_a_snapshot_counts_no_more_events_than_the_cycle(panel):
    table = panel["province_cycle_snapshot"].table.merge(
        panel["province_cycle"].table[["unit_code", "election_cycle", "events_in_cycle"]],
        on=["unit_code", "election_cycle"],
    )
    assert (table["events_to_date"] + table["events_after_date"] <= table["events_in_cycle"]).all()
    assert (table["pledges_to_date"] <= table["events_to_date"]).all()
    assert table["events_to_date"].sum() > 0


def test_regencies_are_all_present_in_every_cycle(panel):
    table = panel["regency_cycle"].table
    assert len(table) == 514 * 5
    assert not table.duplicated(["regency_code", "election_cycle"]).any()
    assert table["unit_code"].nunique() == 34
    assert not table.loc[table["regency_code"] == "82.07"].set_index("election_cycle").at["pilkada_2020", "voted"]


def test_events_of_merauke_count_for_papua_of_2018_and_only_once(panel_tables, panel, study):
    places = panel_tables.event_places
    inside = set(places.loc[places["regency_code"].str.startswith("93."), "event_id"])
    assert inside
    assert set(places.loc[places["regency_code"].str.startswith("93."), "unit_code"]) == {"91"}
    events = panel_tables.events
    located = places.loc[places["unit_code"] == "91", "event_id"].unique()
    mine = events[events["event_id"].isin(located) & (events["cycle_check"] != "after_polling")]
    table = panel["province_cycle"].table.query("unit_code == '91'").set_index("election_cycle")["events_in_cycle"]
    for cycle in study.study.cycles:
        assert table[cycle] == (mine["election_cycle"] == cycle).sum()


def alleged_in_papua(panel_tables, study, results):
    """Outcome of Papua as it was in 2018, alleged cases told by Bawaslu for Pilkada 2024."""
    tables = replace(panel_tables, violations=results["violations"].table)
    outcome = {result.name: result.table for result in build_panel(tables, study)}["province_cycle_outcome"]
    (row,) = outcome.query(
        "unit_code == '91' and election_cycle == 'pilkada_2024' and institution_group == 'bawaslu' "
        "and stage == 'alleged' and measure == 'cases'"
    ).to_dict("records")
    return row


def test_counts_of_a_split_provinces_parts_are_added_up(panel_tables, study, clean_count_rows):
    late = {"election_cycle": "pilkada_2024", "as_of": "2024-12-31"}
    names = ("Papua", "Papua Selatan", "Papua Tengah", "Papua Pegunungan")
    rows = [{"obs_id": f"P{place}", "province": name, "value": str(place), **late} for place, name in enumerate(names)]
    whole = alleged_in_papua(panel_tables, study, clean_count_rows(*rows))
    assert (whole["lower"], whole["upper"], whole["status"], whole["obs_ids"]) == (6, 6, "exact", "P0;P1;P2;P3")
    part = alleged_in_papua(panel_tables, study, clean_count_rows(*rows[1:3]))
    assert (part["lower"], math.isnan(part["upper"]), part["status"]) == (3, True, "interval")


def test_a_regency_of_a_split_province_raises_its_own_province_once(panel_tables, study, clean_count_rows):
    late = {"election_cycle": "pilkada_2024", "as_of": "2024-12-31"}
    regency = {"obs_id": "R", "province": "Papua Selatan", "geo_level": "regency", "regency": "Kabupaten Merauke"}
    province = {"obs_id": "P", "province": "Papua Selatan", "value": "4", **late}
    found = alleged_in_papua(panel_tables, study, clean_count_rows({**regency, "value": "3", **late}, province))
    assert found["lower"] == 4
    found = alleged_in_papua(panel_tables, study, clean_count_rows({**regency, "value": "7", **late}, province))
    assert (found["lower"], found["contradictory"], found["obs_ids"]) == (4, True, "P;R")


def test_national_events_are_beside_the_provinces_and_not_in_them(panel, panel_tables):
    table = panel["province_cycle"].table
    assert table.groupby("election_cycle")["national_events_before_campaign"].nunique().eq(1).all()
    national = set(panel_tables.events.loc[panel_tables.events["scope"] == "national", "event_id"])
    assert national
    assert not national & set(panel_tables.event_places["event_id"])


def test_the_printed_values_are_those_of_the_tables(panel):
    values = {value.id: value.value for value in panel["province_cycle"].values}
    table = panel["province_cycle"].table
    assert values["panel.units"] == 34
    assert values["panel.cells_voted"] == 165
    assert values["panel.cells_with_event_before"] == ((table["events_before_campaign"] > 0) & table["voted"]).sum()
    assert values["panel.headcount"] == panel["headcount"].table["headcount"].sum()


def test_a_province_is_at_least_the_sum_of_its_regencies(panel, cleaned_violations):
    table = panel["province_cycle_outcome"].table
    row = table.query(
        "unit_code == '82' and election_cycle == 'pilkada_2020' and institution_group == 'bawaslu' "
        "and stage == 'referred' and measure == 'persons'"
    ).iloc[0]
    counts = cleaned_violations["violations"].table.set_index("obs_id")
    parts = [f"VIE{number:03d}" for number in range(33, 43)]
    assert counts.loc["VIE031", "value"] == 98
    assert row["lower"] >= counts.loc[parts, "value"].sum() == 118
