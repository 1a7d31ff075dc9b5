from __future__ import annotations

import pytest

from netral_research.errors import DataError
from netral_research.language import LANGUAGES
from netral_research.panel.denominators import contests_held, unit_headcounts


def test_headcounts_of_split_provinces_are_added_up(panel_tables, study, reference):
    table = unit_headcounts(panel_tables.headcounts, study, reference).set_index("unit_code")
    raw = panel_tables.headcounts
    chosen = raw[(raw["kind"] == "pns_total") & (raw["as_of"] == "2023-12-31")].set_index("code")["value"].astype(int)
    assert len(table) == 34
    assert table.at["51", "headcount"] == chosen["51"]
    assert table.at["91", "headcount"] == sum(chosen[code] for code in ("91", "93", "94", "95"))
    assert table.at["92", "headcount"] == chosen["92"] + chosen["96"]
    assert table["headcount"].sum() == chosen[list(reference.register.provinces)].sum()
    assert table["headcount_filled"].value_counts().to_dict() == {"published": 32, "sum_of_parts": 2}
    assert table.at["91", "headcount_parts"] == "91;93;94;95"
    assert set(table["headcount_as_of"]) == {"2023-12-31"}


def test_a_province_without_a_headcount_stops_the_run(panel_tables, study, reference):
    raw = panel_tables.headcounts
    with pytest.raises(DataError) as refused:
        unit_headcounts(raw[raw["code"] != "51"], study, reference)
    (problem,) = refused.value.problems
    assert (problem.key, problem.value, problem.fields["found"]) == ("headcount", "51", "0")
    for language in LANGUAGES:
        assert "asn_headcount.csv" in refused.value.describe(language)


def test_a_hundred_and_sixty_five_cells_voted(study, reference):
    contests = contests_held(study, reference)
    assert len(contests) == 34 * 5
    assert contests["voted"].sum() == 165
    voted = contests[contests["voted"]].groupby("election_cycle")["unit_code"].nunique().to_dict()
    assert voted == {
        "pilkada_2018": 31, "pemilu_2019": 34, "pilkada_2020": 32, "pemilu_2024": 34, "pilkada_2024": 34,
    }  # fmt: skip
    none = contests[~contests["voted"]]
    assert set(none.loc[none["election_cycle"] == "pilkada_2020", "unit_code"]) == {"11", "31"}


def test_contests_of_split_provinces_are_added_up_once(study, reference):
    contests = contests_held(study, reference).set_index(["election_cycle", "unit_code"])["contests"]
    assert contests["pilkada_2018"].sum() == 171
    assert contests["pilkada_2020"].sum() == 270
    assert contests["pilkada_2024"].sum() == 545
    assert contests["pemilu_2024"].sum() == 0
    # Papua of 2018 chose four governors in 2024.
    assert contests["pilkada_2024", "91"] == 4 + 9 + 4 + 8 + 8
