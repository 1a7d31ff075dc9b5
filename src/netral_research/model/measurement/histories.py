"""Histories of events: the dose each region had, and the one it would have had with the history of another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from netral_research.model.measurement.components import expand
from netral_research.model.measurement.observations import Observations


def island_group(unit_code: str) -> str:
    """Group of islands whose regions are exchanged with one another.

    Parameters
    ----------
    unit_code : str

    Returns
    -------
    {"sumatra", "java_bali_nusa_tenggara", "kalimantan_and_east"}

    Examples
    --------
    >>> [island_group(code) for code in ("11", "35", "73")]
    ['sumatra', 'java_bali_nusa_tenggara', 'kalimantan_and_east']
    """
    if unit_code[0] in "12":
        return "sumatra"
    return "java_bali_nusa_tenggara" if unit_code[0] in "35" else "kalimantan_and_east"


@dataclass(frozen=True)
class Histories:
    """The dose of every latent count as it would be with the history of every region.

    Parameters
    ----------
    dose : numpy.ndarray of shape (m, r)
        Row: latent count; column: the region whose history is lent.
    later : numpy.ndarray of shape (m, r)
        The same of events after the count's day.
    cell_dose : numpy.ndarray of shape (c, r)
        Dose of each region-cycle with each history.
    unit : numpy.ndarray of shape (m,)
        Place of the region of each latent count.
    cell_unit : numpy.ndarray of shape (c,)
        Place of the region of each region-cycle.
    cell : numpy.ndarray of shape (m,)
        Place of the region-cycle of each latent count.
    """

    dose: np.ndarray
    later: np.ndarray
    cell_dose: np.ndarray
    unit: np.ndarray
    cell_unit: np.ndarray
    cell: np.ndarray

    def split(self, lender: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Within and between part of the dose when each region has the history of another.

        Parameters
        ----------
        lender : numpy.ndarray of shape (r,)
            Place of the lending region.

        Returns
        -------
        tuple of numpy.ndarray
            Each of shape (m,).
        """
        rows = np.arange(len(self.unit))
        mean = self._unit_means(self.cell_dose[np.arange(len(self.cell_unit)), lender[self.cell_unit]])
        dose = self.dose[rows, lender[self.unit]]
        return dose - mean[self.unit], mean[self.unit] - mean.mean()

    def later_split(self) -> tuple[np.ndarray, np.ndarray]:
        """Within and between part of the events after each count's day."""
        later = self.later[np.arange(len(self.unit)), self.unit]
        known = np.bincount(self.cell, minlength=len(self.cell_unit))
        by_cell = np.bincount(self.cell, later, minlength=len(self.cell_unit)) / np.maximum(known, 1)
        seen = known > 0
        regions = np.bincount(self.cell_unit[seen], minlength=self.dose.shape[1])
        mean = np.bincount(self.cell_unit[seen], by_cell[seen], minlength=self.dose.shape[1]) / np.maximum(regions, 1)
        return later - mean[self.unit], mean[self.unit] - mean.mean()

    def _unit_means(self, values: np.ndarray) -> np.ndarray:
        number = self.dose.shape[1]
        return np.bincount(self.cell_unit, values, minlength=number) / np.bincount(self.cell_unit, minlength=number)


def read_histories(observations: Observations, column: str = "dose") -> Histories:
    """Look up the dose of every latent count with the history of every region.

    Parameters
    ----------
    observations : Observations
    column : {"dose", "dose_to_date"}
        ``dose_to_date`` is a function of the count's day and only for comparison.

    Returns
    -------
    Histories
    """
    components, cells = expand(observations), observations.cells
    units = sorted(cells["unit_code"].unique())
    place = {unit: number for number, unit in enumerate(units)}
    days = ["election_cycle", "snapshot_date"]

    def by_day(name: str) -> np.ndarray:
        wide = observations.doses.pivot_table(index=days, columns="unit_code", values=name, fill_value=0.0)
        return wide.reindex(columns=units).reindex(pd.MultiIndex.from_frame(components[days])).fillna(0.0).to_numpy()

    wide = observations.doses.pivot_table(index="election_cycle", columns="unit_code", values="dose", fill_value=0.0)
    by_cycle = wide.reindex(columns=units).reindex(cells["election_cycle"]).fillna(0.0)
    numbers = {cell: n for n, cell in enumerate(zip(cells["unit_code"], cells["election_cycle"], strict=True))}
    return Histories(
        by_day(column),
        by_day("later_dose"),
        by_cycle.to_numpy(),
        components["unit_code"].map(place).to_numpy(),
        cells["unit_code"].map(place).to_numpy(),
        np.array([numbers[c] for c in zip(components["unit_code"], components["election_cycle"], strict=True)]),
    )


def next_dose(observations: Observations, histories: Histories) -> np.ndarray:
    """Within part of the dose of each region's next cycle, which cannot have changed the counts of this one.

    Where events follow the risk that became known in the cycle before, it goes with the counts.

    Parameters
    ----------
    observations : Observations
    histories : Histories
        Of the same observations.

    Returns
    -------
    numpy.ndarray of shape (m,)
        Zero in the last cycle; zero everywhere if the order of the cycles is not known.
    """
    wide = observations.doses.pivot_table(index="election_cycle", columns="unit_code", values="dose", fill_value=0.0)
    cells = observations.cells
    following = dict(pairwise(observations.cycles))
    ahead = np.array(
        [
            wide.loc[following[cycle], unit] if following.get(cycle) in wide.index and unit in wide else np.nan
            for unit, cycle in zip(cells["unit_code"], cells["election_cycle"], strict=True)
        ]
    )
    within = pd.Series(ahead) - pd.Series(ahead).groupby(cells["unit_code"].to_numpy()).transform("mean")
    return within.fillna(0.0).to_numpy()[histories.cell]
