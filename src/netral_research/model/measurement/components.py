"""Observations as sums or differences of latent cumulative counts, each of one region, cycle, kind and day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netral_research.model.measurement.observations import Observations

# Pieces of an electoral clock in days after polling day: within each the log count rises at one rate.
CLOCK_PIECES = {"before_180": (-730, -180), "180_to_60": (-180, -60), "60_to_0": (-60, 0), "after": (0, 60)}
CLOCK_UNIT_DAYS = 60
FACTORS = ("institution_group", "stage", "measure")


def clock_values(days: np.ndarray, span: tuple[float, float]) -> np.ndarray:
    """How far the clock has run in one piece, counted from polling day.

    Parameters
    ----------
    days : numpy.ndarray
        Days after polling day.
    span : tuple of float
        First and last day of the piece.

    Returns
    -------
    numpy.ndarray
        In units of 60 days; zero on polling day.

    Examples
    --------
    >>> clock_values(np.array([-240.0, -90.0, 30.0]), (-180, -60)).tolist()
    [-2.0, -0.5, 0.0]
    """
    return (np.clip(days, *span) - np.clip(0.0, *span)) / CLOCK_UNIT_DAYS


def expand(observations: Observations) -> pd.DataFrame:
    """Write each observation as the latent counts it adds up or subtracts.

    Parameters
    ----------
    observations : Observations

    Returns
    -------
    pandas.DataFrame
        One row a latent count: ``owner`` (place of the observation), ``sign``, ``unit_code``, ``election_cycle``, the
        factors, ``days``, ``snapshot_date`` and ``log_headcount``.
    """
    table = observations.table.reset_index(names="owner")
    columns = ["owner", "election_cycle", *FACTORS, "snapshot_date"]
    ends = table.assign(sign=1.0, days=table["days_from_polling"])
    starts = table[table["start_days_from_polling"].notna()]
    starts = starts.assign(sign=-1.0, days=starts["start_days_from_polling"])
    sides = pd.concat([ends, starts])[[*columns, "unit_code", "level", "sign", "days"]]
    regional = sides[sides["level"] == "province"].merge(observations.cells, on=["unit_code", "election_cycle"])
    national = sides[sides["level"] == "national"].drop(columns="unit_code")
    national = national.merge(observations.cells, on="election_cycle")
    every = pd.concat([regional, national])[[*columns, "unit_code", "sign", "days", "log_headcount"]]
    return every.sort_values(["owner", "sign", "unit_code"]).reset_index(drop=True)
