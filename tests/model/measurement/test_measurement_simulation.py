"""Simulated counts are published as the data are, and the printed intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from netral_research.model.measurement.calibration import calibrate, calibrate_printed, compare_printed
from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.fit import fit_measurement
from netral_research.model.measurement.products import Target


def test_a_ranking_is_drawn_anew_with_the_largest_listed(published):
    ranking = published.table[published.table["ranking_id"] == "L-pilkada_2020"]
    listed = ranking[ranking["kind"] == "exact"]
    unlisted = ranking[ranking["kind"] == "interval"]
    assert len(listed) >= 4
    assert (unlisted["upper"] == listed["lower"].min()).all()
    assert (unlisted["lower"] == 0).all()


def test_a_threshold_stays_where_it_is(told, published):
    row = published.table[published.table["obs_id"] == told.table["obs_id"].iloc[-1]].iloc[0]
    assert (row["lower"], row["upper"]) in {(5.0, np.inf), (0.0, 4.0)}


def test_a_national_total_is_near_the_sum_over_regions(publish):
    observations, truth = publish(8)
    design = build_design(observations)
    latent = np.exp(design.matrix @ truth.effects + design.offset)
    expected = np.bincount(design.owner, design.sign * latent)
    national = observations.table["level"].to_numpy() == "national"
    assert observations.table["lower"].to_numpy()[national] == pytest.approx(expected[national], rel=0.6)


def test_calibration_tells_bias_and_coverage_of_every_quantity(told, fitted):
    table = calibrate(fitted.design, told, fitted.natural(), fitted.log_spreads, data_sets=3, seed=3)
    table = table.set_index("quantity")
    assert table.loc["levels", "data_sets"] == 3
    assert 0.85 < table.loc["levels", "coverage"] <= 1
    assert 0.85 < table.loc["regions", "coverage"] <= 1
    assert abs(table.loc["measure_persons", "bias"]) < 3 * table.loc["measure_persons", "mean_error"]


def test_printed_intervals_are_compared_with_the_truth_of_what_they_tell(publish):
    observations, truth = publish(6)
    fit = fit_measurement(build_design(observations))
    table = compare_printed(fit, observations, truth, Target(), 0.95, seed=1)
    inside = table.groupby("quantity")["inside"].mean()
    for quantity in ("rates", "ranks", "differences", "difference_ranks"):
        assert inside[quantity] > 0.8
    truth.effects[fit.design.blocks.fixed.index("measure_persons")] += 3
    changed = compare_printed(fit, observations, truth, Target(), 0.95, seed=1).set_index("quantity")["inside"]
    assert not changed["measure_persons"]
    assert inside["measure_persons"] == 1


def test_the_calibration_covers_everything_that_is_printed(fitted, published):
    strata = dict.fromkeys(published.cells["unit_code"].unique(), "one")
    table = calibrate_printed(fitted, published, Target(), strata, data_sets=1, seed=2).set_index("quantity")
    assert {"rates", "ranks", "differences", "stage_referred", "region_cycle", "dose", "placebo", "totals"} <= set(
        table.index
    )
    assert table["coverage"].between(0, 1).all()
