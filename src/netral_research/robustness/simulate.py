"""Simulated studies: a full raw data set in the real provinces and elections, with a truth that was chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netral_research.clean.loading import SOURCES, Reference
from netral_research.robustness.simulated_choices import SimulatedStudy, SimulationChoices
from netral_research.robustness.simulated_counts import count_tables
from netral_research.robustness.simulated_events import event_tables, text_table
from netral_research.robustness.simulated_world import simulate_world
from netral_research.study import StudyParameters


def simulate_study(
    choices: SimulationChoices, study: StudyParameters, reference: Reference, headcounts: pd.DataFrame
) -> SimulatedStudy:
    """Make a raw data set with everything that makes the real one hard, and a truth that is known.

    Events are sent where risk is known to be high (``targeting``) and change how many violations are committed
    (``rate_ratio``) and how many of those are reported (``reporting_ratio``); searches find a part of them
    (``coverage``). Institutions count cumulatively, disagree, and publish exact counts of some provinces, rankings of
    the highest, and national totals.

    Parameters
    ----------
    choices : SimulationChoices
    study : StudyParameters
        Its cycles, boundaries and day of the headcount.
    reference : Reference
        The real regions and elections.
    headcounts : pandas.DataFrame
        ``data/reference/asn_headcount.csv`` as text.

    Returns
    -------
    SimulatedStudy

    Raises
    ------
    DataError
        If a province has no headcount.
    """
    random = np.random.default_rng(choices.seed)
    world = simulate_world(choices, study, reference, headcounts, random)
    events, event_pages = event_tables(world, choices, reference, random)
    counts, count_pages = count_tables(world, choices, reference, random)
    sources = {SOURCES: text_table(SOURCES, [*event_pages, *count_pages])}
    return SimulatedStudy(choices, events | counts | sources, world.cells)
