"""Panels that bear no estimate: every estimator refuses them and says why, and none returns a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.average_effects import average_effects
from netral_research.model.cluster_errors import cluster_robust, jackknife
from netral_research.model.count_regression import fit_negative_binomial, fit_poisson
from netral_research.model.event_study import event_study
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.group_time import group_time_effects
from netral_research.model.poisson import fit_within_provinces
from netral_research.model.randomisation import permute_histories
from netral_research.model.rankings import fit_rankings
from netral_research.model.region_effects import fit_region_effects
from netral_research.model.wild_bootstrap import score_wild_bootstrap

REGIONS, PERIODS = 12, 4
EFFECTS = ["region", "period"]


def panel() -> pd.DataFrame:
    """A sound panel: five regions have events in the last two periods."""
    random = np.random.default_rng(7)
    region, period = np.indices((REGIONS, PERIODS)).reshape(2, -1)
    dose = np.where((region < 5) & (period > 1), 1.0 + (region + period) % 2, 0.0)
    offset = random.normal(scale=0.3, size=region.size)
    noise = random.normal(scale=0.4, size=region.size)
    counts = random.poisson(np.exp(2.5 + offset + noise))
    return pd.DataFrame({"region": region, "period": period, "dose": dose, "offset": offset, "count": counts})


def with_offset(value: float):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(offset=frame["offset"].where(frame.index != 9, value))

    return change


BAD = {
    "no_treated_region": lambda frame: frame.assign(dose=0.0),
    "one_region": lambda frame: frame[frame["region"] == 0].reset_index(drop=True),
    "all_zero": lambda frame: frame.assign(count=0),
    # Wherever there was an event there is no case, though the regions have some before.
    "separated": lambda frame: frame.assign(count=frame["count"].where(frame["dose"] == 0, 0)),
    "offset_missing": with_offset(np.nan),
    "offset_infinite": with_offset(np.inf),
    "offset_of_no_people": with_offset(-np.inf),
    "constant_dose": lambda frame: frame.assign(dose=1.0),
    "dose_between_regions_only": lambda frame: frame.assign(dose=(frame["region"] % 3).astype("float64")),
}
REASONS = {
    "no_treated_region": {"model_no_variation"},
    "one_region": {"model_no_variation", "model_regions"},
    "all_zero": {"model_zeros"},
    "separated": {"model_no_variation"},
    "offset_missing": {"model_missing_cell", "model_offset"},
    "offset_infinite": {"model_missing_cell", "model_offset"},
    "offset_of_no_people": {"model_missing_cell", "model_offset"},
    "constant_dose": {"model_no_variation"},
    "dose_between_regions_only": {"model_no_variation"},
}


def labels(frame):
    return [frame[name] for name in EFFECTS]


def solver(frame):
    return fit_fixed_effects(frame["count"], frame[["dose"]], labels(frame), frame["offset"])


def clustered(frame):
    return cluster_robust(solver(frame), frame["region"])


def left_out(frame):
    fit = solver(frame)
    return jackknife(frame["count"], frame[["dose"]], labels(frame), frame["offset"], frame["region"], fit)


def wild(frame):
    return score_wild_bootstrap(
        frame["count"], frame[["dose"]], labels(frame), frame["offset"], frame["region"], draws=99, seed=1
    )


def shuffled(frame):
    exposure = frame.pivot(index="region", columns="period", values="dose").to_numpy()
    return permute_histories(
        frame["count"], exposure, frame["region"], frame["period"], np.zeros(len(exposure)), None, labels(frame),
        frame["offset"], 99, 1,
    )  # fmt: skip


def within_provinces(frame):
    return fit_within_provinces(frame, ["dose"], 2, EFFECTS, offset="offset")


ESTIMATORS = {
    function.__name__: function for function in (solver, clustered, left_out, wild, shuffled, within_provinces)
}


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_comparison_within_regions_refuses_a_bad_panel_and_says_why(fault, estimator):
    with pytest.raises(CannotEstimateError) as refused:
        ESTIMATORS[estimator](BAD[fault](panel()))
    assert refused.value.problems[0].key in REASONS[fault]
    for language in ("id", "en"):
        assert refused.value.problems[0].describe(language)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_sound_panel_beside_them_is_estimated(estimator):
    assert ESTIMATORS[estimator](panel()) is not None


def plain_poisson(frame):
    return fit_poisson(frame["count"], frame[["dose"]], offset=frame["offset"])


def plain_negative_binomial(frame):
    return fit_negative_binomial(frame["count"], frame[["dose"]], offset=frame["offset"])


def clustered_poisson(frame):
    return fit_poisson(
        frame["count"], frame[["dose"]], offset=frame["offset"], clusters=frame["region"], errors="cluster"
    )


def pooled_regions(frame):
    return fit_region_effects(frame, ["dose"], region="region", slope=None, fixed_effects=["period"], offset="offset")


def pooled_slopes(frame):
    return fit_region_effects(frame, ["dose"], region="region", slope="dose", fixed_effects=["period"], offset="offset")


def staggered(frame):
    first = frame[frame["dose"] > 0].groupby("region")["period"].min()
    adoption = frame["region"].map(first).fillna(-1)
    return event_study(frame["count"], frame["region"], frame["period"] + 1, adoption + 1, frame["offset"])


def censored(frame):
    lists = frame.assign(ranking=frame["period"], lower=frame["count"], upper=frame["count"])
    return fit_rankings(lists, ["dose"], cluster="region", fixed_effects=["period"], offset="offset")


# Which faults leave the other estimators without an answer: those that compare regions with each other have one where
# the dose varies between regions, and a ranking without regions' effects has one where a region's history is separated.
SHARED = ["no_treated_region", "all_zero", "offset_missing", "offset_infinite", "offset_of_no_people", "constant_dose"]
OTHERS = {
    plain_poisson: [*SHARED, "separated"],
    plain_negative_binomial: [*SHARED, "separated"],
    clustered_poisson: [*SHARED, "separated", "one_region"],
    pooled_regions: [*SHARED, "separated", "one_region"],
    pooled_slopes: [*SHARED, "separated", "one_region", "dose_between_regions_only"],
    staggered: [*SHARED, "one_region", "dose_between_regions_only"],
    censored: [*SHARED, "separated", "one_region"],
}


@pytest.mark.parametrize(
    ("estimator", "fault"),
    [pytest.param(one, fault, id=f"{one.__name__}-{fault}") for one in OTHERS for fault in OTHERS[one]],
)
def test_other_estimators_refuse_what_leaves_them_without_an_answer(estimator, fault):
    with pytest.raises(CannotEstimateError) as refused:
        estimator(BAD[fault](panel()))
    for language in ("id", "en"):
        assert refused.value.problems[0].describe(language)


@pytest.mark.parametrize("estimator", OTHERS, ids=lambda one: one.__name__)
def test_the_sound_panel_is_estimated_by_the_others_too(estimator):
    assert estimator(panel()) is not None


def with_cell(column: str, value: object):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{column: frame[column].astype(object).where(frame.index != 9, value)})

    return change


HOSTILE = {
    "no_rows": (lambda frame: frame.iloc[:0], {"model_zeros", "model_regions", "model_rows_few"}),
    "count_missing": (with_cell("count", None), {"model_missing_cell", "model_values"}),
    "count_infinite": (with_cell("count", np.inf), {"model_missing_cell", "model_values"}),
    "count_negative": (with_cell("count", -1), {"model_missing_cell", "model_values"}),
    "count_in_words": (with_cell("count", "many"), {"model_missing_cell", "model_values"}),
    "count_beyond_computing": (with_cell("count", 1e300), {"model_too_large"}),
    "dose_missing": (with_cell("dose", None), {"model_missing_cell", "model_values"}),
    "dose_infinite": (with_cell("dose", np.inf), {"model_missing_cell", "model_values"}),
    "dose_in_words": (with_cell("dose", "low"), {"model_missing_cell", "model_values"}),
    "offset_beyond_computing": (with_cell("offset", 800.0), {"model_too_large"}),
}
UNNAMED = {name: (with_cell(name, None), {"model_unnamed"}) for name in EFFECTS}
WITHIN = (solver, clustered, left_out, wild, within_provinces)
COUNTED = (plain_poisson, plain_negative_binomial, pooled_regions, pooled_slopes)


@pytest.mark.parametrize(
    ("estimator", "fault"),
    [pytest.param(one, fault, id=f"{one.__name__}-{fault}") for one in (*WITHIN, *COUNTED) for fault in HOSTILE]
    + [
        pytest.param(one, fault, id=f"{one.__name__}-unnamed_{fault}")
        for one in (*WITHIN, pooled_regions, pooled_slopes, censored)
        for fault in UNNAMED
    ],
)
def test_cells_that_are_none_are_refused_with_their_reason(estimator, fault):
    change, reasons = (HOSTILE | UNNAMED)[fault]
    with pytest.raises(CannotEstimateError) as refused:
        estimator(change(panel()))
    assert refused.value.problems[0].key in reasons
    for language in ("id", "en"):
        assert refused.value.problems[0].describe(language)


def test_an_absent_column_is_named():
    for estimator in (within_provinces, pooled_regions):
        with pytest.raises(CannotEstimateError) as refused:
            estimator(panel().drop(columns="offset"))
        assert (refused.value.problems[0].key, refused.value.problems[0].column) == ("model_column_absent", "offset")


def test_a_listed_count_that_would_need_all_memory_is_refused():
    with pytest.raises(CannotEstimateError) as refused:
        censored(panel().assign(count=lambda frame: frame["count"].where(frame.index != 9, 10**9)))
    assert refused.value.problems[0].key == "model_too_large"


def test_a_count_that_is_not_whole_has_no_negative_binomial_probability():
    with pytest.raises(CannotEstimateError) as refused:
        plain_negative_binomial(panel().assign(count=lambda frame: frame["count"] + 0.5))
    assert refused.value.problems[0].key == "model_not_whole"


def test_the_wild_bootstrap_does_not_hang_on_the_order_of_the_rows():
    frame = panel()
    assert wild(frame.sample(frac=1, random_state=1)) == wild(frame)


def test_one_cluster_with_cases_gives_no_error_of_a_staggered_adoption():
    with pytest.raises(CannotEstimateError):
        staggered(panel().assign(count=lambda frame: (frame.index == 17).astype(int)))


def test_average_effects_are_refused_where_a_cell_has_no_effect():
    frame = BAD["separated"](panel())
    first = frame[frame["dose"] > 0].groupby("region")["period"].min()
    adoption = frame["region"].map(first).fillna(-1) + 1
    with pytest.raises(CannotEstimateError) as refused:
        average_effects(frame["count"], adoption, frame["period"] + 1, frame["region"])
    assert refused.value.problems[0].key == "event_study_no_comparison"


def test_a_region_that_is_twice_in_a_period_is_refused_by_group_time_effects():
    with pytest.raises(CannotEstimateError) as refused:
        group_time_effects([1, 2, 3, 4], ["a", "a", "b", "b"], [1, 1, 1, 2], [0, 0, 2, 2])
    assert refused.value.problems[0].key == "multiverse_cells"
