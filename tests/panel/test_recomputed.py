"""Exposure counted a second time, in the naive way, straight from the raw files."""

from __future__ import annotations

import pandas as pd
import pytest

CAMPAIGN = {
    "pilkada_2018": "2018-02-15", "pemilu_2019": "2018-09-23", "pilkada_2020": "2020-09-26",
    "pemilu_2024": "2023-11-28", "pilkada_2024": "2024-09-25",
}  # fmt: skip
POLLING = {
    "pilkada_2018": "2018-06-27", "pemilu_2019": "2019-04-17", "pilkada_2020": "2020-12-09",
    "pemilu_2024": "2024-02-14", "pilkada_2024": "2024-11-27",
}  # fmt: skip
PAPUA = {
    "Papua Selatan": "Papua",
    "Papua Tengah": "Papua",
    "Papua Pegunungan": "Papua",
    "Papua Barat Daya": "Papua Barat",
}


@pytest.fixture(scope="session")
def naive(real_project):
    """Distinct events as groups of raw rows: cycle, provinces of 2018, dates written, whether national."""
    raw = pd.read_csv(real_project.path("data/raw/events.csv"), dtype=str, keep_default_na=False).set_index("event_id")
    decisions = pd.read_csv(real_project.path("data/raw/decisions.csv"), dtype=str, keep_default_na=False)
    decisions = decisions[decisions["file"] == "events.csv"]
    for row in decisions[decisions["action"] == "recode"].itertuples():
        raw.loc[row.row_id, row.field] = row.value
    for row in decisions[decisions["action"] == "merge"].itertuples():
        assert not raw.loc[row.row_id, "same_event_as"]
        raw.loc[row.row_id, "same_event_as"] = row.value

    def root(event):
        while raw.loc[event, "same_event_as"]:
            event = raw.loc[event, "same_event_as"]
        return event

    groups = []
    for event, rows in raw.groupby([root(event) for event in raw.index]):
        provinces = {PAPUA.get(name.strip(), name.strip()) for cell in rows["province"] for name in cell.split(";")} - {
            ""
        }
        finest = rows["date_start"].str.len().max()
        dated = rows[rows["date_start"].str.len() == finest]
        groups.append((event, rows.loc[event, "election_cycle"], provinces, dated, (rows["scope"] == "national").any()))
    return groups


def last_possible(start, end):
    return {0: "9999", 4: f"{start}-12-31", 7: f"{start}-31", 10: max(start, end) or "9999"}[len(start)]


@pytest.mark.parametrize("cycle", sorted(CAMPAIGN))
@pytest.mark.parametrize(
    "province", ["Bali", "Jawa Timur", "Sulawesi Selatan", "Papua", "Papua Barat", "Lampung", "Riau"]
)
def test_events_before_the_campaign_are_those_counted_by_hand(naive, panel, reference, province, cycle):
    low = high = 0
    for _event, coded, provinces, dated, national in naive:
        if coded != cycle or province not in provinces or national:
            continue
        # Where reports of one event give several dates of the same precision, any of them may be meant.
        before = {last_possible(row.date_start, row.date_end) < CAMPAIGN[cycle] for row in dated.itertuples()}
        low += before == {True}
        high += True in before
    table = panel["province_cycle"].table.set_index(["unit_code", "election_cycle"])
    code = reference.register.find_province(province)
    assert low <= table.at[(code, cycle), "events_before_campaign"] <= high


def test_all_located_events_of_a_cycle_are_those_counted_by_hand(naive, panel):
    for cycle, polling in POLLING.items():
        located = sum(
            len(provinces)
            for _event, coded, provinces, dated, national in naive
            if coded == cycle
            and not national
            and not all(start > polling for start in dated["date_start"].str.slice(0, 10))
        )
        table = panel["province_cycle"].table.query("election_cycle == @cycle")
        assert table["events_in_cycle"].sum() == located, cycle


def test_headcounts_are_those_of_the_raw_file(real_project, panel):
    raw = pd.read_csv(real_project.path("data/reference/asn_headcount.csv"), dtype=str, keep_default_na=False)
    chosen = raw[(raw["kind"] == "pns_total") & (raw["as_of"] == "2023-12-31")].set_index("code")["value"].astype(int)
    table = panel["province_cycle"].table.drop_duplicates("unit_code").set_index("unit_code")["headcount"]
    for code in ("11", "33", "51", "82"):
        assert table[code] == chosen[code]


def test_search_effort_is_that_of_the_raw_log(real_project, panel):
    raw = pd.read_csv(real_project.path("data/raw/queries.csv"), dtype=str, keep_default_na=False)
    mine = raw[raw["batch"].str.startswith("events") & raw["query"].str.contains(r"\bBali\b", case=False)]
    row = panel["province_cycle"].table.query("unit_code == '51'").iloc[0]
    everywhere = panel["province_cycle"].table.query("unit_code == '51'")
    counted = everywhere["n_queries_named_cycle"].sum() + row["n_queries_no_cycle"]
    assert 0 < counted <= len(mine)
