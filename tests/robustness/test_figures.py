"""The specification curve draws every estimate once, in order, and leaves out what tells nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from netral_research.errors import CannotEstimateError
from netral_research.figures import png_bytes, svg_text
from netral_research.robustness.choices import OPTIONS
from netral_research.robustness.figures import specification_curve_figure


@pytest.fixture
def table():
    ratios = np.array([0.9, 0.6, np.nan, 1.4])
    choices = {name: options[0] for name, options in OPTIONS.items()}
    choices["stage"] = ["alleged", "proven", "proven", "alleged"]
    known = {"rate_ratio": ratios, "lower": ratios * 0.8, "upper": ratios * 1.25}
    refusal = ["", "", "model_zeros", ""]
    return pd.DataFrame({"spec_id": ["S001", "S002", "S003", "S004"], **choices, **known, "refusal": refusal})


def test_estimates_stand_in_order_of_size_and_refusals_are_not_drawn(table):
    above, below = specification_curve_figure(table, "id").axes
    drawn = np.concatenate([dots.get_offsets() for dots in above.collections if isinstance(dots, PathCollection)])
    drawn = np.unique(drawn, axis=0)
    assert drawn[:, 1].tolist() == [0.6, 0.9, 1.4]
    assert [label.get_text() for label in below.get_yticklabels()] == ["hanya dugaan", "hanya yang terbukti"]


def test_the_choice_of_the_study_and_intervals_without_one_are_told_apart_from_the_others(table):
    above = specification_curve_figure(table, "en").axes[0]
    marks = {dots.get_label(): dots.get_offsets()[:, 1].tolist() for dots in above.collections if len(dots.get_label())}
    assert marks["choice of this study"] == [0.9]
    assert marks["interval excludes one"] == [0.6, 1.4]
    assert marks["interval holds one"] == [0.9]


def test_dimensions_in_which_all_agree_are_left_out(table):
    figure = specification_curve_figure(table.assign(stage="alleged"), "en")
    assert len(figure.axes) == 1


def test_numbers_on_the_axis_are_written_as_in_the_language(table):
    ticks = {
        language: [tick.get_text() for tick in specification_curve_figure(table, language).axes[0].get_yticklabels()]
        for language in ("id", "en")
    }
    assert "0,5" in ticks["id"]
    assert "0.5" in ticks["en"]


def test_the_drawing_is_the_same_every_time(table):
    first, again = (specification_curve_figure(table, "en") for _ in range(2))
    assert svg_text(first) == svg_text(again)
    assert png_bytes(first).startswith(b"\x89PNG")


def test_a_curve_without_any_estimate_is_refused(table):
    with pytest.raises(CannotEstimateError) as refused:
        specification_curve_figure(table.assign(refusal="model_zeros"), "en")
    assert refused.value.problems[0].key == "multiverse_empty"


def test_estimates_without_intervals_are_drawn(table):
    bare = table.assign(lower=np.nan, upper=np.nan)
    assert png_bytes(specification_curve_figure(bare, "en"))


def test_for_a_phone_the_curve_is_narrow_and_its_letters_keep_their_size(table):
    page, phone = (specification_curve_figure(table, "id", narrow) for narrow in (False, True))
    assert phone.get_size_inches()[0] < page.get_size_inches()[0] / 1.8
    sizes = [{label.get_fontsize() for label in figure.axes[1].get_yticklabels()} for figure in (page, phone)]
    assert sizes[0] == sizes[1]
