"""Funnel plot: who lies outside which limits, and how far regions spread beyond chance."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from netral_research.describe.funnel import funnel_limits, funnel_plot
from netral_research.describe.funnel_figure import NAMED, WORDS, funnel_figure
from netral_research.errors import CannotEstimateError
from netral_research.figures import svg_text

LABELS = {word: word for word in WORDS} | {"exact": "exact {level}", "widened": "widened {level}"}


def draw(seed: int, regions: int = 34, spread: float = 0.0) -> tuple[pd.Series, pd.Series]:
    random = np.random.default_rng(seed)
    index = pd.Index([f"{code}" for code in range(11, 11 + regions)])
    exposure = pd.Series(np.exp(random.normal(1.5, 0.7, regions)), index)
    lasting = np.exp(random.normal(0, spread, regions)) if spread else np.ones(regions)
    return pd.Series(random.poisson(3 * exposure * lasting), index), exposure


def test_where_only_chance_spreads_the_rates_few_regions_lie_outside():
    funnels = [funnel_plot(*draw(seed)) for seed in range(80)]
    outside = np.mean([len(funnel.outside(0.95, "exact")) for funnel in funnels]) / 34
    assert 0.01 <= outside <= 0.05
    assert np.mean([len(funnel.outside(0.998, "exact")) for funnel in funnels]) / 34 < 0.006
    assert np.mean([funnel.overdispersed for funnel in funnels]) < 0.1
    # Pulling in a tenth at each end of normal differences leaves a mean square of 0.66.
    assert np.mean([funnel.dispersion for funnel in funnels]) == pytest.approx(0.66, abs=0.07)


def test_where_all_regions_spread_the_plain_limits_flag_many_and_the_widened_few():
    funnels = [funnel_plot(*draw(seed, spread=0.7)) for seed in range(40)]
    assert all(funnel.overdispersed for funnel in funnels)
    plain = np.mean([len(funnel.outside(0.95, "exact")) for funnel in funnels]) / 34
    widened = np.mean([len(funnel.outside(0.95)) for funnel in funnels]) / 34
    assert plain > 0.4
    assert widened < 0.15


def test_with_few_cases_the_widened_limits_flag_no_more_than_the_exact_ones():
    random = np.random.default_rng(6)
    flagged, regions = {"exact": 0, "widened": 0}, 0
    for _ in range(200):
        exposure = pd.Series(np.exp(random.uniform(np.log(0.3), np.log(30), 38)))
        funnel = funnel_plot(pd.Series(random.poisson(exposure)), exposure)
        regions += len(exposure)
        for limits in flagged:
            flagged[limits] += len(funnel.outside(0.998, limits))
    assert flagged["widened"] <= flagged["exact"] <= 0.002 * regions
    low, high = funnel_limits(1.0, np.array([0.5, 2.0, 20.0]), 0.998, 1.0)
    exact_low, exact_high = funnel_limits(1.0, np.array([0.5, 2.0, 20.0]), 0.998)
    assert (low <= exact_low).all()
    assert (high >= exact_high).all()


def test_a_region_of_its_own_kind_is_found_under_both():
    counts, exposure = draw(4, spread=0.3)
    counts["20"] = 20 * int(counts["20"] + 3)
    funnel = funnel_plot(counts, exposure)
    assert funnel.outside(0.998)[-1] == "20"
    assert funnel.table.loc["20", "exact_place_99.8"] == "above"
    # Pulled in, the one region does not widen the limits behind which it would hide.
    plain = funnel_plot(counts, exposure, winsorised=0.0)
    assert plain.dispersion > 1.5 * funnel.dispersion


def test_the_dispersion_is_the_mean_square_of_winsorised_differences():
    counts, exposure = draw(9, spread=0.5)
    rate = counts.sum() / exposure.sum()
    differences = (counts - rate * exposure) / np.sqrt(rate * exposure)
    assert funnel_plot(counts, exposure, winsorised=0.0).dispersion == pytest.approx((differences**2).mean())
    low, high = differences.quantile([0.1, 0.9])
    assert funnel_plot(counts, exposure).dispersion == pytest.approx((differences.clip(low, high) ** 2).mean())


def test_exact_limits_leave_each_tail_its_share():
    low, high = funnel_limits(2.0, np.array([1.5, 40.0]), 0.95)
    expected = np.array([3.0, 80.0])
    counts = np.array([1.5, 40.0])
    assert (stats.poisson.cdf(low * counts - 1, expected) < 0.025).all()
    assert (stats.poisson.sf(high * counts, expected) <= 0.025).all()
    assert (stats.poisson.cdf(low * counts, expected) >= 0.025).all()


def test_parts_are_matched_by_index():
    counts, exposure = draw(2)
    found, again = funnel_plot(counts, exposure), funnel_plot(counts, exposure.iloc[::-1])
    pd.testing.assert_frame_equal(found.table, again.table)


@pytest.mark.parametrize(
    ("counts", "exposure", "key"),
    [
        ([1, 2], [1.0, 1.0], "model_regions"),
        ([0, 0, 0], [1.0, 1.0, 1.0], "model_zeros"),
        ([1, 2, 3], [1.0, 0.0, 1.0], "model_offset"),
        ([1, -2, 3], [1.0, 1.0, 1.0], "model_values"),
        ([1, 2, 3], [1.0, 1.0], "model_rows_unmatched"),
    ],
)
def test_what_makes_no_funnel_is_refused(counts, exposure, key):
    with pytest.raises(CannotEstimateError) as refused:
        funnel_plot(pd.Series(counts), pd.Series(exposure))
    assert refused.value.problems[0].key == key


def test_the_figure_names_only_who_is_outside_and_is_the_same_every_time():
    counts, exposure = draw(4, spread=0.3)
    counts["20"] = 20 * int(counts["20"] + 3)
    funnel = funnel_plot(counts, exposure)
    names = {code: f"Province {code}" for code in counts.index}
    figures = [funnel_figure(funnel, names, LABELS, language) for language in ("id", "en", "en")]
    axes = figures[1].axes[0]
    assert {words.get_text() for words in axes.texts} == {names[code] for code in funnel.outside(0.95)}
    assert len(axes.texts) <= NAMED
    drawn = Counter(len(points.get_offsets()) for points in axes.collections[-2:])
    assert sum(count * number for count, number in drawn.items()) == len(counts)
    # Words are drawn as paths: the legend shows in the figure, not in the text of the picture.
    told = [words.get_text() for words in figures[0].legends[0].get_texts()]
    assert "widened 99,8 %" in [word.replace("\xa0", " ") for word in told] or "widened 99,8%" in told
    assert svg_text(figures[1]) == svg_text(figures[2])
