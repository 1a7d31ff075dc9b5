from __future__ import annotations

import pandas as pd
import pytest

from netral_research.clean.decisions import apply_decisions

ROWS = pd.DataFrame(
    {"event_id": ["A", "B", "C"], "mode": ["virtual", "hybrid", ""]}, index=[2, 3, 4], dtype="str"
)  # fmt: skip


@pytest.fixture
def decide():
    def run(*decisions):
        columns = (
            "decision_id",
            "file",
            "row_id",
            "action",
            "field",
            "value",
            "reason_id",
            "reason_en",
            "basis",
            "problem",
        )
        frame = pd.DataFrame(decisions, columns=list(columns), dtype="str")
        return apply_decisions(ROWS, frame, "events.csv", "event_id")

    return run


def decision(row, action, field="", value="", file="events.csv"):
    return ("D1", file, row, action, field, value, "alasan", "reason", "visible", "1")


def test_a_recoded_field_changes_and_what_stood_there_is_remembered(decide):
    decided = decide(decision("A", "recode", "mode", "in_person"))
    assert decided.frame["mode"].tolist() == ["in_person", "hybrid", ""]
    assert decided.applied[["row_id", "value_before"]].to_numpy().tolist() == [["A", "virtual"]]


def test_the_raw_rows_stay_as_they_were(decide):
    before = ROWS.copy()
    decide(decision("A", "recode", "mode", "in_person"), decision("B", "exclude"))
    pd.testing.assert_frame_equal(ROWS, before)


def test_an_excluded_row_goes_to_the_rejects_with_its_line_and_reason(decide):
    decided = decide(decision("B", "exclude"))
    assert decided.frame.index.tolist() == [2, 4]
    (reject,) = decided.rejects.to_dict("records")
    assert (reject["row"], reject["row_id"], reject["reason_id"], reject["suggestion"]) == (3, "B", "alasan", "D1")


def test_a_merge_is_handed_on(decide):
    assert decide(decision("C", "merge", "same_as", "A")).merges == {"C": "A"}


def test_decisions_about_the_other_file_are_left_alone(decide):
    decided = decide(decision("X", "exclude", file="violations.csv"))
    assert len(decided.frame) == 3
    assert decided.applied.empty


def test_every_real_decision_is_applied(event_tables, cleaned_events, cleaned_violations):
    raw = event_tables.decisions
    applied = pd.concat([cleaned_events["decisions_applied"].table, cleaned_violations["decisions_applied"].table])
    assert sorted(applied["decision_id"]) == sorted(raw["decision_id"])
    assert raw["reason_id"].str.len().gt(20).all()
    assert raw["reason_en"].str.len().gt(20).all()
    assert set(raw["basis"]) == {"visible", "inferred"}


def test_rows_that_a_person_merged_are_gone_and_their_targets_stay(event_tables, cleaned_events, cleaned_violations):
    merges = event_tables.decisions[event_tables.decisions["action"] == "merge"]
    events, counts = cleaned_events["events"].table, cleaned_violations["violations"].table
    kept = {"events.csv": dict(zip(events["event_id"], events["source_ids"], strict=True)),
            "violations.csv": dict(zip(counts["obs_id"], counts["source_ids"], strict=True))}  # fmt: skip
    for row in merges.itertuples():
        assert row.row_id not in kept[row.file]
        assert row.value in kept[row.file]


def test_rows_that_a_person_excluded_are_gone_from_everything(event_tables, cleaned_violations):
    decisions = event_tables.decisions
    gone = set(decisions.loc[decisions["action"] == "exclude", "row_id"])
    assert set(cleaned_violations["rejects"].table["row_id"]) == gone
    assert not gone & set(cleaned_violations["violations"].table["obs_id"])


def test_recoded_values_stand_in_the_clean_rows(event_tables, cleaned_violations):
    recodes = event_tables.decisions.query("action == 'recode' and file == 'violations.csv'")
    counts = cleaned_violations["violations"].table.set_index("obs_id")
    checked = 0
    for row in recodes[
        recodes["field"].isin(["period_start", "bound", "geo_level", "as_of", "election_cycle"])
    ].itertuples():
        if row.row_id in counts.index:
            assert counts.at[row.row_id, row.field] == row.value
            checked += 1
    assert checked > 80
