"""The repository speaks of the project alone: no registry, no folder of anyone's machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Written in pieces, so that this file does not contain what it forbids.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js", "deb" + "ian.org", "crates" + ".io"]
FOLDERS = ["work", "root", "farm", "tmp", "opt", "mnt", r"home/[\w.-]+", r"Users/[\w.-]+"]
FORBIDDEN = [
    ("registry host", re.compile("|".join(re.escape(host) for host in REGISTRIES), re.IGNORECASE)),
    # A folder inside a web address is no machine path: something stands before its first slash.
    ("machine path", re.compile(r"(?<![\w.~%*)}-])/(?:" + "|".join(FOLDERS) + r")/\w")),
]
GENERATED = {".git", ".venv", "__pycache__", "reports", "processed", ".ipynb_checkpoints"}


def text_files() -> list[Path]:
    """Give the files git tracks or would track; without git, every file that is not generated."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if GENERATED.isdisjoint(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8192]]


def findings(text: str) -> list[str]:
    return [f"{what}: {match[0]}" for what, pattern in FORBIDDEN for match in pattern.finditer(text)]


def test_no_tracked_file_names_a_registry_or_a_machine_path() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {finding}"
        for path in text_files()
        for finding in findings(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [f"https://{REGISTRIES[0]}/simple", "cd /" + "work/main", '"/' + 'home/ani/data"', "/" + "tmp/out.csv"],
)
def test_scan_finds_what_it_forbids(text: str) -> None:
    assert findings(text)


@pytest.mark.parametrize(
    "text", ["https://example.go.id/home/berita/1", "https://example.go.id/tmp/x.pdf", "data/work/1"]
)
def test_scan_lets_web_addresses_and_relative_paths_pass(text: str) -> None:
    assert findings(text) == []


def test_scan_reads_the_files_that_matter() -> None:
    read = {str(path.relative_to(ROOT)) for path in text_files()}
    assert {"pyproject.toml", "requirements.lock", "Makefile", "bootstrap.py", ".ci/run"} <= read
