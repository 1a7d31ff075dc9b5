from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.panel.outcome import (
    NOTHING,
    Limits,
    add_up,
    combine_parts,
    limits_at_end,
    limits_on,
    limits_record,
)

POLLING = "2020-12-09"
days = st.dates(dt.date(2020, 1, 1), dt.date(2021, 6, 30)).map(dt.date.isoformat)


def told(value, day="2020-10-04", kind="cumulative", origin="published", bound="exact", stage="alleged", name="A"):
    lower = 0.0 if bound == "at_most" else float(value)
    upper = math.nan if bound == "at_least" else float(value)
    first, last = (day, day) if len(day) in (0, 10) else (f"{day}-01-01", f"{day}-12-31")
    return {
        "obs_id": name, "origin": origin, "lower": lower, "upper": upper, "count_kind": kind, "stage": stage,
        "as_of_earliest": first, "as_of_latest": last,
    }  # fmt: skip


@st.composite
def observations(draw):
    origin = draw(st.sampled_from(["published", "published", "unlisted"]))
    return told(
        draw(st.integers(0, 30)),
        draw(days | st.sampled_from(["", "2020"])),
        draw(st.sampled_from(["cumulative", "cumulative", "period"])) if origin == "published" else "cumulative",
        origin,
        draw(st.sampled_from(["exact", "at_least", "at_most"])) if origin == "published" else "at_most",
        name=draw(st.text("ABCDEF", min_size=1, max_size=3)),
    )


rows = st.lists(observations(), max_size=6)
limits = st.builds(
    lambda lower, more, published: Limits(float(lower), lower + more, published, False, ("A",)),
    st.integers(0, 20), st.sampled_from([0.0, 3.0, math.inf]), st.booleans(),
)  # fmt: skip


def test_a_count_is_a_lower_limit_ever_after_and_an_upper_limit_until_then():
    row = told(5)
    assert (limits_on([row], "2020-10-03").lower, limits_on([row], "2020-10-03").upper) == (0, 5)
    assert (limits_on([row], "2020-10-04").lower, limits_on([row], "2020-10-04").upper) == (5, 5)
    assert (limits_on([row], "2020-10-05").lower, limits_on([row], "2020-10-05").upper) == (5, math.inf)


def test_a_year_alone_bounds_only_from_its_end_and_until_its_beginning():
    row = told(5, "2020")
    assert (limits_on([row], "2020-10-04").lower, limits_on([row], "2020-10-04").upper) == (0, math.inf)
    assert limits_on([row], "2019-12-31").upper == 5
    assert limits_on([row], "2020-12-31").lower == 5


def test_a_count_of_a_period_is_a_lower_limit_and_never_an_upper_one():
    row = told(5, kind="period")
    assert limits_on([row], "2020-10-01").upper == math.inf
    assert limits_on([row], "2020-10-04").lower == 5
    assert limits_at_end([told(5, "2021-01-01", kind="period")], POLLING).upper == math.inf


def test_the_cut_off_of_a_ranking_bounds_up_to_its_day_and_never_the_total():
    left_out = told(4, origin="unlisted", bound="at_most")
    assert limits_on([left_out], "2020-10-01").upper == 4
    assert limits_on([left_out], "2020-10-04").status == "censored"
    assert limits_on([left_out], "2020-10-05").upper == math.inf
    assert limits_at_end([left_out], POLLING).upper == math.inf
    late = told(4, "2021-01-01", origin="unlisted", bound="at_most")
    assert limits_at_end([late], POLLING).upper == math.inf


def test_only_counts_from_polling_day_on_bound_the_total_from_above():
    assert limits_at_end([told(5)], POLLING).upper == math.inf
    assert limits_at_end([told(5, POLLING)], POLLING).upper == 5
    assert limits_at_end([told(5, "")], POLLING).lower == 5
    assert limits_at_end([told(5, "")], POLLING).upper == math.inf
    assert limits_at_end([told(9), told(7, "2021-01-01")], POLLING).contradictory


