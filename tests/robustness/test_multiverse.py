"""All specifications go through, refusals are counted, the joint test holds its level, jobs change nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.poisson import fit_within_provinces
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.joint_test import history_log_ratios, joint_permutation_test, permuted_log_ratios
from netral_research.robustness.multiverse import count_refusals, find_repeats, run_multiverse
from netral_research.robustness.shuffles import shuffle_histories
from netral_research.robustness.specifications import DIMENSIONS, specification_grid

UNITS = [f"{code}" for code in range(11, 27)]
CYCLES = ["c1", "c2", "c3", "c4"]
CELL = ["unit_code", "election_cycle"]


def reasons(**why):
    return {option: {"id": f"sebab {words}", "en": words} for option, words in why.items()}


def grid(**more):
    options = {name: reasons(main=f"the usual {name}") for name in DIMENSIONS}
    options["stage"] = reasons(alleged="counted first", proven="least disputed")
    options["exposure"] = reasons(all="whatever was held", awareness="teaching alone")
    return specification_grid(options | more)


def simulated(seed, effect=0.0, missing=0.0):
    """A panel with two stages and two exposures that share most of their data."""
    random = np.random.default_rng(seed)
    cells = pd.MultiIndex.from_product([UNITS, CYCLES], names=["unit_code", "election_cycle"])
    rate = np.exp(np.repeat(random.normal(size=len(UNITS)), len(CYCLES)) + 0.3 * random.normal(size=len(cells)))
    teaching = random.poisson(1.0, len(cells))
    dose = teaching + random.poisson(0.5, len(cells))
    alleged = random.poisson(40 * rate * np.exp(effect * dose)).astype("float64")
    proven = random.binomial(alleged.astype("int64"), 0.7).astype("float64")
    gone = random.uniform(size=len(cells)) < missing
    alleged[gone], proven[gone] = np.nan, np.nan
    columns = {"alleged": alleged, "proven": proven, "all": dose, "awareness": teaching}
    return pd.DataFrame(columns, index=cells).reset_index()


class Builder:
    """Samples of a simulated panel; a class, so that other processes can be handed one."""

    def __init__(self, table):
        self.table = table

    def __call__(self, specification):
        if specification.unit == "regency":
            raise CannotEstimateError([Problem("model_regions")])
        told = self.table[["unit_code", "election_cycle"]]
        return told.assign(count=self.table[specification.stage], dose=self.table[specification.exposure])


def within_provinces(sample, _):
    counted = sample[sample["count"].notna()]
    fit = fit_within_provinces(counted, ["dose"], 5, ["unit_code", "election_cycle"], offset=None)
    return Estimate(*fit.interval("dose", 0.95))


def test_the_grid_is_every_combination_once_with_its_reasons():
    specifications = grid()
    assert [one.spec_id for one in specifications] == ["S001", "S002", "S003", "S004"]
    assert len({tuple(one.choices.values()) for one in specifications}) == 4
    assert specifications[0].choices["stage"] == "alleged"
    assert "least disputed; " in specifications[-1].reason["en"]
    assert "sebab least disputed; " in specifications[-1].reason["id"]
    assert list(specifications[0].choices) == list(DIMENSIONS)


def test_combinations_that_make_no_sense_are_left_out():
    options = {name: reasons(main="usual") for name in DIMENSIONS}
    options |= {"window": reasons(before="a", any="b"), "decay": reasons(none="a", half="b")}
    kept = specification_grid(options, lambda chosen: chosen["window"] == "before" or chosen["decay"] == "none")
    assert [(one.window, one.decay) for one in kept] == [("before", "none"), ("before", "half"), ("any", "none")]


@pytest.mark.parametrize(
    "change",
    [
        {"stage": {"alleged": {"id": "", "en": "first"}}},
        {"stage": {"alleged": {"en": "in one language only"}}},
        {"weather": reasons(dry="why")},
    ],
)
def test_an_option_without_a_reason_and_an_unknown_dimension_are_no_specification(change):
    with pytest.raises(ValueError, match=r"no reason|options for"):
        grid(**change)


def test_every_specification_has_a_row_and_refusals_are_counted():
    specifications = grid(unit=reasons(province="counts exist", regency="finer"))
    table = run_multiverse(specifications, Builder(simulated(1, effect=-0.4, missing=0.2)), within_provinces)
    assert table["spec_id"].tolist() == [one.spec_id for one in specifications]
    refused = table["unit"] == "regency"
    assert (table["refusal"] == np.where(refused, "model_regions", "")).all()
    assert table.loc[refused, "rate_ratio"].isna().all()
    assert (table.loc[~refused, "n_rows"] < 64).all()
    assert table.loc[~refused, "rate_ratio"].between(0.5, 0.95).all()
    assert count_refusals(table).to_numpy().tolist() == [["model_regions", 4]]


def test_an_option_that_changes_no_count_repeats_the_specification_before_it():
    table = run_multiverse(grid(measure=reasons(all="both", cases="the same")), Builder(simulated(1)), within_provinces)
    both = table[table["measure"] == "all"].set_index(["stage", "exposure"])["spec_id"]
    assert (table.loc[table["measure"] == "all", "repeats"] == "").all()
    again = table[table["measure"] == "cases"]
    assert (again["repeats"].to_numpy() == both.loc[list(zip(again["stage"], again["exposure"], strict=True))]).all()


def test_refusals_repeat_nothing_and_other_rows_are_no_repetition():
    alike = {"rate_ratio": [0.9, 0.9, np.nan, np.nan], "lower": 0.5, "upper": 1.5, "n_regions": 3}
    table = pd.DataFrame({"spec_id": ["S1", "S2", "S3", "S4"], "n_rows": [9, 8, 9, 9], **alike})
    assert (find_repeats(table) == "").all()


def test_the_permuted_statistic_is_that_of_the_permuted_sample():
    sample = Builder(simulated(2, missing=0.2))(grid()[0])
    shuffles = shuffle_histories(UNITS, draws=5, seed=3)
    logs = permuted_log_ratios(sample, grid()[0], shuffles)
    wide = sample.pivot(index="unit_code", columns="election_cycle", values="dose")
    for order, found in zip(shuffles.orders, logs, strict=True):
        # The sample is sorted by region and cycle, as the table of doses is.
        renewed = sample.assign(dose=wide.to_numpy()[order].ravel())
        fit = fit_within_provinces(
            renewed[renewed["count"].notna()], ["dose"], 5, ["unit_code", "election_cycle"], offset=None
        )
        assert found == pytest.approx(fit.coefficients[0], abs=0.02)


def test_an_effect_is_found_by_all_specifications_together():
    shuffles = shuffle_histories(UNITS, draws=199, seed=4)
    test = joint_permutation_test(grid(), Builder(simulated(5, effect=-0.3)), shuffles)
    assert test.median_ratio < 0.9
    assert test.share_below_one == 1.0
    assert test.p_median == pytest.approx(1 / 200)
    assert (test.table["p_permutation"] <= 0.05).all()


def test_without_an_effect_the_joint_test_rejects_as_often_as_it_promises():
    shuffles = shuffle_histories(UNITS, draws=99, seed=6)
    found = [joint_permutation_test(grid(), Builder(simulated(seed)), shuffles) for seed in range(100, 250)]
    assert 0.01 <= np.mean([test.p_median <= 0.05 for test in found]) <= 0.10
    # The share takes few values, so its test is rather too careful.
    assert np.mean([test.p_share <= 0.05 for test in found]) <= 0.10


def test_results_do_not_depend_on_the_number_of_jobs():
    builder, shuffles = Builder(simulated(7)), shuffle_histories(UNITS, draws=49, seed=8)
    tables = [run_multiverse(grid(), builder, within_provinces, jobs) for jobs in (1, 2)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)
    one, two = (joint_permutation_test(grid(), builder, shuffles, jobs=jobs) for jobs in (1, 2))
    pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)
    assert (one.p_median, one.p_share, one.median_ratio) == (two.p_median, two.p_share, two.median_ratio)


def test_refused_specifications_are_told_in_the_joint_test():
    specifications = grid(unit=reasons(province="counts exist", regency="finer"))
    shuffles = shuffle_histories(UNITS, draws=19, seed=9)
    test = joint_permutation_test(specifications, Builder(simulated(10)), shuffles)
    assert (test.table["refusal"] == "model_regions").sum() == 4
    with pytest.raises(CannotEstimateError) as refused:
        joint_permutation_test([one for one in specifications if one.unit == "regency"], Builder(None), shuffles)
    assert refused.value.problems[0].key == "multiverse_empty"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda table: table.iloc[1:], "multiverse_history"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "multiverse_cells"),
        (lambda table: table.assign(alleged=0.0), "model_zeros"),
        (lambda table: table.assign(alleged=np.nan), "model_zeros"),
    ],
)
def test_a_sample_that_cannot_be_shuffled_is_refused_with_its_reason(change, reason):
    sample = Builder(change(simulated(11)))(grid()[0])
    with pytest.raises(CannotEstimateError) as refused:
        permuted_log_ratios(sample, grid()[0], shuffle_histories(UNITS, draws=3, seed=1))
    assert refused.value.problems[0].key == reason


def test_a_dose_that_never_varies_is_refused_in_the_table():
    constant = simulated(12).assign(all=1.0)
    test = joint_permutation_test(grid(), Builder(constant), shuffle_histories(UNITS, draws=9, seed=1))
    assert test.table["refusal"].tolist() == ["model_no_variation", "", "model_no_variation", ""]


def test_a_specification_that_a_shuffle_leaves_without_an_estimate_stays_out_and_is_counted():
    table = simulated(13)
    # Two regions only had teaching, and one of them has no count: lent to it, nothing varies.
    table["awareness"] = np.where(table["unit_code"].isin(UNITS[:2]), table["awareness"], 0)
    table.loc[table["unit_code"].isin(UNITS[1:8]), ["alleged", "proven"]] = np.nan
    shuffles = shuffle_histories(UNITS, draws=99, seed=14)
    drawn = {one.spec_id: permuted_log_ratios(Builder(table)(one), one, shuffles) for one in grid()}
    assert {one for one, logs in drawn.items() if np.isnan(logs).any()} == {"S002", "S004"}
    test = joint_permutation_test(grid(), Builder(table), shuffles)
    assert test.table["refusal"].tolist() == ["", "multiverse_draws", "", "multiverse_draws"]
    assert test.table["p_permutation"].isna().tolist() == [False, True, False, True]
    # They move nothing: the others alone give the same test.
    kept = [one for one in grid() if one.exposure == "all"]
    alone = joint_permutation_test(kept, Builder(table), shuffles)
    assert (test.p_median, test.p_share, test.median_ratio) == (alone.p_median, alone.p_share, alone.median_ratio)


class CumulativeBuilder:
    """Counts of two days and two stages in every region and cycle, which rise towards the poll, as the study's do."""

    def __init__(self, seed, effect=0.0):
        random = np.random.default_rng(seed)
        self.dose = pd.DataFrame(random.poisson(1.0, (len(UNITS), len(CYCLES))), UNITS, CYCLES).astype("float64")
        risk = random.normal(size=(len(UNITS), 1)) + 0.3 * random.normal(size=self.dose.shape) + effect * self.dose
        told = pd.MultiIndex.from_product([UNITS, CYCLES, ["early", "late"], ["alleged", "proven"]])
        rows = told.to_frame(index=False, name=["unit_code", "election_cycle", "day", "stage"])
        rows = rows[random.uniform(size=len(rows)) < 0.6].reset_index(drop=True)
        clock = random.uniform(size=len(rows)) + (rows["day"] == "late")
        log_mean = 3 + clock - 0.7 * (rows["stage"] == "proven")
        places = risk.index.get_indexer(rows["unit_code"]), risk.columns.get_indexer(rows["election_cycle"])
        counts = random.poisson(np.exp(log_mean + risk.to_numpy()[places]))
        same = {"log_headcount": 0.0, "institution_group": "bawaslu", "measure": "cases"}
        self.rows = rows.assign(clock=clock, count=counts, **same)

    def __call__(self, specification):
        return self.rows if specification.stage == "alleged" else self.rows[self.rows["day"] == "late"]

    def permute(self, sample, specification, shuffles):
        dose = self.dose if specification.exposure == "all" else (self.dose > 0).astype("float64")
        return history_log_ratios(sample, dose, ["clock"], shuffles)

    def test(self, shuffles):
        return joint_permutation_test(grid(), self, shuffles, self.permute)


