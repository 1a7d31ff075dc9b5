"""The dose: within regions only, with its placebo and its shuffled histories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.model.measurement.components import expand
from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.dose import BETWEEN, WITHIN, estimate_dose
from netral_research.model.measurement.dose_error import correct_for_missed_events
from netral_research.model.measurement.dose_variants import compare_dose_definitions
from netral_research.model.measurement.fit import fit_measurement
from netral_research.model.measurement.histories import island_group, next_dose, read_histories
from netral_research.model.measurement.permutation import ShuffledDose, permute_histories, shuffled_orders
from netral_research.model.measurement.posterior import Posterior

ALL = {str(code): "one" for code in range(11, 25)}


@pytest.fixture(scope="module")
def dosed(told, publish):
    histories = read_histories(told)
    within, _ = histories.split(np.arange(14))
    return publish(4, {WITHIN: within}, **{WITHIN: -0.9})[0]


def test_the_within_part_has_no_mean_in_any_region(told):
    within, between = read_histories(told).split(np.arange(14))
    cells = told.cells.assign(mean=told.cells.groupby("unit_code")["dose"].transform("mean"))
    assert np.ptp(between) == pytest.approx(np.ptp(cells["mean"]))
    assert within.min() == pytest.approx((cells["dose"] - cells["mean"]).min())


def test_a_shuffled_history_is_lent_whole(told):
    histories = read_histories(told)
    lender = np.roll(np.arange(14), 1)
    within, _ = histories.split(lender)
    own, _ = histories.split(np.arange(14))
    places = list(zip(histories.unit.tolist(), (histories.cell % 3).tolist(), strict=True))
    cell = dict(zip(places, own, strict=True))
    assert within == pytest.approx([cell[lender[unit], cycle] for unit, cycle in places])


def test_a_strong_association_within_regions_is_found_and_told_as_lower(dosed):
    found = estimate_dose(dosed, ALL, 0.95, 0.8, 5, draws=199, seed=1)
    assert found.within.lower < np.exp(-0.9) < found.within.upper < 1
    assert found.permutation_p <= 0.02
    assert found.sentence == "lower"
    assert found.within.detectable_below < 1 < found.within.detectable_above


def test_events_sent_where_the_risk_of_the_cycle_is_high_are_not_told_as_an_association(told, publish):
    truth = publish(12)[1]
    cells = truth.effects[-len(told.cells) :] / np.std(truth.effects[-len(told.cells) :])
    random = np.random.default_rng(12)
    before, later = (np.log2(1 + random.poisson(np.exp(1 + 0.8 * cells))) for _ in range(2))
    aimed = replace(told, cells=told.cells.assign(dose=before), doses=told.doses.assign(dose=before, later_dose=later))
    observations = replace(aimed, table=publish(12)[0].table)
    found = estimate_dose(observations, ALL, 0.95, 0.8, 5, draws=0, seed=1)
    assert found.within.lower > 1
    assert found.beyond_placebo.lower < 1
    assert found.sentence in ("refused", "cannot_tell")


def test_one_step_gives_what_a_refit_of_every_shuffled_history_gives(publish):
    observations = publish(5)[0]
    histories, own = read_histories(observations), np.arange(14)
    units, parts = [str(code) for code in range(11, 25)], histories.split(own)
    main = fit_measurement(build_design(observations, dict(zip((WITHIN, BETWEEN), parts, strict=True))))
    null = fit_measurement(build_design(observations), start_spreads=main.log_spreads)
    stepped = permute_histories(null, histories, units, ALL, draws=30, seed=2)
    refitted = []
    for order in shuffled_orders(units, ALL, 30, 2):
        within, between = histories.split(order)
        design = main.design.with_column(WITHIN, within).with_column(BETWEEN, between)
        mode = Posterior(design).mode(null.log_spreads, main.mode)
        refitted.append(mode.effects[main.design.blocks.fixed.index(WITHIN)])
    found = np.concatenate([[stepped.estimate], stepped.shuffled])
    assert found == pytest.approx(refitted, abs=0.02)
    assert np.corrcoef(found, refitted)[0, 1] > 0.998


def test_histories_given_at_random_are_found_as_often_as_the_p_value_says(publish):
    """The fit without a dose knows no history, so the p-value is exact whatever the counts are like."""
    observations = publish(5)[0]
    null = fit_measurement(build_design(observations))
    units, given, draws = [str(code) for code in range(11, 25)], 300, 39
    found = permute_histories(null, read_histories(observations), units, ALL, given * (draws + 1), seed=3).shuffled
    p_values = [ShuffledDose(own, np.array(others)).p_value for own, *others in found.reshape(given, draws + 1)]
    size = np.mean(np.array(p_values) <= 0.05)
    assert size == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / given))
    assert stats.kstest(p_values, "uniform").pvalue > 0.001


def test_the_same_seed_gives_the_same_result(dosed):
    first, second = (estimate_dose(dosed, ALL, 0.95, 0.8, 5, draws=5, seed=4) for _ in range(2))
    assert first == second


def test_counts_that_go_with_later_events_refuse_the_sentence(told, publish):
    histories = read_histories(told)
    later, _ = histories.later_split()
    observations = publish(3, {"later": later}, later=0.8)[0]
    found = estimate_dose(observations, ALL, 0.95, 0.8, 5, draws=0, seed=1)
    assert found.placebo.lower > 1
    assert found.sentence == "refused"
    assert found.permutation_p is None


def test_counts_that_go_with_events_of_the_next_cycle_refuse_the_sentence(told, publish):
    """Events that follow known risk cannot be told from events that change it; those of the next cycle tell."""
    ahead = next_dose(told, read_histories(told))
    observations = publish(3, {"ahead": ahead}, ahead=0.8)[0]
    found = estimate_dose(observations, ALL, 0.95, 0.8, 5, draws=0, seed=1)
    assert found.next_cycle.lower > 1
    assert found.sentence == "refused"


def test_the_next_cycle_is_the_one_that_voted_next(told):
    ahead = next_dose(told, read_histories(told))
    components, dose = expand(told), told.cells.set_index(["unit_code", "election_cycle"])["dose"]
    own = components["unit_code"].to_numpy() == "12"
    by_cycle = pd.Series(ahead[own], components.loc[own, "election_cycle"]).groupby(level=0).first()
    difference = dose["12", "pilkada_2024"] - dose["12", "pemilu_2024"]
    assert by_cycle["pemilu_2024"] - by_cycle["pilkada_2020"] == pytest.approx(difference)
    assert by_cycle["pilkada_2024"] == 0


def test_a_constant_dose_is_refused(published):
    constant = replace(published, cells=published.cells.assign(dose=1.0), doses=published.doses.assign(dose=1.0))
    with pytest.raises(CannotEstimateError) as refusal:
        estimate_dose(constant, ALL, 0.95, 0.8, 5, draws=0, seed=1)
    assert refusal.value.problems[0].key == "model_no_variation"


def test_too_few_regions_with_two_cycles_are_refused(published):
    with pytest.raises(CannotEstimateError) as refusal:
        estimate_dose(published, ALL, 0.95, 0.8, 30, draws=0, seed=1)
    assert refusal.value.problems[0].key == "model_regions"


def test_regions_are_exchanged_within_island_groups():
    assert [island_group(code) for code in ("21", "51", "91")] == [
        "sumatra", "java_bali_nusa_tenggara", "kalimantan_and_east",
    ]  # fmt: skip


def test_missed_events_have_weakened_the_association(dosed):
    completeness = dosed.cells[["unit_code", "election_cycle"]].assign(completeness=0.6)
    result = correct_for_missed_events(dosed, pd.DataFrame(completeness), draws=20, seed=1)
    faded = np.abs(result.path["estimate"].to_numpy())
    assert faded[0] > faded[2] > faded[-1]
    assert result.corrected["quadratic"] < result.naive < 0


def test_every_definition_of_the_dose_is_told_with_and_without_totals(dosed):
    table = compare_dose_definitions(dosed, 0.95, 0.8).set_index(["definition", "totals"])
    assert set(table.index) == {
        (name, totals) for name in ("to_date", "before_campaign", "within", "between") for totals in (True, False)
    }
    assert table.loc[("within", True), "upper"] < 1
    assert (table["detectable_below"] < 1).all()
