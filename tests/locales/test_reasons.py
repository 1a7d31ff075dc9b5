"""Every reason that goes with a proposal, or with a skipped article, is told in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd
import pytest

from netral_research.articles import Article
from netral_research.code.coder import load_coder
from netral_research.code.lexicon import LEXICON
from netral_research.code.proposals import EVENT_COLUMNS, PROPOSED_COLUMNS
from netral_research.code.review import ReviewContent, review_data
from netral_research.language import LANGUAGES, locale_texts
from netral_research.schemas import load_raw

PACKAGE = Path(__file__).resolve().parents[2] / "src/netral_research/code"
# Where a reason stands in a call: its place, and its name.
REASON_OF = {"Cell": (3, "reason"), "EventDate": (5, "reason"), "CodedArticle": (2, "skipped")}
SECTION_OF = {"Cell": "reason", "EventDate": "reason", "CodedArticle": "skipped"}


def written_keys(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> set[str]:
    """The texts that an expression can come to, as far as it is written out."""
    match node:
        case ast.Constant(value=str(key)):
            return {key}
        case ast.IfExp(body=body, orelse=orelse):
            return written_keys(body, assigned) | written_keys(orelse, assigned)
        case ast.BoolOp(values=values):
            return set().union(*(written_keys(value, assigned) for value in values))
        case ast.Name(id=name):
            return set().union(*(written_keys(value, assigned) for value in assigned.get(name, [])))
        case ast.Starred(value=value):
            return written_keys(value, assigned)
        case _:
            return set()


def reasons_in_call(call: ast.Call) -> list[ast.expr]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in REASON_OF:
        return []
    place, keyword = REASON_OF[name]
    # A starred argument may stand for several.
    positional = [argument for argument in call.args[place:] if name != "CodedArticle"]
    return positional[:1] + [pair.value for pair in call.keywords if pair.arg == keyword]


def scanned_keys(source: str) -> dict[str, set[str]]:
    """Reasons written out in a module, by the section of the texts that tells them."""
    found: dict[str, set[str]] = {"reason": set(), "skipped": set()}
    for function in [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]:
        assigned: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                for value in reasons_in_call(node):
                    found[SECTION_OF[node.func.id]] |= written_keys(value, assigned)  # type: ignore[attr-defined]
            if (
                function.name == "reason_for_none"
                and isinstance(node, ast.Return)
                and isinstance(node.value, ast.Tuple)
            ):
                found["skipped"] |= written_keys(node.value.elts[0], assigned)
    return {section: keys - {""} for section, keys in found.items()}


@pytest.fixture(scope="module")
def written(real_project):
    """Reasons in the rules; phrases of the list ``no_event`` give theirs by their term."""
    lexicon = load_raw(real_project, LEXICON)
    by_phrase = set(lexicon.loc[lexicon["list"] == "no_event", "term"])
    scans = [scanned_keys(path.read_text("utf-8")) for path in sorted(PACKAGE.glob("*.py"))]
    found = {section: set().union(*(scan[section] for scan in scans)) for section in ("reason", "skipped")}
    return found | {"skipped": found["skipped"] | by_phrase}


@pytest.fixture(scope="module")
def given(real_project):
    """Reasons that the articles get: with the day of their page, with its year alone, and without."""
    coder, found = load_coder(real_project), {"reason": set(), "skipped": set()}
    pages = load_raw(real_project, "data/raw/sources.csv").set_index("source_id")["published"]
    for path in sorted(real_project.path("data/raw/articles").glob("*.txt")):
        day = pages.get(path.stem, "")
        for published in dict.fromkeys((day, day[:4], "")):
            coded = coder.code(Article(path.stem, path.read_text("utf-8"), published))
            found["skipped"].add(coded.skipped)
            found["reason"] |= {cell.reason for event in coded.events for cell in event.cells.values()}
    return {section: keys - {""} for section, keys in found.items()}


def told(language, section):
    prefix = f"code.{section}."
    return {key.removeprefix(prefix) for key in locale_texts(language) if key.startswith(prefix)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", ["reason", "skipped"])
def test_every_reason_in_the_rules_is_told_and_no_text_is_unused(written, section, language):
    assert written[section] == told(language, section)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", ["reason", "skipped"])
def test_every_reason_that_articles_get_is_told(given, section, language):
    assert given[section]
    assert given[section] <= told(language, section)


def test_the_review_page_tells_them(real_project):
    from netral_research.clean.loading import load_reference

    rows = pd.DataFrame(columns=list(PROPOSED_COLUMNS))
    content = ReviewContent(rows, {}, {}, rows[list(EVENT_COLUMNS)], load_reference(real_project).register)
    words = review_data(content)["words"]
    assert {language: set(words[language]["reasons"]) for language in LANGUAGES} == {
        language: told(language, "reason") for language in LANGUAGES
    }


def test_the_scan_finds_reasons_however_they_are_written():
    source = """
def _a(known):
    reason = "" if known else "first"
    none = "second" if known else "third"
    return EventDate("2020", "", "year", (), "low", reason), Cell("", (), "low", none or "fourth")

def _b():
    return Cell("", reason="fifth"), CodedArticle("EE001", skipped="sixth")

def reason_for_none(known):
    return "seventh", ()
"""
    assert scanned_keys(source) == {
        "reason": {"first", "second", "third", "fourth", "fifth"},
        "skipped": {"sixth", "seventh"},
    }
