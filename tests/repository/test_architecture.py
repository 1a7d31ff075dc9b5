"""ARCHITECTURE.md lists what exists, and all stages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netral_research.stages import STAGES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
NAMED = sorted({name for name in re.findall(r"`([^`]+)`", TEXT) if "/" in name or "." in name or name == "Makefile"})


@pytest.mark.parametrize("name", NAMED)
def test_what_the_architecture_names_exists(name: str) -> None:
    assert (ROOT / name).exists(), f"ARCHITECTURE.md names {name}, which does not exist"


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_stands_in_the_architecture_with_its_notebook_and_package(stage: object) -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{stage.name}` |"))
    assert f"`notebooks/{stage.notebook}.ipynb`" in row
    assert f"`src/netral_research/{stage.package}`" in row


def test_every_module_of_the_shared_ground_is_named() -> None:
    modules = {path.name for path in (ROOT / "src/netral_research").glob("*.py")} - {"__init__.py", "__main__.py"}
    missing = sorted(name for name in modules if f"`src/netral_research/{name}`" not in TEXT)
    assert not missing, f"ARCHITECTURE.md does not name {missing}"
