"""A coding run accounts for every article, gives the same bytes however it runs, and leaves nothing half done."""

from __future__ import annotations

import csv
import errno
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from netral_research.articles import Article
from netral_research.code.coder import Coder
from netral_research.code.proposals import FAILED_COLUMNS, PROPOSED_COLUMNS, SKIPPED_COLUMNS, parse_evidence
from netral_research.errors import DataError, Problem
from netral_research.files import written_together
from netral_research.workflow import article_chunks, coding, coding_output, coding_progress
from netral_research.workflow.coding import CodingCounts, code_articles

from .conftest import APEL, NO_EVENT, read_rows

SUMMARIES = Path(__file__).resolve().parents[2] / "data/raw/articles"


@pytest.fixture
def some(texts):
    return texts(S1=APEL, S2=NO_EVENT, S3=b"\xff\xfeA\x00", S4=APEL + " Lagi.")


def test_every_article_is_proposed_skipped_or_failed(coded, some):
    run = coded(some).check(4)
    assert [row["event_id"] for row in run.proposed] == ["S1-1", "S4-1"]
    assert [row["source_id"] for row in run.skipped] == ["S2"]
    assert run.failures == [("S3", "encoding")]
    assert "4 articles = 2 with proposals (2 rows) + 1 skipped + 1 failed" in run.told
    assert "1 · the text is not saved as UTF-8" in run.told


def test_the_files_have_the_columns_others_rely_on(coded, some):
    run = coded(some)
    headers = [
        run.files[name].decode().splitlines()[0].split(",") for name in ("proposed.csv", "skipped.csv", "failed.csv")
    ]
    assert headers == [list(PROPOSED_COLUMNS), list(SKIPPED_COLUMNS), list(FAILED_COLUMNS)]
    assert list(run.files) == ["coding.json", "failed.csv", "proposed.csv", "skipped.csv"]


def test_evidence_stands_in_the_text_as_read(coded, table):
    text = "\ufeff<p>" + APEL.replace(" ", "\r\n", 3)
    row = coded(table("source_id,text", ["S1", text])).check(1).proposed[0]
    ((start, end),) = parse_evidence(row["date_start_evidence"])
    assert "14/10/2024" in text[start:end]


def test_the_same_bytes_with_one_process_and_with_two(coded, table, monkeypatch):
    monkeypatch.setattr(coding, "_FEW", 0)
    rows = [[path.stem, path.read_text("utf-8")] for path in sorted(SUMMARIES.glob("*.txt"))[:290]]
    path = table("source_id,text", *rows, ["S1", ""], ["S1", APEL], ["a/b", APEL])
    one, two = (coded(path, processes=number).check(293) for number in (1, 2))
    assert one.files == two.files
    assert one.failures == [("S1", "empty"), ("S1", "id_twice"), ("", "no_id")]
    assert [row["source_id"] for row in one.proposed] == sorted(row["source_id"] for row in one.proposed)


def test_few_articles_start_no_other_process(coded, some, monkeypatch):
    asked, read = [], coding.coded_chunks
    monkeypatch.setattr(coding, "coded_chunks", lambda *given: asked.append(given[-1]) or read(*given))
    coded(some, processes=2)
    assert asked == [1]


def test_folder_csv_and_parquet_give_the_same_proposals(coded, texts, table, tmp_path):
    import duckdb

    contents = {"S1": APEL, "S2": NO_EVENT}
    path = table("source_id,text", *contents.items())
    duckdb.read_csv(str(path)).write_parquet(str(tmp_path / "a.parquet"))
    runs = [coded(articles) for articles in (texts(**contents), path, tmp_path / "a.parquet")]
    assert len({run.files["proposed.csv"] for run in runs}) == 1


def test_the_articles_file_tells_of_a_page_before_the_sources_file(coded, table):
    text = APEL.replace("Senin (14/10/2024)", "Senin (14/10)").replace(" 2024", "")
    path = table("source_id,text,published", ["S1", text, "2024-10-15"], ["S2", text, ""], ["S3", text, ""])
    sources = table("source_id,published", ["S1", "2019-10-20"], ["S2", "2019-10-20"], name="sources.csv")
    dates = {row["source_id"]: row["date_start"] for row in coded(path, "--sources", str(sources)).check(3).proposed}
    assert dates["S1"] == "2024-10-14"
    assert dates["S2"].startswith("2019") or not dates["S2"]
    assert dates["S3"] == "2024-10-14", "of the years up to a regional election only this one has that Monday"


