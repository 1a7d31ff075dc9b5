"""Articles are read from a folder, a CSV or a Parquet file; what cannot be read is told, and the others go on."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.article_tables import guess_encoding
from netral_research.articles import (
    LONGEST_TEXT,
    Article,
    FailedArticle,
    article_ids,
    is_source_id,
    read_articles,
    read_pages,
)
from netral_research.errors import DataError


def problem(path: Path) -> tuple[str, str, int | None]:
    with pytest.raises(DataError) as caught:
        list(read_articles(path))
    with pytest.raises(DataError):
        list(article_ids(path))
    first = caught.value.problems[0]
    assert "{" not in first.describe("id") + first.describe("en")
    return first.key, first.nearest, first.row


def parquet(path: Path, query: str) -> Path:
    duckdb.sql(query).write_parquet(str(path))
    return path


def test_a_folder_is_read_in_the_order_of_the_names(texts):
    folder = texts(S2="dua", S10="sepuluh", S1="satu")
    (folder / "notes.md").write_text("no article")
    (folder / "._S1.txt").write_bytes(b"\x00\x05\x16\x07")
    (folder / "S9.txt").mkdir()
    assert [entry.source_id for entry in read_articles(folder)] == ["S1", "S10", "S2"]
    assert list(article_ids(folder)) == ["S1", "S10", "S2"]


def test_a_single_text_is_an_article(texts):
    assert list(read_articles(texts(S1="satu") / "S1.txt")) == [Article("S1", "satu")]


def test_a_csv_file_gives_text_and_page_whatever_the_order_of_its_columns(table):
    path = table("note,text,published,source_id,title,url", ["x", 'baris satu\r\n"dua"', "2020-10-14", "S1", "J", "u"])
    assert list(read_articles(path)) == [Article("S1", 'baris satu\r\n"dua"', "2020-10-14", "J", "u")]


def test_a_byte_order_mark_is_no_part_of_the_text(texts, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbfsource_id,text\nS1,satu\n")
    assert list(read_articles(tmp_path / "a.csv")) == [Article("S1", "satu")]
    assert list(read_articles(texts(S1=b"\xef\xbb\xbfsatu"))) == [Article("S1", "satu")]


def test_a_moment_of_publication_is_read_as_its_day(table):
    path = table("source_id,text,published", ["S1", "satu", "2020-10-14T08:30:00+07:00"], ["S2", "dua", "2020-10"])
    assert [entry.published for entry in read_articles(path)] == ["2020-10-14", "2020-10"]


def test_a_parquet_file_gives_the_same_as_a_csv_file(table, tmp_path):
    cells = "'S' || i AS source_id, 'teks, \"' || i AS text, DATE '2020-01-01' + i::INT AS published"
    days = [(dt.date(2020, 1, 1) + dt.timedelta(number)).isoformat() for number in range(600)]
    rows = [[f"S{number}", f'teks, "{number}', day] for number, day in enumerate(days)]
    path = parquet(tmp_path / "a.parquet", f"SELECT {cells} FROM range(600) t(i)")
    assert list(read_articles(path)) == list(read_articles(table("source_id,text,published", *rows)))


def test_a_parquet_file_is_found_whatever_its_name(tmp_path):
    folder = tmp_path / "a[1]" / "year=2020"
    folder.mkdir(parents=True)
    path = parquet(folder / "b c[x]'.parquet", "SELECT 1 AS source_id, NULL AS text UNION ALL SELECT 2, 'dua'")
    assert list(read_articles(path)) == [FailedArticle("1", "empty", "1: 0"), Article("2", "dua")]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "folder", "a.txt"])
def test_what_does_not_exist_is_told(tmp_path, name):
    assert problem(tmp_path / name)[0] == "articles_missing"


def test_a_folder_without_texts_is_told(tmp_path):
    assert problem(tmp_path)[0] == "articles_no_texts"


@pytest.mark.parametrize("name", ["a.xlsx", "a.json", "articles"])
def test_another_kind_of_file_is_told(tmp_path, name):
    (tmp_path / name).write_text("x")
    assert problem(tmp_path / name)[0] == "articles_kind"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "source_id,text\n", "source_id,text\n\n\n"])
def test_a_csv_file_without_rows_is_told(tmp_path, content):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    assert problem(tmp_path / "a.csv")[0] == "articles_empty"


def test_a_parquet_file_without_rows_is_told(tmp_path):
    path = parquet(tmp_path / "a.parquet", "SELECT 'S1' AS source_id, 'x' AS text WHERE false")
    assert problem(path)[0] == "articles_empty"


def test_a_missing_column_is_told_with_the_nearest(table, tmp_path):
    assert problem(table("source-id,text", ["S1", "satu"])) == ("articles_column", "source-id", 1)
    assert problem(parquet(tmp_path / "a.parquet", "SELECT 'S1' AS source_id, 'x' AS Text"))[:2] == (
        "articles_column",
        "Text",
    )


def test_semicolons_and_repeated_columns_are_told(table, tmp_path):
    (tmp_path / "a.csv").write_text("source_id;text\nS1;satu\n")
    assert problem(tmp_path / "a.csv")[0] == "file_separator"
    assert problem(table("source_id,text,text", ["S1", "satu", "dua"]))[0] == "column_twice"


@pytest.mark.parametrize(
    ("content", "key", "row"),
    [
        ("source_id,text\nS1,satu\nS2,caf\u00e9\n".encode("cp1252"), "articles_encoding", 3),
        ("source_id,text\nS1,satu\n".encode("utf-16"), "articles_encoding", None),
        ("source_id,text\nS1,satu\n".encode("utf-16-le"), "articles_encoding", None),
        (bytes(range(256)) * 40, "articles_binary", None),
        (b'source_id,text\nS1,"satu"dua\nS2,tiga\n', "csv_broken", 2),
        (b'source_id,text\nS1,satu\nS2,"dua\nS3,tiga\n', "csv_broken", 3),
    ],
)
def test_a_broken_csv_file_is_told_as_a_whole(tmp_path, content, key, row):
    (tmp_path / "a.csv").write_bytes(content)
    assert problem(tmp_path / "a.csv")[::2] == (key, row)


def test_a_wrong_letter_far_down_is_found_before_any_work(tmp_path):
    rows = "".join(f"S{number},satu dua tiga empat lima\n" for number in range(5_000))
    (tmp_path / "a.csv").write_bytes(f"source_id,text\n{rows}X,".encode() + b"\xe9\n")
    assert problem(tmp_path / "a.csv") == ("articles_encoding", "", 5_002)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"source_id,text\n" * 50])
def test_what_is_no_parquet_is_told(tmp_path, content):
    (tmp_path / "a.parquet").write_bytes(content)
    assert problem(tmp_path / "a.parquet")[0] == "articles_parquet"


def test_rows_that_are_no_articles_fail_alone(table):
    rows = [
        ["S1", "satu", "2020"], ["../../S2", "dua", ""], ["", "tiga", ""], ["=1+1", "empat", ""], ["S5", "  \n", ""],
        ["S6", "enam"], ["S7", "x" * (LONGEST_TEXT + 1), ""], ["S8", "delapan", ""],
    ]  # fmt: skip
    read = list(read_articles(table("source_id,text,published", *rows)))
    failed = [(entry.source_id, entry.reason, entry.detail) for entry in read if isinstance(entry, FailedArticle)]
    assert [entry.source_id for entry in read if isinstance(entry, Article)] == ["S1", "S8"]
    assert failed == [
        ("", "no_id", "3: ../../S2"), ("", "no_id", "4: "), ("", "no_id", "5: =1+1"), ("S5", "empty", "6: 3"),
        ("S6", "row_cells", "8"), ("S7", "too_long", f"9: {LONGEST_TEXT + 1}"),
    ]  # fmt: skip
    assert list(article_ids(table("source_id,text,published", *rows))) == ["S1", "", "", "", "S5", "S6", "S7", "S8"]


def test_texts_that_are_none_fail_alone(texts):
    folder = texts(
        S1="satu", S2="caf\u00e9".encode("cp1252"), S3="tiga".encode("utf-16"), S4="empat".encode("utf-16-be"),
        S5=bytes(range(256)), S6=b"", S7=b"\t \r\n", S8=b"x" * 10_000_000,
        S9="\x07\x1b[31msembilan sepuluh sebelas" * 9,
    )  # fmt: skip
    (folder / "ada spasi.txt").write_text("x")
    read = list(read_articles(folder))
    assert [entry.source_id for entry in read if isinstance(entry, Article)] == ["S1", "S9"]
    assert [(entry.source_id, entry.reason) for entry in read if isinstance(entry, FailedArticle)] == [
        ("S2", "encoding"), ("S3", "encoding"), ("S4", "encoding"), ("S5", "binary"), ("S6", "empty"),
        ("S7", "empty"), ("S8", "too_long"), ("", "no_id"),
    ]  # fmt: skip


def test_a_text_that_may_not_be_read_fails_alone(texts, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [(entry.source_id, entry.reason) for entry in read_articles(texts(S1="satu"))] == [("S1", "unreadable")]


@pytest.mark.parametrize("written", ["EE001", "a", "2020-10.b_c", "x" * 100])
def test_ids_are_letters_digits_and_a_few_signs(written):
    assert is_source_id(written)


@pytest.mark.parametrize("written", ["", ".", "..", "-x", "a/b", "a\\b", "a b", "S1\n", "é", "x" * 101, "@a", "a\x00"])
def test_anything_else_is_no_id(written):
    assert not is_source_id(written)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_text_saved_as_utf_8_is_never_taken_for_anything_else(text):
    assert guess_encoding(text.encode()) == "UTF-8"


@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_a_failure(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "S1.txt"
    path.write_bytes(content)
    assert [entry.source_id for entry in read_articles(path)] == ["S1"]


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_message(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(b"source_id,text\n" + content)
    try:
        entries = list(read_articles(path))
    except DataError:
        return
    assert len(entries) == len(list(article_ids(path)))


def test_a_long_file_is_read_in_constant_memory(table):
    def peak(rows: int) -> int:
        path = table("source_id,text", *([f"S{number}", "satu dua tiga " * 20] for number in range(rows)))
        tracemalloc.start()
        assert sum(1 for _ in read_articles(path)) == rows
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)  # what is loaded once
    assert peak(20_000) < 1.2 * peak(2_000)


def test_a_sources_file_tells_of_pages_and_a_hostile_title_stops_nothing(table):
    path = table(
        "source_id,url,title,published,note",
        ["S1", "u", "=HYPERLINK(1)", "2020-10-14", ""], ["S1", "v", "x", "2021", ""], ["S2"],
        ["../S3", "", "<script>", "", ""], name="sources.csv",
    )  # fmt: skip
    pages = read_pages(path)
    assert (pages["S1"].title, pages["S1"].published, pages["S2"].url) == ("=HYPERLINK(1)", "2020-10-14", "")


def test_a_sources_file_without_ids_is_told(table):
    with pytest.raises(DataError) as caught:
        read_pages(table("id_sumber,url", ["S1", "u"]))
    assert caught.value.problems[0].key == "articles_column"
