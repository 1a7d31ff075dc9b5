from __future__ import annotations

from typing import get_args

import pytest

from netral_research import study as study_module
from netral_research import vocabulary
from netral_research.errors import StudyError
from netral_research.files import Project
from netral_research.language import LANGUAGES
from netral_research.study import load_study


@pytest.fixture
def refuse(tmp_path, real_project):
    """Changes one line of the real study.toml and gives back the problems it is refused with."""
    written = real_project.path("study.toml").read_text("utf-8")

    def run(old, new):
        assert old in written
        (tmp_path / "study.toml").write_text(written.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(StudyError) as refused:
            load_study(Project(tmp_path))
        for language in LANGUAGES:
            told = refused.value.describe(language)
            assert "study.toml" in told
            assert "{" not in told
        return refused.value.problems

    return run


def test_the_default_study_is_read_whole_and_cannot_be_changed(study):
    assert study.study.cycles[0] == "pilkada_2018"
    assert study.study.province_boundaries.isoformat() == "2018-01-01"
    assert study.exposure.ambiguous_dates == "exclude"
    with pytest.raises(ValueError, match="frozen"):
        study.model.confidence = 0.9


def test_a_misspelt_key_is_refused_with_the_nearest_one(refuse):
    unknown, *rest = sorted(refuse("half_life_days", "half_life_day"), key=lambda problem: problem.key, reverse=True)
    assert (unknown.key, unknown.column, unknown.nearest) == (
        "study_key_unknown", "exposure.half_life_day", "half_life_days",
    )  # fmt: skip
    assert [(problem.key, problem.column) for problem in rest] == [("study_key_missing", "exposure.half_life_days")]


def test_a_misspelt_section_is_refused_with_the_nearest_one(refuse):
    problems = {problem.key: problem for problem in refuse("[exposure]", "[exposur]")}
    assert problems["study_key_unknown"].nearest == "exposure"
    assert problems["study_key_missing"].column == "exposure"


def test_an_impossible_cycle_is_refused_with_the_nearest_one(refuse):
    (problem,) = refuse('"pilkada_2018"', '"pilkada_2081"')
    assert (problem.key, problem.column, problem.value) == ("study_value", "study.cycles.0", "pilkada_2081")
    assert problem.nearest == "pilkada_2018"
    assert "pemilu_2024" in problem.fields["allowed"]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("half_life_days = 0", 'half_life_days = "0"', "exposure.half_life_days"),
        ("half_life_days = 0", "half_life_days = -1", "exposure.half_life_days"),
        ("half_life_days = 0", "half_life_days = true", "exposure.half_life_days"),
        ("pledges = true", "pledges = 1", "exposure.pledges"),
        ("half_life_days = 0", "half_life_days = 30.5", "exposure.half_life_days"),
        ("confidence = 0.95", "confidence = 95", "model.confidence"),
        ("confidence = 0.95", "confidence = nan", "model.confidence"),
        ("minimum_regions = 10", "minimum_regions = 1", "model.minimum_regions"),
        ("as_of = 2023-12-31", 'as_of = "2023-12-31"', "headcount.as_of"),
        ('measures = ["cases", "persons"]', "measures = []", "outcome.measures"),
        ('measures = ["cases", "persons"]', 'measures = "cases"', "outcome.measures"),
        ('name = "nasional"', 'name = ""', "study.name"),
    ],
)
def test_a_value_of_a_wrong_type_or_size_is_refused(refuse, old, new, column):
    (problem,) = refuse(old, new)
    assert (problem.key, problem.column) == ("study_type", column)


def test_a_missing_key_is_refused(refuse):
    (problem,) = refuse("pledges = true\n", "")
    assert (problem.key, problem.column) == ("study_key_missing", "exposure.pledges")


def test_cycles_out_of_order_are_refused(refuse):
    (problem,) = refuse('"pilkada_2018", "pemilu_2019"', '"pemilu_2019", "pilkada_2018"')
    assert problem.key == "study_cycles_order"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ('"pilkada_2018", ', '"pilkada_2018", "pilkada_2018", ', "study.cycles"),
        ('["cases", "persons"]', '["cases", "cases"]', "outcome.measures"),
        ('"kasn", "bkn"]', '"kasn", "kasn"]', "outcome.institutions"),
    ],
)
def test_a_value_stated_twice_is_refused(refuse, old, new, column):
    assert ("study_twice", column) in [(problem.key, problem.column) for problem in refuse(old, new)]


def test_broken_toml_is_told_with_its_line(refuse):
    (problem,) = refuse("pledges = true", "pledges = ")
    assert problem.key == "study_toml"
    assert "line" in problem.fields["fault"]


def test_a_second_section_of_the_same_name_is_refused(refuse):
    (problem,) = refuse("[model]", "[headcount]")
    assert problem.key == "study_toml"


@pytest.mark.parametrize(
    ("literal", "terms"),
    [
        (study_module.Cycle, vocabulary.CYCLES),
        (study_module.EventType, vocabulary.EVENT_TYPES),
        (study_module.Institution, vocabulary.INSTITUTIONS),
        (study_module.CountStage, vocabulary.STAGES),
        (study_module.Measure, vocabulary.MEASURES),
    ],
)
def test_the_choices_of_a_study_are_the_terms_of_the_vocabulary(literal, terms):
    assert get_args(literal) == terms


def test_groups_share_out_their_terms_without_rest():
    grouped = [term for terms in vocabulary.EVENT_GROUPS.values() for term in terms]
    assert sorted(grouped) == sorted(vocabulary.EVENT_TYPES)
    assert set(vocabulary.INSTITUTION_GROUPS) == set(vocabulary.INSTITUTIONS)
