"""Where published figures and the model disagree: residuals that find errors in the data, and totals kept out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import special

from netral_research.model.measurement.design import build_design, design_like
from netral_research.model.measurement.fit import MeasurementFit, fit_measurement
from netral_research.model.measurement.negative_binomial import distribution
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import Posterior

# Means and counts beyond these tell nothing more; half a case stands for none where a log is taken.
_MOST, _LEAST = 1e9, 0.5


def find_outliers(fit: MeasurementFit, observations: Observations, seed: int) -> pd.DataFrame:
    """Randomised quantile residuals: standard normal where the model holds, so that large ones ask for a second look.

    Parameters
    ----------
    fit : MeasurementFit
    observations : Observations
        What was fitted.
    seed : int

    Returns
    -------
    pandas.DataFrame
        Worst first: ``obs_id``, ``source_ids``, ``level``, ``unit_code``, ``election_cycle``, the factors, ``as_of``,
        ``lower``, ``upper``, ``expected`` and ``residual`` (negative: fewer than expected; of limits zero unless the
        expected count lies beyond them).

    References
    ----------
    Dunn and Smyth (1996), Journal of Computational and Graphical Statistics 5: 236-244.
    """
    design, posterior = fit.design, Posterior(fit.design)
    mean, _ = posterior.means(fit.natural())
    dispersion = posterior.dispersions(fit.log_spreads)
    low = distribution(design.lower - 1, mean, dispersion)
    high = distribution(design.upper, mean, dispersion)
    place = low + np.random.default_rng(seed).uniform(size=len(mean)) * (high - low)
    # Limits tell something only where the expected count lies outside them.
    nearest = np.clip(0.5, low, high)
    residual = special.ndtri(np.clip(np.where(design.lower == design.upper, place, nearest), 1e-12, 1 - 1e-12))
    columns = [
        "obs_id", "source_ids", "level", "unit_code", "election_cycle", "institution_group", "stage", "measure",
        "as_of", "kind", "lower", "upper",
    ]  # fmt: skip
    table = observations.table[columns].assign(expected=mean, residual=residual)
    order = np.argsort(-np.abs(residual), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def check_held_out_totals(
    observations: Observations, minimum_regions: int, confidence: float, draws: int, seed: int,
    start_spreads: np.ndarray | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Predict the national totals of each cycle from everything but the totals of that cycle.

    A total differs from the sum over regions by more than chance: it may rest on a narrower register, and regions with
    few cases publish less often. How far totals lie from their predictions beyond what the model expects is estimated
    from all other totals, every cycle with the same weight, and widens the interval.

    Parameters
    ----------
    observations : Observations
    minimum_regions : int
        Fewer regions with an exact count than this: no estimate.
    confidence : float
    draws, seed : int
    start_spreads : numpy.ndarray of shape (4,), optional
        Logs of the spreads to start the fits from.

    Returns
    -------
    pandas.DataFrame
        One row an exact national total of a cycle of which regions have counts too: ``obs_id``, ``election_cycle``,
        the factors, ``as_of``, ``published``, ``predicted`` (median), ``lower``, ``upper``, ``ratio`` (predicted to
        published), ``inside`` and ``discrepancy`` (standard deviation of the log by which it was widened).
    """
    table = observations.table
    regional = set(table.loc[table["level"] == "province", "election_cycle"])
    totals = table[(table["level"] == "national") & (table["kind"] == "exact") & table["election_cycle"].isin(regional)]
    cycles = list(dict.fromkeys(totals["election_cycle"]))
    parts = Parallel()(
        delayed(_without_totals)(observations, cycle, minimum_regions, draws, seed, start_spreads) for cycle in cycles
    )
    columns = ["obs_id", "election_cycle", "institution_group", "stage", "measure", "as_of"]
    told = totals[columns].assign(published=totals["lower"]).reset_index(drop=True)
    if not len(told):
        return told.assign(**{name: [] for name in ("predicted", "lower", "upper", "ratio", "inside", "discrepancy")})
    # The rows are sorted by cycle, as the parts are.
    logs = np.concatenate(parts, axis=1)
    middle = np.median(logs, axis=0)
    beyond = (np.log(np.maximum(told["published"].to_numpy(), _LEAST)) - middle) ** 2 - logs.var(axis=0)
    discrepancy = np.sqrt(np.maximum(_of_others(beyond, told["election_cycle"]), 0.0))
    noise = np.random.default_rng(seed).standard_normal(logs.shape)
    tail = (1 - confidence) / 2
    low, high = np.exp(np.quantile(logs + discrepancy * noise, [tail, 1 - tail], axis=0))
    predicted = np.exp(middle)
    return told.assign(
        predicted=predicted, lower=low, upper=high, ratio=predicted / told["published"],
        inside=(low <= told["published"]) & (told["published"] <= high), discrepancy=discrepancy,
    )  # fmt: skip


def _without_totals(
    observations: Observations, cycle: str, minimum_regions: int, draws: int, seed: int,
    start_spreads: np.ndarray | None,
) -> np.ndarray:  # fmt: skip
    """Logs of drawn totals of a cycle, from a fit that has seen none of them."""
    table = observations.table
    total = (table["level"] == "national") & (table["election_cycle"] == cycle)
    design = build_design(observations.keep(~total), {}, minimum_regions)
    fit = fit_measurement(design, start_spreads=start_spreads)
    posterior = Posterior(design_like(design, observations.keep(total & (table["kind"] == "exact"))))
    # An effect that only its prior holds gives means beyond any number of people; a count of them cannot be drawn.
    means = np.minimum([posterior.means(draw)[0] for draw in fit.draws(draws, seed)], _MOST)
    size = np.exp(-fit.log_spreads[3])
    drawn = np.random.default_rng(seed).negative_binomial(size, size / (size + means))
    return np.log(np.maximum(drawn, _LEAST))


def _of_others(values: np.ndarray, cycles: pd.Series) -> np.ndarray:
    """Mean over cycles of the mean over their totals, each time without the total itself."""
    names = cycles.to_numpy()
    means = []
    for own in range(len(values)):
        others = np.arange(len(values)) != own
        by_cycle = [values[others & (names == name)] for name in dict.fromkeys(names)]
        means.append(np.mean([one.mean() for one in by_cycle if len(one)]) if len(values) > 1 else 0.0)
    return np.array(means)
