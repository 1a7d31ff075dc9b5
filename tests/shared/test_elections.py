from __future__ import annotations

import pytest

from netral_research import vocabulary
from netral_research.dates import parse_date


@pytest.fixture(scope="session")
def calendar(reference):
    return reference.calendar


def test_cycles_come_in_order_of_polling_day_and_are_those_of_the_vocabulary(calendar):
    assert tuple(calendar.cycles) == vocabulary.CYCLES
    days = [cycle.polling_day for cycle in calendar.cycles.values()]
    assert days == sorted(set(days))
    for cycle in calendar.cycles.values():
        assert cycle.previous_polling_day < cycle.campaign_start < cycle.polling_day


def test_polling_days_and_campaigns_are_those_of_the_law(calendar):
    cycle = calendar.cycles["pilkada_2020"]
    assert (cycle.polling_day.isoformat(), cycle.campaign_start.isoformat()) == ("2020-12-09", "2020-09-26")
    assert cycle.previous_polling_day.isoformat() == "2019-04-17"
    assert calendar.cycles["pemilu_2024"].polling_day.isoformat() == "2024-02-14"
    assert calendar.cycles["pilkada_2024"].polling_day.isoformat() == "2024-11-27"


@pytest.mark.parametrize(
    ("written", "cycles"),
    [
        ("2020-12-09", ("pilkada_2020",)),
        ("2020-12-10", ("pemilu_2024",)),
        ("2020", ("pilkada_2020", "pemilu_2024")),
        ("2024", ("pemilu_2024", "pilkada_2024")),
        ("2019", ("pemilu_2019", "pilkada_2020")),
        ("2019-03", ("pemilu_2019",)),
        ("2025-01-01", ()),
    ],
)
def test_a_date_may_belong_to_the_cycles_whose_time_it_touches(calendar, written, cycles):
    assert calendar.cycles_possible(parse_date(written)) == cycles


def test_everybody_votes_in_a_general_election_and_only_some_in_a_pilkada(calendar):
    assert calendar.voted("33.26", "33", "pemilu_2019")
    assert not calendar.voted("82.07", "82", "pilkada_2020")
    # A governor's election is voted in by every regency of the province.
    assert calendar.voted("72.01", "72", "pilkada_2020")


@pytest.mark.parametrize(("cycle", "contests"), [("pilkada_2018", 171), ("pilkada_2020", 270), ("pilkada_2024", 545)])
def test_the_number_of_contests_is_the_published_one(calendar, cycle, contests):
    assert len(calendar.contests[cycle]) == contests
