"""Commands answer in messages: what is wrong and what to do, never a traceback for a user's mistake."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netral_research.cli import build_app
from netral_research.errors import Problem, StudyError
from netral_research.files import find_project
from netral_research.workflow import cleaning, jobs, runs
from netral_research.workflow.benchmark import Benchmark, describe_benchmark
from netral_research.workflow.progress import Progress, reasons_label
from netral_research.workflow.records import Reason

from .conftest import TinyProject


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text("")
    return tmp_path


def call(*arguments: str, language: str = "en") -> tuple[int, str, str]:
    result = CliRunner().invoke(build_app(language), [*arguments])
    return result.exit_code, result.stdout, result.stderr


def failing_report(folder: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> tuple[int, str]:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(runs, "run_tasks", fail)
    code, _, told = call("report", "--project", str(folder))
    assert "Traceback" not in told
    return code, told


def test_a_misspelt_command_is_answered_with_the_nearest() -> None:
    code, _, told = call("reprot")
    assert code == 2
    assert "report" in told


def test_help_lists_the_commands_in_the_language_of_the_screen() -> None:
    assert "Jalankan yang berubah" in call("--help", language="id")[1]
    assert "Run what has changed" in call("--help", language="en")[1]


def test_a_folder_without_a_study_is_told_with_exit_code_2(tmp_path: Path) -> None:
    code, _, told = call("report", "--project", str(tmp_path))
    assert code == 2
    assert "--project" in told


def test_an_unknown_language_is_refused(folder: Path) -> None:
    assert call("why", "--project", str(folder), "--language", "fr")[0] == 2


def test_a_mistake_of_the_user_is_told_with_exit_code_2(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = failing_report(folder, monkeypatch, StudyError([Problem("file_missing", file="study.toml")]))
    assert code == 2
    assert "study.toml" in told


def test_an_interruption_is_told_in_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = failing_report(folder, monkeypatch, KeyboardInterrupt())
    assert code == 130
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "full"), (errno.EFBIG, "full"), (errno.EACCES, "permission")]
)
def test_a_fault_of_the_machine_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, word: str) -> None:
    fault = OSError(number, "x", str(folder / "reports/a.html"))
    code, told = failing_report(folder, monkeypatch, fault)
    assert code == 2
    assert word in told
    assert "reports/a.html" in told


def test_a_fault_of_the_program_goes_to_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = failing_report(folder, monkeypatch, ZeroDivisionError("odd thing"))
    assert code == 1
    assert "odd thing" in told
    assert "Traceback" in (folder / "reports/error.log").read_text()


def test_why_names_every_task_and_runs_none(folder: Path) -> None:
    code, told, _ = call("why", "--project", str(folder), "--language", "id")
    assert code == 0
    assert "tahap clean_events" in told
    assert "belum pernah selesai dijalankan" in told
    assert sorted(path.name for path in folder.iterdir()) == ["study.toml"]


def test_clean_deletes_what_was_generated_and_nothing_else(project: TinyProject) -> None:
    deleted = cleaning.delete_generated(project.root)
    assert "data/processed/first" in deleted
    assert (project.root / "data/raw/a.csv").is_file()
    assert not (project.root / "reports/notebooks").exists()
    assert cleaning.delete_generated(project.root) == ()


def test_a_job_tells_a_mistake_and_names_its_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Path) -> tuple[str, ...]:
        raise StudyError([Problem("file_missing", file="study.toml")])

    monkeypatch.setenv("NETRAL_PROJECT", str(folder))
    monkeypatch.setitem(jobs._JOBS, "check", refuse)
    assert jobs.main(["check"]) == 2
    assert "study.toml" in capsys.readouterr().err
    monkeypatch.setitem(jobs._JOBS, "check", lambda root: (root / "reports/id/index.html", "b.pdf"))
    assert jobs.main(["check"]) == 0
    assert capsys.readouterr().out == '["reports/id/index.html", "b.pdf"]\n'


def test_a_job_that_breaks_keeps_its_traceback(folder: Path) -> None:
    with pytest.raises(jobs.JobFailedError, match="KeyError"):
        jobs.run_job(folder, ("unheard-of",))


def test_reasons_are_told_in_both_languages() -> None:
    reasons = [Reason("changed", "file", f"{name}.csv") for name in "abcde"]
    assert reasons_label("id", reasons, 2) == "berkas a.csv berubah; berkas b.csv berubah; dan 3 lainnya"
    assert reasons_label("en", reasons[:1]) == "file a.csv has changed"


def test_progress_tells_the_stage_its_notebook_the_reason_and_the_time(project: TinyProject) -> None:
    from rich.console import Console

    console = Console(record=True, width=200, force_terminal=False)
    progress = Progress("id", console)
    task = project.tasks[0]
    progress.started(task, (Reason("changed", "module", "tiny/first.py"),))
    progress.finished(task, 4.24)
    told = console.export_text()
    assert "tahap first, notebook 01_first" in told
    assert "modul tiny/first.py berubah" in told
    assert "4,2 detik" in told


def test_the_project_is_found_from_a_folder_below(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "notebooks").mkdir()
    monkeypatch.chdir(folder / "notebooks")
    assert find_project().root == folder


def test_a_run_with_nothing_to_do_loads_no_heavy_library(project: TinyProject) -> None:
    probe = """
import sys
from pathlib import Path
import netral_research.cli
from netral_research.stages import Stage
from netral_research.workflow.progress import shown_progress
from netral_research.workflow.runs import run_tasks
from netral_research.workflow.tasks import stage_tasks
root = Path(sys.argv[1])
stages = [Stage("alone", "alone", "03_alone", ("data/raw/c.csv",), (), ("table",))]
with shown_progress("en") as progress:
    assert run_tasks(root, stage_tasks(stages), progress, folder=root / "src/tiny") == ()
print(sorted({"pandas", "numpy", "papermill", "nbformat", "jupyter_client"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", probe, str(project.root)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told == "[]\n"


def test_all_that_stopped_at_the_same_time_is_told() -> None:
    told = runs.joined_failure([StudyError([Problem("file_missing", file=name)]) for name in ("a.csv", "b.csv")])
    assert "a.csv" in str(told)
    assert "b.csv" in str(told)


def test_a_fault_of_the_program_goes_before_mistakes_of_the_user() -> None:
    fault = ValueError("odd thing")
    assert runs.joined_failure([StudyError([Problem("file_missing", file="a.csv")]), fault]) is fault


def test_the_benchmark_prints_every_task_and_the_ratio(project: TinyProject) -> None:
    measured = Benchmark(tuple((task, 1.5) for task in project.tasks), 2.0, 5.0, 0.6, 4.0)
    told = describe_benchmark(measured, "id")
    assert "tahap first, notebook 01_first" in told
    assert told.splitlines()[-1].endswith("0,5")
