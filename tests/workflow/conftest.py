"""A tiny project with three stages and a tiny package behind it, built once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from netral_research.stages import Stage
from netral_research.workflow.records import Reason
from netral_research.workflow.runs import run_tasks
from netral_research.workflow.tasks import Task, stage_tasks

STAGES = (
    Stage("first", "first", "01_first", ("data/raw/a.csv",), (), ("table",)),
    Stage("second", "second", "02_second", ("data/raw/b.csv",), ("first",), ("table",)),
    Stage("alone", "alone", "03_alone", ("data/raw/c.csv",), (), ("table",)),
)

PACKAGE = {
    "__init__.py": '"""Tiny."""\n',
    "first.py": "from tiny.helper import save\n\n\ndef run(study):\n    save('first', 'data/raw/a.csv', study)\n",
    "second.py": (
        "from tiny.helper import save\n\n\n"
        "def run(study):\n    save('second', 'data/raw/b.csv', 'data/processed/first/table.csv')\n"
    ),
    "alone.py": "from tiny.plain import run\n",
    "plain.py": "from tiny import writing\n\n\ndef run(study):\n    writing.write('alone', 'data/raw/c.csv')\n",
    "helper.py": "from tiny import writing\n\n\ndef save(stage, *names):\n    writing.write(stage, *names)\n",
    "writing.py": (
        "import os\nfrom pathlib import Path\n\n\n"
        "def write(stage, *names):\n"
        "    root = Path(os.environ['NETRAL_PROJECT'])\n"
        "    folder = root / 'data/processed' / stage\n"
        "    folder.mkdir(parents=True, exist_ok=True)\n"
        "    text = ''.join((root / name).read_text() for name in names)\n"
        "    (folder / 'table.csv').write_text(text.upper())\n"
        "    (folder / 'results.json').write_text('{}')\n"
    ),
    "unused.py": "VALUE = 1\n",
}


@dataclass
class Heard:
    """Remembers what a run said."""

    ran: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    reasons: dict[str, tuple[Reason, ...]] = field(default_factory=dict)

    def skipped(self, task: Task) -> None:
        self.skips.append(task.name)

    def started(self, task: Task, reasons: tuple[Reason, ...]) -> None:
        self.reasons[task.name] = reasons

    def finished(self, task: Task, seconds: float) -> None:  # noqa: ARG002
        self.ran.append(task.name)

    def failed(self, task: Task, seconds: float) -> None:  # noqa: ARG002
        self.failures.append(task.name)


@dataclass(frozen=True)
class TinyProject:
    """A project folder, its package and its tasks."""

    root: Path
    folder: Path
    tasks: tuple[Task, ...] = stage_tasks(STAGES)

    def run(self, *names: str) -> Heard:
        heard = Heard()
        tasks = [task for task in self.tasks if not names or task.name in names]
        run_tasks(self.root, tasks, heard, folder=self.folder)
        return heard

    def write(self, relative: str, content: str) -> None:
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def write_notebook(self, stage: Stage, code: str, parameters: str = 'study_file = "study.toml"') -> None:
        cells = [
            new_markdown_cell("# Judul | Title", id="title"),
            new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
            new_markdown_cell("## Bagian kerja", id="part"),
            new_code_cell(code, id="work"),
        ]
        path = self.root / "notebooks" / f"{stage.notebook}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(cells=cells), path)


def _lay_out(root: Path) -> TinyProject:
    project = TinyProject(root, root / "src/tiny")
    for name, content in PACKAGE.items():
        project.write(f"src/tiny/{name}", content)
    project.write("study.toml", "seed = 1\n")
    project.write("requirements.lock", "pandas==3.1.1\n")
    for name in "abc":
        project.write(f"data/raw/{name}.csv", f"{name}\n1\n")
    for stage in STAGES:
        project.write_notebook(stage, f"from tiny.{stage.package} import run\nrun(study_file)")
    return project


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny project whose stages have all run."""
    root = tmp_path_factory.mktemp("finished")
    project = _lay_out(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root / "src"))
        project.run()
    return root


@pytest.fixture
def copied(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], TinyProject]:
    """Copies of the finished project, for tests that change one."""

    def copy(name: str = "project") -> TinyProject:
        root = tmp_path / name
        shutil.copytree(finished, root)
        monkeypatch.setenv("PYTHONPATH", str(root / "src"))
        return TinyProject(root, root / "src/tiny")

    return copy


@pytest.fixture
def project(copied: Callable[[], TinyProject]) -> TinyProject:
    return copied()


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRAL_LANGUAGE", "en")
    monkeypatch.delenv("NETRAL_PROJECT", raising=False)
