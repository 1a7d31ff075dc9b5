"""The benchmark of coding runs and tells all its figures; no time is judged here, for machines differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from netral_research.articles import read_articles
from netral_research.cli import build_app
from netral_research.language import LANGUAGES
from netral_research.workflow import coding_benchmark
from netral_research.workflow.coding_benchmark import describe_coding, measure_coding, write_repeated

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def measured() -> coding_benchmark.CodingBenchmark:
    return measure_coding(ROOT, articles=40, few=20, many=60, times=1)


def test_everything_is_measured(measured):
    assert (measured.articles, measured.few, measured.many) == (40, 20, 60)
    assert min(measured.one_core, measured.four_times, measured.two_cores) > 0
    assert measured.memory_few == 0 or measured.memory_few > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_told_on_a_line_of_its_own(measured, language):
    lines = describe_coding(measured, language).splitlines()
    assert len(lines) == 7
    assert all(line.split()[-1][0].isdigit() for line in lines[2:])


def test_articles_are_repeated_under_other_ids(tmp_path):
    write_repeated(ROOT, tmp_path / "a.csv", 1_000)
    ids = [entry.source_id for entry in read_articles(tmp_path / "a.csv")]
    assert len(set(ids)) == len(ids) == 1_000
    assert ids[0].endswith("-0")
    assert ids[-1].endswith("-1")


def test_the_command_measures_coding_alone(monkeypatch, measured):
    monkeypatch.setattr(coding_benchmark, "measure_coding", lambda _: measured)
    result = CliRunner().invoke(
        build_app("en"), ["bench", "--part", "code", "--project", str(ROOT), "--language", "en"]
    )
    assert result.exit_code == 0
    assert "articles a second on one core" in result.stdout
