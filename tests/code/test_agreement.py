from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as published_kappa

from netral_research.code.agreement import cohens_kappa, f1_score, krippendorff_alpha, ratio


def contingency(first, second, terms=None):
    """One table of counts from two readings typed as texts of one letter a unit."""
    terms = terms or sorted(set(first) | set(second))
    table = np.zeros((1, len(terms), len(terms)))
    for one, other in zip(first, second, strict=True):
        table[0, terms.index(one), terms.index(other)] += 1
    return table


def alpha_by_coincidences(table):
    """Krippendorff's own way: the coincidence matrix of all pairs of values within units."""
    coincidences = table + table.T
    by_term = coincidences.sum(axis=0)
    values = by_term.sum()
    disagreements = coincidences.sum() - np.trace(coincidences)
    expected = (values**2 - (by_term**2).sum()) / (values - 1)
    return 1 - disagreements / expected


readings = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=2, max_size=40)


# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): A binary data, B nominal data, two observers.
@pytest.mark.parametrize(
    ("first", "second", "alpha"),
    [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)],
)
def test_alpha_is_that_of_the_published_examples(first, second, alpha):
    assert krippendorff_alpha(contingency(first, second))[0] == pytest.approx(alpha, abs=0.0005)


# Cohen's kappa of a two by two table printed in many textbooks: 20, 5, 10, 15.
def test_kappa_is_that_of_the_published_example():
    assert cohens_kappa(np.array([[[20.0, 5.0], [10.0, 15.0]]]))[0] == pytest.approx(0.4)


@given(readings)
def test_alpha_agrees_with_a_second_formula(pairs):
    table = contingency(*zip(*pairs, strict=True))
    if len(table[0]) > 1:
        assert krippendorff_alpha(table)[0] == pytest.approx(alpha_by_coincidences(table[0]))


@given(readings)
def test_kappa_agrees_with_a_second_implementation(pairs):
    table = contingency(*zip(*pairs, strict=True), terms=list("abcd"))
    if np.count_nonzero(table[0]) > 1:
        expected = published_kappa(table[0], return_results=False)
        assert cohens_kappa(table)[0] == pytest.approx(expected)


@given(st.text("abc", min_size=2, max_size=20))
def test_equal_readings_agree_fully(reading):
    table = contingency(reading, reading)
    assert cohens_kappa(table)[0] == pytest.approx(1.0)
    assert krippendorff_alpha(table)[0] == pytest.approx(1.0)


def test_nothing_compared_gives_no_figure():
    nothing = np.zeros((1, 0, 0))
    assert np.isnan([cohens_kappa(nothing)[0], krippendorff_alpha(nothing)[0]]).all()
    assert np.isnan(ratio(np.array([0.0]), np.array([0.0])))[0]


def test_many_weightings_give_what_each_gives_alone():
    tables = np.random.default_rng(1).integers(0, 9, size=(20, 3, 3)).astype(float)
    for figure in (cohens_kappa, krippendorff_alpha):
        alone = [figure(table[None])[0] for table in tables]
        assert figure(tables) == pytest.approx(alone)


def test_f1_counts_what_was_missed_and_what_is_false():
    assert f1_score(np.array([3.0]), np.array([1.0]), np.array([2.0]))[0] == pytest.approx(6 / 9)
