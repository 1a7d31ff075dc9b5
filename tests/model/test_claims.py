"""What may be claimed, by the evidence there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netral_research.model.claims import LEVELS, REASONS, Claims, Evidence, allowed_claims

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
        ({"permutation_p": 0.4}, "chance"),
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
