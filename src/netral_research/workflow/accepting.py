"""Reviewed proposals become raw data: checked as ``netral check`` does, then appended; or nothing is written."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netral_research.contracts import CONTRACTS
from netral_research.errors import NetralError, Problem
from netral_research.files import Project, read_text, write_bytes, write_text
from netral_research.language import text
from netral_research.workflow.coded_inputs import (
    read_input,
    read_inputs,
    read_proposals,
    safe_cell,
    shown_path,
    source_details,
    standing_table,
)
from netral_research.workflow.holding import held_project

if TYPE_CHECKING:
    from netral_research.code.decisions import Decided

EVENTS = "data/raw/events.csv"
SOURCES = "data/raw/sources.csv"
DESCRIPTOR_FOLDER = "data/raw"
Origin = tuple[str, int | None]


@dataclass(frozen=True)
class AcceptedDecisions:
    """What accepting a decisions file did.

    Parameters
    ----------
    accepted, corrected, rejected, undecided : int
        Proposals by what was decided about them.
    added : int
        Rows appended to ``data/raw/events.csv``.
    present : int
        Accepted and corrected rows that stood there already, unchanged.
    relinked : int
        Added rows whose ``same_event_as`` named a rejected proposal and was mended.
    sources : int
        Rows appended to ``data/raw/sources.csv``.
    """

    accepted: int
    corrected: int
    rejected: int
    undecided: int
    added: int
    present: int
    relinked: int
    sources: int

    def describe(self, language: str) -> str:
        """Tell what was done, in a few lines.

        Parameters
        ----------
        language : {"id", "en"}

        Returns
        -------
        str

        Examples
        --------
        >>> print(AcceptedDecisions(3, 1, 2, 0, 4, 0, 0, 2).describe("en").splitlines()[0])
        Decided: 3 accepted, 1 corrected, 2 rejected; 0 still undecided.
        """
        counts = {name: getattr(self, name) for name in ("accepted", "corrected", "rejected", "undecided")}
        lines = [text(language, "review.accept.counts", **counts)]
        if self.added:
            lines.append(text(language, "review.accept.added", events=self.added, sources=self.sources))
        if self.present:
            lines.append(text(language, "review.accept.present", count=self.present))
        if self.relinked:
            lines.append(text(language, "review.accept.relinked", count=self.relinked))
        lines.append(text(language, "review.accept.next" if self.added else "review.accept.unchanged"))
        return "\n".join(lines)


def accept_decisions(root: Path, proposed: Path, decisions: Path) -> AcceptedDecisions:
    """Append what was accepted to the raw events and sources.

    Sources are written before events, each file whole or not at all: a run that was interrupted between them is
    completed by running it again. The rows that stand in the files keep their bytes.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    proposed, decisions : pathlib.Path
        The proposals and what was decided about them.

    Returns
    -------
    AcceptedDecisions

    Raises
    ------
    NetralError
        If a file is not understood, a row repeats one that is there, or the raw data would no longer pass the
        project's checks; nothing is written then.
    """
    from netral_research.code.decisions import DECISION_COLUMNS, apply_review
    from netral_research.code.proposals import EVENT_COLUMNS

    project = Project(root)
    with held_project(root):
        proposals = read_proposals(project, proposed)
        file = shown_path(root, decisions)
        decided_rows = read_input(project, decisions, DECISION_COLUMNS, "accept_no_decisions")
        standing = standing_table(project, EVENTS)
        decided = apply_review(proposals[list(EVENT_COLUMNS)], decided_rows, standing, file)
        new_sources, origins = _new_sources(project, proposed, decided)
        contents = {SOURCES: _extended(project, SOURCES, new_sources), EVENTS: _extended(project, EVENTS, decided.rows)}
        if decided.rows:
            told_at: dict[str, list[Origin]] = {SOURCES: origins, EVENTS: [(file, line) for line in decided.lines]}
            _check_candidate(project, contents, told_at)
        for relative, rows in ((SOURCES, new_sources), (EVENTS, decided.rows)):
            if rows:
                write_bytes(project.path(relative), contents[relative])
        _renew_descriptor(project)
    return _summary(decided, len(new_sources))


def _summary(decided: Decided, sources: int) -> AcceptedDecisions:
    return AcceptedDecisions(
        accepted=decided.accepted,
        corrected=decided.corrected,
        rejected=decided.rejected,
        undecided=decided.undecided,
        added=len(decided.rows),
        present=decided.present,
        relinked=decided.relinked,
        sources=sources,
    )


def _new_sources(project: Project, proposed: Path, decided: Decided) -> tuple[list[dict[str, str]], list[Origin]]:
    """Rows for the pages that ``sources.csv`` lacks, and where each was read."""
    known = set(standing_table(project, SOURCES)["source_id"])
    told = dict.fromkeys(row["source_id"] for row in decided.rows)
    wanted = [source_id for source_id in told if source_id not in known]
    details = source_details(read_inputs(proposed), wanted) if wanted else {}
    rows: list[dict[str, str]] = []
    origins: list[Origin] = []
    for source_id in wanted:
        row, (path, line) = details.get(source_id, ({}, (proposed, 0)))
        rows.append({name: safe_cell(row.get(name, "")) for name in CONTRACTS[SOURCES]} | {"source_id": source_id})
        origins.append((shown_path(project.root, path), line or None))
    return rows, origins


def _extended(project: Project, relative: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The bytes of a raw table with rows behind them, in its own order of columns and with its own line ends."""
    content = project.path(relative).read_bytes() if project.path(relative).is_file() else b""
    head = next(csv.reader(io.StringIO(read_text(project, relative), newline="")))
    ending = "\r\n" if content.partition(b"\n")[0].endswith(b"\r") else "\n"
    added = io.StringIO(newline="")
    writer = csv.writer(added, lineterminator=ending)
    writer.writerows([[row[name.strip()] for name in head] for row in rows])
    joint = b"" if content.endswith((b"\n", b"\r")) or not rows else ending.encode()
    return content + joint + added.getvalue().encode("utf-8")