def test_a_hostile_title_in_the_sources_stops_nothing(coded, texts, table):
    sources = table(
        "source_id,title", ["S1", "=cmd|' /C calc'!A0"], ["S2", "\x00<script>alert(1)</script>"], name="s.csv"
    )
    run = coded(texts(S1=APEL, S2=APEL), "--sources", str(sources)).check(2)
    assert len(run.proposed) == 2


def test_no_sources_file_is_needed(coded, texts, project):
    project.path("data/raw/sources.csv").unlink()
    assert '"sources": null' in coded(texts(S1=APEL)).check(1).files["coding.json"].decode()


def test_the_record_names_the_inputs_relative_to_the_output(coded, some):
    import json

    run = coded(some)
    record = json.loads(run.files["coding.json"])
    assert (run.folder / record["articles"]).resolve() == some.resolve()
    assert (run.folder / record["sources"]).is_file()
    assert {"lexicon", "coder", "counts"} <= set(record)


def test_the_input_is_never_changed(coded, some):
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in some.iterdir()}
    coded(some)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in some.iterdir()} == before


def test_a_fault_of_the_coder_fails_its_article_only(coded, texts, monkeypatch):
    real = Coder.code

    def fragile(self, article):
        if article.source_id == "S2":
            raise RecursionError("too\ndeep")
        return real(self, article)

    monkeypatch.setattr(Coder, "code", fragile)
    run = coded(texts(S1=APEL, S2=APEL, S3=APEL)).check(3)
    assert run.failed == [{"source_id": "S2", "reason": "coder", "detail": "RecursionError: too deep"}]


@pytest.mark.parametrize("processes", [1, 2])
def test_articles_that_break_off_far_down_leave_nothing(project, tmp_path, texts, monkeypatch, processes):
    def breaking(_):
        yield Article("S1", APEL)
        raise DataError([Problem("articles_parquet", fields={"fault": "torn"})])

    monkeypatch.setattr(coding, "_FEW", 0)
    monkeypatch.setattr(coding, "read_articles", breaking)
    output = tmp_path / "out/proposed.csv"
    with pytest.raises(DataError):
        code_articles(project.root, texts(S1=APEL), output, processes=processes)
    assert list(output.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["skipped.csv", "FAILED.txt", "proposed", "."])
def test_an_output_under_another_name_is_refused(coded, some, tmp_path, name):
    run = coded(some, "--output", str(tmp_path / name))
    assert run.code == 2
    assert "--output" in run.told


@pytest.mark.parametrize("name", ["data/raw/events.csv", "data/raw/new/proposed.csv", "data/reference/p.csv"])
def test_raw_and_reference_data_are_never_an_output(coded, some, project, name):
    before = sorted(project.path("data").rglob("*"))
    assert coded(some, "--output", str(project.path(name))).code == 2
    assert sorted(project.path("data").rglob("*"))[-3:] == before[-3:]


def test_an_output_that_would_overwrite_what_is_read_is_refused(coded, table, tmp_path):
    articles = table("source_id,text", ["S1", APEL])
    content = articles.read_bytes()
    (tmp_path / "link.csv").symlink_to(articles)
    (tmp_path / "skipped.csv").hardlink_to(articles)
    for name in ("articles.csv", "link.csv", "other.csv"):
        run = coded(articles, "--output", str(tmp_path / name))
        assert run.code == 2
        assert "overwrite" in run.told
    assert articles.read_bytes() == content


def test_an_output_below_a_file_is_refused(coded, some, tmp_path):
    (tmp_path / "file").write_text("")
    run = coded(some, "--output", str(tmp_path / "file/out/proposed.csv"))
    assert run.code == 2


def test_a_second_run_into_the_same_folder_is_refused(coded, some, project):
    output = coded(some).folder
    with coding_output.held_output(project.root, output):
        run = coded(some, "--output", str(output / "other.csv"))
    assert run.code == 2
    assert "Another run" in run.told
    assert not (output / "other.csv").exists()


