"""Shares of cases that came to the next stage: only of the same cases, and refused with the reason otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.model.case_flow import REASONS, match_case_flow, pooled_share, regress_shares
from netral_research.model.share_regression import fit_shares

USUAL = {
    "institution": "kasn", "measure": "cases", "as_of": "2020-12-31", "unit_code": "11",
    "election_cycle": "pilkada_2020", "bound": "exact", "geo_level": "province", "regency_code": "",
    "count_kind": "cumulative", "period_start": "", "origin": "published",
}  # fmt: skip


def told(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**USUAL, "obs_id": f"V{number}", **row} for number, row in enumerate(rows)])


ALLEGED, PROVEN = {"stage": "alleged", "value": 40.0}, {"stage": "proven", "value": 10.0}


@pytest.mark.parametrize(
    ("alleged", "proven", "reason"),
    [
        ({}, {}, ""),
        ({"institution": "bawaslu_ri"}, {}, "other_institution"),
        ({"as_of": "2020-12-30"}, {}, "other_day"),
        ({"measure": "persons"}, {}, "other_measure"),
        ({"count_kind": "period", "period_start": "2020-10-01"}, {}, "other_period"),
        ({"unit_code": "12"}, {}, "no_denominator"),
        ({"election_cycle": "pemilu_2019"}, {}, "no_denominator"),
        ({"geo_level": "regency", "regency_code": "11.01"}, {}, "no_denominator"),
        ({"origin": "unlisted"}, {}, "no_denominator"),
        ({"bound": "at_least"}, {}, "denominator_not_exact"),
        ({}, {"bound": "at_most"}, "numerator_not_exact"),
        ({"as_of": ""}, {"as_of": ""}, "day_unknown"),
        ({"as_of": "2020-12"}, {"as_of": "2020-12"}, "day_unknown"),
        ({"value": 0.0}, {"value": 0.0}, "denominator_zero"),
        ({"value": 9.0}, {}, "above_denominator"),
    ],
)
def test_a_share_is_taken_only_of_the_same_cases(alleged, proven, reason):
    flow = match_case_flow(told({**ALLEGED, **alleged}, {**PROVEN, **proven}))
    assert flow.refused["reason"].tolist() == ([reason] if reason else [])
    assert len(flow.pairs) == (not reason)


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        ([ALLEGED, {**ALLEGED, "value": 41.0}, PROVEN], ["values_differ"]),
        ([ALLEGED, PROVEN, {**PROVEN, "value": 11.0}], ["values_differ", "values_differ"]),
        ([ALLEGED, PROVEN, PROVEN], ["repeats_another"]),
        ([ALLEGED, ALLEGED, PROVEN], []),
    ],
)
def test_counts_that_contradict_or_repeat_each_other_make_no_share(rows, reasons):
    flow = match_case_flow(told(*rows))
    assert flow.refused["reason"].tolist() == reasons
    assert len(flow.pairs) + len(reasons) == sum(row["stage"] == "proven" for row in rows)


def test_the_nearest_count_that_does_not_match_is_named():
    rows = told(
        {**ALLEGED, "institution": "bawaslu_ri", "as_of": "2020-11-01"}, {**ALLEGED, "as_of": "2020-11-01"}, PROVEN
    )
    assert match_case_flow(rows).refused.to_dict("records") == [
        {"obs_id": "V2", "nearest_id": "V1", "reason": "other_day"}
    ]


def test_a_pair_has_its_exact_interval_and_only_the_last_day_is_latest():
    early = {"as_of": "2020-11-01"}
    flow = match_case_flow(
        told({**ALLEGED, "value": 20.0, **early}, {**PROVEN, "value": 4.0, **early}, ALLEGED, PROVEN)
    )
    assert flow.pairs["latest"].to_dict() == {"V1": False, "V3": True}
    last = flow.pairs.loc["V3"]
    exact = stats.binomtest(10, 40).proportion_ci(0.95, "exact")
    assert (last["share"], last["lower"], last["upper"]) == pytest.approx((0.25, exact.low, exact.high))
    with pytest.raises(CannotEstimateError):
        regress_shares(flow.pairs.assign(unit_code=["11", "12"]), pd.DataFrame(index=flow.pairs.index))


def test_columns_that_are_absent_need_not_agree():
    rows = told(ALLEGED, PROVEN).drop(columns=["geo_level", "regency_code", "count_kind", "period_start", "origin"])
    assert match_case_flow(rows).pairs["share"].tolist() == [0.25]


def test_a_missing_cell_is_a_blank_one():
    rows = told(
        {**ALLEGED, "geo_level": "national", "unit_code": ""}, {**PROVEN, "geo_level": "national", "unit_code": ""}
    )
    missing = rows.assign(unit_code=np.nan, regency_code=None, period_start=np.nan)
    assert match_case_flow(rows).pairs["share"].tolist() == match_case_flow(missing).pairs["share"].tolist() == [0.25]


def test_cases_that_two_institutions_counted_are_not_pooled():
    pairs, _ = simulated(3)
    twice = pairs.iloc[[0]].rename(index={"P00": "P99"})
    with pytest.raises(CannotEstimateError) as refused:
        pooled_share(pd.concat([pairs, twice]))
    assert refused.value.problems[0].key == "case_flow_counted_twice"


def test_no_counts_make_no_pairs():
    flow = match_case_flow(told(ALLEGED))
    assert flow.pairs.empty
    assert flow.refused.empty
    with pytest.raises(CannotEstimateError) as refused:
        pooled_share(flow.pairs)
    assert refused.value.problems[0].key == "model_regions"


def simulated(seed: int, slope: float = -0.5, spread: float = 0.4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pairs of thirty regions in two cycles; what a region's share has of its own is the same in both."""
    random = np.random.default_rng(seed)
    dose, total = random.normal(size=60), random.poisson(30, 60) + 1
    own = np.repeat(random.normal(0, spread, 30), 2)
    index = pd.Index([f"P{number:02d}" for number in range(60)], name="obs_id")
    pairs = pd.DataFrame(
        {
            "unit_code": np.repeat([str(unit) for unit in range(11, 41)], 2), "measure": "cases",
            "election_cycle": ["pilkada_2020", "pilkada_2024"] * 30, "regency_code": "",
            "geo_level": "province", "latest": True, "total": total,
            "count": random.binomial(total, 1 / (1 + np.exp(-(0.3 + own + slope * dose)))),
        }, index=index,
    )  # fmt: skip
    return pairs, pd.DataFrame({"dose": dose}, index=index)