def _check_candidate(project: Project, contents: Mapping[str, bytes], told_at: Mapping[str, Sequence[Origin]]) -> None:
    """Check the project as it would be, in a copy of its tables; tell problems of new rows where they come from."""
    from netral_research.storage import read_table
    from netral_research.workflow.jobs import account_for_rows

    with tempfile.TemporaryDirectory() as folder:
        copy = Project(Path(folder))
        for relative in ("study.toml", *CONTRACTS):
            if project.path(relative).is_file() and relative not in contents:
                copy.path(relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(project.path(relative), copy.path(relative))
        for relative, content in contents.items():
            write_bytes(copy.path(relative), content)
        places: dict[Origin, Origin] = {}
        for relative, origins in told_at.items():
            lines = read_table(copy, relative, list(CONTRACTS[relative])).index.tolist()
            new = lines[len(lines) - len(origins) :]
            places |= {(relative, int(line)): origin for line, origin in zip(new, origins, strict=True)}
        try:
            account_for_rows(copy.root)
        except NetralError as fault:
            raise type(fault)([_told_at_origin(found, places) for found in fault.problems]) from None


def _told_at_origin(problem: Problem, places: Mapping[Origin, Origin]) -> Problem:
    file, row = places.get((problem.file, problem.row), (problem.file, problem.row))
    return replace(problem, file=file, row=row)


def _renew_descriptor(project: Project) -> None:
    """The descriptor of the raw data holds the size and the hash of every file."""
    from netral_research.descriptor import descriptor_text

    path = project.path(f"{DESCRIPTOR_FOLDER}/datapackage.json")
    if path.is_file():
        content = descriptor_text(project, DESCRIPTOR_FOLDER)
        if path.read_text("utf-8") != content:
            write_text(path, content)
