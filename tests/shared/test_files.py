from __future__ import annotations

import errno
import json
import os
import string
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from netral_research import files, storage
from netral_research.errors import DataError, WorkflowError
from netral_research.files import Project, find_project, write_bytes
from netral_research.results import Result, Value
from netral_research.stages import STAGES, stage_named
from netral_research.storage import load_results, load_table, read_table, save_results, table_text


def test_a_project_is_found_from_any_folder_inside_it(tmp_path, monkeypatch):
    monkeypatch.delenv("NETRAL_PROJECT", raising=False)
    (tmp_path / "study.toml").write_text("", encoding="utf-8")
    inside = tmp_path / "data" / "raw"
    inside.mkdir(parents=True)
    assert find_project(inside).root == tmp_path.resolve()


def test_a_named_project_is_preferred(tmp_path, monkeypatch):
    (tmp_path / "study.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("NETRAL_PROJECT", str(tmp_path))
    assert find_project().root == tmp_path.resolve()


def test_no_project_above_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv("NETRAL_PROJECT", raising=False)
    with pytest.raises(WorkflowError) as told:
        find_project(tmp_path)
    assert told.value.problems[0].key == "no_project"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_content_and_no_other_file(tmp_path, monkeypatch, failing):
    path = tmp_path / "folder" / "table.csv"
    write_bytes(path, b"old")

    def fail(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if failing == "fsync":
        monkeypatch.setattr(files.os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in path.parent.iterdir()] == ["table.csv"]


def test_a_write_that_is_interrupted_leaves_no_file_where_there_was_none(tmp_path, monkeypatch):
    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "table.csv", b"new")
    assert list(tmp_path.iterdir()) == []


def test_lines_of_a_table_are_those_of_the_file_even_with_line_breaks_in_cells(tmp_path):
    (tmp_path / "t.csv").write_text('a,b\n1,"two\nlines"\n\n3, four \n', encoding="utf-8")
    table = read_table(Project(tmp_path), "t.csv", ["b", "a"])
    assert table.index.tolist() == [2, 5]
    assert table.columns.tolist() == ["b", "a"]
    assert table["b"].tolist() == ["two\nlines", "four"]


def test_a_byte_order_mark_and_windows_line_ends_are_harmless(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbfa,b\r\n1,2\r\n")
    assert read_table(Project(tmp_path), "t.csv", ["a", "b"]).to_dict("records") == [{"a": "1", "b": "2"}]


def test_cells_are_read_as_written_and_never_interpreted(tmp_path):
    (tmp_path / "t.csv").write_text("a\nNA\nnull\n007\n1e3\n2020-10\n-5\n", encoding="utf-8")
    assert read_table(Project(tmp_path), "t.csv", ["a"])["a"].tolist() == ["NA", "null", "007", "1e3", "2020-10", "-5"]


@pytest.mark.parametrize("cell", ["=SUM(A1:A3)", "@A1", "+A1", "-A1+2", "=1+1", " =1+1"])
def test_a_formula_is_refused_and_a_signed_number_is_not(tmp_path, cell):
    (tmp_path / "t.csv").write_text(f"a,b\n-5,+3.5\nx,{cell}\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_table(Project(tmp_path), "t.csv", ["a", "b"])
    (problem,) = refused.value.problems
    assert (problem.key, problem.row, problem.column, problem.value.strip()) == ("cell_formula", 3, "b", cell.strip())


def test_numbers_are_written_alike_on_every_machine():
    table = pd.DataFrame({"a": [0.1 + 0.2, 1e-20, float("nan")], "b": [True, False, True], "c": ["x,y", "", 'q"q']})
    assert table_text(table) == 'a,b,c\n0.3,True,"x,y"\n1e-20,False,\n,True,"q""q"\n'


STAGE = stage_named("panel")
plain = st.text(string.ascii_letters + string.digits + " ,;\"'éü-.\u2013", max_size=8)


@st.composite
def tables(draw):
    rows = draw(st.integers(0, 5))

    def column(values):
        return draw(st.lists(values, min_size=rows, max_size=rows))

    return pd.DataFrame(
        {
            "text": pd.array(column(plain | st.sampled_from(["NA", "nan", "", "001"])), dtype="str"),
            "count": pd.array(column(st.integers(-(2**53), 2**53)), dtype="int64"),
            "share": pd.array(
                column(st.floats(allow_infinity=False).map(lambda x: float(f"{x:.12g}"))), dtype="float64"
            ),
            "flag": pd.array(column(st.booleans()), dtype="bool"),
        }
    )


@pytest.fixture(scope="session")
def saving_project(tmp_path_factory, real_project):
    """A project whose inputs are links to the real ones and whose results are its own."""
    root = tmp_path_factory.mktemp("saving")
    (root / "data").mkdir()
    for name in ("study.toml", "data/raw", "data/reference"):
        (root / name).symlink_to(real_project.path(name))
    for stage in STAGES:
        write_bytes(root / stage.folder / "results.json", b"{}")
    return Project(root)


@settings(max_examples=12)
@given(table=tables())
def test_saved_results_come_back_with_their_types_and_values(saving_project, table):
    values = (
        Value("panel.a", 3, "integer", "rows", "f", ("EE001", "EE002")),
        Value("panel.b", None, "decimal_2", "none", "f"),
        Value("panel.c", 0.1, "decimal_2", "none", "f"),
    )
    results = [Result(name, table, values, {"id": "a", "en": "b"}, ("note",)) for name in STAGE.tables]
    save_results(saving_project, "panel", results)
    loaded = load_results(saving_project, "panel")
    for result in results:
        back = loaded.results[result.name]
        assert_frame_equal(back.table, table, check_exact=False, rtol=1e-11)
        assert back.table.dtypes.equals(table.dtypes)
        assert (back.values, back.alt, back.notes) == (result.values, result.alt, result.notes)
    assert set(loaded.inputs) == {
        "study.toml",
        *STAGE.reads,
        *(f"data/processed/{name}/results.json" for name in STAGE.after),
    }


def test_only_the_declared_tables_can_be_saved(saving_project):
    with pytest.raises(ValueError, match="declared"):
        save_results(saving_project, "panel", [Result("other", pd.DataFrame({"a": [1]}))])


def test_the_record_is_gone_while_the_tables_are_being_written(saving_project, monkeypatch):
    results = [Result(name, pd.DataFrame({"a": [1]})) for name in STAGE.tables]
    save_results(saving_project, "panel", results)

    def fail(_path, _content):
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "write_text", fail)
    with pytest.raises(KeyboardInterrupt):
        save_results(saving_project, "panel", results)
    with pytest.raises(WorkflowError) as told:
        load_table(saving_project, "panel", "headcount")
    assert told.value.problems[0].fields["stage"] == "panel"


def test_the_real_results_can_be_saved_and_come_back_the_same(
    saving_project, cleaned_events, cleaned_violations, panel
):
    found = {"clean_events": cleaned_events, "clean_violations": cleaned_violations, "panel": panel}
    for stage, results in found.items():
        save_results(saving_project, stage, results.values())
        loaded = load_results(saving_project, stage).results
        for name, result in results.items():
            assert_frame_equal(loaded[name].table, result.table.reset_index(drop=True), check_exact=False, rtol=1e-11)
            assert loaded[name].values == result.values


def test_saving_twice_gives_the_same_bytes(saving_project, panel):
    folder = saving_project.path(STAGE.folder)

    def saved():
        save_results(saving_project, "panel", panel.values())
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    first = saved()
    assert saved() == first
    assert set(json.loads(first["results.json"])) == {"stage", "notebook", "inputs", "results"}
