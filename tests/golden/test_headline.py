"""The headline values of the default study are those a person has approved, and the words around them hold."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

HEADLINE = Path(__file__).with_name("headline.csv")
WHAT_TO_DO = (
    "A headline number of the default study changed: {id} was {old} ({note}), is {new}. If the change is right, "
    'write the reason into CHANGELOG.md with "Changes numbers: yes", and only then put the new value into '
    "tests/golden/headline.csv."
)


def approved() -> list[dict[str, str]]:
    with HEADLINE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def agrees(found: object, written: str) -> bool:
    if isinstance(found, str):
        return found == written
    if isinstance(found, int):
        return str(found) == written
    return abs(float(str(found)) - float(written)) < 1e-6


@pytest.mark.parametrize("row", approved(), ids=lambda row: row["id"])
def test_headline_value_is_the_approved_one(row, values):
    assert row["id"] in values, f"the value {row['id']} ({row['note']}) is no longer computed"
    found = values[row["id"]].value
    assert agrees(found, row["value"]), WHAT_TO_DO.format(id=row["id"], old=row["value"], new=found, note=row["note"])


def test_the_list_holds_enough_headline_values_each_with_its_meaning():
    rows = approved()
    assert len(rows) >= 40
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(len(row["note"]) > 10 for row in rows)


@pytest.mark.parametrize(
    ("found", "written", "same"),
    [(3, "3", True), (3, "4", False), (0.12345671, "0.1234567", True), (0.1235, "0.1234", False),
     ("a", "a", True), ("a", "b", False)],
)  # fmt: skip
def test_a_change_would_be_seen(found, written, same):
    assert agrees(found, written) is same


def test_raw_rows_are_accounted_for(values):
    for stage in ("clean_events", "clean_violations"):
        rows, *parts = (
            values[f"{stage}.accounting_{name}"].value for name in ("rows_in", "clean", "merged", "rejected")
        )
        assert rows == sum(parts)


def test_kinds_of_event_add_up(values):
    kinds = [value.value for name, value in values.items() if name.startswith("describe.exposure_kind_")]
    assert sum(kinds) == values["describe.exposure_events"].value


def test_parts_of_the_coverage_add_up(values):
    parts = ("exact_final", "exact_earlier", "bounded", "ranking_only", "not_reported")
    assert sum(values[f"describe.coverage_{part}"].value for part in parts) == values["describe.coverage_cells"].value


# Headings of figures are written, not chosen: these are the facts that each of them rests on.


def test_the_figure_on_rates_may_say_that_they_differ_sharply(tables, values):
    cycle = values["describe.rates_cycle"].value.removeprefix("cycle:")
    rates = tables["describe"]["rates"]
    shown = rates[rates["election_cycle"] == cycle]
    assert shown["rate"].quantile(0.75) > 3 * shown["rate"].quantile(0.25)


def test_the_figure_on_intervals_may_say_that_many_overlap(tables, values):
    cycle = values["describe.rates_cycle"].value.removeprefix("cycle:")
    rates = tables["describe"]["rates"]
    shown = rates[rates["election_cycle"] == cycle]
    pairs = [
        (one.rate_lower <= two.rate_upper) and (two.rate_lower <= one.rate_upper)
        for place, one in enumerate(shown.itertuples()) for two in list(shown.itertuples())[place + 1 :]
    ]  # fmt: skip
    assert sum(pairs) > len(pairs) / 4
    touching = [
        ((shown["rate_lower"] <= one.rate_upper) & (shown["rate_upper"] >= one.rate_lower)).sum() > 1
        for one in shown.itertuples()
    ]
    assert sum(touching) > len(touching) / 2


def test_the_figure_on_events_may_say_that_they_gather_in_the_latest_cycles(tables, study):
    events = tables["panel"]["province_cycle"].groupby("election_cycle")["events_before_campaign"].sum()
    latest = events[list(study.study.cycles[-3:])].sum()
    assert latest > 0.8 * events.sum()


def test_the_figure_on_coverage_may_say_that_most_boxes_hold_no_exact_count(values):
    assert values["describe.coverage_without_exact_share"].value > 0.5


def test_the_summary_may_say_that_searching_again_found_much_that_was_missed(values):
    assert values["describe.search_found_later"].value > 0.5 * values["describe.search_found_first"].value


def test_events_may_be_called_harder_to_count_than_reported_violations(values):
    """A second search orders provinces quite differently."""
    assert values["describe.search_rank_correlation"].value < 0.6
