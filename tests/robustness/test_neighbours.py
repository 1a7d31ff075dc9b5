"""Neighbours are found on the real map, however provinces were split, and islands stay islands."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.robustness.neighbours import (
    adjacent_provinces,
    distances_kilometres,
    nearest_seats,
    row_standardised,
)
from netral_research.schemas import load_raw

BEFORE_THE_SPLITS, TODAY = dt.date(2018, 1, 1), dt.date(2024, 1, 1)


@pytest.fixture(scope="module")
def regions(real_project):
    return load_raw(real_project, "data/reference/regions.csv")


@pytest.fixture(scope="module")
def pairs(real_project):
    return load_raw(real_project, "data/reference/neighbours.csv")


@pytest.mark.parametrize(("day", "number"), [(BEFORE_THE_SPLITS, 34), (TODAY, 38)])
def test_every_province_of_a_day_has_a_neighbour_over_land_or_sea(pairs, reference, day, number):
    found = adjacent_provinces(pairs, reference.register, day)
    assert len(found.codes) == number
    assert found.islands == ()
    assert np.array_equal(found.weights > 0, found.weights.T > 0)
    assert found.weights.sum(axis=1) == pytest.approx(1.0)


def test_provinces_without_a_land_border_are_islands(pairs, reference):
    found = adjacent_provinces(pairs, reference.register, BEFORE_THE_SPLITS, kinds=("land",))
    assert {"51", "52", "81", "82", "21", "19"} <= set(found.islands)


def test_the_parts_of_a_split_province_pass_their_neighbours_to_it(pairs, reference):
    found = adjacent_provinces(pairs, reference.register, BEFORE_THE_SPLITS)
    of_papua = {
        code for code, weight in zip(found.codes, found.weights[found.codes.index("91")], strict=True) if weight
    }
    assert "92" in of_papua  # through Papua Tengah
    assert "81" in of_papua  # through Papua Selatan
    assert "91" not in of_papua


def test_the_nearest_seats_leave_no_island_and_give_each_region_the_same_number(regions, reference):
    codes = [code for code in reference.register.provinces if reference.register.exists(code, BEFORE_THE_SPLITS)]
    found = nearest_seats(regions, codes)
    assert found.islands == ()
    assert ((found.weights > 0).sum(axis=1) == 4).all()
    yogyakarta = found.weights[codes.index("34")]
    assert yogyakarta[codes.index("33")] > 0  # Semarang


def test_distances_agree_with_a_sum_of_small_steps():
    # A meridian's quarter, by definition of the metre about 10,000 km.
    assert distances_kilometres(np.array([0.0, 90.0]), np.array([10.0, 10.0]))[0, 1] == pytest.approx(10_007.5, abs=1)
    apart = distances_kilometres(np.array([5.5, -8.5, 0.0]), np.array([95.3, 140.4, 119.9]))
    assert np.array_equal(apart, apart.T)
    assert np.diag(apart).tolist() == [0.0, 0.0, 0.0]


def test_seats_at_the_same_distance_are_taken_in_the_order_of_the_codes():
    square = pd.DataFrame({"code": list("ABCD"), "lat": ["0", "1", "0", "-1"], "lon": ["0", "0", "1", "0"]})
    found = nearest_seats(square, ["A", "B", "D", "C"], number=1)
    assert found.weights[0].tolist() == [0.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize("number", [0, 3, 4])
def test_more_neighbours_than_other_regions_are_refused(number):
    three = pd.DataFrame({"code": list("ABC"), "lat": ["0", "1", "2"], "lon": ["0", "0", "0"]})
    with pytest.raises(CannotEstimateError) as refused:
        nearest_seats(three, list("ABC"), number)
    assert refused.value.problems[0].key == "space_regions"


def test_neighbours_among_some_regions_are_weighted_anew():
    star = row_standardised(list("ABCD"), np.array([[0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]))
    some = star.among(["B", "A", "C"])
    assert some.weights.tolist() == [[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]]
    assert star.among(["B", "C"]).islands == ("B", "C")
