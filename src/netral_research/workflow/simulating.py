"""A simulated study as a project of its own: written whole into a new folder, with all that ``report`` needs."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from netral_research.clean.loading import load_reference
from netral_research.errors import Problem, WorkflowError
from netral_research.files import Project, read_text, write_bytes, write_text
from netral_research.language import LANGUAGES, text
from netral_research.panel.denominators import HEADCOUNT
from netral_research.robustness.simulate import simulate_study
from netral_research.robustness.simulated_choices import PUBLISHER, SimulatedStudy, SimulationChoices
from netral_research.schemas import load_raw
from netral_research.storage import table_text
from netral_research.study import load_study

STUDY = "study.toml"
NOTICE, TRUTH, CHOICES = "SIMULASI.md", "data/simulated/truth.csv", "data/simulated/choices.toml"
# What a simulated study shares with the real one, beside the notebooks: reference knowledge and versions.
SHARED = ("data/reference/*.csv", "data/reference/*.json", "requirements.lock")
NOTEBOOKS = "notebooks/*.ipynb"
_NAME = re.compile(r'^name = ".*"', re.MULTILINE)


def write_simulation(root: Path, folder: Path, choices: SimulationChoices) -> tuple[str, ...]:
    """Simulate a study and write it as a project into a new folder, all of it or nothing.

    Parameters
    ----------
    root : pathlib.Path
        The project whose study, reference tables and notebooks are used; its raw data are not looked at.
    folder : pathlib.Path
        New, or empty.
    choices : SimulationChoices

    Returns
    -------
    tuple of str
        The simulated files, relative to the folder.

    Raises
    ------
    WorkflowError
        If the folder holds anything.
    NetralError
        If the study or a reference table is not understood.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkflowError([Problem("simulation_folder", file=str(folder))])
    project = Project(root)
    headcounts = load_raw(project, HEADCOUNT)
    simulated = simulate_study(choices, load_study(project), load_reference(project), headcounts)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place and moved there: an interruption leaves no half of a study.
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        written = _write_simulated(project, beside, simulated)
        for pattern in SHARED:
            for path in sorted(root.glob(pattern)):
                write_bytes(beside / path.relative_to(root), path.read_bytes())
        for path in sorted(root.glob(NOTEBOOKS)):
            write_text(beside / path.relative_to(root), _without_outputs(path.read_text("utf-8")))
        beside.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        beside.replace(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return written


def _without_outputs(notebook: str) -> str:
    """What stands in a notebook was computed from the real data; here it would be taken for simulated."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write_simulated(project: Project, folder: Path, simulated: SimulatedStudy) -> tuple[str, ...]:
    notice = "\n\n".join(text(language, "simulation.notice") for language in LANGUAGES)
    content = {
        **{relative: table_text(table) for relative, table in sorted(simulated.tables.items())},
        TRUTH: table_text(simulated.truth),
        CHOICES: f"# {notice.partition(chr(10))[0].lstrip('# ')}\n{_toml(simulated.choices)}",
        STUDY: _NAME.sub(f'name = "{PUBLISHER}"', read_text(project, STUDY), count=1),
        NOTICE: f"{notice}\n\n```toml\n{_toml(simulated.choices)}```\n",
    }
    for relative, told in content.items():
        write_text(folder / relative, told)
    return tuple(content)


def _toml(choices: SimulationChoices) -> str:
    return "".join(
        f"{name} = {list(value) if isinstance(value, tuple) else value}\n" for name, value in asdict(choices).items()
    )
