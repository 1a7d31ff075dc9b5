"""The truth of a simulated study: what it chooses, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

PUBLISHER = "simulasi"
MARK = "[SIMULASI]"
# As many as the frame of the sources tells apart, but for the one outside all rounds.
MOST_ROUNDS = 3


@dataclass(frozen=True)
class SimulationChoices:
    """The truth that a simulated study is made with.

    Parameters
    ----------
    seed : int
    rate_ratio : float
        Ratio of violations for each doubling of (1 + events before the campaign); 1 for no effect.
    reporting_ratio : float
        Ratio of the share of violations that get reported, for each doubling of (1 + events before the campaign).
    targeting : float
        By how much the log of a province's expected events rises with one standard deviation of its known risk (its
        usual rate and its rate in the cycle before); 0 where events are sent without regard to risk.
    coverage : tuple of float
        Share of the events that each search round finds, one round after another, at most three.
    events_per_cell : float
        Expected events of a province in a cycle.
    cases_per_10k : float
        Expected reported cases for 10,000 civil servants where nothing was held, before chance differences.
    region_deviation, region_cycle_deviation : float
        Standard deviation of the log rate between provinces, and of a province between its cycles.
    autocorrelation : float
        Correlation of a province's differences with those of the cycle before, from 0 to below 1.
    kasn_ratio : float
        Share of the cases Bawaslu counts that KASN counts too, at most 1.
    disagreement : float
        Standard deviation of the log by which institutions further differ from province to province; 0 where KASN
        counts a plain share and Bawaslu's national figure is the sum of its provinces'.
    referred_share, proven_share : float
        Share of alleged cases that are referred, and of referred ones that are proven.
    persons_per_case : float
        At least 1.
    publication : float
        Chance that a count of a province is published on a day.
    publication_slope : float
        By how much the log odds of publication rise with one standard deviation of the log rate of reported cases: 0
        where publication tells nothing about the count.
    list_length : int
        Provinces in the published rankings.
    day_precise : float
        Share of events whose day is told; of the others only the month.
    """

    seed: int = 1
    rate_ratio: float = 1.0
    reporting_ratio: float = 1.0
    targeting: float = 0.0
    coverage: tuple[float, ...] = (0.6, 0.6)
    events_per_cell: float = 4.0
    cases_per_10k: float = 3.0
    region_deviation: float = 0.9
    region_cycle_deviation: float = 0.5
    autocorrelation: float = 0.5
    kasn_ratio: float = 0.75
    disagreement: float = 0.2
    referred_share: float = 0.9
    proven_share: float = 0.8
    persons_per_case: float = 1.4
    publication: float = 0.5
    publication_slope: float = 0.0
    list_length: int = 10
    day_precise: float = 0.85

    def __post_init__(self) -> None:
        """Refuse choices that no world could have."""
        shares = (*self.coverage, self.kasn_ratio, self.referred_share, self.proven_share, self.publication,
                  self.day_precise, self.autocorrelation)  # fmt: skip
        sizes = (self.rate_ratio, self.reporting_ratio, self.events_per_cell, self.cases_per_10k)
        spreads = (self.region_deviation, self.region_cycle_deviation, self.disagreement)
        possible = (
            all(0 <= share <= 1 for share in shares)
            and all(size > 0 for size in sizes)
            and all(spread >= 0 for spread in spreads)
            and 1 <= len(self.coverage) <= MOST_ROUNDS
            and self.autocorrelation < 1 <= self.persons_per_case
            and self.list_length >= 1
        )
        if not possible:
            raise ValueError(f"no world could have {self}")


@dataclass(frozen=True)
class SimulatedStudy:
    """A raw data set whose truth is known.

    Parameters
    ----------
    choices : SimulationChoices
    tables : mapping of str to pandas.DataFrame
        Raw tables as text, by file name relative to the project; every source names its publisher ``simulasi``.
    truth : pandas.DataFrame
        One row a province and cycle in which it voted: ``province_code``, ``unit_code``, ``election_cycle``,
        ``headcount``, ``known_risk`` (standardised log rate that targeting follows), ``events_held``,
        ``events_before_campaign``, ``violations`` (committed) and ``cases`` (reported by three weeks after polling).
    """

    choices: SimulationChoices
    tables: Mapping[str, pd.DataFrame]
    truth: pd.DataFrame
