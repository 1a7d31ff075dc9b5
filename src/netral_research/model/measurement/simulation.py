"""Counts drawn from the measurement model with a known truth: same regions, days, lists and totals as the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.model.measurement.design import Design
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import Posterior


@dataclass(frozen=True)
class Truth:
    """What simulated counts are drawn from.

    Parameters
    ----------
    effects : numpy.ndarray of shape (p,)
        On the scale of the linear predictor, the slopes themselves; random effects included.
    log_spreads : numpy.ndarray of shape (4,)
    """

    effects: np.ndarray
    log_spreads: np.ndarray


def draw_truth(
    design: Design, effects: np.ndarray, log_spreads: np.ndarray, random: np.random.Generator, **fixed: float
) -> Truth:
    """Draw new effects of regions and region-cycles beside given fixed effects.

    Parameters
    ----------
    design : Design
    effects : numpy.ndarray of shape (p,)
        Fixed effects and slopes are taken from here; the rest is drawn.
    log_spreads : numpy.ndarray of shape (4,)
    random : numpy.random.Generator
    **fixed : float
        Fixed effects to set by name.

    Returns
    -------
    Truth
    """
    drawn = effects.copy()
    _, _, units, cells = design.blocks.spans
    for span, spread in ((units, log_spreads[0]), (cells, log_spreads[1])):
        drawn[span] = random.normal(0, np.exp(spread), span.stop - span.start)
    for name, value in fixed.items():
        drawn[design.blocks.fixed.index(name)] = value
    return Truth(drawn, log_spreads)


def simulate_limits(
    design: Design, observations: Observations, truth: Truth, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw counts and publish them as the data are published.

    Exact counts stay exact. Rankings are drawn anew: those with the largest (or smallest) counts are listed, the others
    lie at or beyond the list's last value. A limit stays where it is and tells on which side of it the count lies.

    Parameters
    ----------
    design : Design
    observations : Observations
        What the design was built from.
    truth : Truth
    random : numpy.random.Generator

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits, each of shape (n,).
    """
    posterior = Posterior(design)
    mean, _ = posterior.means(truth.effects)
    size = 1 / posterior.dispersions(truth.log_spreads)
    # Beyond any published figure a count tells nothing more, and the sampler has its own limit.
    counts = random.negative_binomial(size, size / (size + np.minimum(mean, 1e9))).astype("float64")
    lower, upper = counts.copy(), counts.copy()
    told = observations.table
    limited = (told["kind"] == "interval").to_numpy()
    _limits(lower, upper, counts, told, limited & (told["origin"] == "published").to_numpy())
    ranked = told[(told["ranking_id"] != "") & (told["level"] == "province")]
    for rows in ranked.groupby("ranking_id").indices.values():
        _rank(lower, upper, counts, ranked.iloc[rows])
    return lower, upper


def _limits(lower: np.ndarray, upper: np.ndarray, counts: np.ndarray, told: pd.DataFrame, chosen: np.ndarray) -> None:
    """A threshold that was fixed beforehand: the count lies on one of its sides."""
    below, above = told["lower"].to_numpy(), told["upper"].to_numpy()
    at_least = chosen & np.isinf(above)
    at_most = chosen & ~np.isinf(above)
    reaches = counts >= below
    lower[at_least] = np.where(reaches, below, 0.0)[at_least]
    upper[at_least] = np.where(reaches, np.inf, below - 1)[at_least]
    stays = counts <= above
    lower[at_most] = np.where(stays, 0.0, above + 1)[at_most]
    upper[at_most] = np.where(stays, above, np.inf)[at_most]


def _rank(lower: np.ndarray, upper: np.ndarray, counts: np.ndarray, rows: pd.DataFrame) -> None:
    unlisted = rows["origin"] == "unlisted"
    if not unlisted.any() or unlisted.all():
        return
    places = rows.index.to_numpy()
    bottom = rows["list_kind"].eq("bottom_k").any()
    order = places[np.argsort(counts[places] if bottom else -counts[places], kind="stable")]
    listed = int((~unlisted).sum())
    cut_off = counts[order[listed - 1]]
    rest = order[listed:]
    lower[rest], upper[rest] = (cut_off, np.inf) if bottom else (0.0, cut_off)
