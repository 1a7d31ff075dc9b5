"""Notebooks run strictly: parameters are checked before a kernel starts, and a failure is told by its place.

Papermill only logs a parameter it does not know and runs the default: names and types are compared first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral_research import errors
from netral_research.errors import NetralError, NotebookError, Problem
from netral_research.stages import Stage
from netral_research.workflow.faults import ToldError
from netral_research.workflow.kernels import own_kernels
from netral_research.workflow.parameters import Literal, check_parameters, declared_parameters

if TYPE_CHECKING:
    from netral_research.files import Project

# A busy machine takes longer than the usual minute to start a kernel.
_KERNEL_START_SECONDS = 300
_KEPT_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_path(stage: Stage) -> str:
    """Path of a stage's notebook, relative to the project.

    Parameters
    ----------
    stage : Stage

    Returns
    -------
    str

    Examples
    --------
    >>> from netral_research.stages import stage_named
    >>> notebook_path(stage_named("clean_events"))
    'notebooks/01_clean_events.ipynb'
    """
    return f"notebooks/{stage.notebook}.ipynb"


def executed_path(stage: Stage) -> str:
    """Path of a stage's executed copy, relative to the project.

    Parameters
    ----------
    stage : Stage

    Returns
    -------
    str

    Examples
    --------
    >>> from netral_research.stages import stage_named
    >>> executed_path(stage_named("clean_events"))
    'reports/notebooks/01_clean_events.ipynb'
    """
    return f"reports/notebooks/{stage.notebook}.ipynb"


def run_notebook(project: Project, stage: Stage, parameters: Mapping[str, Literal], output: Path | None = None) -> Path:
    """Run a stage's notebook with exactly these parameters and keep the executed copy.

    Parameters
    ----------
    project : Project
    stage : Stage
    parameters : mapping of str to literal
        A value for every name of the notebook's ``parameters`` cell, of the same type, and nothing else.
    output : pathlib.Path, optional
        Where the executed copy goes; ``reports/notebooks`` of the project by default.

    Returns
    -------
    pathlib.Path
        The executed copy. A run that fails leaves it as it was and keeps ``<name>.failed.ipynb`` beside it.

    Raises
    ------
    NotebookError
        If a parameter is unknown, missing or of another type (nothing has run then), or the notebook fails.
    """
    relative = notebook_path(stage)
    notebook = read_notebook(project.root, relative)
    check_parameters(relative, declared_parameters(relative, notebook), parameters)
    target = output or project.path(executed_path(stage))
    failed = target.with_name(f"{target.stem}.failed.ipynb")
    executed, failure = _execute(project.root, notebook, dict(parameters))
    if failure is not None:
        _write_notebook(executed, failed)
        raise _failure_error(project.root, relative, executed, failure, failed) from None
    _write_notebook(executed, target)
    failed.unlink(missing_ok=True)
    return target


def refresh_notebooks(root: Path, stages: Iterable[Stage]) -> Iterator[Path]:
    """Run committed notebooks one after another with their own defaults, and store the outputs in them.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    stages : iterable of Stage

    Yields
    ------
    pathlib.Path
        Each notebook when it is done.

    Raises
    ------
    NotebookError
        If one fails; it and those after it stay as they were.
    """
    from netral_research.workflow.holding import held_project

    with held_project(root):
        for stage in stages:
            yield _refresh_notebook(root, stage)


def _refresh_notebook(root: Path, stage: Stage) -> Path:
    relative = notebook_path(stage)
    notebook = read_notebook(root, relative)
    declared_parameters(relative, notebook)
    executed, failure = _execute(root, notebook, {})
    if failure is not None:
        failed = (root / executed_path(stage)).with_suffix(".failed.ipynb")
        _write_notebook(executed, failed)
        raise _failure_error(root, relative, executed, failure, failed) from None
    _write_notebook(executed, root / relative)
    return root / relative


def read_notebook(root: Path, relative: str) -> Any:
    """Read a notebook.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    relative : str
        Path of the notebook in it.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    NotebookError
        If there is none, or the file is no notebook.
    """
    import nbformat

    path = root / relative
    if not path.is_file():
        raise NotebookError([Problem("notebook_missing", file=relative)])
    try:
        notebook = nbformat.reads(path.read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except Exception as fault:  # noqa: BLE001 - nbformat raises what its JSON and schema libraries raise
        fields = {"fault": str(fault).strip().splitlines()[0][:120] if str(fault).strip() else "?"}
        raise NotebookError([Problem("notebook_broken", file=relative, fields=fields)]) from None
    return notebook


def _execute(root: Path, notebook: Any, parameters: dict[str, Literal]) -> tuple[Any, Exception | None]:
    """Run a notebook through papermill; give back the executed copy and what stopped it."""
    import logging

    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").addHandler(logging.NullHandler())  # a failure is told once, by the caller
    failure: Exception | None = None
    notebook.metadata = _node(_KEPT_NOTEBOOK_METADATA)
    with tempfile.TemporaryDirectory(prefix="netral-") as scratch:
        executed = Path(scratch) / "executed.ipynb"
        with own_kernels(root, Path(scratch)) as manager_class:
            try:
                papermill.execute_notebook(
                    notebook,
                    executed,
                    parameters=parameters or None,
                    kernel_name="python3",
                    progress_bar=False,
                    kernel_manager_class=manager_class,
                    shutdown_kernel="immediate",
                    start_timeout=_KERNEL_START_SECONDS,
                    resources={"metadata": {"path": str(root / "notebooks")}},
                )
            except (PapermillExecutionError, DeadKernelError) as fault:
                failure = fault
        found = read_notebook(Path(scratch), executed.name) if executed.is_file() else notebook
    return found, failure


def clean_notebook(notebook: Any) -> Any:
    """Take all out of an executed notebook that belongs to one run: clocks, durations, paths, random ids.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook: tags, sources and outputs are all that is left.
    """
    notebook.metadata = _node(_KEPT_NOTEBOOK_METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        kept = [tag for tag in tags if not tag.startswith("papermill-")]
        cell.metadata = _node({"tags": kept} if kept else {})
        if "injected-parameters" in tags:
            cell.id = "injected-parameters"
    return notebook


def _write_notebook(notebook: Any, target: Path) -> None:
    import nbformat

    from netral_research.files import write_text

    content = nbformat.writes(clean_notebook(notebook), version=4)  # type: ignore[no-untyped-call]
    write_text(target, content.rstrip("\n") + "\n")


def _node(content: dict[str, Any]) -> Any:
    from nbformat import from_dict

    return from_dict(content)  # type: ignore[no-untyped-call]


def _failure_error(root: Path, relative: str, executed: Any, failure: Exception, failed: Path) -> NotebookError:
    """Turn what stopped a notebook into what the user is told."""
    name, told = getattr(failure, "ename", ""), str(getattr(failure, "evalue", ""))
    if not name:
        return NotebookError([Problem("kernel_died", file=relative)])
    known = getattr(errors, name, None)
    if isinstance(known, type) and issubclass(known, NetralError):
        return ToldError(told)
    if "[Errno 28]" in told:
        return NotebookError([Problem("disk_full", file=relative)])
    lines = told.strip().splitlines() or [""]
    copy = failed.relative_to(root).as_posix() if failed.is_relative_to(root) else failed.name
    fields = {
        "heading": failed_heading(executed),
        "name": name,
        "line": lines[0][:200],
        "copy": copy,
    }
    return NotebookError([Problem("notebook_failed", file=relative, fields=fields)])


def failed_heading(notebook: Any) -> str:
    """The heading above the cell that stopped: the place a person looks for.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed copy.

    Returns
    -------
    str
        The nearest markdown heading above the first cell with an error, or ``-`` where there is none.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
    >>> broken = new_code_cell("1 / 0", outputs=[new_output("error", ename="ZeroDivisionError")])
    >>> failed_heading(new_notebook(cells=[new_markdown_cell("## Laju"), broken, new_markdown_cell("## Peta")]))
    'Laju'
    """
    heading = "-"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            titles = [line.lstrip("# ").strip() for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        elif any(output.output_type == "error" for output in cell.get("outputs", [])):
            break
    return heading
