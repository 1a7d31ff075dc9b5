"""The dose: events before the campaign beside counts from it on, within regions, with everything that may refute it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.claims import Evidence, allow_for_targeting
from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.fit import MeasurementFit, fit_measurement
from netral_research.model.measurement.histories import Histories, next_dose, read_histories
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.permutation import ShuffledDose, permute_histories
from netral_research.model.reporting import Interval
from netral_research.model.sentence import choose_sentence

WITHIN, BETWEEN, LATER = "dose_within", "dose_between", "later_within"
LATER_BETWEEN, NEXT = "later_between", "next_within"


@dataclass(frozen=True)
class RateRatio:
    """A rate ratio for a doubling of 1 + events, with its interval and what it could have shown.

    Parameters
    ----------
    ratio, lower, upper : float
    detectable_below, detectable_above : float
        Rate ratios beyond which the data would reliably have shown a difference.
    """

    ratio: float
    lower: float
    upper: float
    detectable_below: float
    detectable_above: float


@dataclass(frozen=True)
class DoseResult:
    """What the data say about the dose, with what may refute it.

    Parameters
    ----------
    within : RateRatio
        Within regions, between cycles: the only part that may be told.
    between : RateRatio
        Between regions: targeting and news coverage, never an effect.
    placebo : RateRatio
        Events of the cycle that had not yet happened, within regions, beside the dose.
    next_cycle : RateRatio or None
        Events of the next cycle, within regions, beside both: they follow from risk that has become known. None where
        no cycle with a different dose follows.
    within_beside_placebo : RateRatio
    beyond_placebo : RateRatio
        The dose against the placebo. Where events go where risk is expected, both go with the counts alike, and little
        is left.
    permutation_p : float or None
        Share of shuffled histories whose estimate lies at least as far from their mean; None without draws.
    permutation_mean : float or None
        Mean rate ratio over shuffled histories.
    permutation_draws : int
    targeting : tuple of float
        Limits of the ratio as :func:`netral_research.model.claims.allow_for_targeting` widens the interval that the
        sentence rests on, by the placebo that fails or leaves most possible.
    sentence : str
        As :func:`netral_research.model.sentence.choose_sentence` gives it; the interval it rests
        on is the wider of ``within`` and ``beyond_placebo``.
    n_observations, n_regions, n_region_cycles : int
        Observations; regions and region-cycles with an exact count.
    """

    within: RateRatio
    between: RateRatio
    placebo: RateRatio
    next_cycle: RateRatio | None
    within_beside_placebo: RateRatio
    beyond_placebo: RateRatio
    permutation_p: float | None
    permutation_mean: float | None
    permutation_draws: int
    targeting: Interval
    sentence: str
    n_observations: int
    n_regions: int
    n_region_cycles: int


def estimate_dose(
    observations: Observations, strata: Mapping[str, str], confidence: float, power: float, minimum_regions: int,
    draws: int, seed: int,
) -> DoseResult:  # fmt: skip
    """Estimate how counts from the campaign on go with events before it, and what speaks against the estimate.

    The result is an association. Where events that had not yet happened go with the counts as well, or that cannot be
    checked, the sentence about it is refused.

    Parameters
    ----------
    observations : Observations
        Only those told from the campaign's first day on are used.
    strata : mapping of str to str
        Group of each region within which histories are shuffled, as :func:`island_group` gives it.
    confidence, power : float
    minimum_regions : int
        Fewer regions with exact counts in two cycles than this: no estimate.
    draws : int
        Shuffled histories; zero for none.
    seed : int

    Returns
    -------
    DoseResult

    Raises
    ------
    CannotEstimateError
        If too few regions can be compared with themselves, or the dose does not vary within them.

    References
    ----------
    Mundlak (1978), Econometrica 46: 69-85 (within and between part).
    """
    chosen = observations.keep(observations.table["from_campaign"])
    exact = chosen.table[(chosen.table["level"] == "province") & (chosen.table["kind"] == "exact")]
    cells = exact[["unit_code", "election_cycle"]].drop_duplicates()
    compared = int((cells["unit_code"].value_counts() > 1).sum())
    wanted = max(minimum_regions, 2)
    if compared < wanted:
        raise CannotEstimateError([Problem("model_regions", fields={"found": str(compared), "wanted": str(wanted)})])
    histories = read_histories(chosen)
    units = np.arange(histories.dose.shape[1])
    within, between = histories.split(units)
    _require_variation(within, WITHIN)
    regressors = {WITHIN: within, BETWEEN: between}
    main = fit_measurement(build_design(chosen, regressors, minimum_regions))
    placebo = _fit_placebo(chosen, regressors, histories, minimum_regions)
    shuffled = _shuffle(chosen, histories, strata, main, minimum_regions, draws, seed) if draws else None
    estimate = _rate_ratio(main, WITHIN, confidence, power)
    later = _rate_ratio(placebo, LATER, confidence, power)
    following = _rate_ratio(placebo, NEXT, confidence, power) if NEXT in placebo.design.blocks.fixed else None
    beyond = _contrast(placebo, WITHIN, LATER, confidence, power)
    widest = min(estimate.lower, beyond.lower), max(estimate.upper, beyond.upper)
    refuter, targeting = _refuter(widest, [later, *([following] if following else [])])
    shuffled_p = shuffled.p_value if shuffled else None
    evidence = Evidence(
        within_region=True,
        estimate=estimate.ratio,
        interval=widest,
        permutation_p=shuffled_p,
        placebo=(refuter.lower, refuter.upper),
        placebo_detectable=(refuter.detectable_below, refuter.detectable_above),
        detectable=(estimate.detectable_below, estimate.detectable_above),
        treated_regions=int((histories.dose.max(axis=0) > 0).sum()),
    )
    return DoseResult(
        estimate, _rate_ratio(main, BETWEEN, confidence, power), later, following,
        _rate_ratio(placebo, WITHIN, confidence, power), beyond,
        shuffled_p,
        float(np.exp(shuffled.shuffled.mean())) if shuffled else None,
        draws, targeting, choose_sentence(evidence, 1 - confidence), len(chosen.table), exact["unit_code"].nunique(),
        len(cells),
    )  # fmt: skip


def _refuter(interval: Interval, placebos: Sequence[RateRatio]) -> tuple[RateRatio, Interval]:
    """The placebo that fails, or else the one that leaves most possible; and the interval allowing for it."""

    def severity(placebo: RateRatio) -> tuple[bool, float]:
        fails = not placebo.lower <= 1 <= placebo.upper
        return fails, allow_for_targeting(interval, (placebo.lower, placebo.upper))[1]

    chosen = max(placebos, key=severity)
    return chosen, allow_for_targeting(interval, (chosen.lower, chosen.upper))


def _require_variation(values: np.ndarray, name: str) -> None:
    if not np.ptp(values) > 1e-9:
        raise CannotEstimateError([Problem("model_no_variation", column=name)])


def _fit_placebo(
    chosen: Observations, regressors: Mapping[str, np.ndarray], histories: Histories, minimum_regions: int
) -> MeasurementFit:
    later_within, later_between = histories.later_split()
    _require_variation(later_within, LATER)
    known = {LATER_BETWEEN: later_between, NEXT: next_dose(chosen, histories)}
    extra = {LATER: later_within} | {name: values for name, values in known.items() if np.ptp(values) > 0}
    return fit_measurement(build_design(chosen, {**regressors, **extra}, minimum_regions))


def _shuffle(
    chosen: Observations, histories: Histories, strata: Mapping[str, str], main: MeasurementFit, minimum_regions: int,
    draws: int, seed: int,
) -> ShuffledDose:  # fmt: skip
    null = fit_measurement(build_design(chosen, {}, minimum_regions), start_spreads=main.log_spreads)
    return permute_histories(null, histories, sorted(chosen.cells["unit_code"].unique()), strata, draws, seed)


def _rate_ratio(fit: MeasurementFit, name: str, confidence: float, power: float) -> RateRatio:
    return _with_limits(*fit.coefficient(name), confidence, power)


def _contrast(fit: MeasurementFit, one: str, other: str, confidence: float, power: float) -> RateRatio:
    first, second = (fit.design.blocks.fixed.index(name) for name in (one, other))
    variance = fit.covariance[first, first] + fit.covariance[second, second] - 2 * fit.covariance[first, second]
    return _with_limits(fit.effects[first] - fit.effects[second], float(np.sqrt(variance)), confidence, power)


def _with_limits(centre: float, error: float, confidence: float, power: float) -> RateRatio:
    two_sided, of_power = stats.norm.ppf([0.5 + confidence / 2, power]) * error
    limits = centre + np.array([0.0, -two_sided, two_sided])
    ratio, lower, upper = np.exp(limits).tolist()
    return RateRatio(ratio, lower, upper, float(np.exp(-two_sided - of_power)), float(np.exp(two_sided + of_power)))
