"""The tutorial on coding articles names every list, column, reason and command that there is."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from netral_research.article_tables import COLUMNS, SOURCE_COLUMNS
from netral_research.code.decisions import ACTIONS, DECISION_COLUMNS
from netral_research.code.proposals import FAILED_COLUMNS, SKIPPED_COLUMNS
from netral_research.language import locale_texts

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/coding_articles.md").read_text("utf-8")
LISTS = TEXT.split("\n| list | what it is for |\n")[1].split("\n\n")[0]


def first_cells(table: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def test_every_list_of_the_lexicon_is_told_once_and_no_other() -> None:
    with (ROOT / "data/reference/coding_lexicon.csv").open(encoding="utf-8", newline="") as lines:
        lists = {row["list"] for row in csv.DictReader(lines)}
    assert sorted(first_cells(LISTS)) == sorted(lists)


@pytest.mark.parametrize("section", ["reason", "skipped"])
def test_every_reason_is_told(section: str) -> None:
    prefix = f"code.{section}."
    reasons = {key.removeprefix(prefix) for key in locale_texts("en") if key.startswith(prefix)}
    assert {reason for reason in reasons if f"`{reason}`" not in TEXT} == set()


def test_columns_of_the_files_are_told() -> None:
    columns = {*COLUMNS, *SOURCE_COLUMNS, *SKIPPED_COLUMNS, *FAILED_COLUMNS, *DECISION_COLUMNS[:3], *ACTIONS}
    assert {name for name in columns if f"`{name}`" not in TEXT} == set()


def test_options_of_the_commands_exist() -> None:
    source = (ROOT / "src/netral_research/article_commands.py").read_text("utf-8")
    source += (ROOT / "src/netral_research/command_frame.py").read_text("utf-8")
    options = set(re.findall(r"(?<![\w-])--([a-z]+)", TEXT))
    assert options
    assert {name for name in options if not re.search(rf"\b{name}\b", source)} == set()


def test_files_that_are_linked_or_named_exist() -> None:
    linked = {(ROOT / "docs" / name) for name in re.findall(r"\]\(([^)#]+)\)", TEXT)}
    named = {ROOT / name for name in re.findall(r"`((?:data|notebooks)/[^`*]+)`", TEXT)}
    assert sorted(str(path) for path in linked | named if not path.exists()) == []
