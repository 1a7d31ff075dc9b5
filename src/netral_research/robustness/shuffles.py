"""Shuffled schedules: which region's whole history of exposure each region is given, the same for every analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netral_research.errors import CannotEstimateError, Problem


@dataclass(frozen=True)
class Shuffles:
    """Orders in which regions exchange their histories.

    Parameters
    ----------
    codes : tuple of str
        Region codes.
    orders : numpy.ndarray of shape (draws + 1, n)
        Row by row, the place in ``codes`` of the region whose history each region is given; the first row leaves
        everything as it was.
    """

    codes: tuple[str, ...]
    orders: np.ndarray


def shuffle_histories(codes: Sequence[str], draws: int, seed: int, strata: Sequence[str] | None = None) -> Shuffles:
    """Draw orders in which regions exchange their whole histories, which keeps what links a region's cycles.

    Parameters
    ----------
    codes : sequence of str
    draws : int
    seed : int
    strata : sequence of str, optional
        A group for each region; histories are exchanged within groups only. Groups should hold regions that could have
        had each other's schedule: of one island group, with elections in the same cycles, of like earlier counts.

    Returns
    -------
    Shuffles

    Raises
    ------
    CannotEstimateError
        If no group holds two regions: nothing could be exchanged.

    Examples
    --------
    >>> shuffles = shuffle_histories(["11", "12", "51", "52"], draws=3, seed=1, strata=["west", "west", "east", "east"])
    >>> shuffles.orders[0].tolist(), sorted(shuffles.orders[3, :2].tolist())
    ([0, 1, 2, 3], [0, 1])
    """
    groups = np.array(["" for _ in codes] if strata is None else list(strata))
    members = [np.flatnonzero(groups == group) for group in dict.fromkeys(groups.tolist())]
    if max((len(places) for places in members), default=0) < 2:
        raise CannotEstimateError([Problem("permutation_strata")])
    random = np.random.default_rng(seed)
    orders = np.tile(np.arange(len(codes)), (draws + 1, 1))
    for draw in range(1, draws + 1):
        for places in members:
            orders[draw, places] = random.permutation(places)
    return Shuffles(tuple(codes), orders)
