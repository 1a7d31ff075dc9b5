"""What reporting, or a third cause, would have to be to explain a ratio away."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.errors import CannotEstimateError
from netral_research.model.reporting import (
    REPORTING_RATIOS,
    e_value,
    identified_set,
    ratios_by_reporting,
    tipping_point,
)

ratios = st.floats(0.05, 20)


@pytest.mark.parametrize(
    ("estimate", "interval", "to_reach"),
    [(1.25, (1.1, 1.4), 1.1), (0.80, (0.66, 0.97), 0.97), (0.95, (0.8, 1.2), 1.0), (0.9, (0.8, 1.0), 1.0)],
)
def test_the_tipping_point_of_the_interval_is_its_limit_nearer_one(estimate, interval, to_reach):
    found = tipping_point(estimate, interval)
    assert (found.estimate, found.lower, found.upper) == (estimate, *interval)
    assert found.to_reach_interval == to_reach


@given(ratios, st.floats(1, 3), ratios, st.floats(1, 3))
def test_the_set_holds_what_any_reporting_ratio_in_its_range_gives(estimate, width, least, step):
    interval, reporting = (estimate / width, estimate * width), (least, least * step)
    found = identified_set(estimate, interval, reporting)
    between = np.linspace(*reporting, 7)
    table = ratios_by_reporting(estimate, interval, between)
    assert found.lower == pytest.approx(table["ratio"].min())
    assert found.upper == pytest.approx(table["ratio"].max())
    assert (found.interval_lower, found.interval_upper) == pytest.approx((table["lower"].min(), table["upper"].max()))
    assert found.interval_lower <= found.lower <= found.upper <= found.interval_upper


def test_at_its_tipping_point_the_ratio_is_one():
    table = ratios_by_reporting(0.8, (0.66, 0.97), [0.97, 0.8, 0.66])
    assert table["reporting_ratio"].tolist() == [0.66, 0.8, 0.97]
    assert [table["lower"][0], table["ratio"][1], table["upper"][2]] == [1.0, 1.0, 1.0]


def test_the_side_turns_where_the_interval_leaves_one():
    table = ratios_by_reporting(0.8, (0.66, 0.97))
    assert table["reporting_ratio"].tolist() == list(REPORTING_RATIOS)
    assert (REPORTING_RATIOS[0], REPORTING_RATIOS[14], REPORTING_RATIOS[-1]) == (0.5, 1.0, 2.0)
    for row in table.itertuples():
        expected = "above" if row.reporting_ratio < 0.66 else "below" if row.reporting_ratio > 0.97 else "holds_one"
        assert row.side == expected


def test_a_narrow_range_keeps_the_set_off_one_and_a_wide_one_does_not():
    assert not identified_set(0.5, (0.4, 0.6), (0.8, 1.25)).holds_one
    assert identified_set(0.5, (0.4, 0.6), (0.5, 2.0)).holds_one


@given(ratios, st.floats(1, 3))
def test_the_e_value_is_the_same_for_a_ratio_and_its_inverse(estimate, width):
    found = e_value(estimate, (estimate / width, estimate * width))
    inverse = e_value(1 / estimate, (1 / estimate / width, 1 / estimate * width))
    assert (inverse.estimate, inverse.limit) == pytest.approx((found.estimate, found.limit))
    assert 1 <= found.limit <= found.estimate * (1 + 1e-12)


def test_a_cause_as_strong_as_the_e_value_explains_the_ratio_and_a_weaker_one_does_not():
    """Ding and VanderWeele's bound: strengths a and b can produce a ratio of at most ab / (a + b - 1)."""
    strength = e_value(3.9, (1.8, 8.7)).estimate
    assert strength**2 / (2 * strength - 1) == pytest.approx(3.9)
    assert e_value(1.1, (0.9, 1.3)).limit == 1.0


@pytest.mark.parametrize("call", [tipping_point, e_value, lambda *ratio: identified_set(*ratio, (1.0, 1.2))])
@pytest.mark.parametrize(
    ("estimate", "interval"),
    [
        (0.0, (0.0, 1.0)), (-1.0, (-2.0, 1.0)), (math.nan, (0.5, 1.0)), (0.8, (math.nan, 1.0)),
        (0.8, (0.7, math.inf)), (0.8, (0.9, 1.0)), (1.2, (0.9, 1.0)), (0.8, (0.0, 1.0)),
    ],
)  # fmt: skip
def test_an_impossible_ratio_is_refused(call, estimate, interval):
    with pytest.raises(CannotEstimateError) as refused:
        call(estimate, interval)
    assert refused.value.problems[0].key == "robustness_ratio"


@pytest.mark.parametrize("reporting", [(0.0, 1.0), (1.2, 1.0), (math.nan, 1.0), (1.0, math.inf)])
def test_an_impossible_reporting_ratio_is_refused(reporting):
    with pytest.raises(CannotEstimateError) as refused:
        identified_set(0.8, (0.7, 0.9), reporting)
    assert refused.value.problems[0].key == "robustness_reporting_ratio"
