"""The sentence that the evidence allows, and the words it never uses."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest

from netral_research.errors import CannotEstimateError, Problem
from netral_research.language import LANGUAGES, locale_texts, text
from netral_research.model.build import _refusal
from netral_research.model.claims import Evidence
from netral_research.model.figures import estimate_figure
from netral_research.model.sentence import SENTENCES, choose_sentence
from netral_research.results import Result

# Words of effect, and the only forms in which a sentence may hold them: denied, or named as what it is not about.
EFFECT = {
    "id": re.compile(
        r"dampak|berdampak|pengaruh|memengaruhi|mempengaruhi|menurunkan|menaikkan|mengurangi|meningkatkan|menekan|mencegah|menyebabkan"
        r"|mengakibatkan|berkat|akibat|efektif|berhasil|ampuh|terbukti|efek\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"effect|impact|reduc|\blowers\b|lowered|\braises\b|raised|increas|decreas|prevent|\bcaus|because of|thanks to"
        r"|works?\b|worked|success|proves?\b",
        re.IGNORECASE,
    ),
}
ALLOWED = {
    "id": ("bukan bukti dampak", "bukan dampak"),
    "en": ("this is no proof of an effect", "not of effect"),
}


def words_of_effect(words: str, language: str) -> list[str]:
    words = re.sub(r"\{\{.*?\}\}", "", words)
    for allowed in ALLOWED[language]:
        words = words.replace(allowed, "")
    return EFFECT[language].findall(words)


def evidence(interval, placebo, **more):
    centre = None if interval is None else (interval[0] * interval[1]) ** 0.5
    sound = {"permutation_p": 0.01, "placebo_detectable": (0.9, 1.11), "treated_regions": 20}
    return Evidence(True, centre, interval, placebo=placebo, **(sound | more))


@pytest.mark.parametrize(
    ("interval", "placebo", "sentence"),
    [
        (None, None, "not_estimated"),
        (None, (0.9, 1.1), "not_estimated"),
        ((0.5, 0.8), None, "refused"),
        ((0.5, 0.8), (0.4, 0.9), "refused"),
        ((0.5, 0.8), (1.01, 1.3), "refused"),
        ((0.8, 1.3), (1.01, 1.3), "refused"),
        ((0.8, 1.3), (0.9, 1.1), "cannot_tell"),
        ((1.0, 1.3), (0.9, 1.1), "cannot_tell"),
        ((0.7, 1.0), (0.9, 1.1), "cannot_tell"),
        ((0.7, 0.99), (1.0, 1.1), "targeting"),
        ((1.01, 1.3), (0.9, 1.0), "targeting"),
        ((0.7, 0.9), (1.0, 1.1), "lower"),
        ((1.15, 1.5), (0.9, 1.0), "higher"),
    ],
)
def test_each_kind_of_evidence_has_its_sentence(interval, placebo, sentence):
    assert choose_sentence(evidence(interval, placebo)) == sentence


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"permutation_p": 0.05}, "chance"),
        ({"permutation_p": None}, "chance"),
        ({"treated_regions": 9}, "descriptive_only"),
        ({"treated_regions": 10}, "lower"),
        # The stop rule: a check that could not have seen such a ratio checks nothing.
        ({"placebo_detectable": (0.5, 2.0)}, "descriptive_only"),
        ({"placebo_detectable": None}, "descriptive_only"),
        ({"placebo_detectable": (0.0, 1.1)}, "descriptive_only"),
    ],
)
def test_a_finding_needs_chance_ruled_out_enough_regions_and_a_check_that_could_see(change, sentence):
    assert choose_sentence(evidence((0.5, 0.8), (0.9, 1.1))) == "lower"
    assert choose_sentence(evidence((0.5, 0.8), (0.9, 1.1), **change)) == sentence


def test_a_stricter_level_asks_for_a_smaller_p_value():
    assert choose_sentence(evidence((0.5, 0.8), (0.9, 1.1), permutation_p=0.03), significance=0.01) == "chance"


def test_every_sentence_can_be_chosen():
    limits = [None, (0.5, 0.8), (0.8, 1.2), (1.2, 1.5)]
    found = {choose_sentence(evidence(*pair)) for pair in itertools.product(limits, limits)}
    found |= {choose_sentence(evidence((0.5, 0.8), (0.9, 1.1), **{name: None})) for name in ("permutation_p",)}
    found.add(choose_sentence(evidence((0.5, 0.8), (0.9, 1.1), treated_regions=3)))
    found.add(choose_sentence(evidence((0.7, 0.99), (0.9, 1.1))))
    assert found == set(SENTENCES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_has_its_words_and_its_heading(language, sentence):
    texts = locale_texts(language)
    assert len(texts[f"report.sentence.{sentence}"]) > 80
    assert 10 < len(texts[f"report.sentence.{sentence}_heading"]) < 90
    if sentence != "not_estimated":
        assert texts[f"report.related.figure_heading_{sentence}"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_speaks_of_an_effect(language, sentence):
    texts = locale_texts(language)
    for key in (f"report.sentence.{sentence}", f"report.sentence.{sentence}_heading"):
        assert words_of_effect(texts[key], language) == [], key
    heading = texts.get(f"report.related.figure_heading_{sentence}", "")
    assert words_of_effect(heading, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_told_is_not_called_no_effect(language):
    forbidden = {"id": r"tidak berdampak|tanpa dampak|tidak ada hubungan|tidak berhubungan\b(?! dengan hitungan)"
                       r"|tidak ada perbedaan",
                 "en": r"no effect|no impact|no association|no difference|unrelated"}  # fmt: skip
    texts = locale_texts(language)
    for sentence in ("cannot_tell", "refused", "not_estimated", "descriptive_only", "chance", "targeting"):
        assert not re.search(forbidden[language], texts[f"report.sentence.{sentence}"], re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_that_give_a_ratio_give_its_interval_and_level_too(language):
    for sentence in ("cannot_tell", "chance", "targeting", "lower", "higher"):
        words = locale_texts(language)[f"report.sentence.{sentence}"]
        for value in ("rate_ratio", "lower", "upper", "confidence"):
            assert f'v("model.{value}")' in words
    assert 'v("model.power")' in locale_texts(language)["report.sentence.cannot_tell"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_or_missing_estimate_prints_no_number(language):
    for sentence in ("refused", "descriptive_only", "not_estimated"):
        assert "{{" not in locale_texts(language)[f"report.sentence.{sentence}"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "sosialisasi menurunkan laju"), ("id", "ini dampak sosialisasi"),
     ("en", "an effect of campaigns"), ("en", "it reduced the rate")],
)  # fmt: skip
def test_a_word_of_effect_would_be_found(language, words):
    assert words_of_effect(words, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_estimate_is_shown_as_refused(language, study):
    sample = Result("sample", pd.DataFrame())
    results = {result.name: result for result in _refusal(sample, CannotEstimateError([Problem("model_zeros")]), study)}
    assert results["estimates"].value("model.sentence").value == "not_estimated"
    assert len(results["estimates"].alt[language]) > 40
    words = [words.get_text() for words in estimate_figure(results["estimates"].table, language).axes[0].texts]
    assert words == [text(language, "figures.estimate.not_estimated")]
