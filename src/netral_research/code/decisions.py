"""What a person decided about proposed events, and the rows of ``events.csv`` that follow from it.

``accept`` takes the proposal as it stands, ``correct`` takes the row as decided, ``reject`` takes nothing. A row that
says ``accept`` but differs from its proposal is refused: either it was edited without saying so, or the articles have
been coded anew since it was decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from netral_research.code.linking import link_rows
from netral_research.code.proposals import EVENT_COLUMNS
from netral_research.errors import SHOWN_PROBLEMS, DataError, Problem, nearest_match

ACTIONS = ("accept", "correct", "reject")
DECISION_COLUMNS = ("event_id", "action", "note", *EVENT_COLUMNS[1:])
# Two rows of one page that agree in these report one event twice.
REPEATED_BY = ("source_id", "date_start", "province", "regency", "event_type")

Row = dict[str, str]


@dataclass(frozen=True)
class Decided:
    """What follows from the decisions.

    Parameters
    ----------
    rows : tuple of dict
        New rows of ``events.csv``, in the order of the proposals.
    lines : tuple of int
        Line of the decisions file behind each of them.
    accepted, corrected, rejected, undecided : int
        Proposals by what was decided about them.
    present : int
        Accepted or corrected rows that stand in ``events.csv`` already, unchanged.
    relinked : int
        New rows whose ``same_event_as`` named a rejected proposal and now names another report of the same event.
    """

    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    accepted: int
    corrected: int
    rejected: int
    undecided: int
    present: int
    relinked: int


def apply_review(proposals: pd.DataFrame, decisions: pd.DataFrame, events: pd.DataFrame, file: str) -> Decided:
    """Find the rows to append to ``events.csv``.

    Parameters
    ----------
    proposals : pandas.DataFrame
        The columns of ``events.csv`` of every proposal, as text.
    decisions : pandas.DataFrame
        :data:`DECISION_COLUMNS` as text; the index holds each row's line.
    events : pandas.DataFrame
        ``events.csv`` as it stands, as text, indexed by line.
    file : str
        Name of the decisions file, for messages.

    Returns
    -------
    Decided

    Raises
    ------
    DataError
        If a decision names no proposal, is told twice, is no known action, contradicts its proposal, repeats a row
        that stands in ``events.csv``, or links to a proposal that is not decided yet.

    Examples
    --------
    >>> row = dict.fromkeys(EVENT_COLUMNS, "") | {"event_id": "S1-1", "source_id": "S1", "scope": "province"}
    >>> proposals, events = pd.DataFrame([row]), pd.DataFrame(columns=EVENT_COLUMNS)
    >>> decisions = pd.DataFrame([{**row, "action": "correct", "note": "", "scope": "regency"}], index=[2])
    >>> apply_review(proposals, decisions, events, "decisions.csv").rows[0]["scope"]
    'regency'
    """
    proposed = {row["event_id"]: row for _, row in _numbered(proposals)}
    decided = _numbered(decisions)
    _refuse(_decision_problems(proposed, decided, file))
    place = {event_id: number for number, event_id in enumerate(proposed)}
    decided.sort(key=lambda pair: place[pair[1]["event_id"]])
    _refuse(
        [problem for line, row in decided for problem in _content_problems(proposed[row["event_id"]], row, line, file)]
    )
    lines = {row["event_id"]: line for line, row in decided}
    actions = {row["event_id"]: row["action"] for _, row in decided}
    taken = {row["event_id"]: _taken(proposed[row["event_id"]], row) for _, row in decided if row["action"] != "reject"}
    standing = {row["event_id"]: (line, row) for line, row in _numbered(events)}
    known = {_repeat_key(row): event_id for event_id, (_, row) in standing.items()}
    repeated = {
        event_id: known[_repeat_key(proposed[event_id])]
        for event_id, action in actions.items()
        if action == "reject" and _repeat_key(proposed[event_id]) in known
    }
    linked, open_links = link_rows(taken, proposed, actions, standing, repeated)
    _refuse(
        [
            *(Problem("accept_link_open", file, lines[row], "same_event_as", open_links[row]) for row in open_links),
            *_rejected_problems(actions, standing, lines, file),
            *_repeat_problems(linked, standing, lines, file),
        ]
    )
    new = {event_id: row for event_id, row in linked.items() if event_id not in standing}
    counts = Counter(actions.values())
    return Decided(
        rows=tuple(new.values()),
        lines=tuple(lines[event_id] for event_id in new),
        accepted=counts["accept"],
        corrected=counts["correct"],
        rejected=counts["reject"],
        undecided=len(proposed) - len(decided),
        present=len(linked) - len(new),
        relinked=sum(row["same_event_as"] != taken[event_id]["same_event_as"] for event_id, row in new.items()),
    )


def _numbered(frame: pd.DataFrame) -> list[tuple[int, Row]]:
    """Rows with their lines."""
    rows = ({str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records"))
    return [(int(str(line)), row) for line, row in zip(frame.index, rows, strict=True)]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise DataError(sorted(problems, key=lambda problem: problem.row or 0))


def _taken(proposal: Row, decision: Row) -> Row:
    chosen = proposal if decision["action"] == "accept" else decision
    return {name: chosen[name] for name in EVENT_COLUMNS}


def _decision_problems(proposed: Mapping[str, Row], decided: Sequence[tuple[int, Row]], file: str) -> list[Problem]:
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for line, row in decided:
        event_id, action = row["event_id"], row["action"]
        if event_id not in proposed:
            near = nearest_match(event_id, proposed) if event_id and len(problems) < SHOWN_PROBLEMS else ""
            problems.append(Problem("accept_unknown_proposal", file, line, "event_id", event_id[:80], near))
        elif event_id in first:
            fields = {"first": str(first[event_id])}
            problems.append(Problem("cell_twice", file, line, "event_id", event_id, fields=fields))
        if action not in ACTIONS:
            fields = {"allowed": ", ".join(ACTIONS)}
            problems.append(
                Problem("accept_action", file, line, "action", action[:80], nearest_match(action, ACTIONS), fields)
            )
        first.setdefault(event_id, line)
    return problems


def _content_problems(proposal: Row, decision: Row, line: int, file: str) -> list[Problem]:
    """What an accepted or corrected row may not say. A row that only says ``accept`` leaves its cells empty."""
    names = EVENT_COLUMNS[1:]
    if decision["action"] == "accept" and any(decision[name] for name in names):
        return [
            Problem("accept_differs", file, line, name, decision[name][:80], proposal[name][:80])
            for name in names
            if decision[name] != proposal[name]
        ]
    if decision["action"] == "correct" and decision["source_id"] != proposal["source_id"]:
        return [Problem("accept_source", file, line, "source_id", decision["source_id"][:80], proposal["source_id"])]
    return []


def _rejected_problems(
    actions: Mapping[str, str], standing: Mapping[str, tuple[int, Row]], lines: Mapping[str, int], file: str
) -> list[Problem]:
    rejected = [event_id for event_id, action in actions.items() if action == "reject" and event_id in standing]
    told = {event_id: {"line": str(standing[event_id][0])} for event_id in rejected}
    return [
        Problem("accept_rejected_there", file, lines[row], "event_id", row, fields=fields)
        for row, fields in told.items()
    ]


def _repeat_problems(
    rows: Mapping[str, Row], standing: Mapping[str, tuple[int, Row]], lines: Mapping[str, int], file: str
) -> list[Problem]:
    problems = []
    known = {_repeat_key(row): ("data/raw/events.csv", line, event_id) for event_id, (line, row) in standing.items()}
    for event_id, row in rows.items():
        if event_id in standing:
            line, there = standing[event_id]
            different = [name for name in EVENT_COLUMNS if there[name] != row[name]]
            if different:
                fields = {"line": str(line), "columns": ", ".join(different)}
                problems.append(Problem("accept_there", file, lines[event_id], "event_id", event_id, fields=fields))
            continue
        key = _repeat_key(row)
        if key in known:
            where, line, other = known[key]
            fields = {"other": other, "file": where, "line": str(line)}
            problems.append(Problem("accept_repeated", file, lines[event_id], "event_id", event_id, fields=fields))
        known.setdefault(key, (file, lines[event_id], event_id))
    return problems


def _repeat_key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(";".join(sorted(part.strip() for part in row[name].split(";"))) for name in REPEATED_BY)