def test_earlier_results_stay_when_the_disk_is_full(coded, some, monkeypatch):
    run = coded(some)
    before = run.files

    class FullDisk(io.StringIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device", "proposed.csv")

    real = Path.open

    def opened(self, mode="r", *rest, **options):
        return FullDisk() if self.name == ".proposed.csv.part" else real(self, mode, *rest, **options)

    monkeypatch.setattr(Path, "open", opened)
    again = coded(some, "--output", str(run.folder / "proposed.csv"))
    assert again.code == 2
    assert "disk is full" in again.told
    assert run.files == before


def test_a_full_disk_of_the_temporary_database_is_told(coded, some, monkeypatch):
    import sqlite3

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(coding.SeenEvents, "is_new_article", full)
    run = coded(some)
    assert run.code == 2
    assert "disk is full" in run.told


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_half_file_and_no_process(project, table, tmp_path, name):
    articles = table("source_id,text", *([f"S{number}", APEL] for number in range(60_000)))
    output = tmp_path / "out/proposed.csv"
    output.parent.mkdir()
    output.write_text("earlier")
    command = [sys.executable, "-m", "netral_research", "code", str(articles), "--project", str(project.root)]
    process = subprocess.Popen(
        [*command, "--output", str(output), "--processes", "2"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    part = output.with_name(".proposed.csv.part")
    end = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size > 50_000):
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(name)
    told = process.communicate(timeout=60)[1]  # the pipe closes when the last of its processes has ended
    assert process.returncode != 0
    assert "Traceback" not in told
    assert output.read_text() == "earlier"
    if name != signal.SIGKILL:
        assert process.returncode == 130
        assert [path.name for path in output.parent.iterdir()] == ["proposed.csv"]
    counts = code_articles(project.root, table("source_id,text", ["S1", APEL]), output)
    assert counts.articles == 1
    assert sorted(path.name for path in output.parent.iterdir()) == [
        "coding.json", "failed.csv", "proposed.csv", "skipped.csv",
    ]  # fmt: skip


def test_several_files_appear_together_or_not_at_all(tmp_path):
    paths = [tmp_path / "a/one.csv", tmp_path / "a/two.csv"]

    def write_half() -> None:
        with written_together(paths) as streams:
            streams[0].write("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert list((tmp_path / "a").iterdir()) == []
    with written_together(paths) as streams:
        for stream in streams:
            stream.write("whole\r\n")
    assert [path.read_bytes() for path in paths] == [b"whole\r\n"] * 2


def test_progress_is_told_in_lines_where_there_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr(coding_progress, "_SECONDS_BETWEEN_LINES", 0.0)
    with coding_progress.shown_count("id") as tell:
        tell(1_500, 3_000)
    assert "1.500 dari 3.000 artikel" in capsys.readouterr().err


def test_a_short_run_tells_no_progress(coded, some):
    assert "a second" not in coded(some).told


def test_progress_renews_itself_on_a_terminal(monkeypatch):
    screen = Console(file=io.StringIO(), force_terminal=True)
    monkeypatch.setattr("rich.console.Console", lambda **_: screen)
    with coding_progress.shown_count("en") as tell:
        tell(1_500, 3_000)
        time.sleep(0.2)
    assert "1,500 of 3,000 articles" in screen.file.getvalue()


def test_counts_add_up_in_both_languages():
    counts = CodingCounts(1_000, 900, 950, 3, 90, {"empty": 8, "coder": 2})
    assert "1.000 artikel = 900 dengan usulan (950 baris) + 90 dilewati + 10 gagal" in counts.describe("id")
    assert "8 · there is no text" in counts.describe("en")


def test_long_texts_travel_in_smaller_numbers():
    articles = [Article(f"S{number}", "x" * 150_000) for number in range(10)]
    assert [len(chunk) for chunk in article_chunks.chunked(articles)] == [4, 4, 2]


def test_rows_read_back_as_they_were_written(tmp_path):
    cells = ["S1", 'a "b", c', "d;e", ""]
    path = tmp_path / "a.csv"
    path.write_text("a,b,c,d\n" + article_chunks.csv_line(cells))
    assert list(read_rows(path)[0].values()) == cells
    assert next(csv.reader([article_chunks.csv_line(cells)])) == cells


def test_help_is_in_the_language_of_the_screen():
    for language, word in (("id", "mengusulkan"), ("en", "propose")):
        environment = os.environ | {"NETRAL_LANGUAGE": language, "COLUMNS": "120"}
        command = [sys.executable, "-m", "netral_research", "code", "--help"]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        assert word in told
        assert "--processes" in told
