"""What the measurement model says: comparable provinces, ratios between kinds of count, clocks, ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.measurement.clocks import slope_limits
from netral_research.model.measurement.components import CLOCK_PIECES, CLOCK_UNIT_DAYS, FACTORS, clock_values
from netral_research.model.measurement.design import Design
from netral_research.model.measurement.fit import MeasurementFit
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import FIXED_SPREAD, SLOPE_LOG_SPREAD, SPREADS


@dataclass(frozen=True)
class Target:
    """The one kind of count that every region is estimated for.

    Parameters
    ----------
    institution_group, stage, measure : str
    days_from_polling : float
        Negative before polling day.
    """

    institution_group: str = "bawaslu"
    stage: str = "alleged"
    measure: str = "cases"
    days_from_polling: float = 0.0


def estimate_regions(
    fit: MeasurementFit, observations: Observations, target: Target, confidence: float, draws: int, seed: int
) -> pd.DataFrame:
    """Estimate the same count, on the same day of each cycle, for every region that voted.

    Regions without a published count of their own are estimated from rankings, national totals and the other regions;
    their intervals are wide. The estimate is of what would have been published, not of violations.

    Parameters
    ----------
    fit : MeasurementFit
        Without a dose.
    observations : Observations
        What was fitted.
    target : Target
    confidence : float
    draws : int
        Draws behind the ranks.
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row a region and cycle: ``rate`` per 10,000 with ``rate_lower`` and ``rate_upper``, the expected ``count``
        with limits, ``rank`` within the cycle (1: highest rate) with ``rank_lower`` and ``rank_upper``, ``n_exact``
        and ``n_limits`` (observations of the region in the cycle).
    """
    cells = observations.cells
    rows = _predictor_rows(fit.design, cells, target)
    log_rate, error = _log_estimates(fit, rows)
    reach = float(stats.norm.ppf(0.5 + confidence / 2)) * error
    headcount = np.exp(cells["log_headcount"].to_numpy())
    table = cells[["unit_code", "election_cycle"]].assign(
        rate=np.exp(log_rate), rate_lower=np.exp(log_rate - reach), rate_upper=np.exp(log_rate + reach)
    )
    for name in ("", "_lower", "_upper"):
        table[f"count{name}"] = table[f"rate{name}"] * headcount
    table["rank"] = table.groupby("election_cycle")["rate"].rank(ascending=False).astype("int64")
    drawn = pd.DataFrame(rows @ fit.draws(draws, seed).T, index=pd.Index(cells["election_cycle"]))
    ranks = drawn.groupby(level=0).rank(ascending=False).to_numpy()
    tail = (1 - confidence) / 2
    table["rank_lower"], table["rank_upper"] = np.quantile(ranks, [tail, 1 - tail], axis=1, method="nearest").astype(
        int
    )
    told = observations.table[observations.table["level"] == "province"]
    by_cell = told.groupby(["unit_code", "election_cycle"])["kind"].value_counts().unstack(fill_value=0)
    counts = by_cell.reindex(columns=["exact", "interval"], fill_value=0)
    counts = counts.rename(columns={"exact": "n_exact", "interval": "n_limits"})
    table = table.join(counts, on=["unit_code", "election_cycle"])
    return table.fillna({"n_exact": 0, "n_limits": 0}).astype({"n_exact": "int64", "n_limits": "int64"})


def _predictor_rows(design: Design, cells: pd.DataFrame, target: Target) -> np.ndarray:
    blocks = design.blocks
    rows = np.zeros((len(cells), blocks.size))
    place = {name: number for number, name in enumerate((*blocks.fixed, *blocks.slopes))}
    others = [name for name in blocks.fixed if not name.startswith(("intercept", "election_cycle", *FACTORS))]
    if others:
        raise CannotEstimateError([Problem("model_target_dose", column=others[0])])
    rows[:, place["intercept"]] = 1
    for factor in FACTORS:
        name = f"{factor}_{getattr(target, factor)}"
        if name in place:
            rows[:, place[name]] = 1
    _, _, units, groups = blocks.spans
    day = np.array([target.days_from_polling])
    for row, cell in zip(rows, zip(cells["unit_code"], cells["election_cycle"], strict=True), strict=True):
        kind = cell[1].partition("_")[0]
        if f"election_cycle_{cell[1]}" in place:
            row[place[f"election_cycle_{cell[1]}"]] = 1
        for piece, span in CLOCK_PIECES.items():
            if f"clock_{kind}_{piece}" in place:
                row[place[f"clock_{kind}_{piece}"]] = clock_values(day, span)[0]
        row[units.start + blocks.units.index(cell[0])] = 1
        row[groups.start + blocks.cells.index(cell)] = 1
    return rows


def _log_estimates(fit: MeasurementFit, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    natural = fit.natural()
    slopes = fit.design.blocks.spans[1]
    gradient = rows.copy()
    gradient[:, slopes] *= natural[slopes]
    return rows @ natural, np.sqrt(np.einsum("ij,jk,ik->i", gradient, fit.covariance, gradient))


def estimate_ratios(fit: MeasurementFit, confidence: float) -> pd.DataFrame:
    """Ratios between cycles, institutions, stages and measures, and by how much the clocks multiply the count.

    Parameters
    ----------
    fit : MeasurementFit
    confidence : float

    Returns
    -------
    pandas.DataFrame
        ``term``, ``ratio``, ``lower``, ``upper`` and ``learnt``: the share of the prior variance that the counts
        removed, near zero where they say nothing. A term is a level against its reference (Bawaslu, alleged, cases,
        Pilkada 2020) or a piece of a clock from its first to its last day, with the limits of
        :func:`~netral_research.model.measurement.clocks.slope_limits`: 1 where the counts allow that it stood still.
    """
    reach = float(stats.norm.ppf(0.5 + confidence / 2))
    errors = np.sqrt(np.diag(fit.covariance))
    blocks, rows = fit.design.blocks, []
    for place, name in enumerate(blocks.fixed):
        centre, error = fit.effects[place], errors[place]
        limits = np.exp([centre, centre - reach * error, centre + reach * error])
        rows.append((name, *limits, 1 - (error / FIXED_SPREAD) ** 2))
    for name, between in zip(blocks.slopes, slope_limits(fit, confidence), strict=True):
        place = len(blocks.fixed) + blocks.slopes.index(name)
        centre, error = fit.effects[place], errors[place]
        limits = clock_ratio(name, np.array([np.exp(centre), *between]))
        rows.append((name, *limits, 1 - (error / SLOPE_LOG_SPREAD) ** 2))
    table = pd.DataFrame(rows, columns=["term", "ratio", "lower", "upper", "learnt"])
    return table[table["term"] != "intercept"].reset_index(drop=True)


def clock_ratio(name: str, slopes: np.ndarray) -> np.ndarray:
    """By how much a piece of a clock multiplies the count from its first to its last day.

    Parameters
    ----------
    name : str
        ``clock_KIND_PIECE``.
    slopes : numpy.ndarray
        Per 60 days.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> clock_ratio("clock_pilkada_60_to_0", np.array([0.0, np.log(2)])).round(6).tolist()
    [1.0, 2.0]
    """
    first, last = CLOCK_PIECES[name.split("_", 2)[2]]
    # The earliest piece has no beginning; it is told over as many days as the next one.
    days = min(last - first, CLOCK_PIECES["180_to_60"][1] - CLOCK_PIECES["180_to_60"][0])
    return np.asarray(np.exp(slopes * days / CLOCK_UNIT_DAYS))


def estimate_spreads(fit: MeasurementFit, confidence: float) -> pd.DataFrame:
    """Spread of regions and of region-cycles (standard deviations of log rates) and the two dispersions.

    Parameters
    ----------
    fit : MeasurementFit
    confidence : float

    Returns
    -------
    pandas.DataFrame
        ``spread``, ``estimate``, ``lower``, ``upper``.
    """
    reach = float(stats.norm.ppf(0.5 + confidence / 2)) * np.sqrt(np.diag(fit.log_spread_covariance))
    limits = [np.exp(fit.log_spreads + side * reach) for side in (0, -1, 1)]
    return pd.DataFrame(dict(zip(("spread", "estimate", "lower", "upper"), (SPREADS, *limits), strict=True)))


def compare_regions(fit: MeasurementFit, confidence: float, draws: int, seed: int) -> pd.DataFrame:
    """Lasting differences between regions, as ratios to the mean region, with the ranks they allow.

    Parameters
    ----------
    fit : MeasurementFit
    confidence : float
    draws, seed : int
        For the ranks.

    Returns
    -------
    pandas.DataFrame
        ``unit_code``, ``ratio``, ``lower``, ``upper``, ``rank`` with limits, and ``named``: whether the interval
        excludes 1, so that the region may be named as high or low.
    """
    units = fit.design.blocks.spans[2]
    number = len(fit.design.blocks.units)
    contrast = np.eye(number) - 1 / number
    centre = contrast @ fit.effects[units]
    error = np.sqrt(np.diag(contrast @ fit.covariance[units, units] @ contrast.T))
    reach = float(stats.norm.ppf(0.5 + confidence / 2)) * error
    ranks = stats.rankdata(-fit.draws(draws, seed)[:, units], axis=1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=0, method="nearest").astype(int)
    table = pd.DataFrame(
        {
            "unit_code": fit.design.blocks.units, "ratio": np.exp(centre), "lower": np.exp(centre - reach),
            "upper": np.exp(centre + reach), "rank": stats.rankdata(-centre).astype(int), "rank_lower": low,
            "rank_upper": high,
        }
    )  # fmt: skip
    return table.assign(named=(table["lower"] > 1) | (table["upper"] < 1))
