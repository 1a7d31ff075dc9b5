"""Coding runs on articles typed in a test, in a copy of the project."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netral_research.articles import Article
from netral_research.cli import build_app
from netral_research.code.coder import Coder, load_coder
from netral_research.files import Project

APEL = (
    "PONTIANAK - Pemprov Kalbar menggelar apel ikrar netralitas ASN untuk Pilkada 2024, Senin (14/10/2024), di halaman "
    "Kantor Gubernur. Para ASN mengucapkan ikrar netralitas."
)
NO_EVENT = "DENPASAR - Harga cabai di pasar naik lagi pekan ini. Pedagang berharap pasokan segera pulih."


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


@dataclass(frozen=True)
class CodingRun:
    """What a command wrote and told."""

    folder: Path
    code: int
    told: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def proposed(self) -> list[dict[str, str]]:
        return read_rows(self.folder / "proposed.csv")

    @property
    def skipped(self) -> list[dict[str, str]]:
        return read_rows(self.folder / "skipped.csv")

    @property
    def failed(self) -> list[dict[str, str]]:
        return read_rows(self.folder / "failed.csv")

    @property
    def failures(self) -> list[tuple[str, str]]:
        return [(row["source_id"], row["reason"]) for row in self.failed]

    @property
    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}

    def check(self, articles: int) -> CodingRun:
        """Every article ended in exactly one place, and the lists say the same as the counts."""
        sources = list(dict.fromkeys(row["source_id"] for row in self.proposed))
        assert self.code == 0
        assert self.counts["articles"] == articles == len(sources) + len(self.skipped) + len(self.failed)
        assert [self.counts[name] for name in ("proposed", "skipped", "failed")] == [
            len(sources), len(self.skipped), len(self.failed),
        ]  # fmt: skip
        assert self.counts["rows"] == len(self.proposed)
        assert not set(sources) & {row["source_id"] for row in self.skipped}
        return self


@pytest.fixture
def project(copied_project: Callable[[], Project]) -> Project:
    return copied_project()


@pytest.fixture
def coded(project: Project, tmp_path: Path) -> Callable[..., CodingRun]:
    """Runs ``netral code`` as a person does, and reads what it wrote; never a traceback."""
    numbers = iter(range(1_000))

    def run(articles: Path, *options: str, processes: int = 1) -> CodingRun:
        folder = tmp_path / f"out{next(numbers)}"
        command = ["code", str(articles), "--project", str(project.root), "--processes", str(processes)]
        command += ["--language", "en", "--output", str(folder / "proposed.csv"), *options]
        result = CliRunner().invoke(build_app("en"), command)
        told = result.stdout + result.stderr
        assert "Traceback" not in told
        assert "fault of the program:" not in told
        record = folder / "coding.json"
        counts = json.loads(record.read_text("utf-8"))["counts"] if record.is_file() else {}
        return CodingRun(folder, result.exit_code, told, counts)

    return run


@pytest.fixture
def texts(tmp_path: Path) -> Callable[..., Path]:
    """A folder of texts, each given as a text or as bytes."""

    def write(**contents: str | bytes) -> Path:
        folder = tmp_path / "texts"
        folder.mkdir(exist_ok=True)
        for name, content in contents.items():
            (folder / f"{name}.txt").write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A CSV file of rows with their header."""

    def write(header: str, *rows: Iterable[str], name: str = "articles.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header.split(","), *rows])
        return path

    return write


@pytest.fixture(scope="session")
def coder(real_project: Project) -> Coder:
    """The coder with the lexicon and the registers of the project."""
    return load_coder(real_project)


@pytest.fixture(scope="session")
def read_events(coder: Coder) -> Callable[..., list[dict[str, str]]]:
    """The events that a text typed in a test is coded as, each by field."""

    def read(text: str, published: str = "", title: str = "") -> list[dict[str, str]]:
        coded = coder.code(Article("T1", text, published, title))
        return [{name: cell.value for name, cell in event.cells.items()} for event in coded.events]

    return read


@pytest.fixture(scope="session")
def read_event(read_events: Callable[..., list[dict[str, str]]]) -> Callable[..., dict[str, str]]:
    """The first event of a text typed in a test; the test fails where it is coded as none."""

    def read(text: str, published: str = "", title: str = "") -> dict[str, str]:
        events = read_events(text, published, title)
        assert events, text
        return events[0]

    return read
