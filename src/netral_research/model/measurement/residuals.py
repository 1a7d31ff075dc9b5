"""Where published figures and the model disagree: residuals that find errors in the data, and totals kept out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from netral_research.model.measurement.design import Design, design_like
from netral_research.model.measurement.fit import MeasurementFit
from netral_research.model.measurement.negative_binomial import distribution
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import Posterior

_MOST = 1e9


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


def predict_totals(
    fit: MeasurementFit, totals: Observations, totals_design: Design, confidence: float, draws: int, seed: int
) -> pd.DataFrame:
    """Predict national totals that the fit has not seen, as sums over regions.

    Parameters
    ----------
    fit : MeasurementFit
    totals : Observations
        The totals kept out.
    totals_design : Design
        Their design, with the effects of ``fit``.
    confidence : float
    draws, seed : int

    Returns
    -------
    pandas.DataFrame
        ``obs_id``, ``published``, ``predicted`` (median), ``lower``, ``upper``, ``ratio`` (predicted to published)
        and ``inside``.
    """
    random = np.random.default_rng(seed)
    effects = fit.draws(draws, seed)
    posterior = Posterior(totals_design)
    # An effect that only its prior holds gives means beyond any number of people; a count of them cannot be drawn.
    means = np.minimum([posterior.means(draw)[0] for draw in effects], _MOST)
    # A total spreads as totals do where the fit has seen any, and at least as a sum of counts.
    size = np.exp(-fit.log_spreads[3])
    drawn = random.negative_binomial(size, size / (size + means))
    tail = (1 - confidence) / 2
    low, middle, high = np.quantile(drawn, [tail, 0.5, 1 - tail], axis=0)
    published = totals.table["lower"].to_numpy()
    return totals.table[["obs_id", "election_cycle", "institution_group", "stage", "measure", "as_of"]].assign(
        published=published, predicted=middle, lower=low, upper=high, ratio=middle / published,
        inside=(low <= published) & (published <= high),
    )  # fmt: skip


def check_held_out_totals(
    fit: MeasurementFit, observations: Observations, held_out: Observations, confidence: float, draws: int, seed: int
) -> pd.DataFrame:
    """Set the sums that the fit implies beside national totals that it has not seen.

    Parameters
    ----------
    fit : MeasurementFit
        Of ``observations``, without a dose.
    observations : Observations
    held_out : Observations
        Exact national totals.
    confidence : float
    draws, seed : int

    Returns
    -------
    pandas.DataFrame
        As :func:`predict_totals` gives it.
    """
    totals = held_out.keep((held_out.table["level"] == "national") & (held_out.table["kind"] == "exact"))
    known = totals.table["obs_id"].isin(set(observations.table["obs_id"]))
    totals = totals.keep(~known)
    return predict_totals(fit, totals, design_like(fit.design, totals), confidence, draws, seed)