def test_the_step_with_whole_histories_is_all_but_the_refit_of_each():
    builder, shuffles = CumulativeBuilder(1), shuffle_histories(UNITS, draws=5, seed=3)
    sample = builder(grid()[0])
    for order, found in zip(shuffles.orders, builder.permute(sample, grid()[0], shuffles), strict=True):
        lent = builder.dose.to_numpy()[order]
        dose = [lent[UNITS.index(unit), CYCLES.index(cycle)] for unit, cycle in sample[CELL].to_numpy()]
        renewed = sample.assign(dose=dose)
        assert found == pytest.approx(fit_within_provinces(renewed, ["dose", "clock"], 5).coefficients[0], abs=0.03)


def test_without_an_association_the_joint_p_value_of_whole_histories_is_uniform():
    shuffles = shuffle_histories(UNITS, draws=99, seed=15, strata=["west"] * 9 + ["east"] * 7)
    found = [CumulativeBuilder(seed).test(shuffles).p_median for seed in range(200, 260)]
    assert stats.kstest(found, "uniform").pvalue > 0.05
    assert np.mean(found) == pytest.approx(0.5, abs=0.1)


def test_a_strong_association_has_a_small_joint_p_value_of_whole_histories():
    shuffles = shuffle_histories(UNITS, draws=199, seed=16)
    test = CumulativeBuilder(17, effect=-0.5).test(shuffles)
    assert test.median_ratio < 0.8
    assert test.share_below_one == 1.0
    assert test.p_median <= 0.02


@pytest.mark.parametrize(
    "change",
    [lambda dose: dose.iloc[1:], lambda dose: dose.where(dose != dose.iloc[0, 0]), lambda dose: dose[CYCLES[1:]]],
)
def test_a_history_that_is_missing_or_incomplete_is_refused(change):
    builder, shuffles = CumulativeBuilder(1), shuffle_histories(UNITS, draws=5, seed=3)
    with pytest.raises(CannotEstimateError) as refused:
        history_log_ratios(builder.rows, change(builder.dose), ["clock"], shuffles)
    assert refused.value.problems[0].key == "multiverse_history"