def test_open_cases_hold_on_their_day_alone():
    row = told(5, stage="in_process")
    assert limits_on([row], "2020-10-04").status == "exact"
    assert limits_on([row], "2020-10-05").status == "not_reported"
    assert limits_on([row], "2020-10-03").status == "not_reported"
    assert limits_at_end([row], POLLING).lower == 0


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Limits(5, 5, True, False, ()), "exact"),
        (Limits(0, 0, True, False, ()), "zero"),
        (Limits(2, 5, True, False, ()), "interval"),
        (Limits(2, math.inf, True, False, ()), "interval"),
        (Limits(0, 4, False, False, ()), "censored"),
        (Limits(0, 0, False, False, ()), "censored"),
        (Limits(3, math.inf, False, False, ()), "censored"),
        (NOTHING, "not_reported"),
    ],
)
def test_absences_are_kept_apart(found, status):
    assert found.status == status
    assert limits_record(found, True)["status"] == status


def test_where_nobody_voted_nothing_applies_unless_something_was_told():
    record = limits_record(NOTHING, False)
    assert (record["status"], math.isnan(record["lower"]), record["obs_ids"]) == ("not_applicable", True, "")
    assert limits_record(Limits(2, 2, True, False, ("A",)), False)["status"] == "exact"
    assert limits_record(Limits(0, 4, False, False, ("L001:33",)), False)["status"] == "not_applicable"


def test_contradicting_counts_span_what_was_told():
    found = limits_on([told(9), told(7, "2020-11-01")], "2020-10-15")
    assert (found.lower, found.upper, found.contradictory) == (7, 9, True)


@given(rows, days)
def test_a_lower_limit_never_lies_above_the_upper_one(rows, day):
    for found in (limits_on(rows, day), limits_at_end(rows, POLLING)):
        assert 0 <= found.lower <= found.upper


@given(rows, days, days)
def test_limits_never_fall_as_days_go_by(rows, one, two):
    earlier, later = limits_on(rows, min(one, two)), limits_on(rows, max(one, two))
    assert earlier.lower <= later.lower
    assert earlier.upper <= later.upper


@given(rows, observations(), days)
def test_another_observation_never_widens_limits_unless_it_contradicts(rows, more, day):
    before, after = limits_on(rows, day), limits_on([*rows, more], day)
    if not after.contradictory:
        assert after.lower >= before.lower
        assert after.upper <= before.upper
    assert after.contradictory or not before.contradictory


@given(rows, observations())
def test_another_observation_never_lowers_what_is_known_of_the_total(rows, more):
    before, after = limits_at_end(rows, POLLING), limits_at_end([*rows, more], POLLING)
    if not before.contradictory and not after.contradictory:
        assert after.lower >= before.lower


@given(rows, days, st.randoms(use_true_random=False))
def test_limits_do_not_depend_on_the_order_of_the_rows(rows, day, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert limits_on(shuffled, day) == limits_on(rows, day)
    assert limits_at_end(shuffled, POLLING) == limits_at_end(rows, POLLING)


@given(limits, st.lists(limits, max_size=4))
def test_parts_only_raise_the_lower_limit_of_the_whole(whole, parts):
    found = combine_parts(whole, parts)
    assert found.lower <= found.upper
    if not found.contradictory:
        assert found.lower == max(whole.lower, sum(part.lower for part in parts))
        assert found.upper == whole.upper
    else:
        assert sum(part.lower for part in parts) > whole.upper


@given(st.lists(limits, min_size=1, max_size=5))
def test_a_unit_of_several_provinces_has_the_sum_of_their_limits(parts):
    found = add_up(parts)
    assert (found.lower, found.upper) == (sum(part.lower for part in parts), sum(part.upper for part in parts))
    assert found.published == any(part.published for part in parts)
    assert add_up(parts[::-1]) == found


def test_a_unit_with_a_province_nobody_told_of_has_no_upper_limit():
    assert add_up([Limits(5, 5, True, False, ("A",)), NOTHING]).upper == math.inf
