"""The graph of tasks: what each reads and writes, and which of them would have to run, and why.

Order follows from files: a task that reads what another writes comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_research.hashing import content_hash
from netral_research.stages import STAGES, Stage, tables_read
from netral_research.workflow import dependencies, records
from netral_research.workflow.records import Reason

STUDY = "study.toml"
REPORT_LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class Task:
    """One step of ``report``.

    Parameters
    ----------
    name : str
    reads : tuple of str
        Files or whole folders it reads, relative to the project.
    writes : tuple of str
        Files it must write. A job's further files are known when it has ended.
    after : tuple of str
        Tasks that must have ended before it, whether or not it reads what they write.
    stage : Stage or None
        The stage whose notebook it runs.
    job : tuple of str
        Arguments of :mod:`netral_research.workflow.jobs` where it runs no notebook.
    modules : tuple of str
        Packages or modules the job uses. What a notebook uses is read from the notebook.
    """

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    stage: Stage | None = None
    job: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    @property
    def notebook(self) -> str:
        """The notebook it runs, relative to the project, or an empty text.

        Examples
        --------
        >>> Task("check", reads=()).notebook, stage_tasks(STAGES)[0].notebook
        ('', 'notebooks/00_code_articles.ipynb')
        """
        return f"notebooks/{self.stage.notebook}.ipynb" if self.stage else ""


def build_tasks(stages: Sequence[Stage] = STAGES) -> tuple[Task, ...]:
    """All tasks of ``report``: check, one for each stage, and the reports.

    Parameters
    ----------
    stages : sequence of Stage, optional

    Returns
    -------
    tuple of Task
        In an order in which they can run one after another.

    Examples
    --------
    >>> [task.name for task in build_tasks(())]
    ['check', 'report_id', 'report_en', 'report_data']
    """
    # Articles and rules are looked at by their stage alone: the other tasks read tables.
    read = (STUDY, *tables_read(stages))
    reads = (*read, *(relative for stage in stages for relative in stage.outputs))
    check = Task("check", read, job=("check",), modules=("clean", "study"))
    names = tuple(stage.name for stage in stages)
    reports = [
        Task(f"report_{language}", reads, after=names, job=("report", language), modules=("report.build",))
        for language in REPORT_LANGUAGES
    ]
    data = Task("report_data", reads, after=names, job=("data",), modules=("report.build",))
    return (check, *stage_tasks(stages, after=("check",)), *reports, data)


def stage_tasks(stages: Sequence[Stage], after: tuple[str, ...] = ()) -> tuple[Task, ...]:
    """One task for each stage.

    Parameters
    ----------
    stages : sequence of Stage
    after : tuple of str, optional
        Tasks that must have ended before any stage.

    Returns
    -------
    tuple of Task

    Examples
    --------
    >>> stage_tasks(STAGES, after=("check",))[0].after
    ('check',)
    """
    outputs = {stage.name: stage.outputs for stage in stages}
    return tuple(
        Task(
            name=stage.name,
            reads=(*stage.inputs, *(relative for name in stage.after for relative in outputs[name])),
            writes=(*stage.outputs, f"reports/notebooks/{stage.notebook}.ipynb"),
            after=(*after, *stage.after),
            stage=stage,
        )
        for stage in stages
    )


def task_inputs(root: Path, task: Task, folder: Path | None = None) -> dict[str, str]:
    """Hashes of everything a task depends on: files, modules, its notebook, the locked versions.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    task : Task
    folder : pathlib.Path, optional
        Folder of the package; this package's by default.

    Returns
    -------
    dict of str to str
        ``sort:name`` to SHA-256.
    """
    inputs = {f"file:{relative}": content_hash(root / relative) for relative in task.reads}
    if task.stage:
        notebook = root / task.notebook
        inputs[f"notebook:{task.notebook}"] = records.notebook_digest(notebook)
        modules = _notebook_modules(notebook, folder)
    else:
        modules = dependencies.stage_modules(*task.modules, folder=folder)
    inputs |= {f"module:{name}": content_hash(path) for name, path in modules.items()}
    return inputs | records.environment_inputs(root)


def _notebook_modules(notebook: Path, folder: Path | None) -> dict[str, Path]:
    try:
        return dependencies.notebook_modules(notebook, folder)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}  # a notebook that is missing or broken is told when it runs


def task_reasons(root: Path, task: Task, folder: Path | None = None) -> tuple[Reason, ...]:
    """Why a task has to run now; nothing where its results stand.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    task : Task
    folder : pathlib.Path, optional
        Folder of the package; this package's by default.

    Returns
    -------
    tuple of Reason
    """
    return records.compare(root, records.read_record(root, task.name), task_inputs(root, task, folder))


def plan_tasks(root: Path, tasks: Iterable[Task], folder: Path | None = None) -> dict[str, tuple[Reason, ...]]:
    """For every task why it would run: its own reasons, else the tasks whose new results it would look at.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    tasks : iterable of Task
        In an order in which they can run.
    folder : pathlib.Path, optional
        Folder of the package; this package's by default.

    Returns
    -------
    dict of str to tuple of Reason
        No reason where the results stand. A reason of the kind ``upstream`` says that the task runs if the
        other one's results turn out different.
    """
    planned: dict[str, tuple[Reason, ...]] = {}
    writers: dict[str, str] = {}
    for task in tasks:
        sources = dict.fromkeys(writers[relative] for relative in task.reads if relative in writers)
        upstream = tuple(Reason("upstream", "task", name) for name in sources if planned[name])
        planned[task.name] = task_reasons(root, task, folder) or upstream
        writers |= dict.fromkeys(task.writes, task.name)
    return planned
