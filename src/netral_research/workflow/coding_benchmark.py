"""How fast ``netral code`` reads: the whole command, from the start of Python to the last file; no test."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from netral_research.articles import Article, read_articles
from netral_research.language import format_number, text

ARTICLES = "data/raw/articles"
# Runs a command and tells how much memory it took at its peak, in kilobytes; other processes of it are not counted.
_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak // 1024 if sys.platform == "darwin" else peak)
"""


@dataclass(frozen=True)
class CodingBenchmark:
    """What was measured.

    Parameters
    ----------
    articles : int
        How many articles the times are for.
    one_core : float
        Seconds on one core, by the clock.
    four_times, two_cores : float
        Seconds for four times as many articles, on one core and on two.
    few, many : int
        How many articles the memory is for.
    memory_few, memory_many : float
        Peak memory in megabytes; 0 where the system does not tell.
    """

    articles: int
    one_core: float
    four_times: float
    two_cores: float
    few: int
    many: int
    memory_few: float
    memory_many: float


def measure_coding(
    root: Path, articles: int = 5_000, few: int = 10_000, many: int = 100_000, times: int = 3
) -> CodingBenchmark:
    """Code the project's articles, repeated under other ids, with the command a person uses.

    Every time is the shortest of several runs that take turns: whatever else a machine does only makes them longer.

    Parameters
    ----------
    root : pathlib.Path
        The project folder; of it only ``data/processed`` is written to.
    articles, few, many : int, optional
        How many articles to measure speed and memory with.
    times : int, optional
        How often each time is taken.

    Returns
    -------
    CodingBenchmark
    """
    with tempfile.TemporaryDirectory(prefix="netral-bench-") as folder:
        place = Path(folder)
        files = {number: place / f"articles-{number}.csv" for number in (articles, 4 * articles, few, many)}
        for number, path in files.items():
            write_repeated(root, path, number)
        runs = [(files[articles], 1), (files[4 * articles], 1), (files[4 * articles], 2)]
        turns = [[_seconds(root, path, processes) for path, processes in runs] for _ in range(times)]
        one, four, two = map(min, zip(*turns, strict=True))
        memory = [_megabytes(root, files[number]) for number in (few, many)]
    return CodingBenchmark(articles, one, four, two, few, many, *memory)


def write_repeated(root: Path, path: Path, number: int) -> None:
    """Write the project's articles again and again, each time under other ids, until there are enough.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    path : pathlib.Path
        The CSV file, in a temporary folder.
    number : int
    """
    known = [entry for entry in read_articles(root / ARTICLES) if isinstance(entry, Article)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["source_id", "text"])
        rows.writerows(islice(_repeated(known), number))


def _repeated(articles: list[Article]) -> Iterator[tuple[str, str]]:
    for turn in count():
        for article in articles:
            yield f"{article.source_id}-{turn}", article.text


def _command(root: Path, articles: Path, processes: int) -> list[str]:
    output = articles.parent / "out" / "proposed.csv"
    options = ["--project", str(root), "--output", str(output), "--processes", str(processes)]
    return [sys.executable, "-m", "netral_research", "code", str(articles), *options]


def _seconds(root: Path, articles: Path, processes: int) -> float:
    began = time.perf_counter()
    subprocess.run(_command(root, articles, processes), check=True, capture_output=True)
    return time.perf_counter() - began


def _megabytes(root: Path, articles: Path) -> float:
    if os.name != "posix":
        return 0.0
    command = [sys.executable, "-c", _PEAK, *_command(root, articles, 1)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(told) / 1024


def describe_coding(measured: CodingBenchmark, language: str) -> str:
    """What was measured, as a table.

    Parameters
    ----------
    measured : CodingBenchmark
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> measured = CodingBenchmark(5000, 6.0, 23.0, 12.5, 10_000, 100_000, 130.0, 140.0)
    >>> [line.split()[-1] for line in describe_coding(measured, "en").splitlines()[2:]]
    ['833', '0.54', '0.96', '140', '1.08']
    """

    def number(value: float, style: str = "integer") -> str:
        return format_number(value, style, language)

    counts = {"articles": number(measured.articles), "few": number(measured.few), "many": number(measured.many)}
    figures = {
        "speed": number(round(measured.articles / measured.one_core)),
        "two_cores": number(measured.two_cores / measured.four_times, "decimal_2"),
        "linear": number(measured.four_times / measured.one_core / 4, "decimal_2"),
        "megabytes": number(round(measured.memory_many)),
        "memory": number(measured.memory_many / (measured.memory_few or 1), "decimal_2"),
    }
    names = {name: text(language, f"coding.bench.{name}", **counts) for name in figures}
    width = max(len(name) for name in names.values())
    title = text(language, "coding.bench.title", cores=os.cpu_count() or 1)
    return "\n".join([title, "", *(f"{names[name]:<{width}}  {figure:>7}" for name, figure in figures.items())])
