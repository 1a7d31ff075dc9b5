"""What a person has decided about raw rows, applied; the raw files stay as they were."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from netral_research.errors import DataError, Problem, nearest_match

DECISIONS = "data/raw/decisions.csv"


@dataclass(frozen=True)
class Decided:
    """A raw table after a person's decisions.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows that stay, with recoded fields; same index (line of the raw file).
    rejects : pandas.DataFrame
        Rows taken out: ``file``, ``row``, ``row_id``, ``column``, ``value``, ``reason_id``, ``reason_en``,
        ``suggestion``.
    merges : dict of str to str
        Row id to the row id that reports the same thing.
    applied : pandas.DataFrame
        Every decision with the value it found.
    """

    frame: pd.DataFrame
    rejects: pd.DataFrame
    merges: dict[str, str]
    applied: pd.DataFrame


REJECT_COLUMNS = ("file", "row", "row_id", "column", "value", "reason_id", "reason_en", "suggestion")


def apply_decisions(frame: pd.DataFrame, decisions: pd.DataFrame, file: str, key: str) -> Decided:
    """Apply the decisions about one raw table.

    Parameters
    ----------
    frame : pandas.DataFrame
        Raw rows as text.
    decisions : pandas.DataFrame
        ``data/raw/decisions.csv``.
    file : {"events.csv", "violations.csv"}
    key : str
        Column of ``frame`` with the row ids.

    Returns
    -------
    Decided

    Raises
    ------
    DataError
        If a decision names a row or a field that does not exist, contradicts another one, or merges into a row that is
        gone.

    Examples
    --------
    >>> frame = pd.DataFrame({"event_id": ["E1", "E2"], "organiser": ["BKD", "BKD"]}, index=[2, 3])
    >>> decisions = pd.DataFrame([{"decision_id": "D1", "file": "events.csv", "row_id": "E2", "action": "exclude",
    ...     "field": "", "value": "", "reason_id": "Bukan netralitas ASN.", "reason_en": "Not ASN neutrality."}])
    >>> decided = apply_decisions(frame, decisions, "events.csv", "event_id")
    >>> decided.frame["event_id"].tolist(), decided.rejects["row_id"].tolist()
    (['E1'], ['E2'])
    """
    mine = decisions[decisions["file"] == file]
    _check(frame, mine, key)
    lines = {str(cell): int(str(line)) for line, cell in frame[key].items()}
    changed = frame.copy()
    found = []
    for row in mine.itertuples():
        if row.action != "recode":
            found.append("")
            continue
        line, column = lines[str(row.row_id)], str(row.field)
        found.append(str(changed.at[line, column]))
        changed.at[line, column] = str(row.value)
    excluded = mine[mine["action"] == "exclude"]
    merges = mine[mine["action"] == "merge"]
    applied = mine.drop(columns="file").assign(file=file, value_before=pd.Series(found, index=mine.index, dtype="str"))
    return Decided(
        frame=changed[~changed[key].isin(set(excluded["row_id"]))],
        rejects=_rejects(excluded, file, lines),
        merges=dict(zip(merges["row_id"], merges["value"], strict=True)),
        applied=applied.reset_index(drop=True),
    )


def _rejects(excluded: pd.DataFrame, file: str, lines: dict[str, int]) -> pd.DataFrame:
    rows = [
        (f"data/raw/{file}", lines[str(row.row_id)], row.row_id, "", "", row.reason_id, row.reason_en, row.decision_id)
        for row in excluded.itertuples()
    ]
    kinds = dict.fromkeys(REJECT_COLUMNS, "str") | {"row": "int64"}
    return pd.DataFrame(rows, columns=list(REJECT_COLUMNS)).astype(kinds)


def _check(frame: pd.DataFrame, decisions: pd.DataFrame, key: str) -> None:
    ids = set(frame[key])
    gone = set(decisions.loc[decisions["action"] == "exclude", "row_id"])
    merged = set(decisions.loc[decisions["action"] == "merge", "row_id"])
    problems = []
    for line, row in decisions.iterrows():
        where = int(str(line))
        if row["row_id"] not in ids:
            problems.append(
                Problem("decision_row", DECISIONS, where, "row_id", row["row_id"], nearest_match(row["row_id"], ids))
            )
        if row["action"] == "recode" and (row["field"] not in frame.columns or row["field"] == key):
            nearest = nearest_match(row["field"], frame.columns)
            problems.append(Problem("decision_field", DECISIONS, where, "field", row["field"], nearest))
        if row["action"] == "merge" and (row["value"] not in ids or row["value"] in gone | merged):
            problems.append(
                Problem("decision_merge", DECISIONS, where, "value", row["value"], nearest_match(row["value"], ids))
            )
        if row["action"] != "exclude" and row["row_id"] in gone:
            problems.append(Problem("decision_twice", DECISIONS, where, "row_id", row["row_id"]))
    twice = decisions[decisions.duplicated(["row_id", "action", "field"])]
    problems += [
        Problem("decision_twice", DECISIONS, int(str(line)), "row_id", row["row_id"]) for line, row in twice.iterrows()
    ]
    if problems:
        raise DataError(problems)
