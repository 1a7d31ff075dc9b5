"""What may be claimed, by the evidence there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.model.claims import LEVELS, REASONS, Claims, Evidence, allow_for_targeting, allowed_claims

STRONGEST = Evidence(
    within_region=True, estimate=0.6, interval=(0.5, 0.72), permutation_p=0.004, placebo=(0.8, 1.2),
    placebo_detectable=(0.75, 1.33), detectable=(0.75, 1.33), treated_regions=22, leads_flat=True,
    leads_detectable=(0.7, 1.43), assignment_documented=True, reporting=(0.8, 1.25),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, "consistent_with_effect"),
        ({"estimate": 1.6, "interval": (1.4, 1.9)}, "consistent_with_effect"),
        # Any one thing that is missing takes the highest level away.
        ({"leads_flat": False}, "within_region_association"),
        ({"leads_detectable": None}, "within_region_association"),
        ({"leads_detectable": (0.5, 2.0)}, "within_region_association"),
        ({"assignment_documented": False}, "within_region_association"),
        ({"reporting": None}, "within_region_association"),
        ({"reporting": (0.7, 1.4)}, "within_region_association"),
        # What the comparison within regions needs to be trusted at all.
        ({"permutation_p": 0.05}, "cannot_tell"),
        ({"permutation_p": None}, "cannot_tell"),
        ({"placebo": None}, "cannot_tell"),
        ({"placebo": (0.4, 0.9)}, "cannot_tell"),
        ({"treated_regions": 9}, "cannot_tell"),
        ({"treated_regions": None}, "consistent_with_effect"),
        ({"interval": (0.5, 1.0)}, "cannot_tell"),
        ({"interval": None, "estimate": None}, "cannot_tell"),
        # Regions compared with each other: no test lifts them higher.
        ({"within_region": False}, "descriptive"),
        ({"within_region": False, "interval": (0.5, 1.1)}, "cannot_tell"),
    ],
)
def test_each_kind_of_evidence_has_its_level(change, level):
    assert allowed_claims(replace(STRONGEST, **change)).level == level


def test_a_claim_carries_what_must_be_told_with_it():
    assert allowed_claims(STRONGEST).reporting_ratio == 0.72
    assert allowed_claims(replace(STRONGEST, interval=(0.5, 1.1))).would_have_seen == (0.75, 1.33)
    assert allowed_claims(replace(STRONGEST, placebo=None)).would_have_seen is None


def test_a_stronger_level_allows_all_that_a_weaker_one_does():
    for place, level in enumerate(LEVELS):
        assert [Claims(level).allows(other) for other in LEVELS] == [other <= place for other in range(len(LEVELS))]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"estimate": None}, "not_estimated"),
        ({"placebo": None, "interval": (0.5, 1.1)}, "placebo_missing"),
        ({"placebo": (0.4, 0.9), "interval": (0.5, 1.1)}, "placebo_fails"),
        ({"interval": (0.5, 1.1), "treated_regions": 3}, "interval_holds_one"),
        ({"treated_regions": 9, "placebo_detectable": None}, "few_regions"),
        ({"placebo_detectable": (0.5, 1.5), "permutation_p": 0.4}, "placebo_weak"),
        ({"permutation_p": 0.4, "placebo": (0.6, 1.2)}, "chance"),
        ({"placebo": (0.6, 1.2)}, "targeting"),
    ],
)
def test_the_first_reason_that_applies_is_told(change, reason):
    found = allowed_claims(replace(STRONGEST, **change))
    assert (found.level, found.reason) == ("cannot_tell", reason)
    assert reason in REASONS


def test_a_check_sees_a_ratio_above_one_as_far_as_its_upper_limit():
    high = replace(STRONGEST, estimate=1.6, interval=(1.4, 1.9))
    assert allowed_claims(replace(high, placebo_detectable=(0.1, 1.6))).reason == ""
    assert allowed_claims(replace(high, placebo_detectable=(0.9, 1.61))).reason == "placebo_weak"


LIMITS = st.tuples(st.floats(0.1, 5), st.floats(1, 5)).map(lambda pair: (pair[0], pair[0] * pair[1]))


@given(LIMITS, LIMITS)
def test_allowing_for_targeting_widens_an_interval_alike_on_both_sides(interval, placebo):
    low, high = allow_for_targeting(interval, placebo)
    assert low <= interval[0] * (1 + 1e-9)
    assert high >= interval[1] * (1 - 1e-9)
    assert interval[0] / low == pytest.approx(high / interval[1])
    turned = allow_for_targeting((1 / interval[1], 1 / interval[0]), (1 / placebo[1], 1 / placebo[0]))
    assert turned == pytest.approx((1 / high, 1 / low))


@given(LIMITS, st.sampled_from([(0.0, 1.2), (0.8, float("inf")), (float("nan"), 1.2)]))
def test_a_placebo_without_limits_leaves_everything_possible(interval, placebo):
    assert allow_for_targeting(interval, placebo) == (0.0, float("inf"))


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("moved", [0.0, 0.1, 0.4])
def test_a_ratio_that_targeting_moved_as_far_as_the_placebo_is_held(moved, sign):
    """Known truth: 95 of 100 intervals must hold it, whichever way the placebo points."""
    random, draws, errors = np.random.default_rng(5), 4000, (0.15, 0.1)
    centres = np.array([-0.3 + moved, sign * moved]) + random.normal(size=(draws, 2)) * errors
    reach = 1.959964 * np.array(errors)
    limits = np.exp([centres - reach, centres + reach])
    widened = [allow_for_targeting(tuple(pair[:, 0]), tuple(pair[:, 1])) for pair in limits.swapaxes(0, 1)]
    held = np.mean([low <= np.exp(-0.3) <= high for low, high in widened])
    assert held > 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)
    if moved > 0.3:
        assert np.mean((limits[0, :, 0] <= np.exp(-0.3)) & (np.exp(-0.3) <= limits[1, :, 0])) < 0.5
