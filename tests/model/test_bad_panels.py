"""Panels that bear no estimate: every estimator refuses them and says why, and none returns a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.cluster_errors import cluster_robust, jackknife
from netral_research.model.count_regression import fit_negative_binomial, fit_poisson
from netral_research.model.event_study import event_study
from netral_research.model.fixed_effects import fit_fixed_effects
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
