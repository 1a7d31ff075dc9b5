"""Simulated counts are published as the data are, and the printed intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from netral_research.model.measurement.calibration import calibrate
from netral_research.model.measurement.design import build_design


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
