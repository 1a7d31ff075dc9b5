"""The raw data are those that were coded, and the five articles added to them are coded as expected."""

from __future__ import annotations

import csv

import pytest

APPENDED = {"data/raw/events.csv", "data/raw/sources.csv"}


def test_raw_and_reference_files_are_the_originals_byte_for_byte(real_project, shared_folder):
    originals = [*(shared_folder / "data/raw").glob("*.csv"), *(shared_folder / "data/reference").glob("*.csv")]
    assert len(originals) >= 15
    for original in originals:
        relative = original.relative_to(shared_folder).as_posix()
        ours, theirs = real_project.path(relative).read_bytes(), original.read_bytes()
        if relative in APPENDED:
            assert ours.startswith(theirs)
            added = ours[len(theirs) :].decode("utf-8").strip().splitlines()
            prefix = "S" if relative.endswith("events.csv") else "SEED"
            assert [row.split(",")[0] for row in added] == [f"{prefix}{number}" for number in range(5)]
        else:
            assert ours == theirs, relative


def test_the_summaries_are_the_originals(real_project, shared_folder):
    originals = sorted((shared_folder / "data/articles").glob("*.txt"))
    assert len(originals) == 564
    for original in originals:
        assert (real_project.path("data/raw/articles") / original.name).read_bytes() == original.read_bytes()


def expected_seeds(folder):
    with (folder / "seeds" / "EXPECTED.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("number", range(5))
def test_a_seed_article_is_coded_as_expected(event_tables, shared_folder, number):
    expected = expected_seeds(shared_folder)[number]
    coded = event_tables.events.set_index("event_id").loc[f"S{number}"]
    same = [name for name in expected if name in coded.index]
    assert len(same) >= 12
    assert {name: coded[name] for name in same} == {name: expected[name] for name in same}


def test_the_seed_articles_stand_among_the_sources(event_tables, shared_folder):
    sources = event_tables.sources.set_index("source_id")
    for expected in expected_seeds(shared_folder):
        assert sources.at[expected["source_id"], "published"] == expected["published"]


@pytest.mark.parametrize(
    ("event", "date", "precision", "provinces", "regency", "scope", "law"),
    [
        ("S0", "2020-11-20", "day", "33;35;34;81;82", "", "multi_province", ""),
        ("S1", "2020-08-26", "day", "51", "51.71", "regency", ""),
        ("S2", "2024", "year", "62", "", "province", ""),
        ("S3", "2019-11-19", "day", "33", "33.26", "regency", ""),
        ("S4", "2023-11-09", "day", "18", "", "province", "UU 20/2023;SKB 2022"),
    ],
)
def test_a_seed_event_is_cleaned_as_expected(cleaned_events, event, date, precision, provinces, regency, scope, law):
    row = cleaned_events["events"].table.set_index("event_id").loc[event]
    assert (row["date_start"], row["date_precision"], row["scope"], row["legal_basis"]) == (date, precision, scope, law)
    assert (row["province_codes"], row["regency_codes"]) == (provinces, regency)
    assert row["n_reports"] == 1


def test_no_day_is_invented_for_the_meeting_told_only_by_its_year(cleaned_events):
    row = cleaned_events["events"].table.set_index("event_id").loc["S2"]
    assert (row["date_earliest"], row["date_latest"], row["cycle_check"]) == (
        "2024-01-01",
        "2024-12-31",
        "several_cycles",
    )
