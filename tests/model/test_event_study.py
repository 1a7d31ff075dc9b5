"""Staggered adoption: published effects, known truth, and refusals where nothing is left to compare with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.event_study import event_study
from netral_research.model.group_time import group_time_effects
from netral_research.model.staggered_design import staggered_design


def staggered(seed: int, effect: float, regions: int = 60, periods: int = 6) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    region, period = np.indices((regions, periods)).reshape(2, -1)
    adoption = np.where(np.arange(regions) % 3 == 0, 0, np.arange(regions) % 3 + 2)[region]
    offset = rng.normal(scale=0.5, size=regions)[region]
    treated = (adoption > 0) & (period >= adoption)
    mean = np.exp(3 + offset + rng.normal(size=regions)[region] * 0.5 + 0.1 * period + effect * treated)
    return pd.DataFrame(
        {"count": rng.poisson(mean), "region": region, "period": period, "adoption": adoption, "offset": offset}
    )


def study(frame: pd.DataFrame, **options) -> pd.DataFrame:
    return event_study(
        frame["count"], frame["region"], frame["period"], frame["adoption"], frame["offset"], **options
    ).set_index(["kind", "at"])


def test_a_known_rate_ratio_is_recovered_and_the_leads_are_flat():
    errors = []
    for seed in range(12):
        table = study(staggered(seed, effect=-0.4))
        overall = table.xs("overall", level="kind").iloc[0]
        errors.append((overall["log_rate_ratio"] + 0.4) / overall["standard_error"])
        leads = table.xs("event_time", level="kind").loc[-3:-2]
        assert (leads["log_rate_ratio"].abs() < 4 * leads["standard_error"]).all()
    assert abs(np.mean(errors)) < 0.9
    assert 0.5 < np.std(errors) < 1.7


def test_effects_of_one_cell_equal_those_of_a_plain_two_way_regression():
    import statsmodels.api as sm

    frame = staggered(3, effect=0.3)
    one = frame[frame["adoption"].isin([0, 3])].reset_index(drop=True)
    table = study(one, leads=False)
    cells = [((one["adoption"] == 3) & (one["period"] == at)).astype(float) for at in (3, 4, 5)]
    dummies = [
        pd.get_dummies(one[name], drop_first=place > 0, dtype=float) for place, name in enumerate(("region", "period"))
    ]
    fitted = sm.GLM(
        one["count"], np.column_stack([*cells, *dummies]), family=sm.families.Poisson(), offset=one["offset"]
    ).fit(tol=1e-14)
    assert table.xs("event_time", level="kind")["log_rate_ratio"].to_numpy() == pytest.approx(
        fitted.params.to_numpy()[:3], abs=1e-8
    )


def test_regions_that_have_adopted_are_no_comparison_once_all_have():
    frame = staggered(4, effect=0.0)
    all_treated = frame[frame["adoption"] > 0].reset_index(drop=True)
    design = staggered_design(all_treated["period"], all_treated["adoption"], leads=False)
    assert design.cells["period"].max() < all_treated["adoption"].max()
    assert not design.comparable[all_treated["period"] >= all_treated["adoption"].max()].any()


@pytest.mark.parametrize(
    ("adoption", "key"),
    [
        (lambda frame: frame["adoption"] * 0, "event_study_untreated"),
        (lambda frame: frame["adoption"] * 0 + 3, "event_study_no_comparison"),
        (lambda frame: frame["adoption"] * np.nan, "event_study_untreated"),
    ],
)
def test_without_a_comparison_it_says_why(adoption, key):
    frame = staggered(1, effect=0.0)
    with pytest.raises(CannotEstimateError) as refused:
        study(frame.assign(adoption=adoption(frame)))
    assert refused.value.problems[0].key == key


def test_group_time_effects_need_complete_periods_and_a_region_that_never_adopts():
    frame = staggered(1, effect=0.0)
    for rows, key in (
        (frame.iloc[1:], "event_study_unbalanced"),
        (frame[frame["adoption"] > 0], "event_study_no_comparison"),
        (frame[frame["adoption"] == 0], "event_study_untreated"),
    ):
        with pytest.raises(CannotEstimateError) as refused:
            group_time_effects(rows["count"], rows["region"], rows["period"], rows["adoption"])
        assert refused.value.problems[0].key == key


def test_a_cell_without_a_case_counts_as_zero_and_not_as_missing():
    frame = staggered(5, effect=0.0)
    emptied = frame["count"].where(~((frame["adoption"] == 3) & (frame["period"] == 3)), 0)
    table = study(frame.assign(count=emptied), leads=False)
    full = study(frame, leads=False)
    assert table.loc[("cohort", 3.0), "cells"] == full.loc[("cohort", 3.0), "cells"]
    ratios, before = table["log_rate_ratio"], full["log_rate_ratio"]
    assert ratios[("event_time", 1.0)] == pytest.approx(before[("event_time", 1.0)])
    # One of the cohort's three periods has none of its cases left.
    assert ratios[("cohort", 3.0)] - before[("cohort", 3.0)] == pytest.approx(np.log(2 / 3), abs=0.06)
    assert table.loc[("cohort", 3.0), "standard_error"] > 0


def test_a_cell_without_a_case_is_the_limit_of_a_cell_with_ever_fewer():
    frame = staggered(6, effect=0.0)
    cell = (frame["adoption"] == 4) & (frame["period"] == 4)
    zero = study(frame.assign(count=frame["count"].where(~cell, 0)), leads=False)
    tiny = study(frame.assign(count=frame["count"].where(~cell, frame["count"] * 1e-9)), leads=False)
    first, second = (table.xs("overall", level="kind").iloc[0] for table in (zero, tiny))
    assert first["log_rate_ratio"] == pytest.approx(second["log_rate_ratio"], rel=1e-6)
    # The small-sample factor counts other rows.
    assert first["standard_error"] == pytest.approx(second["standard_error"], rel=2e-3)


def test_a_ratio_of_zero_has_no_standard_error():
    frame = staggered(7, effect=0.0)
    treated = (frame["adoption"] > 0) & (frame["period"] == frame["adoption"])
    table = study(frame.assign(count=frame["count"].where(~treated, 0)), leads=False)
    first = table.loc[("event_time", 0.0)]
    assert first["log_rate_ratio"] == -np.inf
    assert np.isnan(first["standard_error"])
    assert np.isfinite(table.xs("overall", level="kind")["log_rate_ratio"].iloc[0])
