"""``netral simulate`` writes a project of its own, whole or not at all, and touches nothing else."""

from __future__ import annotations

import hashlib
import json
import tomllib

import pytest
from typer.testing import CliRunner

from netral_research.cli import build_app
from netral_research.errors import WorkflowError
from netral_research.files import Project
from netral_research.robustness.simulated_choices import SimulationChoices
from netral_research.study import load_study
from netral_research.workflow import jobs, simulating
from netral_research.workflow.simulating import write_simulation


def digests(root):
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*") if path.is_file()}


def call(*arguments):
    return CliRunner().invoke(build_app("en"), ["simulate", *arguments])


def test_the_command_writes_a_project_that_passes_the_check(copied_project, tmp_path):
    real = copied_project()
    before = digests(real.root)
    folder = tmp_path / "studies" / "simulated"
    result = call(str(folder), "--project", str(real.root), "--rate-ratio", "0.7", "--coverage", "0.5")
    assert result.exit_code == 0, result.output
    assert "netral report" in result.stdout
    assert digests(real.root) == before
    assert sum(account["rows_in"] for account in jobs.account_for_rows(folder)) > 1_000
    assert load_study(Project(folder)).study.name == "simulasi"
    choices = tomllib.loads((folder / "data/simulated/choices.toml").read_text("utf-8"))
    assert (choices["rate_ratio"], choices["coverage"]) == (0.7, [0.5])
    notice = (folder / "SIMULASI.md").read_text("utf-8")
    assert "bukan fakta" in notice
    assert "not facts" in notice
    assert sorted(path.name for path in folder.parent.iterdir()) == ["simulated"]


def test_nothing_of_the_real_raw_data_is_copied(copied_project, tmp_path):
    real = copied_project()
    folder = tmp_path / "simulated"
    write_simulation(real.root, folder, SimulationChoices())
    for path in (folder / "data/raw").iterdir():
        ids = {line.partition(",")[0] for line in path.read_text("utf-8").splitlines()[1:]}
        known = {
            line.partition(",")[0] for line in (real.path("data/raw") / path.name).read_text("utf-8").splitlines()[1:]
        }
        assert not ids & known, path.name
    assert (folder / "data/reference/regions.csv").read_bytes() == real.path("data/reference/regions.csv").read_bytes()


def test_notebooks_come_without_the_outputs_of_the_real_data(real_project, tmp_path):
    write_simulation(real_project.root, tmp_path / "simulated", SimulationChoices())
    copies = sorted((tmp_path / "simulated/notebooks").glob("*.ipynb"))
    assert [path.name for path in copies] == [
        path.name for path in sorted(real_project.path("notebooks").glob("*.ipynb"))
    ]
    for path in copies:
        cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
        assert cells
        assert not any(cell["outputs"] for cell in cells)


def test_a_folder_that_holds_anything_is_refused(copied_project, tmp_path):
    real = copied_project()
    (tmp_path / "full").mkdir()
    (tmp_path / "full/notes.txt").write_text("mine")
    with pytest.raises(WorkflowError) as refused:
        write_simulation(real.root, tmp_path / "full", SimulationChoices())
    assert refused.value.problems[0].key == "simulation_folder"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]
    result = call(str(tmp_path / "full"), "--project", str(real.root))
    assert result.exit_code == 2
    assert "Choose another folder" in result.stderr


def test_an_empty_folder_is_taken(copied_project, tmp_path):
    (tmp_path / "empty").mkdir()
    write_simulation(copied_project().root, tmp_path / "empty", SimulationChoices())
    assert (tmp_path / "empty/study.toml").is_file()


def test_what_is_interrupted_leaves_nothing(copied_project, tmp_path, monkeypatch):
    real = copied_project()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(simulating, "write_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_simulation(real.root, tmp_path / "studies/simulated", SimulationChoices())
    assert list((tmp_path / "studies").iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [("--coverage", "1.5"), ("--rate-ratio", "0"), ("--coverage", "0.5") * 4, ("--publication", "-1")],
)
def test_impossible_choices_are_told(copied_project, tmp_path, wrong):
    result = call(str(tmp_path / "simulated"), "--project", str(copied_project().root), *wrong)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert not (tmp_path / "simulated").exists()
