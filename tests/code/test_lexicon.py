"""The lexicon is data a researcher can extend: every list is used, every phrase counts once, a new one is found."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netral_research.code
from netral_research import vocabulary
from netral_research.articles import Article
from netral_research.code.coder import load_coder
from netral_research.code.lexicon import LEXICON, MOST_HITS, PhraseFinder
from netral_research.code.text import cut
from netral_research.errors import DataError
from netral_research.schemas import check_table, load_raw

SOURCES = sorted(Path(netral_research.code.__file__).parent.glob("*.py"))
CALL = re.compile(r"\.(?:of|marks|ends|marked_before|marked_after)\(\s*\"(\w+)\"")
# Terms that the rules complete: a bawaslu or a government by its level; candidates and the president hold no event.
HELPERS = {"institution": {"bawaslu", "government", "presiden", "candidacy"}}
VOCABULARY = {
    "institution": vocabulary.ORGANISERS, "activity": vocabulary.EVENT_TYPES, "theme": vocabulary.THEMES,
    "pledge": vocabulary.PLEDGES, "mode": vocabulary.MODES,
}  # fmt: skip


@pytest.fixture(scope="module")
def lexicon(real_project) -> pd.DataFrame:
    return load_raw(real_project, LEXICON)


def test_the_file_keeps_its_contract(lexicon):
    check_table(lexicon, LEXICON)
    assert len(lexicon) > 1_000


@pytest.mark.parametrize("phrase", ["", "Apel pagi!", "apel  pagi", " apel", "apel*pagi", "*"])
def test_a_phrase_that_could_never_be_found_is_refused(lexicon, phrase):
    broken = lexicon.head(3).copy()
    broken.iloc[1, broken.columns.get_loc("phrase")] = phrase
    with pytest.raises(DataError):
        check_table(broken, LEXICON)


def test_no_phrase_stands_twice(lexicon):
    assert lexicon[lexicon.duplicated(["list", "term", "phrase"])].empty


def test_a_phrase_speaks_for_one_term_of_a_list(lexicon):
    """Two terms for one phrase would both count."""
    twice = lexicon[lexicon.duplicated(["list", "phrase"], keep=False)]
    assert twice[["list", "term", "phrase"]].to_numpy().tolist() == []


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_terms_are_those_of_the_vocabulary(lexicon, name):
    terms = set(lexicon["term"][lexicon["list"] == name])
    assert terms <= {*VOCABULARY[name], *HELPERS.get(name, ())}


def test_every_event_type_mode_theme_and_organiser_has_a_phrase(lexicon):
    for name, known in VOCABULARY.items():
        missing = set(known) - set(lexicon["term"][lexicon["list"] == name])
        assert missing <= {"none", "unknown"}, name


def test_the_rules_use_every_list_and_no_other(lexicon):
    used = {name for path in SOURCES for name in CALL.findall(path.read_text("utf-8"))}
    assert used - set(lexicon["list"]) == set()
    assert set(lexicon["list"]) - used == {"ordinary_place", "page_line"}


def test_terms_named_in_the_rules_exist(lexicon):
    pairs = set(zip(lexicon["list"], lexicon["term"], strict=True))
    call = re.compile(r"\.(?:of|marks)\(\s*\"(\w+)\",\s*\"(\w+)\"")
    named = {pair for path in SOURCES for pair in call.findall(path.read_text("utf-8"))}
    assert named
    assert named - pairs == set()


def test_a_phrase_added_to_the_file_changes_what_is_found(project):
    article = Article("T1", "Pemkab Demak menggelar lokabudaya netralitas ASN, Senin (14/10/2024).")
    assert load_coder(project).code(article).events == ()
    with (project.root / LEXICON).open("a", encoding="utf-8") as stream:
        stream.write("activity,seminar,lokabudaya,\n")
    assert load_coder(project).code(article).events[0].cells["event_type"].value == "seminar"


def hits(text: str, *phrases: str) -> list[tuple[str, str]]:
    finder = PhraseFinder.of([("list", phrase, phrase) for phrase in phrases])
    page = cut(text)
    return [(hit.term, " ".join(page.words[hit.first : hit.after])) for hit in finder.find(page).get("list", [])]


@pytest.mark.parametrize(
    ("text", "phrases", "found"),
    [
        ("Apel pagi.", ["apel"], [("apel", "apel")]),
        ("APEL PAGI", ["apel pagi"], [("apel pagi", "apel pagi")]),
        ("Apel, pagi", ["apel pagi"], [("apel pagi", "apel pagi")]),
        ("Kapel pagi", ["apel"], []),
        ("Apelnya", ["apel"], []),
        ("Apelnya", ["apel*"], [("apel*", "apelnya")]),
        ("Apel", ["apel*"], [("apel*", "apel")]),
        ("Ape", ["apel*"], []),
        ("rapat koordinasinya hari ini", ["rapat koord*"], [("rapat koord*", "rapat koordinasinya")]),
        ("SE bupati", ["SE"], [("SE", "se")]),
        ("se-Kalsel", ["SE"], []),
        ("SE-KALSEL", ["SE"], []),
        ("SE Bupati terbit", ["SE bupati"], [("SE bupati", "se bupati")]),
        ("se Bupati terbit", ["SE bupati"], []),
        ("Jum\u2019at pagi", ["jum'at"], [("jum'at", "jum'at")]),
        ("apel ikrar dan apel", ["apel", "apel ikrar"], [("apel ikrar", "apel ikrar"), ("apel", "apel")]),
        ("apel pagi ini", ["apel pagi", "pagi ini"], [("apel pagi", "apel pagi"), ("pagi ini", "pagi ini")]),
        ("<b>apel</b> pagi", ["apel pagi"], [("apel pagi", "apel pagi")]),
    ],
)
def test_phrases_are_found_as_the_file_writes_them(text, phrases, found):
    assert hits(text, *phrases) == found


def test_one_phrase_may_stand_in_several_lists():
    finder = PhraseFinder.of([("one", "a", "apel"), ("two", "b", "apel pagi"), ("two", "c", "apel")])
    found = finder.find(cut("apel pagi"))
    assert [hit.term for hit in found["one"]] == ["a"]
    assert [hit.term for hit in found["two"]] == ["b"]


def test_a_text_of_one_word_repeated_has_a_limit():
    assert len(hits("apel " * 5_000, "apel")) == MOST_HITS


WORDS = st.sampled_from(["apel", "pagi", "ikrar", "netral", "asn"])


@given(st.lists(WORDS, max_size=30), st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), max_size=6))
def test_hits_are_the_longest_and_stand_in_order(words, phrases):
    found = PhraseFinder.of([("list", phrase, phrase) for phrase in phrases]).find(cut(" ".join(words)))
    spans = [(hit.first, hit.after) for hit in found.get("list", [])]
    assert spans == sorted(spans)
    for hit in found.get("list", []):
        assert " ".join(words[hit.first : hit.after]) == hit.term
    within = [(a, b) for a in spans for b in spans if a != b and a[0] <= b[0] and b[1] <= a[1]]
    assert within == []
    if any(f" {phrase} " in f" {' '.join(words)} " for phrase in phrases):
        assert spans
