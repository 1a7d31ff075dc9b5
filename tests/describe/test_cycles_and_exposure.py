"""Cycles side by side and the events of each: a cycle without events stays, and counts as zero."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research.describe.cycles import cycles_compared
from netral_research.describe.exposure import exposure_by_cycle
from netral_research.describe.tile_map import tile_map
from netral_research.vocabulary import EVENT_GROUPS

EVENT_COLUMNS = ["event_id", "election_cycle", "scope", "has_pledge", "event_group"]
TYPE_OF_GROUP = {group: types[0] for group, types in EVENT_GROUPS.items()}


def events_of(*events: tuple[str, str, str, bool, str]) -> pd.DataFrame:
    table = pd.DataFrame(events, columns=EVENT_COLUMNS).astype({"has_pledge": "bool"})
    return table.assign(event_type=table["event_group"].map(TYPE_OF_GROUP).astype("str"))


@pytest.fixture
def two_cycles(study):
    return study.model_copy(
        update={"study": study.study.model_copy(update={"cycles": ("pilkada_2018", "pilkada_2020")})}
    )


def panel_of(*cells: tuple[str, str, bool, int, int]) -> pd.DataFrame:
    columns = ["unit_code", "election_cycle", "voted", "events_in_cycle", "events_before_campaign"]
    rest = [
        "events_ambiguous", "events_undated", "pledges_before_campaign", "n_queries_named_cycle", "n_queries_no_cycle",
        *(f"{group}_before_campaign" for group in EVENT_GROUPS),
    ]  # fmt: skip
    table = pd.DataFrame(cells, columns=columns).assign(**dict.fromkeys(rest, 0))
    return table.assign(n_queries_named_cycle=1, coverage_share=0.5, exposure_absence="")


def values_of(result) -> dict[str, object]:
    return {value.id.removeprefix("describe.exposure_"): value.value for value in result.values}


def test_a_cycle_without_any_event_is_told_as_zero(two_cycles):
    events = events_of(("A", "pilkada_2020", "province", True, "awareness"))
    panel = panel_of(("51", "pilkada_2018", True, 0, 0), ("51", "pilkada_2020", True, 1, 1))
    told = values_of(exposure_by_cycle(events, panel, two_cycles))
    assert (told["pilkada_2018"], told["pilkada_2018_provinces"], told["pilkada_2018_voted"]) == (0, 0, 1)
    assert (told["events"], told["pledges"], told["kind_awareness"], told["kind_other"]) == (1, 1, 1, 0)
    assert (told["cells_without"], told["cells_without_before"]) == (1, 1)


def test_without_any_event_at_all_everything_is_zero(two_cycles):
    events = events_of()
    told = values_of(exposure_by_cycle(events, panel_of(("51", "pilkada_2018", True, 0, 0)), two_cycles))
    assert (told["events"], told["national"], told["pledges"], told["cells_without"]) == (0, 0, 0, 1)


def test_events_of_other_cycles_and_provinces_without_an_election_are_not_counted(two_cycles):
    events = events_of(
        ("A", "pilkada_2020", "province", False, "circular"),
        ("B", "pilkada_2024", "province", False, "circular"),
        ("C", "none", "national", False, "circular"),
    )
    panel = panel_of(("51", "pilkada_2020", True, 1, 0), ("34", "pilkada_2020", False, 0, 0))
    told = values_of(exposure_by_cycle(events, panel, two_cycles))
    assert (told["events"], told["national"]) == (1, 0)
    assert (told["cells_without"], told["cells_without_before"], told["pilkada_2020_voted"]) == (0, 1, 1)


def test_national_events_are_counted_apart_from_the_located_ones(two_cycles):
    events = events_of(
        ("A", "pilkada_2020", "national", False, "awareness"),
        ("B", "pilkada_2020", "multi_province", False, "awareness"),
    )
    told = values_of(exposure_by_cycle(events, panel_of(("51", "pilkada_2020", True, 1, 1)), two_cycles))
    assert (told["events"], told["national"], told["pilkada_2020"]) == (2, 1, 1)


def test_only_the_types_of_event_that_the_study_chose_are_counted(two_cycles):
    chosen = two_cycles.exposure.model_copy(update={"event_types": ("surat_edaran",), "pledges": False})
    narrow = two_cycles.model_copy(update={"exposure": chosen})
    events = events_of(
        ("A", "pilkada_2020", "province", False, "circular"),
        ("B", "pilkada_2020", "province", True, "circular"),
        ("C", "pilkada_2020", "province", False, "awareness"),
    )
    told = values_of(exposure_by_cycle(events, panel_of(("51", "pilkada_2020", True, 1, 1)), narrow))
    assert (told["events"], told["kind_circular"], told["kind_awareness"]) == (1, 1, 0)


def test_cycles_are_compared_in_order_of_polling_and_one_without_counts_stays(reference, two_cycles):
    exposure = panel_of(
        ("51", "pilkada_2018", True, 0, 0), ("52", "pilkada_2018", True, 2, 1), ("51", "pilkada_2020", True, 3, 3),
        ("52", "pilkada_2020", False, 9, 9),
    )  # fmt: skip
    coverage = pd.DataFrame(
        [("51", "pilkada_2018", "not_reported"), ("52", "pilkada_2018", "bounded"),
         ("51", "pilkada_2020", "exact_final"),
         ("52", "pilkada_2020", "not_applicable")], columns=["unit_code", "election_cycle", "known"],
    )  # fmt: skip
    table = cycles_compared(exposure, coverage, reference, two_cycles).table.set_index("election_cycle")
    assert table.index.tolist() == ["pilkada_2018", "pilkada_2020"]
    assert table.loc[
        "pilkada_2018", ["provinces_voting", "events_before_campaign", "provinces_with_exact"]
    ].tolist() == [2, 1, 0]
    assert table.loc[
        "pilkada_2020", ["provinces_voting", "events_before_campaign", "provinces_with_final"]
    ].tolist() == [1, 3, 1]


def test_every_province_of_today_has_a_tile_and_a_split_one_shows_its_parents_rate(reference, study):
    tiles = pd.DataFrame(
        {"code": ["91", "93", "51"], "abbr": ["PA", "PS", "BA"], "row": ["1", "2", "3"], "col": ["1", "1", "1"]}
    )
    rates = pd.DataFrame({"unit_code": ["91"], "election_cycle": ["pilkada_2020"], "rate": [2.5]})
    coverage = pd.DataFrame(
        [("91", "pilkada_2020", "exact_final"), ("51", "pilkada_2020", "not_reported")],
        columns=["unit_code", "election_cycle", "known"],
    )
    table = tile_map(tiles, rates, coverage, reference, study).table.set_index("code")
    assert table.loc[["91", "93"], "rate"].tolist() == [2.5, 2.5]
    assert pd.isna(table.loc["51", "rate"])
    assert table.loc["51", "known"] == "not_reported"