def test_the_regression_is_that_of_statsmodels_and_parts_are_matched_by_index():
    pairs, dose = simulated(1)
    ours = regress_shares(pairs, dose.sample(frac=1, random_state=1))
    outcome = np.column_stack([pairs["count"], pairs["total"] - pairs["count"]])
    theirs = sm.GLM(outcome, sm.add_constant(dose.loc[pairs.index]), family=sm.families.Binomial()).fit(
        tol=1e-12, cov_type="cluster", cov_kwds={"groups": pd.factorize(pairs["unit_code"])[0]}, use_t=True
    )
    assert ours.estimate("dose") == pytest.approx((theirs.params["dose"], theirs.bse["dose"]), rel=1e-7)
    assert ours.p_value("dose") == pytest.approx(theirs.pvalues["dose"], rel=1e-5)
    assert (ours.deviance, ours.log_likelihood, ours.pearson) == pytest.approx(
        (theirs.deviance, theirs.llf, theirs.pearson_chi2)
    )


def test_intervals_with_regions_as_clusters_hold_the_truth():
    held = 0
    for seed in range(100):
        pairs, dose = simulated(seed, slope=0.0, spread=0.8)
        _, lower, upper = regress_shares(pairs, dose).interval("dose", 0.95)
        held += lower < 1 < upper
    assert 88 <= held <= 99


def test_the_common_share_weighs_regions_by_their_cases():
    pairs, _ = simulated(3)
    share, lower, upper = pooled_share(pairs)
    assert share == pytest.approx(pairs["count"].sum() / pairs["total"].sum())
    exact = stats.binomtest(int(pairs["count"].sum()), int(pairs["total"].sum())).proportion_ci()
    # Regions differ: the interval must be wider than if every case were independent.
    assert lower < exact.low < share < exact.high < upper


def test_pairs_of_cases_and_persons_or_of_several_levels_are_not_pooled():
    pairs, _ = simulated(3)
    for column, other in (("measure", "persons"), ("geo_level", "regency")):
        mixed = pairs.assign(**{column: [other, *pairs[column].iloc[1:]]})
        with pytest.raises(CannotEstimateError) as refused:
            pooled_share(mixed)
        assert refused.value.problems[0].key == "case_flow_mixed"


@pytest.mark.parametrize(
    ("counts", "totals", "dose", "key"),
    [
        ([1, 2, 3], [4, 4, 0], [0, 1, 2], "model_values"),
        ([1, 2, 5], [4, 4, 4], [0, 1, 2], "model_values"),
        ([0, 0, 0], [4, 4, 4], [0, 1, 2], "model_separated"),
        ([4, 4, 4], [4, 4, 4], [0, 1, 2], "model_separated"),
        ([0, 0, 4], [4, 4, 4], [0, 1, 2], "model_separated"),
        ([1, 2, 4], [4, 4, 4], [0, 0, 1], "model_separated"),
        ([1, 2, 3], [4, 4, 4], [1, 1, 1], "model_collinear"),
    ],
)
def test_shares_that_cannot_bear_an_answer_are_refused(counts, totals, dose, key):
    with pytest.raises(CannotEstimateError) as refused:
        fit_shares(pd.Series(counts), pd.Series(totals), pd.DataFrame({"dose": dose}))
    assert refused.value.problems[0].key == key


def test_as_many_coefficients_as_rows_fit_every_share():
    fit = fit_shares(pd.Series([1, 3]), pd.Series([4, 4]), pd.DataFrame({"dose": [0, 1]}))
    assert fit.fitted.tolist() == pytest.approx([0.25, 0.75])


def test_on_the_clean_counts_every_numerator_ends_in_one_place(cleaned_violations):
    counts = cleaned_violations["violations"].table
    for numerator, denominator in (("proven", "alleged"), ("sanctioned", "proven")):
        flow = match_case_flow(counts, numerator, denominator)
        wanted = counts[(counts["stage"] == numerator) & (counts["origin"] == "published")]["obs_id"]
        assert sorted([*flow.pairs.index, *flow.refused["obs_id"]]) == sorted(wanted)
        assert set(flow.refused["reason"]) <= set(REASONS)
        assert (flow.pairs["count"] <= flow.pairs["total"]).all()
        assert len(flow.pairs) >= 10
        told_once = counts.set_index("obs_id")
        for shared in ("institution", "measure", "as_of", "unit_code", "election_cycle", "regency_code"):
            theirs = told_once.loc[flow.pairs["denominator_id"], shared].tolist()
            assert theirs == told_once.loc[flow.pairs.index, shared].tolist()
