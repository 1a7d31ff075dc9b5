"""Contradictions counted by cycle, and how far two institutions are apart."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research.describe.disagreements import contradictions_by_cycle, institutions_apart


def conflict(kind: str, cycle: str, rows: str = "") -> dict[str, str]:
    return {"conflict_id": "V1", "kind": kind, "election_cycle": cycle, "row_ids": rows}


def test_every_contradiction_is_counted_once():
    events = pd.DataFrame([conflict("possible_repeat", "pilkada_2020")] * 3)
    counts = pd.DataFrame([conflict("falling_series", "pilkada_2020"), conflict("falling_series", "pemilu_2024")])
    found = contradictions_by_cycle(events, counts)
    assert found.table["number"].sum() == 5
    assert found.table.set_index(["about", "kind", "election_cycle"])["number"].to_dict() == {
        ("counts", "falling_series", "pemilu_2024"): 1,
        ("counts", "falling_series", "pilkada_2020"): 1,
        ("events", "possible_repeat", "pilkada_2020"): 3,
    }


@pytest.fixture
def pair(counts):
    def run(first, second):
        told = counts(
            {"value": first, "as_of": "2020-10-04", "institution": "bawaslu_ri"},
            {"value": second, "as_of": "2020-10-09", "institution": "kasn"},
        ).assign(regency_code="")
        conflicts = pd.DataFrame(
            [
                conflict("institutions_disagree", "pilkada_2020", "O0;O1"),
                conflict("falling_series", "pilkada_2020", "O0"),
            ]
        )
        return institutions_apart(conflicts, told)

    return run


def test_the_two_figures_stand_side_by_side_with_their_days(pair):
    found = pair(121, 58)
    row = found.table.iloc[0]
    assert len(found.table) == 1
    assert (row["institution_low"], row["value_low"], row["as_of_low"]) == ("kasn", 58, "2020-10-09")
    assert (row["institution_high"], row["value_high"], row["as_of_high"]) == ("bawaslu_ri", 121, "2020-10-04")
    assert found.value("describe.apart_ratio").value == pytest.approx(121 / 58)
    assert row["source_ids"] == "S0;S1"


def test_beside_a_zero_there_is_no_ratio(pair):
    found = pair(0, 7)
    assert found.table["ratio"].isna().all()
    assert found.value("describe.apart_ratio").value is None
    assert found.value("describe.apart_pairs").value == 1
