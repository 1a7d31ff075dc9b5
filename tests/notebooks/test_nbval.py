"""A number that was changed in a stored output fails the suite, with the options that the suite itself uses."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"(?<![\w#.,;-])(\d[\d.,]*)(?![\w;])")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What pytest needs to compare notebooks as it does here, in another folder."""
    for name in ("conftest.py", "pyproject.toml", "study.toml", "tests/nbval.cfg", "data/raw", "data/reference"):
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def compare(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "notebooks", "-q", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def tiny_notebook(project: Path, stored: str) -> None:
    cell = new_code_cell("print(6 * 7)", execution_count=1, outputs=[new_output("stream", text=stored)])
    nbformat.write(new_notebook(cells=[cell]), project / "notebooks/tiny.ipynb")


def test_the_right_number_passes(project: Path) -> None:
    tiny_notebook(project, "42\n")
    assert compare(project).returncode == 0


def test_a_changed_number_fails(project: Path) -> None:
    tiny_notebook(project, "43\n")
    told = compare(project)
    assert told.returncode == 1
    assert "43" in told.stdout


def test_notebooks_are_compared_in_a_copy_and_not_in_the_project(project: Path) -> None:
    code = "import os\nprint(os.path.isdir(os.environ['NETRAL_PROJECT'] + '/data/raw'), os.environ['NETRAL_PROJECT'])"
    stored = new_output("stream", text=f"True {project}\n")
    cell = new_code_cell(code, execution_count=1, outputs=[stored])
    nbformat.write(new_notebook(cells=[cell]), project / "notebooks/tiny.ipynb")
    told = compare(project)
    assert told.returncode == 1
    assert "True" in told.stdout
    assert "netral-nbval-" in told.stdout


def test_a_number_changed_in_a_real_notebook_fails(project: Path) -> None:
    name = "01_clean_events.ipynb"
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    assert change_one_number(notebook), "the notebook shows no number"
    nbformat.write(notebook, project / "notebooks" / name)
    told = compare(project)
    assert told.returncode == 1, told.stdout
    assert "1 failed" in told.stdout


def change_one_number(notebook: Any) -> bool:
    """Add one to the last digit of the first number that a cell shows."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or "nbval-ignore-output" in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            for holder, key in ((output, "text"), (output.get("data", {}), "text/html")):
                found = NUMBER.search(_visible(holder.get(key, "")))
                if found:
                    end = found.end(1) - 1
                    digit = (int(holder[key][end]) + 1) % 10 if holder[key][end].isdigit() else 1
                    holder[key] = f"{holder[key][:end]}{digit}{holder[key][end + 1 :]}"
                    return True
    return False


def _visible(html: str) -> str:
    """The text with its tags and styles blanked out, every character in its place."""
    return re.sub(r"<style.*?</style>|<[^>]*>", lambda tag: " " * len(tag.group()), html, flags=re.DOTALL)
