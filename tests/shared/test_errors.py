from __future__ import annotations

import ast
import string

import pytest

from netral_research.errors import SHOWN_PROBLEMS, DataError, Problem, nearest_match
from netral_research.language import LANGUAGES, locale_texts, text

FIELDS = ("problem", "expected", "action")


def keys_in_code(folder):
    """Keys of all problems that the package can tell, read from its code."""
    keys = set()
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if name == "Problem" and node.args and isinstance(node.args[0], ast.Constant):
                keys.add(node.args[0].value)
    return keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_the_code_can_tell_has_its_texts(real_project, language):
    from netral_research import contracts, schemas

    contract = contracts.ColumnContract("date", True, ("a",), contracts.LAW)
    checks = {*schemas._tests(contract), *schemas._tests(contracts.C("uri")), *schemas._tests(contracts.C("integer"))}
    keys = keys_in_code(real_project.path("src/netral_research")) | checks
    assert {"cell_term", "region_unknown", "study_key_unknown", "csv_broken"} <= keys
    missing = [
        f"{key}.{name}"
        for key in sorted(keys)
        for name in FIELDS
        if f"errors.{key}.{name}" not in locale_texts(language)
    ]
    assert missing == []


def test_both_languages_have_the_same_keys_and_placeholders():
    def placeholders(language):
        return {
            key: {name for _, name, _, _ in string.Formatter().parse(content) if name}
            for key, content in locale_texts(language).items()
            if key.startswith("errors.")
        }

    assert placeholders("id") == placeholders("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_tells_its_place_its_value_and_what_to_do(language):
    problem = Problem(
        "cell_term", "data/raw/events.csv", 7, "mode", "daring", "virtual", {"allowed": "virtual, hybrid"}
    )
    told = problem.describe(language)
    for part in ("data/raw/events.csv", "7", "mode", "“daring”", "“virtual”", "virtual, hybrid"):
        assert part in told
    assert text(language, "errors.cell_term.action") in told
    assert len({line.index(" : ") for line in told.splitlines()}) == 1


def test_lines_without_content_are_left_out():
    told = Problem("file_empty", "data/raw/events.csv").describe("en")
    assert "Row" not in told
    assert "Value" not in told
    assert "Did you mean" not in told


def test_many_problems_are_counted_instead_of_filling_the_screen():
    problems = [Problem("cell_missing", "f.csv", row, "a") for row in range(2, 2 + SHOWN_PROBLEMS + 3)]
    told = DataError(problems).describe("en")
    assert told.count("f.csv") == SHOWN_PROBLEMS
    assert "3 more problems" in told


def test_the_message_of_an_error_speaks_the_language_of_the_screen(monkeypatch):
    error = DataError([Problem("file_empty", "f.csv")])
    monkeypatch.setenv("NETRAL_LANGUAGE", "id")
    assert "Berkas" in str(error)
    monkeypatch.setenv("NETRAL_LANGUAGE", "en")
    assert "File" in str(error)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("Jawa Tengha", "Jawa Tengah"), ("jawa timur", "Jawa Timur"), ("Wakanda", "")],
)
def test_the_nearest_match_only_suggests(written, nearest):
    assert nearest_match(written, ["Jawa Tengah", "Jawa Timur", "Bali"]) == nearest
