"""What the annex says of all choices together follows from the joint test, and holds without one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.language import LANGUAGES, format_number, locale_texts
from netral_research.report.blocks import FigureBlock, Paragraph, TableBlock
from netral_research.report.further import _choices
from netral_research.report.inline import plain_text
from netral_research.report.registry import ValueRegistry
from netral_research.report.writer import Writer
from netral_research.results import Result, Value
from netral_research.robustness.choices import OPTIONS
from netral_research.robustness.joint_test import JointTest
from netral_research.robustness.multiverse import summarise_choices
from netral_research.robustness.multiverse_stage import _alternatives, _joint_values, _values
from netral_research.storage import StageResults

REFUSALS = ("model_regions", "model_no_variation", "model_zeros")


@pytest.fixture(scope="module")
def specifications() -> pd.DataFrame:
    """Two estimates, one refusal of each kind named, and one of another kind."""
    ratios = np.array([0.9, 0.8, np.nan, np.nan, np.nan])
    choices = {name: options[0] for name, options in OPTIONS.items()}
    choices["stage"] = ["all", "alleged", "referred", "proven", "proven"]
    choices["measure"] = ["all", "all", "all", "all", "cases"]
    known = {"rate_ratio": ratios, "lower": ratios - 0.3, "upper": ratios + 0.3}
    known |= {"refusal": ["", "", *REFUSALS], "repeats": ""}
    return pd.DataFrame({"spec_id": [f"S00{number}" for number in range(1, 6)], **choices, **known})


def joint_test(p: float, lost: int) -> JointTest:
    refusal = ["multiverse_draws"] * lost + [""] * (2 - lost)
    return JointTest(pd.DataFrame({"spec_id": ["S001", "S002"], "refusal": refusal}), 0.85, 1.0, p, 0.5, 99)


def section(table, joint, language, study, reference):
    results = {
        "multiverse": Result("multiverse", table, _values(table), _alternatives(table)),
        "multiverse_choices": Result("multiverse_choices", summarise_choices(table)),
        "joint_test": Result("joint_test", pd.DataFrame(), _joint_values(joint)),
    }
    confidence = Value("model.confidence", study.model.confidence, "percent_0", "percent", "x")
    stages = {
        "robustness": StageResults("robustness", "06_robustness", {}, results),
        "model": StageResults("model", "05_model", {}, {"sample": Result("sample", pd.DataFrame(), (confidence,))}),
    }
    registry = ValueRegistry.from_stages(stages.values())
    return _choices(Writer(language, registry, stages, reference.register, study))


def told(found) -> str:
    return " ".join(plain_text(block.content) for block in found.blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("p", "chosen", "other"), [(0.4, "chance", "beyond"), (0.002, "beyond", "chance")])
def test_the_sentence_follows_from_the_joint_p_value(specifications, study, reference, language, p, chosen, other):
    words = told(section(specifications, joint_test(p, lost=0), language, study, reference))
    texts = locale_texts(language)
    assert texts[f"report.further.choices_{chosen}"].split("**")[0].strip() in words
    assert texts[f"report.further.choices_{other}"].rpartition(":")[2].strip() not in words
    assert format_number(p, "decimal_2" if p >= 0.01 else "decimal_3", language) in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_joint_test_no_word_of_one_is_said(specifications, study, reference, language):
    words = told(section(specifications, None, language, study, reference))
    assert format_number(0.85, "decimal_2", language) in words
    assert {"id": "nilai p", "en": "p-value"}[language] not in words.lower()


def test_every_refusal_is_counted_and_a_specification_that_left_the_joint_test_is_told(
    specifications, study, reference
):
    words = told(section(specifications, joint_test(0.4, lost=1), "en", study, reference))
    assert "Of 5 ways through the data that can be defended, 2 can be estimated" in words
    assert "(1 leave too few provinces, in 1 the events vary too little within provinces, 1 fail" in words
    assert "takes 1 ways; 1 stay out" in words
    rest = told(section(specifications[:4], joint_test(0.4, lost=0), "en", study, reference))
    assert "stay out" not in rest
    assert "another reason" not in rest


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figure_has_an_alternative_and_the_table_a_reason_for_every_choice(
    specifications, study, reference, language
):
    found = section(specifications, joint_test(0.4, lost=0), language, study, reference)
    figure = next(block for block in found.blocks if isinstance(block, FigureBlock))
    assert format_number(0.8, "decimal_2", language) in figure.alt
    table = next(block for block in found.blocks if isinstance(block, TableBlock))
    texts, cells = locale_texts(language), [[plain_text(cell) for cell in row] for row in table.rows]
    assert [row[1] for row in cells if row[0] == texts["choices.dimension.stage"]] == [
        texts[f"choices.option.stage_{option}"] for option in OPTIONS["stage"]
    ]
    alone = next(row for row in cells if row[0] == texts["choices.dimension.decay"])
    assert texts["choices.single.decay"] in alone[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_estimates_that_repeat_another_are_counted_and_named(specifications, study, reference, language):
    texts = locale_texts(language)
    same = specifications.assign(stage="alleged")
    same.loc[1, ["institution", "repeats"]] = ["bawaslu", "S001"]
    words = told(section(same, None, language, study, reference))
    options = " / ".join(texts[f"choices.option.institution_{option}"] for option in ("all", "bawaslu"))
    assert f"{texts['choices.dimension.institution']}: {options}" in words
    assert f"{texts['choices.dimension.stage']}: {texts['choices.option.stage_alleged']}" in words
    assert format_number(0.9, "decimal_2", language) in words, "the median with each counted once"
    assert options not in told(section(specifications, None, language, study, reference))
