"""The world behind a simulated study: risk, events sent to it, violations committed, and how many were reported."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.panel.denominators import unit_headcounts
from netral_research.robustness.simulated_choices import SimulationChoices
from netral_research.study import StudyParameters

PER = 10_000
# Share of violations reported where no event was held, and the most that can be.
REPORTED_SHARE, MOST_REPORTED = 0.25, 0.95
BEFORE_CAMPAIGN_SHARE, LONGEST_BEFORE_DAYS = 0.8, 365
# General elections bring fewer cases than regional ones.
GENERAL_RATIO = 0.3


@dataclass(frozen=True)
class HeldEvent:
    """An event that was held.

    Parameters
    ----------
    cell : int
        Row of the world's ``cells``.
    day : datetime.date
    """

    cell: int
    day: dt.date


@dataclass(frozen=True)
class SimulatedWorld:
    """What happened, before anyone counted.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns of :class:`~netral_research.robustness.simulated_choices.SimulatedStudy`'s ``truth``.
    events : tuple of HeldEvent
    """

    cells: pd.DataFrame
    events: tuple[HeldEvent, ...]


def simulate_world(
    choices: SimulationChoices, study: StudyParameters, reference: Reference, headcounts: pd.DataFrame,
    random: np.random.Generator,
) -> SimulatedWorld:  # fmt: skip
    """Let events be held and violations be committed in the real provinces and elections.

    Parameters
    ----------
    choices : SimulationChoices
    study : StudyParameters
        Its cycles and boundaries.
    reference : Reference
    headcounts : pandas.DataFrame
        ``data/reference/asn_headcount.csv`` as text.
    random : numpy.random.Generator

    Returns
    -------
    SimulatedWorld
    """
    cells = _voting_cells(study, reference, headcounts)
    risk, known = _risk(cells, study, choices, random)
    held = random.poisson(choices.events_per_cell * np.exp(choices.targeting * known - choices.targeting**2 / 2))
    events = _event_days(cells, held, study, reference, random)
    starts = [reference.calendar.cycles[name].campaign_start for name in cells["election_cycle"]]
    early = np.array([event.cell for event in events if event.day < starts[event.cell]], dtype="int64")
    before = np.bincount(early, minlength=len(cells))
    doublings = np.log2(1 + before)
    share = np.minimum(REPORTED_SHARE * choices.reporting_ratio**doublings, MOST_REPORTED)
    usual = choices.cases_per_10k / REPORTED_SHARE * cells["headcount"].to_numpy() / PER
    violations = random.poisson(usual * np.exp(risk) * choices.rate_ratio**doublings)
    truth = cells.assign(
        known_risk=known, events_held=held, events_before_campaign=before, violations=violations,
        cases=random.binomial(violations, share),
    )  # fmt: skip
    return SimulatedWorld(truth, events)


def _voting_cells(study: StudyParameters, reference: Reference, headcounts: pd.DataFrame) -> pd.DataFrame:
    """Provinces as they were on each polling day, if any of their people voted, with their civil servants."""
    register, calendar = reference.register, reference.calendar
    rows = []
    for name in study.study.cycles:
        polling = calendar.cycles[name].polling_day
        # The sum over the parts is the headcount of a province that was split later.
        then = study.model_copy(update={"study": study.study.model_copy(update={"province_boundaries": polling})})
        sizes = unit_headcounts(headcounts, then, reference).set_index("unit_code")["headcount"]
        for code, size in sizes.items():
            inside = register.regencies_of(str(code), polling)
            if any(calendar.voted(regency, str(code), name) for regency in inside):
                unit = register.province_on(str(code), study.study.province_boundaries)
                rows.append((str(code), unit, name, int(size)))
    return pd.DataFrame(rows, columns=["province_code", "unit_code", "election_cycle", "headcount"])


def _risk(
    cells: pd.DataFrame, study: StudyParameters, choices: SimulationChoices, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Log rate of each cell, and what was known of it when events were planned, standardised."""
    units, cycles = sorted(set(cells["unit_code"])), list(study.study.cycles)
    usual = choices.region_deviation * random.normal(size=(len(units), 1))
    shocks = random.normal(size=(len(units), len(cycles) + 1))
    memory = choices.autocorrelation
    for later in range(1, shocks.shape[1]):
        shocks[:, later] = memory * shocks[:, later - 1] + math.sqrt(1 - memory**2) * shocks[:, later]
    rates = usual + choices.region_cycle_deviation * shocks
    place = cells["unit_code"].map(units.index).to_numpy(), cells["election_cycle"].map(cycles.index).to_numpy()
    spread = math.hypot(choices.region_deviation, choices.region_cycle_deviation)
    level = cells["election_cycle"].str.startswith("pemilu").to_numpy() * math.log(GENERAL_RATIO)
    # Column 0 is the cycle before the first.
    known = rates[:, :-1][place] / spread if spread else np.zeros(len(cells))
    return rates[:, 1:][place] - spread**2 / 2 + level, known


def _event_days(
    cells: pd.DataFrame, held: np.ndarray, study: StudyParameters, reference: Reference, random: np.random.Generator
) -> tuple[HeldEvent, ...]:
    windows = {}
    for name in study.study.cycles:
        cycle = reference.calendar.cycles[name]
        earliest = cycle.campaign_start - dt.timedelta(days=LONGEST_BEFORE_DAYS)
        first = max(cycle.previous_polling_day + dt.timedelta(days=1), earliest)
        windows[name] = (first, cycle.campaign_start, cycle.polling_day)
    events = []
    for cell, (name, number) in enumerate(zip(cells["election_cycle"], held, strict=True)):
        first, start, polling = windows[name]
        for _ in range(number):
            early = random.uniform() < BEFORE_CAMPAIGN_SHARE
            begin, length = (first, (start - first).days) if early else (start, (polling - start).days)
            events.append(HeldEvent(cell, begin + dt.timedelta(days=int(random.integers(length)))))
    return tuple(events)
