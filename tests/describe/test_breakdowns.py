"""National breakdowns: a share has its whole, what is missing is told, and nobody's figures are pooled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from netral_research.describe.breakdowns import national_breakdowns

CYCLE = "pilkada_2020"


def told(*parts: tuple[str, float, float], institution="bawaslu_ri", as_of="2020-11-08", dimension="type"):
    rows = [
        {
            "source_id": "S1", "institution": institution, "as_of": as_of, "election_cycle": CYCLE,
            "dimension": dimension, "category": category, "category_id": category, "share_percent": share,
            "count": count,
        }
        for category, share, count in parts
    ]  # fmt: skip
    return pd.DataFrame(rows)


NONE = float("nan")


@pytest.fixture
def broken_down(counts, study):
    def run(breakdowns, *totals: float):
        rows = [{"geo_level": "national", "value": total, "as_of": "2020-11-08"} for total in totals]
        accounts, parts = national_breakdowns(breakdowns, counts(*rows), study)
        return accounts, parts

    return run


def test_parts_that_make_up_the_total_have_exact_intervals(broken_down):
    accounts, parts = broken_down(told(("a", NONE, 42), ("b", NONE, 5)), 47)
    assert accounts.table.loc[0, ["verdict", "left_out", "total"]].tolist() == ["complete", 0.0, 47.0]
    first = parts.table.iloc[0]
    exact = stats.binomtest(42, 47).proportion_ci(0.95, method="exact")
    assert (first["share_lower"], first["share_upper"]) == pytest.approx((exact.low, exact.high))


def test_parts_below_the_total_have_shares_but_no_interval_and_the_rest_is_told(broken_down):
    accounts, parts = broken_down(told(("a", NONE, 30), ("b", NONE, 10)), 100)
    assert accounts.table.loc[0, ["verdict", "left_out"]].tolist() == ["part_missing", pytest.approx(0.6)]
    assert parts.table["share"].tolist() == [0.3, 0.1]
    assert parts.table["share_lower"].isna().all()


@pytest.mark.parametrize("totals", [(), (165, 160)], ids=["no total", "two totals that differ"])
def test_without_one_total_of_that_day_there_is_no_share(broken_down, totals):
    accounts, parts = broken_down(told(("a", NONE, 30), ("b", NONE, 10)), *totals)
    assert accounts.table.loc[0, "verdict"] == "no_total"
    assert np.isnan(accounts.table.loc[0, "left_out"])
    assert parts.table["share"].isna().all()
    assert parts.table["count"].tolist() == [30, 10]


def test_parts_above_the_total_are_called_so_and_give_no_share(broken_down):
    accounts, parts = broken_down(told(("a", NONE, 30), ("b", NONE, 20)), 40)
    assert accounts.table.loc[0, "verdict"] == "above_total"
    assert parts.table["share"].isna().all()


@pytest.mark.parametrize(("last", "verdict"), [(32.9, "complete"), (30.0, "part_missing")])
def test_published_percentages_are_whole_up_to_their_rounding(broken_down, last, verdict):
    accounts, parts = broken_down(told(("a", 33.5, NONE), ("b", 33.5, NONE), ("c", last, NONE)), 999)
    assert accounts.table.loc[0, "verdict"] == verdict
    # The number behind a percentage is not told, so even a whole one has no interval.
    assert parts.table["share_lower"].isna().all()


def test_institutions_and_days_stay_apart_and_repeats_are_marked(broken_down):
    first = told(("a", 60.0, NONE), ("b", 20.0, NONE), institution="kasn", as_of="2020-07-31")
    again = told(("a", 60.0, NONE), ("b", 20.0, NONE), institution="kasn", as_of="2022")
    other = told(("a", 50.0, NONE), ("b", 10.0, NONE), institution="bkn", as_of="2020-07-31")
    accounts, parts = broken_down(pd.concat([first, again, other]))
    assert accounts.table[["institution", "as_of", "repeats"]].to_numpy().tolist() == [
        ["bkn", "2020-07-31", False], ["kasn", "2020-07-31", False], ["kasn", "2022", True],
    ]  # fmt: skip
    assert accounts.value("describe.breakdowns_told").value == 2
    assert accounts.value("describe.breakdowns_repeated").value == 1
    shown = parts.table[parts.table["fullest"]]
    assert set(zip(shown["institution"], shown["as_of"], strict=True)) == {
        ("bkn", "2020-07-31"),
        ("kasn", "2020-07-31"),
    }


def test_one_position_under_two_codes_is_one_and_a_single_part_is_not_shown(broken_down):
    accounts, parts = broken_down(told(("executor_staff", 18.3, NONE), dimension="position"))
    assert parts.table["category"].tolist() == ["executor"]
    assert not parts.table["fullest"].any()
    assert accounts.value("describe.breakdowns_left_out_lowest").value is None


def test_without_any_breakdown_nothing_is_said(broken_down):
    accounts, parts = broken_down(told(("a", NONE, 1))[:0])
    assert accounts.table.empty
    assert parts.table.empty
