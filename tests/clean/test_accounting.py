from __future__ import annotations

import pytest

from netral_research.clean.accounting import account


def test_parts_that_do_not_add_up_are_a_fault():
    with pytest.raises(ValueError, match="10 rows in"):
        account("f.csv", 10, 5, 3, 1)


def line_count(project, relative):
    import csv

    with project.path(relative).open(encoding="utf-8", newline="") as stream:
        return sum(1 for row in csv.reader(stream) if row) - 1


def test_every_raw_row_is_clean_merged_or_rejected(real_project, cleaned_events, cleaned_violations):
    seen = set()
    for results in (cleaned_events, cleaned_violations):
        for row in results["accounting"].table.itertuples():
            assert row.rows_in == line_count(real_project, row.file), row.file
            assert row.rows_in == row.clean + row.merged + row.rejected, row.file
            seen.add(row.file)
    raw = {f"data/raw/{path.name}" for path in real_project.path("data/raw").glob("*.csv")}
    assert seen == raw


def test_the_accounts_are_those_of_the_tables(cleaned_events, cleaned_violations):
    events = cleaned_events["accounting"].table.set_index("file").loc["data/raw/events.csv"]
    assert events["clean"] == len(cleaned_events["events"].table)
    assert events["rejected"] == len(cleaned_events["rejects"].table)
    fates = cleaned_events["event_rows"].table["fate"].value_counts()
    assert (fates["event"], fates["merged"]) == (events["clean"], events["merged"])
    counts = cleaned_violations["accounting"].table.set_index("file").loc["data/raw/violations.csv"]
    published = cleaned_violations["violations"].table.query("origin == 'published'")
    assert counts["clean"] == len(published)
    assert counts["merged"] == (published["n_reports"] - 1).sum()
    assert counts["rejected"] == len(cleaned_violations["rejects"].table) == 23


def test_the_accounts_are_printed_values(cleaned_violations):
    values = {value.id: value.value for value in cleaned_violations["accounting"].values}
    assert values["clean_violations.accounting_rows_in"] == 1175
    assert values["clean_violations.accounting_merged"] == 34 + 12
