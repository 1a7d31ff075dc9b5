"""The commands a newcomer types."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)
FILE_NAMED = re.compile(r"(?<![\w./-])((?:[\w-]+/)*[\w-]+\.(?:py|toml|yml|lock)|notebooks)(?![\w/])")

VERBS = [
    "help", "environment", "report", "test", "check", "why", "lint", "notebooks", "descriptor", "bench", "clean",
    "lock", "jupyter",
]  # fmt: skip

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str) -> str:
    # A make that runs this suite hands its own flags down.
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    command = ["make", "--no-print-directory", *arguments]
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return finished.stdout


def test_every_verb_is_there_and_explained() -> None:
    assert TARGETS == VERBS
    assert re.findall(r"^([a-z]+):.*## .+ \| .+$", MAKEFILE, re.MULTILINE) == VERBS
    declared = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert declared is not None
    assert declared[1].split() == VERBS


@needs_make
@pytest.mark.parametrize("target", TARGETS)
def test_every_verb_prepares_the_environment_first(target: str) -> None:
    lines = make("--dry-run", target).splitlines()
    assert target == "help" or lines[0].endswith(" bootstrap.py")
    assert len(lines) == {"environment": 1, "help": 1}.get(target, 2)


@needs_make
@pytest.mark.parametrize("target", TARGETS)
def test_files_that_a_verb_names_exist(target: str) -> None:
    missing = [name for name in FILE_NAMED.findall(make("--dry-run", target)) if not (ROOT / name).exists()]
    assert missing == []


@needs_make
def test_help_is_the_default_and_lists_every_verb() -> None:
    assert make("--dry-run") == make("--dry-run", "help")
    assert re.findall(r"^  make (\w+)", make("help"), re.MULTILINE) == TARGETS


def test_continuous_integration_runs_the_tests_last() -> None:
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert os.access(script, os.X_OK)
    assert commands[-1].split()[0] == "make"
    assert commands[-1].split()[-1] == "test"
