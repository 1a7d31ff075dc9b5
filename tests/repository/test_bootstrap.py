"""What makes the environment: it trusts only what it finished, and only in the place it finished it."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(folder: Path) -> ModuleType:
    """Read bootstrap.py as if the project stood in another folder."""
    for name in ("bootstrap.py", "pyproject.toml", "requirements.lock"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    specification = importlib.util.spec_from_file_location("bootstrap_under_test", folder / "bootstrap.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    folder = tmp_path / "a folder"
    folder.mkdir()
    return load(folder)


@pytest.fixture
def finished(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give a bootstrap that has built an environment, with every command replaced by success."""

    def succeed(_runner: object, command: list[str]) -> SimpleNamespace:
        bootstrap.commands.append(command)
        if command[1:3] == ["-m", "venv"]:
            assert bootstrap.UNFINISHED.exists()
            bootstrap.VENV_PYTHON.parent.mkdir(parents=True)
            bootstrap.VENV_PYTHON.symlink_to(sys.executable)
            (bootstrap.VENV / "pyvenv.cfg").touch()
        return SimpleNamespace(returncode=0, stdout="")

    bootstrap.commands = []
    monkeypatch.setattr(bootstrap.Runner, "output", succeed)
    assert bootstrap.main() == 0
    assert bootstrap.is_current()
    return bootstrap


def test_nothing_to_do_runs_no_command(finished: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finished, "build", lambda _lock: pytest.fail("it built again"))
    assert finished.main() == 0


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", "bootstrap.py"])
def test_a_changed_input_renews_the_environment(finished: ModuleType, name: str) -> None:
    path = finished.ROOT / name
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert not finished.is_current()
    assert finished.can_be_renewed()
    assert finished.main() == 0
    assert finished.is_current()


@pytest.mark.parametrize(("name", "synced"), [("requirements.lock", True), ("pyproject.toml", False)])
def test_libraries_are_installed_again_only_for_a_new_lock(finished: ModuleType, name: str, synced: bool) -> None:
    path = finished.ROOT / name
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    finished.commands.clear()
    assert finished.main() == 0
    assert any("sync" in command for command in finished.commands) is synced
    assert any("--editable" in command for command in finished.commands)


def test_an_environment_from_another_folder_is_not_trusted(finished: ModuleType) -> None:
    finished.STAMP.write_text(finished.STAMP.read_text(encoding="utf-8").replace("a folder", "b folder"))
    assert not finished.is_current()
    assert not finished.can_be_renewed()


def test_an_environment_whose_python_is_gone_is_not_trusted(finished: ModuleType) -> None:
    finished.VENV_PYTHON.unlink()
    finished.VENV_PYTHON.symlink_to(finished.ROOT / "no-such-python")
    assert not finished.is_current()
    assert not finished.can_be_renewed()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_broken_stamp_is_not_trusted(finished: ModuleType, text: str) -> None:
    finished.STAMP.write_text(text, encoding="utf-8")
    assert not finished.is_current()
    assert not finished.can_be_renewed()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError("disk full")])
def test_an_interrupted_renewal_leaves_nothing_that_counts_as_done(
    finished: ModuleType, monkeypatch: pytest.MonkeyPatch, interruption: BaseException
) -> None:
    def interrupt(*_: object) -> None:
        raise interruption

    finished.LOCK.write_text(finished.LOCK.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    monkeypatch.setattr(finished, "install_lock", interrupt)
    assert finished.main() != 0
    assert not finished.is_current()
    assert not finished.can_be_renewed()


def test_an_unfinished_environment_is_made_anew(finished: ModuleType) -> None:
    finished.UNFINISHED.touch()
    leftover = finished.VENV / "half-installed.py"
    leftover.touch()
    assert finished.main() == 0
    assert finished.is_current()
    assert not leftover.exists()


def test_a_failed_command_ends_with_one_message(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failure = SimpleNamespace(returncode=1, stdout="No module named ensurepip")
    monkeypatch.setattr(bootstrap.Runner, "output", lambda *_: failure)
    assert bootstrap.main() == 2
    shown = capsys.readouterr().err
    assert "No module named ensurepip" in shown
    assert "sudo apt install python" in shown
    assert "Traceback" not in shown
    assert not bootstrap.VENV.exists()


def test_an_old_python_is_told_which_one_is_needed(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "SUITABLE", ((2, 0),))
    assert bootstrap.main() == 2
    assert "3.11, 3.12" in capsys.readouterr().err


def test_a_folder_that_is_no_environment_is_left_alone(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = bootstrap.VENV / "thesis.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    assert bootstrap.main() == 2
    assert kept.read_text() == "mine"
    assert str(bootstrap.VENV) in capsys.readouterr().err


def test_settings_of_another_environment_do_not_reach_in(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in bootstrap.FOREIGN_SETTINGS:
        monkeypatch.setenv(name, "somewhere else")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    environment = bootstrap.clean_environment()
    assert environment.keys().isdisjoint(bootstrap.FOREIGN_SETTINGS)
    assert environment["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert environment["PATH"] == os.environ["PATH"]


def test_uv_is_pinned_with_its_hashes(bootstrap: ModuleType) -> None:
    lines = bootstrap.pinned("uv").splitlines()
    assert re.fullmatch(r"uv==\S+ \\", lines[0])
    assert len(lines) > 1
    assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines[1:])
    assert not lines[-1].endswith("\\")


def test_a_second_bootstrap_waits_for_the_first(bootstrap: ModuleType) -> None:
    program = (
        "import bootstrap, sys\n"
        "with open(bootstrap.ROOT / '.bootstrap.lock', 'a+') as handle:\n"
        "    sys.exit(0 if bootstrap.take(handle.fileno(), wait=False) else 7)"
    )
    second = [sys.executable, "-c", program]
    with bootstrap.only_one():
        assert subprocess.run(second, cwd=bootstrap.ROOT, check=False).returncode == 7
    assert subprocess.run(second, cwd=bootstrap.ROOT, check=False).returncode == 0
