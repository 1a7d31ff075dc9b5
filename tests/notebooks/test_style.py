"""Notebooks stay thin over the package; each rule refuses a notebook that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from netral_research.stages import STAGES

from .style import notebook_faults

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
TITLE = "# Kegiatan\n\nApa yang terjadi dan di mana?\n\n*What is the matter, and where?*"
CLOSING = "## Arti\n\nIni tidak berarti apa pun yang lain.\n\nThis does not say what the cause is."
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def good_notebook() -> Any:
    cells = [
        new_markdown_cell(TITLE),
        new_code_cell('study_file = "study.toml"', metadata={"tags": ["parameters"]}),
        new_code_cell(
            "from netral_research.files import find_project\n"
            "from netral_research.storage import save_results\nproject = find_project()"
        ),
        new_code_cell("save_results(project, 'panel', ())"),
        new_code_cell("print(12)", outputs=[new_output("stream", text="12\n")]),
        new_markdown_cell(CLOSING),
    ]
    count = 0
    for cell in cells:
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
    return new_notebook(cells=cells, metadata=METADATA)


def code(source: str) -> Callable[[Any], None]:
    def change(notebook: Any) -> None:
        notebook.cells[4].source = source

    return change


def output(*outputs: Any, tags: tuple[str, ...] = ()) -> Callable[[Any], None]:
    def change(notebook: Any) -> None:
        notebook.cells[4].outputs = list(outputs)
        notebook.cells[4].metadata = nbformat.from_dict({"tags": list(tags)})

    return change


def image() -> Any:
    return new_output("display_data", data={"image/png": "aGVsbG8=", "text/plain": "<Figure size 1x1 with 1 Axes>"})


def set_title(text: str) -> Callable[[Any], None]:
    return lambda notebook: notebook.cells[0].update(source=text)


BAD = {
    "no title": lambda notebook: notebook.cells.pop(0),
    "question in one language": set_title("# Kegiatan\n\nApa yang terjadi dan di mana? Mengapa?"),
    "no question": set_title("# Kegiatan\n\nApa yang terjadi dan di mana.\n\nThe matter and what is there."),
    "no closing": lambda notebook: notebook.cells.pop(),
    "closing in one language": lambda notebook: notebook.cells[-1].update(source="Ini tidak berarti apa yang lain"),
    "no parameters": lambda notebook: notebook.cells.pop(1),
    "parameters later": lambda notebook: notebook.cells.insert(1, notebook.cells.pop(2)),
    "computed parameter": lambda notebook: notebook.cells[1].update(source="top = len('abc')"),
    "injected parameters": lambda notebook: notebook.cells[2].metadata.update(tags=["injected-parameters"]),
    "no result saved": lambda notebook: notebook.cells[3].update(source="project"),
    "function": code("def f():\n    return 1"),
    "lambda": code("f = lambda row: row"),
    "class": code("class A:\n    pass"),
    "loop": code("for row in []:\n    print(row)"),
    "endless loop": code("while False:\n    pass"),
    "magic": code("%pip install pandas"),
    "shell": code("!ls"),
    "cell magic": code("%%bash\nls"),
    "chdir": code("import os\nos.chdir('..')"),
    "absolute path": code("path = '/data/raw'"),
    "windows path": code(r"path = 'C:\\data'"),
    "home path": code("path = '~/data'"),
    "inplace": code("frame.fillna(0, inplace=True)"),
    "network import": code("import requests"),
    "network import from": code("from urllib.request import urlopen"),
    "writes a file": code("frame.to_csv('a.csv')"),
    "opens a file": code("open('a.csv')"),
    "nine lines": code("\n".join(f"a{number} = {number}" for number in range(9))),
    "not executed": lambda notebook: notebook.cells[4].update(execution_count=None),
    "executed out of order": lambda notebook: notebook.cells[4].update(execution_count=9),
    "too many cells": lambda notebook: notebook.cells.__setitem__(
        slice(5, 5), [new_code_cell("1", execution_count=count) for count in range(5, 14)]
    ),
    "error stored": output(new_output("error", ename="E", evalue="e", traceback=[])),
    "warning stored": output(new_output("stream", name="stderr", text="warning")),
    "memory address": output(new_output("stream", text="<object at 0x7f3a2b1c>")),
    "machine path": output(new_output("stream", text="saved /" + "home/someone/x")),
    "two figures": output(image(), image(), tags=("nbval-ignore-output",)),
    "figure compared": output(image()),
    "numbers hidden": output(new_output("stream", text="12\n"), tags=("nbval-ignore-output",)),
    "numbers hidden beside a figure": output(image(), new_output("stream", text="12\n"), tags=("nbval-ignore-output",)),
    "metadata of a run": lambda notebook: notebook.metadata.update(papermill={"duration": 1}),
    "version of the language": lambda notebook: notebook.metadata.language_info.update(version="3.11.7"),
}


def test_a_good_notebook_has_no_faults() -> None:
    assert notebook_faults("good", good_notebook()) == []


def test_a_figure_that_is_not_compared_is_allowed() -> None:
    notebook = good_notebook()
    output(image(), tags=("nbval-ignore-output",))(notebook)
    assert notebook_faults("good", notebook) == []


@pytest.mark.parametrize("name", BAD)
def test_a_notebook_that_breaks_a_rule_is_refused(name: str) -> None:
    notebook = good_notebook()
    BAD[name](notebook)
    assert notebook_faults(name, notebook)


def test_there_is_one_notebook_for_each_stage() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(stage.notebook for stage in STAGES)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.notebook)
def test_the_notebook_of_a_stage_follows_the_rules(stage: Any) -> None:
    notebook = nbformat.read(FOLDER / f"{stage.notebook}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook_faults(stage.notebook, notebook) == []


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.notebook)
def test_the_notebook_saves_its_own_stage(stage: Any) -> None:
    sources = (FOLDER / f"{stage.notebook}.ipynb").read_text("utf-8")
    assert f'save_results(project, \\"{stage.name}\\"' in sources
