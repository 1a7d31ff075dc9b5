"""Coverage: what is known is told from the most to the least, and a second search is counted honestly."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research.describe.coverage import coverage, coverage_sources, search_rounds

CYCLE = "pilkada_2020"


def panel_of(*units: tuple[str, bool]) -> pd.DataFrame:
    return pd.DataFrame(
        [(code, CYCLE, voted) for code, voted in units], columns=["unit_code", "election_cycle", "voted"]
    )


def outcome_of(*rows: tuple[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["unit_code", "status"])
    return table.assign(election_cycle=CYCLE, stage="alleged", measure="cases")


@pytest.fixture
def known(polling_days, study):
    """Tells what is known of province 51."""

    def run(counts_frame, statuses=("not_reported",), ranked=False, voted=True):
        outcome = outcome_of(*(("51", status) for status in statuses))
        snapshot = outcome_of(("51", "censored" if ranked else "not_reported"))
        result = coverage(counts_frame, outcome, snapshot, panel_of(("51", voted), ("52", True)), polling_days, study)
        return result.table.set_index("unit_code").loc["51", "known"]

    return run


def test_an_exact_count_from_polling_day_on_is_the_most_one_can_know(known, counts):
    assert known(counts({"as_of": "2020-12-09"})) == "exact_final"


@pytest.mark.parametrize("as_of", ["2020-12-08", ""])
def test_an_exact_count_of_an_earlier_or_unknown_day_is_called_earlier(known, counts, as_of):
    assert known(counts({"as_of": as_of})) == "exact_earlier"


def test_a_published_zero_is_known_exactly(known, counts):
    assert known(counts({"value": 0, "as_of": "2021-01-01"}), ["zero"]) == "exact_final"


@pytest.mark.parametrize("status", ["interval", "exact", "zero"])
def test_limits_without_an_exact_provincial_count_are_limits(known, counts, status):
    assert known(counts(), [status]) == "bounded"


def test_what_any_institution_knows_is_known(known, counts):
    assert known(counts(), ["not_reported", "interval"]) == "bounded"


def test_a_ranking_that_leaves_the_province_out_is_less_than_a_limit_of_the_total(known, counts):
    assert known(counts(), ["not_reported"], ranked=True) == "ranking_only"
    assert known(counts(), ["interval"], ranked=True) == "bounded"


def test_nothing_told_is_not_reported_and_no_election_is_not_applicable(known, counts):
    assert known(counts()) == "not_reported"
    assert known(counts(), ["not_applicable"], voted=False) == "not_applicable"


def test_shares_are_of_the_pairs_that_voted(counts, polling_days, study):
    frame = counts({"province_code": "11"}, {"province_code": "11", "as_of": "2020-10-01"})
    units = panel_of(("11", True), ("51", True), ("52", True), ("91", False))
    outcome = outcome_of(("11", "exact"), ("51", "interval"), ("52", "not_reported"), ("91", "not_applicable"))
    result = coverage(frame, outcome, outcome, units, polling_days, study)
    told = {value.id.removeprefix("describe.coverage_"): value.value for value in result.values}
    assert (told["cells"], told["exact"], told["without_exact"], told["provinces_never_exact"]) == (3, 1, 2, 2)
    assert told["without_exact_share"] == pytest.approx(2 / 3)
    parts = ("exact_final", "exact_earlier", "bounded", "ranking_only", "not_reported")
    assert sum(told[part] for part in parts) == told["cells"]
    row = result.table.set_index("unit_code").loc["11"]
    assert (row["n_counts"], row["n_final"], row["n_sources"]) == (2, 1, 2)


def test_who_published_counts_exact_counts_limits_and_rankings_apart(counts, study):
    frame = counts(
        {}, {"bound": "at_least"}, {"origin": "unlisted", "bound": "at_most", "unit_code": "52"},
        {"institution": "media"},
    )  # fmt: skip
    table = coverage_sources(frame, study).table.set_index("institution")
    row = table.loc["bawaslu_ri"]
    assert (row["n_exact"], row["n_bounds"], row["n_censored"], row["n_provinces"]) == (1, 1, 1, 1)
    assert table.loc["media", "n_exact"] == 1


@pytest.fixture
def rounds(study):
    """Runs the comparison of searches on rows given as (row's event, search that found it, province)."""

    def run(*rows: tuple[str, str, str]):
        frame = pd.DataFrame(rows, columns=["event_id", "frame", "unit_code"]).assign(fate="event")
        events = frame[["event_id"]].drop_duplicates().assign(election_cycle=CYCLE)
        places = frame[["event_id", "unit_code"]].drop_duplicates()
        result = search_rounds(events, frame, places, study)
        return {value.id.removeprefix("describe.search_"): value.value for value in result.values}

    return run


def test_a_row_of_a_later_search_repeats_once_however_often_its_event_is_told(rounds):
    told = rounds(
        ("A", "standard", "11"), ("A", "standard2", "11"), ("A", "standard3", "11"), ("B", "standard2", "51"),
        ("B", "standard3", "51"), ("C", "standard3", "52"),
    )  # fmt: skip
    assert (told["later_rows"], told["later_repeats"]) == (5, 3)
    assert (told["found_first"], told["found_later"]) == (1, 2)


def test_repeats_and_new_events_add_up_to_the_rows_of_the_later_searches(rounds):
    rows = [(name, search, "11") for name in "ABCD" for search in ("standard", "standard2")][:5]
    told = rounds(*rows, ("E", "standard3", "51"), ("F", "standard3", "51"))
    assert told["later_repeats"] + told["found_later"] == told["later_rows"]


def test_two_searches_that_agree_on_the_order_of_provinces_correlate_fully(rounds):
    rows = [(f"{code}{n}{search}", search, code) for code, n_events in (("11", 1), ("51", 2), ("52", 3))
            for n in range(n_events) for search in ("standard", "standard2")]  # fmt: skip
    assert rounds(*rows)["rank_correlation"] == pytest.approx(1)


def test_without_variation_between_provinces_there_is_no_correlation_to_print(rounds):
    rows = [(f"{code}{search}", search, code) for code in ("11", "51") for search in ("standard", "standard2")]
    assert rounds(*rows)["rank_correlation"] is None
