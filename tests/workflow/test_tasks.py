"""Nothing runs without a reason; what depends on a change runs, and nothing else; and the reason is told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest

from netral_research.errors import NotebookError, WorkflowError
from netral_research.stages import STAGES as REAL_STAGES
from netral_research.workflow.holding import held_project
from netral_research.workflow.records import Reason
from netral_research.workflow.runs import task_order
from netral_research.workflow.tasks import build_tasks, plan_tasks

from .conftest import STAGES, TinyProject


def own_reasons(project: TinyProject) -> dict[str, set[Reason]]:
    planned = plan_tasks(project.root, project.tasks, project.folder)
    mine = {name: {reason for reason in reasons if reason.kind != "upstream"} for name, reasons in planned.items()}
    return {name: reasons for name, reasons in mine.items() if reasons}


def test_nothing_runs_when_nothing_changed(project: TinyProject) -> None:
    heard = project.run()
    assert heard.ran == []
    assert sorted(heard.skips) == ["alone", "first", "second"]


def test_times_of_files_are_no_reason(project: TinyProject) -> None:
    for path in project.root.rglob("*.*"):
        os.utime(path, (1, 1))
    assert own_reasons(project) == {}


def test_a_copy_in_another_folder_has_nothing_to_do(copied: Callable[[str], TinyProject]) -> None:
    assert own_reasons(copied("folder with a space")) == {}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("data/raw/a.csv", {"first": Reason("changed", "file", "data/raw/a.csv")}),
        ("data/raw/b.csv", {"second": Reason("changed", "file", "data/raw/b.csv")}),
        ("src/tiny/first.py", {"first": Reason("changed", "module", "tiny/first.py")}),
        ("src/tiny/plain.py", {"alone": Reason("changed", "module", "tiny/plain.py")}),
        ("src/tiny/helper.py", dict.fromkeys(("first", "second"), Reason("changed", "module", "tiny/helper.py"))),
        (
            "src/tiny/writing.py",
            dict.fromkeys(("first", "second", "alone"), Reason("changed", "module", "tiny/writing.py")),
        ),
        ("src/tiny/unused.py", {}),
        ("study.toml", dict.fromkeys(("first", "second", "alone"), Reason("changed", "file", "study.toml"))),
        (
            "requirements.lock",
            dict.fromkeys(("first", "second", "alone"), Reason("changed", "lock", "requirements.lock")),
        ),
    ],
)
def test_a_change_reaches_exactly_what_depends_on_it(
    project: TinyProject, changed: str, expected: dict[str, Reason]
) -> None:
    path = project.root / changed
    before = path.stat()
    path.write_text(path.read_text("utf-8") + "# x\n", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert own_reasons(project) == {name: {reason} for name, reason in expected.items()}


def test_a_changed_notebook_runs_and_changed_outputs_do_not_count(project: TinyProject) -> None:
    path = project.root / "notebooks/03_alone.ipynb"
    content = json.loads(path.read_text("utf-8"))
    content["cells"][-1]["execution_count"] = 9
    path.write_text(json.dumps(content), encoding="utf-8")
    assert own_reasons(project) == {}
    content["cells"][-1]["source"] += "\nprint(study_file)"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert own_reasons(project) == {"alone": {Reason("changed", "notebook", "notebooks/03_alone.ipynb")}}


def test_a_new_import_counts(project: TinyProject) -> None:
    project.write("src/tiny/plain.py", (project.folder / "plain.py").read_text() + "from tiny import unused\n")
    assert Reason("added", "module", "tiny/unused.py") in own_reasons(project)["alone"]


@pytest.mark.parametrize("kind", ["output_missing", "output_changed"])
def test_a_result_deleted_or_altered_by_hand_is_made_again(project: TinyProject, kind: str) -> None:
    path = project.root / "data/processed/alone/table.csv"
    good = path.read_bytes()
    if kind == "output_missing":
        path.unlink()
    else:
        path.write_text("9")
    assert own_reasons(project) == {"alone": {Reason(kind, "file", "data/processed/alone/table.csv")}}
    assert project.run().ran == ["alone"]
    assert path.read_bytes() == good


def test_the_plan_names_what_may_follow(project: TinyProject) -> None:
    project.write("data/raw/a.csv", "a\n2\n")
    planned = plan_tasks(project.root, project.tasks, project.folder)
    assert planned["second"] == (Reason("upstream", "task", "first"),)
    assert planned["alone"] == ()


def test_a_stage_runs_when_earlier_results_turn_out_different(project: TinyProject) -> None:
    project.write("data/raw/a.csv", "a\n2\n")
    heard = project.run()
    assert heard.ran == ["first", "second"]
    assert heard.reasons["second"] == (Reason("changed", "file", "data/processed/first/table.csv"),)


def test_a_stage_rests_when_earlier_results_turn_out_the_same(project: TinyProject) -> None:
    project.write("src/tiny/first.py", (project.folder / "first.py").read_text() + "# a remark\n")
    heard = project.run()
    assert heard.ran == ["first"]
    assert "second" in heard.skips


def test_after_a_failure_nothing_that_depends_on_it_runs_and_it_runs_again(project: TinyProject) -> None:
    good = (project.root / "src/tiny/first.py").read_text()
    project.write("src/tiny/first.py", "def run(study):\n    raise ValueError('broken')\n")
    with pytest.raises(NotebookError, match="broken"):
        project.run("first", "second")
    project.write("src/tiny/first.py", good)
    assert own_reasons(project) == {"first": {Reason("never")}}
    assert project.run("first", "second").ran == ["first"]


def test_a_stage_that_does_not_save_what_it_promised_is_refused(project: TinyProject) -> None:
    project.write_notebook(STAGES[2], "pass")
    (project.root / "data/processed/alone/table.csv").unlink()
    with pytest.raises(NotebookError, match=r"alone/table\.csv"):
        project.run("alone")
    assert own_reasons(project) == {"alone": {Reason("never")}}


def test_an_input_that_changes_during_the_run_counts_as_changed_afterwards(project: TinyProject) -> None:
    code = (
        "import os, pathlib\nfrom tiny.alone import run\nrun(study_file)\n"
        "pathlib.Path(os.environ['NETRAL_PROJECT'], 'data/raw/c.csv').write_text('late')"
    )
    project.write_notebook(STAGES[2], code)
    assert project.run("alone").ran == ["alone"]
    assert own_reasons(project) == {"alone": {Reason("changed", "file", "data/raw/c.csv")}}


def test_a_broken_record_counts_as_none(project: TinyProject) -> None:
    project.write("data/processed/.tasks/alone.json", '{"inputs": ')
    assert own_reasons(project) == {"alone": {Reason("never")}}


def test_a_second_run_is_told_that_another_is_at_work(project: TinyProject) -> None:
    project.write("data/raw/c.csv", "c\n2\n")
    with held_project(project.root), pytest.raises(WorkflowError, match="Another run"):
        project.run()
    assert own_reasons(project) == {"alone": {Reason("changed", "file", "data/raw/c.csv")}}


def test_the_tasks_of_the_report_follow_the_table_of_stages() -> None:
    tasks = build_tasks()
    assert [task.name for task in tasks] == [
        "check", *(stage.name for stage in REAL_STAGES), "report_id", "report_en", "report_data",
    ]  # fmt: skip
    order = task_order(tasks)
    assert all("check" in order[stage.name] for stage in REAL_STAGES)
    assert order["model"] >= {"panel", "clean_violations"}
    assert {stage.name for stage in REAL_STAGES} <= order["report_id"]
