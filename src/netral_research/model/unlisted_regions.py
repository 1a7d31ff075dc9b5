"""How many cases regions may have that a ranking does not list."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.model.censored_likelihood import CensoredCounts, censored_likelihood, split
from netral_research.model.count_distributions import Floats, log_pmf
from netral_research.model.count_sums import counts_given_sum
from netral_research.model.rankings import RankingFit


def predict_unlisted(
    fit: RankingFit, observations: pd.DataFrame, region: str, confidence: float, draws: int, seed: int
) -> pd.DataFrame:
    """Predicted count of every region that a list leaves out, with an interval inside its limits.

    The interval holds both what the model does not know (its parameters are drawn from their normal distribution)
    and what it cannot know (the count is drawn given its limits, and given the list's total where one is published).

    Parameters
    ----------
    fit : RankingFit
    observations : pandas.DataFrame
        The ones ``fit`` was made from.
    region : str
        Column that names the regions.
    confidence : float
    draws : int
    seed : int

    Returns
    -------
    pandas.DataFrame
        ``ranking``, region, ``lower`` and ``upper`` (the limits), ``expected`` (the mean at the estimates),
        ``predicted_lower``, ``predicted_upper``. Where the fit left a region out, its limits are all that is known:
        they are the interval, and ``expected`` is missing.

    Examples
    --------
    >>> from netral_research.model.rankings import fit_rankings
    >>> lists = pd.DataFrame({
    ...     "ranking": ["a"] * 4 + ["b"] * 4, "region": ["11", "12", "13", "14"] * 2, "dose": [0, 0, 1, 1, 0, 0, 0, 1],
    ...     "lower": [12, 8, 4, 0, 9, 11, 10, 0], "upper": [12, 8, 4, 4, 9, 11, 10, 9]})
    >>> fit = fit_rankings(lists, ["dose"], cluster="region", family="poisson")
    >>> predict_unlisted(fit, lists, "region", 0.9, 500, seed=1).round(1).to_numpy().tolist()
    [['a', '14', 0, 4, 2.5, 0.0, 4.0], ['b', '14', 0, 9, 3.2, 0.0, 7.0]]
    """
    unlisted = (observations["lower"] < observations["upper"]).to_numpy()
    table = observations.loc[unlisted, ["ranking", region, "lower", "upper"]]
    expected, lower, upper = np.full(len(observations), np.nan), observations["lower"], observations["upper"]
    interval = np.column_stack([lower, upper]).astype("float64")
    rows = np.flatnonzero(fit.data.lower < fit.data.upper)
    places = np.flatnonzero(fit.used)[rows]
    log_mean, dispersion = split(fit.parameters, fit.data)
    mean = np.exp(log_mean)
    # The score is the expected count's distance from the mean in units that the dispersion stretches.
    scores = censored_likelihood(log_mean, dispersion, fit.data).by_log_mean
    expected[places] = (mean + scores * (1 + dispersion * mean))[rows]
    drawn = _draw_counts(fit, draws, np.random.default_rng(seed))[:, rows]
    tails = [0.5 - confidence / 2, 0.5 + confidence / 2]
    interval[places] = np.quantile(drawn, tails, axis=0, method="inverted_cdf").T
    return table.assign(
        expected=expected[unlisted],
        predicted_lower=interval[unlisted, 0],
        predicted_upper=interval[unlisted, 1],
    ).reset_index(drop=True)


def _draw_counts(fit: RankingFit, draws: int, random: np.random.Generator) -> Floats:
    covariance = np.nan_to_num(fit.covariance)
    parameters = random.multivariate_normal(fit.parameters, covariance, size=draws, method="eigh")
    chances = random.random((draws, len(fit.data.lower)))
    pairs = zip(parameters, chances, strict=True)
    return np.array([_counts(*split(one, fit.data), fit.data, chance) for one, chance in pairs])


def _counts(log_mean: Floats, dispersion: float, data: CensoredCounts, chances: Floats) -> Floats:
    """One count for each row: the exact one, or one within its limits at the given point of its distribution."""
    counts = data.lower.copy()
    open_ended = np.isinf(data.upper)
    for rows, total in data.sums:
        open_ended[rows] = False
        given = counts_given_sum(total, data.lower[rows], data.upper[rows], log_mean[rows], dispersion)
        counts[rows] += _point(given.probabilities, chances[rows])
    summed = np.concatenate([np.zeros(0, dtype=int), *(rows for rows, _ in data.sums)])
    alone = np.flatnonzero((data.lower < data.upper) & ~open_ended & ~np.isin(np.arange(len(counts)), summed))
    if len(alone):
        width = data.upper[alone] - data.lower[alone]
        steps = np.arange(int(width.max()) + 1)
        logs = log_pmf(data.lower[alone, None] + steps, log_mean[alone, None], dispersion).value
        logs = np.where(steps <= width[:, None], logs, -np.inf)
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        counts[alone] += _point(weights / weights.sum(axis=1, keepdims=True), chances[alone])
    if open_ended.any():
        mean = np.exp(log_mean[open_ended])
        family = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean)) if dispersion else stats.poisson(mean)
        drawn = family.isf(chances[open_ended] * family.sf(data.lower[open_ended] - 1))
        counts[open_ended] = np.where(np.isfinite(drawn), np.maximum(drawn, data.lower[open_ended]), counts[open_ended])
    return counts


def _point(probabilities: Floats, chances: Floats) -> Floats:
    cumulative = np.cumsum(probabilities, axis=1)
    return (cumulative[:, :-1] < chances[:, None]).sum(axis=1).astype("float64")
