"""The heading of a figure says what the figure shows, and changes with it."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research.language import LANGUAGES, locale_texts
from netral_research.report.headings import coverage_heading, exposure_heading, intervals_heading, map_heading

CYCLE = "pilkada_2020"


def rates_of(*rates: tuple[float, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rates, columns=["rate_lower", "rate", "rate_upper"])
    return table.assign(election_cycle=CYCLE, unit_code=[str(place) for place in range(len(table))])


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ((1.0, 1.0, 20.0), "sharp"),
        ((1.0, 2.0, 3.0), "plain"),
        ((0.0, 0.0, 3.0), "plain"),
        ((7.0,), "plain"),
        ((), "plain"),
    ],
)
def test_rates_differ_sharply_only_where_the_highest_is_many_times_the_median(rates, expected):
    assert map_heading(rates_of(*((rate, rate, rate) for rate in rates)), CYCLE) == expected


def test_intervals_overlap_where_half_of_the_neighbours_do():
    assert intervals_heading(rates_of((0, 1, 2), (1, 2, 3), (8, 9, 10)), CYCLE) == "overlap"
    assert intervals_heading(rates_of((0, 1, 2), (3, 4, 5), (8, 9, 10)), CYCLE) == "plain"
    assert intervals_heading(rates_of((0, 1, 2)), CYCLE) == "plain"


def test_events_gather_late_only_where_the_last_cycles_hold_most_of_them():
    cycles = ("pemilu_2019", "pilkada_2020", "pemilu_2024")
    table = pd.DataFrame({"election_cycle": cycles, "events_before_campaign": [1, 5, 5]})
    assert exposure_heading(table, cycles) == "late"
    assert exposure_heading(table.assign(events_before_campaign=[9, 5, 5]), cycles) == "plain"
    assert exposure_heading(table, cycles[1:]) == "plain"


def test_most_boxes_lack_a_count_only_where_more_than_half_do():
    known = ["exact_final", "exact_earlier", "not_reported", "not_applicable"]
    assert coverage_heading(pd.DataFrame({"known": known})) == "some"
    assert coverage_heading(pd.DataFrame({"known": [*known, "bounded", "ranking_only"]})) == "most"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_has_its_text(language):
    texts = locale_texts(language)
    for key, choices in {
        "reported.map_heading": ("sharp", "plain"),
        "reported.rates_heading": ("overlap", "plain"),
        "held.figure_heading": ("late", "plain"),
        "missing.figure_heading": ("most", "some"),
        "further.curve_heading": ("hold", "plain"),
    }.items():
        assert all(texts[f"report.{key}_{choice}"] for choice in choices)
