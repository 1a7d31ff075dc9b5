"""What is told of single regions: pulled to the mean, with intervals, and named only where these exclude 1."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.model.region_effects import RegionFit


def region_table(fit: RegionFit, term: str, confidence: float, draws: int, seed: int) -> pd.DataFrame:
    """Rate ratio of every region, pulled to the mean, with interval, probability and rank.

    Parameters
    ----------
    fit : RegionFit
    term : str
        ``intercept``: the region's rate to that of the typical region. The dose: the rate ratio of one unit of it
        within the region.
    confidence : float
    draws : int
        Draws from the joint normal distribution of all effects, for the ranks.
    seed : int

    Returns
    -------
    pandas.DataFrame
        ``region``, ``rate_ratio``, ``lower``, ``upper``, ``probability_above_1``, ``rank`` (1 is the highest),
        ``rank_lower``, ``rank_upper``. All but region and ratio are missing where the term's variance between regions
        is estimated as zero: that tells no region from another, and is no certainty that they are alike.

    Examples
    --------
    >>> from netral_research.model.region_effects import fit_region_effects
    >>> sample = pd.DataFrame({"region": ["11", "11", "12", "12", "13", "13", "14", "14"],
    ...     "dose": [0, 1] * 4, "count": [20, 9, 4, 3, 11, 5, 40, 22]})
    >>> table = region_table(fit_region_effects(sample, ["dose"], region="region"), "intercept", 0.95, 500, seed=1)
    >>> table[["region", "rate_ratio", "rank"]].round(2).to_numpy().tolist()
    [['11', 1.31, 2], ['12', 0.4, 4], ['13', 0.76, 3], ['14', 2.77, 1]]
    """
    place, k, q = fit.varying.index(term), len(fit.names), len(fit.varying)
    count = len(fit.regions)
    # What is shown of each region: its effect, and for the dose the typical region's slope besides.
    shown = np.zeros((count, k + count * q))
    shown[np.arange(count), k + np.arange(count) * q + place] = 1.0
    centres = fit.effects[:, place].copy()
    if term != "intercept":
        shown[:, fit.names.index(term)] = 1.0
        centres += fit.coefficients[fit.names.index(term)]
    table = pd.DataFrame({"region": fit.regions, "rate_ratio": np.exp(centres)})
    if np.isnan(fit.region_variance_errors[place]):
        missing = ["lower", "upper", "probability_above_1", "rank", "rank_lower", "rank_upper"]
        return table.assign(**dict.fromkeys(missing, np.nan))
    covariance = shown @ fit.joint_covariance @ shown.T
    errors = np.sqrt(np.diag(covariance))
    reach = stats.norm.ppf(0.5 + confidence / 2) * errors
    drawn = np.random.default_rng(seed).multivariate_normal(centres, covariance, size=draws, method="eigh")
    ranks = stats.rankdata(-drawn, axis=1)
    tails = [0.5 - confidence / 2, 0.5 + confidence / 2]
    rank_lower, rank_upper = np.quantile(ranks, tails, axis=0, method="inverted_cdf").astype(int)
    return table.assign(
        lower=np.exp(centres - reach),
        upper=np.exp(centres + reach),
        probability_above_1=stats.norm.cdf(centres / errors),
        rank=stats.rankdata(-centres, method="min").astype(int),
        rank_lower=rank_lower,
        rank_upper=rank_upper,
    )


def name_regions(table: pd.DataFrame) -> pd.DataFrame:
    """The only regions a sentence may name: those whose interval excludes 1 after pooling.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`region_table` gives it.

    Returns
    -------
    pandas.DataFrame
        The rows of those regions with ``side`` (``above`` or ``below``), highest rate ratio first.

    Examples
    --------
    >>> table = pd.DataFrame({"region": ["11", "12"], "rate_ratio": [2.0, 1.5], "lower": [1.2, 0.9],
    ...     "upper": [3.3, 2.5]})
    >>> name_regions(table)[["region", "side"]].to_numpy().tolist()
    [['11', 'above']]
    """
    named = table[(table["lower"] > 1) | (table["upper"] < 1)]
    named = named.assign(side=np.where(named["lower"] > 1, "above", "below"))
    return named.sort_values(["rate_ratio", "region"], ascending=[False, True]).reset_index(drop=True)
