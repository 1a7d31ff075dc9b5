"""Notebooks are compared in a copy of the project, so that the tests never write into the user's results."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from netral_research.workflow.kernels import kernel_environment

# Many small fits are slower, not faster, on several threads of linear algebra.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parent
COPIED = ("data/raw", "data/reference")
COPY = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Give nbval its rules here: in pyproject.toml the path would hang on the folder pytest is started from."""
    if not config.option.nbval_sanitize_with:
        config.option.nbval_sanitize_with = str(ROOT / "tests/nbval.cfg")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Delete the copy."""
    if COPY in config.stash:
        shutil.rmtree(config.stash[COPY], ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """The first cell of a notebook starts its kernel: only then the environment points to the copy."""
    if item.path.suffix != ".ipynb":
        return (yield)
    copy = _project_copy(item.config)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in kernel_environment(copy).items():
            patch.setenv(name, value)
        patch.setenv("IPYTHONDIR", str(copy / "ipython"))
        return (yield)


def _project_copy(config: pytest.Config) -> Path:
    """A project with the raw data and no results: every notebook finds what those before it have saved."""
    if COPY not in config.stash:
        copy = Path(tempfile.mkdtemp(prefix="netral-nbval-"))
        config.stash[COPY] = copy
        for relative in COPIED:
            shutil.copytree(ROOT / relative, copy / relative)
        shutil.copy(ROOT / "study.toml", copy)
        _take_results(copy)
    return config.stash[COPY]


def _take_results(copy: Path) -> None:
    # So that one notebook can be compared alone; in a whole run every stage is saved anew before it is read.
    processed = ROOT / "data/processed"
    if processed.is_dir():
        shutil.copytree(processed, copy / "data/processed", ignore=shutil.ignore_patterns(".*"))
