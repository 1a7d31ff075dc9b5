"""A notebook runs strictly, its copy is the same on every run, and its failure is told by its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netral_research.errors import NotebookError
from netral_research.files import Project
from netral_research.workflow.notebooks import refresh_notebooks, run_notebook

from .conftest import STAGES, TinyProject

STUDY = {"study_file": "study.toml"}
FIRST = STAGES[0]
COPY = "reports/notebooks/01_first.ipynb"
FAILED = "reports/notebooks/01_first.failed.ipynb"


def failure(project: TinyProject, code: str) -> str:
    project.write_notebook(FIRST, code)
    with pytest.raises(NotebookError) as caught:
        run_notebook(Project(project.root), FIRST, STUDY)
    return caught.value.describe("en")


def test_a_wrong_parameter_stops_before_a_kernel_starts(project: TinyProject) -> None:
    project.write_notebook(FIRST, "raise SystemExit('a kernel ran')")
    before = (project.root / COPY).read_bytes()
    with pytest.raises(NotebookError, match="study_fil"):
        run_notebook(Project(project.root), FIRST, {"study_fil": "study.toml"})
    assert (project.root / COPY).read_bytes() == before
    assert not (project.root / FAILED).exists()


def test_two_runs_leave_the_same_bytes_and_no_trace_of_the_run(project: TinyProject) -> None:
    first = run_notebook(Project(project.root), FIRST, STUDY).read_bytes()
    assert run_notebook(Project(project.root), FIRST, STUDY).read_bytes() == first
    assert str(project.root).encode() not in first
    assert b"papermill" not in first


def test_a_mistake_of_the_user_is_told_as_it_is(project: TinyProject) -> None:
    message = failure(
        project,
        "from netral_research.files import find_project\nfrom netral_research.storage import read_table\n"
        "read_table(find_project(), 'data/raw/a.csv', ['wrong'])",
    )
    assert message.count("data/raw/a.csv") == 2  # the missing column and the unknown one
    assert "The column is missing." in message
    assert "Traceback" not in message
    assert "01_first" not in message


def test_another_fault_is_told_with_notebook_heading_and_copy(project: TinyProject) -> None:
    before = (project.root / COPY).read_bytes()
    message = failure(project, "values = {}\nvalues['absent']")
    assert "notebooks/01_first.ipynb" in message
    assert "“Bagian kerja”" in message
    assert "KeyError: 'absent'" in message
    assert FAILED in message
    assert "Traceback" not in message
    assert (project.root / FAILED).is_file()
    assert (project.root / COPY).read_bytes() == before


def test_a_run_that_ends_well_removes_the_failed_copy(project: TinyProject) -> None:
    project.write(FAILED, "{}")
    run_notebook(Project(project.root), FIRST, STUDY)
    assert not (project.root / FAILED).exists()


def test_a_kernel_that_dies_is_told(project: TinyProject) -> None:
    assert "process ended" in failure(project, "import os\nos._exit(1)")


def test_a_file_that_is_no_notebook_is_told(project: TinyProject) -> None:
    project.write("notebooks/01_first.ipynb", "no notebook")
    with pytest.raises(NotebookError, match=r"01_first\.ipynb"):
        run_notebook(Project(project.root), FIRST, STUDY)


def test_the_kernel_is_this_interpreter_whatever_the_user_has_installed(
    project: TinyProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = tmp_path / "jupyter/kernels/python3/kernel.json"
    foreign.parent.mkdir(parents=True)
    foreign.write_text(json.dumps({"argv": ["false"], "display_name": "mine", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    project.write_notebook(
        FIRST, "import os, sys\nprint(sys.prefix, os.environ['MPLBACKEND'], os.environ['PYTHONHASHSEED'])"
    )
    import sys

    copy = run_notebook(Project(project.root), FIRST, STUDY).read_text("utf-8")
    assert f"{sys.prefix} module://matplotlib_inline.backend_inline 0" in copy


def test_refreshing_stores_outputs_in_the_committed_notebook(project: TinyProject) -> None:
    project.write_notebook(FIRST, "print(study_file)")
    written = list(refresh_notebooks(project.root, [FIRST]))
    assert written == [project.root / "notebooks/01_first.ipynb"]
    cells = json.loads(written[0].read_text("utf-8"))["cells"]
    assert [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"] == [1, 2]
    assert cells[-1]["outputs"][0]["text"] == ["study.toml\n"]


def test_refreshing_leaves_a_failing_notebook_as_it_was(project: TinyProject) -> None:
    project.write_notebook(FIRST, "1 / 0")
    before = (project.root / "notebooks/01_first.ipynb").read_bytes()
    with pytest.raises(NotebookError, match="ZeroDivisionError"):
        list(refresh_notebooks(project.root, [FIRST]))
    assert (project.root / "notebooks/01_first.ipynb").read_bytes() == before
