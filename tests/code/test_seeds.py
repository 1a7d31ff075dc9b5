"""The five full articles of the study, coded as a person coded them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from netral_research.articles import Article
from netral_research.code.proposals import CODED_FIELDS

JUDGED_BY_EYE = {"co_organisers", "themes", "event_type"}


@pytest.fixture(scope="module")
def seeds() -> dict[str, tuple[dict[str, str], str]]:
    """Expected row and text of each seed; skipped where the folder with the originals is not beside the repository."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "seeds"
    if not (folder / "EXPECTED.csv").is_file():
        pytest.skip("the folder with the seeds is not beside this repository")
    with (folder / "EXPECTED.csv").open(encoding="utf-8", newline="") as stream:
        return {row["event_id"]: (row, (folder / row["file"]).read_text("utf-8")) for row in csv.DictReader(stream)}


@pytest.mark.parametrize("seed", ["S0", "S1", "S2", "S3", "S4"])
def test_a_seed_is_one_event_with_the_fields_expected(coder, seeds, seed):
    row, text = seeds[seed]
    (event,) = coder.code(Article(row["source_id"], text, row["published"])).events
    expected = {name: row[name] for name in CODED_FIELDS if name in row and name not in JUDGED_BY_EYE}
    found = {name: event.cells[name].value for name in expected}
    assert len(expected) >= 9
    assert found == expected


def test_a_day_that_the_text_does_not_tell_stays_unknown(coder, seeds):
    row, text = seeds["S2"]
    for published in (row["published"], "2024-09-05", "2024"):
        (event,) = coder.code(Article(row["source_id"], text, published)).events
        assert event.cells["date_precision"].value != "day"
        assert event.cells["date_start"].value == "2024"
