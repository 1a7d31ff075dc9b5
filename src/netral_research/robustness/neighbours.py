"""Which regions are neighbours: the nearest seats, or those that touch by land or face each other over the sea."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.regions import RegionRegister

EARTH_RADIUS_KILOMETRES = 6371.0088
NEAREST = 4


@dataclass(frozen=True)
class Neighbours:
    """Who is whose neighbour, and how much each neighbour weighs.

    Parameters
    ----------
    codes : tuple of str
        Region codes, in the order of the rows and columns of ``weights``.
    weights : numpy.ndarray of shape (n, n)
        Weight of the column's region as a neighbour of the row's region; zero on the diagonal. Rows add to 1, or to 0
        for an island without neighbours.
    """

    codes: tuple[str, ...]
    weights: np.ndarray

    @property
    def islands(self) -> tuple[str, ...]:
        """Codes of regions without any neighbour.

        Examples
        --------
        >>> row_standardised(("11", "12", "51"), np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]])).islands
        ('51',)
        """
        alone = (self.weights.sum(axis=0) + self.weights.sum(axis=1)) == 0
        return tuple(code for code, is_alone in zip(self.codes, alone, strict=True) if is_alone)

    def among(self, codes: Sequence[str]) -> Neighbours:
        """The neighbours among some of the regions, in their order, weighted anew.

        Parameters
        ----------
        codes : sequence of str
            Codes that occur in ``self.codes``.

        Returns
        -------
        Neighbours

        Examples
        --------
        >>> chain = row_standardised(("11", "12", "13"), np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))
        >>> chain.among(["13", "12"]).weights.tolist()
        [[0.0, 1.0], [1.0, 0.0]]
        """
        places = [self.codes.index(code) for code in codes]
        return row_standardised(tuple(codes), self.weights[np.ix_(places, places)])


def row_standardised(codes: Sequence[str], links: np.ndarray) -> Neighbours:
    """Neighbours whose weights add to one for every region that has any.

    Parameters
    ----------
    codes : sequence of str
    links : numpy.ndarray of shape (n, n)
        Strength of each link, not negative; the diagonal is ignored.

    Returns
    -------
    Neighbours

    Examples
    --------
    >>> row_standardised(("11", "12", "13"), np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])).weights[0].tolist()
    [0.0, 0.5, 0.5]
    """
    weights = np.array(links, dtype="float64")
    np.fill_diagonal(weights, 0.0)
    totals = weights.sum(axis=1, keepdims=True)
    return Neighbours(tuple(codes), np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0))


def distances_kilometres(latitudes: np.ndarray, longitudes: np.ndarray) -> np.ndarray:
    """Great-circle distances between all pairs of places.

    Parameters
    ----------
    latitudes, longitudes : numpy.ndarray of shape (n,)
        Degrees.

    Returns
    -------
    numpy.ndarray of shape (n, n)
        Kilometres.

    Examples
    --------
    >>> jakarta_and_surabaya = distances_kilometres(np.array([-6.21, -7.25]), np.array([106.85, 112.75]))
    >>> round(float(jakarta_and_surabaya[0, 1]))
    662
    """
    north, east = np.radians(latitudes), np.radians(longitudes)
    half_north = np.sin((north[:, None] - north) / 2) ** 2
    half_east = np.sin((east[:, None] - east) / 2) ** 2
    share = half_north + np.cos(north[:, None]) * np.cos(north) * half_east
    return 2 * EARTH_RADIUS_KILOMETRES * np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0)))


def nearest_seats(regions: pd.DataFrame, codes: Sequence[str], number: int = NEAREST) -> Neighbours:
    """Make the regions with the nearest seats neighbours of each region; no region is left an island.

    Parameters
    ----------
    regions : pandas.DataFrame
        ``data/reference/regions.csv`` as text: ``code``, ``lat``, ``lon`` (degrees).
    codes : sequence of str
        Regions to compare.
    number : int
        Neighbours of each region, at least 1. Of seats at the same distance the one named first in ``codes`` counts.

    Returns
    -------
    Neighbours

    Raises
    ------
    CannotEstimateError
        If there are not more regions than neighbours asked for.

    Examples
    --------
    >>> regions = pd.DataFrame({"code": ["31", "35", "51"], "lat": ["-6.2", "-7.2", "-8.7"],
    ...                         "lon": ["106.8", "112.8", "115.2"]})
    >>> nearest_seats(regions, ["31", "35", "51"], number=1).weights.tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    if not 1 <= number < len(codes):
        fields = {"found": str(len(codes)), "wanted": str(max(number, 1) + 1)}
        raise CannotEstimateError([Problem("space_regions", fields=fields)])
    seats = regions.set_index("code").loc[list(codes), ["lat", "lon"]].astype("float64")
    apart = distances_kilometres(seats["lat"].to_numpy(), seats["lon"].to_numpy())
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :number]
    links = np.zeros_like(apart)
    np.put_along_axis(links, nearest, 1.0, axis=1)
    return row_standardised(codes, links)


def adjacent_provinces(
    pairs: pd.DataFrame, register: RegionRegister, boundaries: dt.date, kinds: Sequence[str] = ("land", "sea")
) -> Neighbours:
    """Make provinces neighbours that share a border on land or face each other over a strait.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``data/reference/neighbours.csv`` as text, by the provinces of today: ``code_a``, ``code_b``, ``kind``.
    register : RegionRegister
    boundaries : datetime.date
        Day whose provinces are compared; the neighbours of later splits become those of the province they left.
    kinds : sequence of {"land", "sea"}

    Returns
    -------
    Neighbours
        All provinces of that day; those without neighbours of the chosen kinds are islands.

    Examples
    --------
    >>> from netral_research.regions import Split
    >>> names = {"91": "Papua", "92": "Papua Barat", "93": "Papua Selatan"}
    >>> register = RegionRegister(names, {}, {}, {}, (Split(dt.date(2022, 11, 11), "93", "91", {}),))
    >>> pairs = pd.DataFrame({"code_a": ["92", "91"], "code_b": ["93", "93"], "kind": ["land", "land"]})
    >>> adjacent_provinces(pairs, register, dt.date(2020, 12, 9)).codes
    ('91', '92')
    """
    codes = sorted({register.province_on(code, boundaries) for code in register.provinces})
    place = {code: number for number, code in enumerate(codes)}
    links = np.zeros((len(codes), len(codes)))
    chosen = pairs[pairs["kind"].isin(kinds)]
    for one, other in zip(chosen["code_a"], chosen["code_b"], strict=True):
        a, b = (place[register.province_on(code, boundaries)] for code in (one, other))
        links[a, b] = links[b, a] = 1.0
    return row_standardised(codes, links)
