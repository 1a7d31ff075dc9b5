"""Hostile input: a clear message or a failed article each, never a crash, and the other articles go on."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import duckdb
import pytest

from .conftest import APEL

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (APEL.encode("cp1252") + "é".encode("cp1252"), "encoding"),
        (APEL.encode("utf-16"), "encoding"),
        (APEL.encode("utf-16-le"), "encoding"),
        (APEL.encode("utf-32"), "encoding"),
        (os.urandom(5_000), "binary"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "binary"),
        (b"\x00" * 1_000, "binary"),
        (b"x" * MEGABYTE, "too_long"),
        (APEL.encode() * 50_000, "too_long"),
    ],
    ids=["empty", "blank", "cp1252", "utf-16", "utf-16-le", "utf-32", "random", "pdf", "zeros", "no-space", "10MB"],
)
def test_a_text_that_is_none_fails_and_the_others_go_on(coded, texts, content, reason):
    run = coded(texts(A1=APEL, B2=content, C3=APEL)).check(3)
    assert run.failures == [("B2", reason)]
    assert [row["source_id"] for row in run.proposed] == ["A1", "C3"]
    assert "1 failed" in run.told


@pytest.mark.parametrize(
    "content",
    [
        "x" * 199_999,
        "netralitas" * 19_000,
        "(" * 100_000,
        "<" * 100_000,
        "<div>" * 30_000,
        "&nbsp;" * 30_000,
        "1/" * 90_000,
        "Kab. " * 39_000,
        "\n" * 100_000 + "x",
        "Rabu (26/8/2020) " * 11_000,
        "ASN netralitas di Kota Pekalongan dan Kabupaten Pekalongan, " * 3_000,
    ],
)
def test_a_long_odd_text_is_read_in_seconds(coded, texts, content):
    began = time.perf_counter()
    coded(texts(A1=content, B2=APEL)).check(2)
    assert time.perf_counter() - began < 60


@pytest.mark.parametrize(
    "content",
    [
        f"<html><script>alert('ASN')</script><body><p>{APEL}</p><img src=x onerror=alert(1)></body></html>",
        APEL.replace(" ", "\x07\x08\x1b[31m", 2),
        APEL.replace(" ", "\x00", 1),
        APEL.replace(" ", "\u202e \u200b"),
        f'=HYPERLINK("http://example.org";"{APEL}")',
        "+1+cmd|' /C calc'!A0 " + APEL,
        APEL + ' "unclosed, with; separators',
        "\ufffe\uffff" + APEL,
        "🙂" * 500 + APEL,
    ],
)
def test_what_a_page_leaves_in_a_text_breaks_no_file(coded, table, content):
    run = coded(table("source_id,text", ["A1", content], ["B2", APEL])).check(2)
    assert run.proposed[-1]["source_id"] == "B2"
    cells = [cell for row in (*run.proposed, *run.skipped, *run.failed) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-")) or not cell.isprintable()]


@pytest.mark.parametrize(
    "source_id",
    ["../../etc/passwd", "/etc/passwd", "C:\\x", "..", "=1+1", "a b", "<script>", "x" * 101, "\x00", "é", ""],
)
def test_a_source_id_that_is_none_fails_its_row(coded, table, source_id):
    run = coded(table("source_id,text", [source_id, APEL], ["B2", APEL])).check(2)
    assert run.failures == [("", "no_id")]
    assert run.failed[0]["detail"].startswith("2: ")
    assert run.failed[0]["detail"].isprintable()
    assert sorted(run.files) == ["coding.json", "failed.csv", "proposed.csv", "skipped.csv"]


def test_a_repeated_source_id_fails_the_second_time(coded, table):
    assert coded(table("source_id,text", ["A1", APEL], ["A1", APEL])).check(2).failures == [("A1", "id_twice")]


def test_a_field_of_ten_megabytes_fails_its_row(coded, table):
    run = coded(table("source_id,text", ["A1", "x" * 10 * MEGABYTE], ["B2", APEL], ["C3", "a b " * MEGABYTE])).check(3)
    assert run.failures == [("A1", "too_long"), ("C3", "too_long")]


def test_rows_with_too_few_or_too_many_cells_fail(coded, table):
    run = coded(table("source_id,text", ["A1"], ["B2", APEL], ["C3", APEL, "x"])).check(3)
    assert run.failures == [("A1", "row_cells"), ("C3", "row_cells")]


def workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 5_000)


BROKEN = {
    "empty": b"",
    "random": bytes(range(256)) * 64,
    "cp1252": f"source_id,text\nA1,{APEL}\nB2,caf\u00e9\n".encode("cp1252"),
    "utf-16": f"source_id,text\nA1,{APEL}\n".encode("utf-16"),
    "no-header": f"A1,{APEL}\n".encode(),
    "quote": f'source_id,text\nA1,"{APEL}\nB2,x\n'.encode(),
    "endless-field": b'source_id,text\nA1,"' + b"x" * 70 * MEGABYTE,
    "header-only": b"source_id,text\n",
    "semicolons": b"source_id;text\nA1;x\n",
    "html": b"<!DOCTYPE html><html><body>404</body></html>",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_broken_file_is_told_and_nothing_is_written(coded, tmp_path, name, kind):
    path = tmp_path / f"articles.{kind}"
    path.write_bytes(BROKEN[name])
    run = coded(path)
    assert run.code == 2
    assert str(path) in run.told
    assert "What to do" in run.told
    assert not run.folder.exists()


@pytest.mark.parametrize("kind", ["'Apel'::BLOB", "['Apel', 'ikrar']", "1.5", "{'a': 'Apel'}"])
def test_a_parquet_column_that_holds_no_text_is_told(coded, tmp_path, kind):
    path = tmp_path / "articles.parquet"
    duckdb.sql(f"COPY (SELECT 'A1' AS source_id, {kind} AS text) TO '{path}' (FORMAT parquet)")
    run = coded(path)
    assert run.code == 2
    assert "holds no text" in run.told
    assert not run.folder.exists()


def test_a_workbook_under_another_name_is_told(coded, tmp_path):
    for name in ("articles.csv", "articles.xlsx"):
        workbook(tmp_path / name)
        assert coded(tmp_path / name).code == 2


@pytest.mark.parametrize("name", ["cp1252", "utf-16", "random", "quote"])
def test_a_broken_sources_file_is_told(coded, texts, tmp_path, name):
    (tmp_path / "sources.csv").write_bytes(BROKEN[name])
    run = coded(texts(A1=APEL), "--sources", str(tmp_path / "sources.csv"))
    assert run.code == 2
    assert "sources.csv" in run.told


def test_the_message_is_told_in_indonesian_too(coded, tmp_path):
    run = coded(tmp_path / "tidak-ada.csv", "--language", "id")
    assert run.code == 2
    assert "Langkah" in run.told


def test_other_files_and_folders_among_the_texts_are_no_articles(coded, texts):
    folder = texts(A1=APEL)
    (folder / "B2.TXT").write_text(APEL)
    (folder / "C3.txt").mkdir()
    (folder / "D4.txt").symlink_to(folder / "nowhere.txt")
    workbook(folder / "E5.xlsx")
    run = coded(folder).check(2)
    assert [row["source_id"] for row in run.proposed] == ["A1", "B2"]
