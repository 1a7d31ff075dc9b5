"""Histories are exchanged whole, within their groups, the same way for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.robustness.shuffles import shuffle_histories

CODES = ["11", "12", "13", "51", "52", "91"]
ISLANDS = ["west", "west", "west", "middle", "middle", "east"]


def test_every_order_is_a_permutation_within_the_groups():
    orders = shuffle_histories(CODES, 200, seed=1, strata=ISLANDS).orders
    assert orders[0].tolist() == [0, 1, 2, 3, 4, 5]
    assert (np.sort(orders, axis=1) == np.arange(6)).all()
    assert (np.array(ISLANDS)[orders] == np.array(ISLANDS)).all()


def test_all_orders_are_as_likely():
    orders = shuffle_histories(CODES[:3], 6_000, seed=2).orders[1:]
    _, counts = np.unique(orders, axis=0, return_counts=True)
    assert len(counts) == 6
    assert counts == pytest.approx(1_000, rel=0.12)


def test_the_seed_decides():
    first, again, other = (shuffle_histories(CODES, 20, seed).orders for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("codes", "strata"), [(["11"], None), ([], None), (["11", "12"], ["west", "east"])])
def test_where_nothing_can_be_exchanged_the_test_is_refused(codes, strata):
    with pytest.raises(CannotEstimateError) as refused:
        shuffle_histories(codes, 9, seed=1, strata=strata)
    assert refused.value.problems[0].key == "permutation_strata"
