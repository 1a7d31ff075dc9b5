"""The environment: one list of requirements, one lock, one conda file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from netral_research.environment import environment_file

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
BLOCK = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;]+)(?P<rest>.*(?:\n .*)*)", re.MULTILINE)
# The Bayesian fit is for whoever wants to check the other one; it brings more than the rest of the environment weighs.
NOT_LOCKED = {"bayes"}
EXTRAS = {name: names for name, names in PROJECT["optional-dependencies"].items() if name not in NOT_LOCKED}
DECLARED = sum(EXTRAS.values(), PROJECT["dependencies"])


def test_conda_file_is_what_pyproject_says() -> None:
    written = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert written == environment_file(PYPROJECT), "run: make lock"


def test_conda_file_changes_with_a_dependency() -> None:
    assert environment_file(PYPROJECT.replace("pandas>=3.1", "pandas>=3.2")) != environment_file(PYPROJECT)


def test_conda_file_installs_the_package_and_its_requirements() -> None:
    content = yaml.safe_load(environment_file(PYPROJECT))
    python, pip, section = content["dependencies"]
    assert (python, pip) == ("python" + PROJECT["requires-python"], "pip")
    assert section == {"pip": [*PROJECT["dependencies"], "-e ."]}


def test_every_line_of_the_lock_belongs_to_a_pin_or_is_a_comment() -> None:
    rest = BLOCK.sub("", LOCK)
    assert [line for line in rest.splitlines() if line.strip() and not line.startswith("#")] == []


def test_every_pin_of_the_lock_has_a_hash() -> None:
    pins = list(BLOCK.finditer(LOCK))
    without = [pin["name"] for pin in pins if not re.search(r"--hash=sha256:[0-9a-f]{64}", pin["rest"])]
    assert len(pins) > 100
    assert without == []


def test_lock_names_no_host_and_no_path() -> None:
    assert re.findall(r"\w+://\S+|file:\S+|--(?:extra-)?index\S*|--find-links\S*", LOCK) == []


@pytest.mark.parametrize("declared", DECLARED)
def test_lock_satisfies_what_is_declared(declared: str) -> None:
    requirement = Requirement(declared)
    name = canonicalize_name(requirement.name)
    versions = [pin["version"] for pin in BLOCK.finditer(LOCK) if pin["name"] == name]
    assert versions, f"{requirement.name} is not in the lock; run: make lock"
    assert all(requirement.specifier.contains(version) for version in versions)


def test_an_extra_that_is_not_locked_is_declared_and_needed_by_nothing_that_is() -> None:
    names = {pin["name"] for pin in BLOCK.finditer(LOCK)}
    for extra in NOT_LOCKED:
        declared = [canonicalize_name(Requirement(one).name) for one in PROJECT["optional-dependencies"][extra]]
        assert declared
        assert names.isdisjoint(declared)


def test_lock_leaves_out_what_slows_every_start_down_and_says_why() -> None:
    names = {pin["name"] for pin in BLOCK.finditer(LOCK)}
    assert names.isdisjoint({"rfc3987-syntax", "lark"})
    assert "rfc3987-syntax" in "".join(line for line in LOCK.splitlines()[:3] if line.startswith("#"))


def test_python_range_is_the_same_everywhere() -> None:
    bootstrap = (ROOT / "bootstrap.py").read_text(encoding="utf-8")
    listed = re.search(r"^SUITABLE = (.*)$", bootstrap, re.MULTILINE)
    assert listed is not None
    minors = sorted(int(minor) for minor in re.findall(r"\(3, (\d+)\)", listed[1]))
    assert PROJECT["requires-python"] == f">=3.{minors[0]},<3.{minors[-1] + 1}"
    assert [f"Programming Language :: Python :: 3.{minor}" for minor in minors] == [
        line for line in PROJECT["classifiers"] if "Python ::" in line
    ]
