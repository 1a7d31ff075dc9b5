"""The dose: events before the campaign beside counts from it on, within regions, with everything that may refute it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.measurement.design import build_design, expand
from netral_research.model.measurement.fit import MeasurementFit, fit_measurement
from netral_research.model.measurement.observations import Observations
from netral_research.model.measurement.posterior import Posterior
from netral_research.model.sentence import Evidence, choose_sentence

WITHIN, BETWEEN, LATER = "dose_within", "dose_between", "later_within"
LATER_BETWEEN = "later_between"


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
        Events that had not yet happened, within regions, beside the dose.
    within_beside_placebo : RateRatio
    permutation_p : float or None
        Share of shuffled histories whose estimate lies at least as far from their mean; None without draws.
    permutation_mean : float or None
        Mean rate ratio over shuffled histories.
    permutation_draws : int
    sentence : str
        As :func:`netral_research.model.sentence.choose_sentence` gives it; ``refused`` where the placebo fails.
    n_observations, n_regions, n_region_cycles : int
        Observations; regions and region-cycles with an exact count.
    """

    within: RateRatio
    between: RateRatio
    placebo: RateRatio
    within_beside_placebo: RateRatio
    permutation_p: float | None
    permutation_mean: float | None
    permutation_draws: int
    sentence: str
    n_observations: int
    n_regions: int
    n_region_cycles: int


def island_group(unit_code: str) -> str:
    """Group of islands whose regions are exchanged with one another.

    Parameters
    ----------
    unit_code : str

    Returns
    -------
    {"sumatra", "java_bali_nusa_tenggara", "kalimantan_and_east"}

    Examples
    --------
    >>> [island_group(code) for code in ("11", "35", "73")]
    ['sumatra', 'java_bali_nusa_tenggara', 'kalimantan_and_east']
    """
    if unit_code[0] in "12":
        return "sumatra"
    return "java_bali_nusa_tenggara" if unit_code[0] in "35" else "kalimantan_and_east"


@dataclass(frozen=True)
class Histories:
    """The dose of every latent count as it would be with the history of every region.

    Parameters
    ----------
    dose : numpy.ndarray of shape (m, r)
        Row: latent count; column: the region whose history is lent.
    later : numpy.ndarray of shape (m, r)
        The same of events after the count's day.
    cell_dose : numpy.ndarray of shape (c, r)
        Dose of each region-cycle with each history.
    unit : numpy.ndarray of shape (m,)
        Place of the region of each latent count.
    cell_unit : numpy.ndarray of shape (c,)
        Place of the region of each region-cycle.
    cell : numpy.ndarray of shape (m,)
        Place of the region-cycle of each latent count.
    """

    dose: np.ndarray
    later: np.ndarray
    cell_dose: np.ndarray
    unit: np.ndarray
    cell_unit: np.ndarray
    cell: np.ndarray

    def split(self, lender: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Within and between part of the dose when each region has the history of another.

        Parameters
        ----------
        lender : numpy.ndarray of shape (r,)
            Place of the lending region.

        Returns
        -------
        tuple of numpy.ndarray
            Each of shape (m,).
        """
        rows = np.arange(len(self.unit))
        mean = self._unit_means(self.cell_dose[np.arange(len(self.cell_unit)), lender[self.cell_unit]])
        dose = self.dose[rows, lender[self.unit]]
        return dose - mean[self.unit], mean[self.unit] - mean.mean()

    def later_split(self) -> tuple[np.ndarray, np.ndarray]:
        """Within and between part of the events after each count's day."""
        later = self.later[np.arange(len(self.unit)), self.unit]
        known = np.bincount(self.cell, minlength=len(self.cell_unit))
        by_cell = np.bincount(self.cell, later, minlength=len(self.cell_unit)) / np.maximum(known, 1)
        seen = known > 0
        regions = np.bincount(self.cell_unit[seen], minlength=self.dose.shape[1])
        mean = np.bincount(self.cell_unit[seen], by_cell[seen], minlength=self.dose.shape[1]) / np.maximum(regions, 1)
        return later - mean[self.unit], mean[self.unit] - mean.mean()

    def _unit_means(self, values: np.ndarray) -> np.ndarray:
        number = self.dose.shape[1]
        return np.bincount(self.cell_unit, values, minlength=number) / np.bincount(self.cell_unit, minlength=number)


def read_histories(observations: Observations, column: str = "dose") -> Histories:
    """Look up the dose of every latent count with the history of every region.

    Parameters
    ----------
    observations : Observations
    column : {"dose", "dose_to_date"}
        ``dose_to_date`` is a function of the count's day and only for comparison.

    Returns
    -------
    Histories
    """
    components, cells = expand(observations), observations.cells
    units = sorted(cells["unit_code"].unique())
    place = {unit: number for number, unit in enumerate(units)}
    days = ["election_cycle", "snapshot_date"]

    def by_day(name: str) -> np.ndarray:
        wide = observations.doses.pivot_table(index=days, columns="unit_code", values=name, fill_value=0.0)
        return wide.reindex(columns=units).reindex(pd.MultiIndex.from_frame(components[days])).fillna(0.0).to_numpy()

    wide = observations.doses.pivot_table(index="election_cycle", columns="unit_code", values="dose", fill_value=0.0)
    by_cycle = wide.reindex(columns=units).reindex(cells["election_cycle"]).fillna(0.0)
    numbers = {cell: n for n, cell in enumerate(zip(cells["unit_code"], cells["election_cycle"], strict=True))}
    return Histories(
        by_day(column),
        by_day("later_dose"),
        by_cycle.to_numpy(),
        components["unit_code"].map(place).to_numpy(),
        cells["unit_code"].map(place).to_numpy(),
        np.array([numbers[c] for c in zip(components["unit_code"], components["election_cycle"], strict=True)]),
    )


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
    shuffled = permute_histories(main, histories, sorted(chosen.cells["unit_code"].unique()), strata, draws, seed)
    estimate = _rate_ratio(main, WITHIN, confidence, power)
    refuter = _rate_ratio(placebo, LATER, confidence, power)
    evidence = Evidence((estimate.lower, estimate.upper), (refuter.lower, refuter.upper))
    return DoseResult(
        estimate, _rate_ratio(main, BETWEEN, confidence, power), refuter,
        _rate_ratio(placebo, WITHIN, confidence, power),
        _permutation_p(float(main.mode[main.design.blocks.fixed.index(WITHIN)]), shuffled) if draws else None,
        float(np.exp(shuffled.mean())) if draws else None,
        draws, choose_sentence(evidence), len(chosen.table), exact["unit_code"].nunique(), len(cells),
    )  # fmt: skip


def _require_variation(values: np.ndarray, name: str) -> None:
    if not np.ptp(values) > 1e-9:
        raise CannotEstimateError([Problem("model_no_variation", column=name)])


def _fit_placebo(
    chosen: Observations, regressors: Mapping[str, np.ndarray], histories: Histories, minimum_regions: int
) -> MeasurementFit:
    later_within, later_between = histories.later_split()
    _require_variation(later_within, LATER)
    extra = {LATER: later_within} | ({LATER_BETWEEN: later_between} if np.ptp(later_between) > 0 else {})
    return fit_measurement(build_design(chosen, {**regressors, **extra}, minimum_regions))


def _rate_ratio(fit: MeasurementFit, name: str, confidence: float, power: float) -> RateRatio:
    reach = float(stats.norm.ppf([0.5 + confidence / 2, power]).sum()) * fit.coefficient(name)[1]
    return RateRatio(*fit.ratio(name, confidence), float(np.exp(-reach)), float(np.exp(reach)))


def permute_histories(
    fit: MeasurementFit, histories: Histories, units: list[str], strata: Mapping[str, str], draws: int, seed: int
) -> np.ndarray:
    """Coefficients of the within part when regions exchange their whole histories within strata.

    The spreads stay at those of the fit; the effects are estimated anew from it.

    Parameters
    ----------
    fit : MeasurementFit
        With the within and between part of the dose.
    histories : Histories
    units : list of str
        Regions in the order of ``histories``.
    strata : mapping of str to str
    draws, seed : int

    Returns
    -------
    numpy.ndarray of shape (draws,)
    """
    random = np.random.default_rng(seed)
    groups = pd.Series([strata[unit] for unit in units]).groupby([strata[unit] for unit in units]).indices
    place = fit.design.blocks.fixed.index(WITHIN)
    found = np.empty(draws)
    for draw in range(draws):
        lender = np.arange(len(units))
        for members in groups.values():
            lender[members] = random.permutation(members)
        within, between = histories.split(lender)
        design = fit.design.with_column(WITHIN, within).with_column(BETWEEN, between)
        found[draw] = Posterior(design).mode(fit.log_spreads, fit.mode).effects[place]
    return found


def _permutation_p(estimate: float, shuffled: np.ndarray) -> float:
    """Centred on the shuffled mean: a dose with a trend in time does not scatter around no association."""
    distance = np.abs(shuffled - shuffled.mean())
    return float((1 + (distance >= abs(estimate - shuffled.mean())).sum()) / (len(shuffled) + 1))
