"""An evaluation of the coder as aligned text for the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from netral_research.language import format_number, text

if TYPE_CHECKING:
    import pandas as pd

    from netral_research.workflow.evaluating import Evaluation

SHOWN_CONFUSIONS = 15
# Differences in these are many and tell little: they stand in the saved comparison.
LEFT_OUT = ("co_organisers", "participants", "themes")
LINK = "same_event_as"
GAP = "  "

Row = dict[Any, Any]


def describe_evaluation(evaluation: Evaluation, language: str, against: pd.DataFrame | None = None) -> str:
    """Tell an evaluation: figures by field and sample, then the most frequent confusions.

    Parameters
    ----------
    evaluation : Evaluation
    language : {"id", "en"}
    against : pandas.DataFrame, optional
        Figures of an earlier evaluation.

    Returns
    -------
    str
    """
    parts = [_heading(evaluation, language), *_figure_lines(evaluation, language, against)]
    if LINK in set(evaluation.figures["field"]):
        parts += ["", text(language, "evaluation.told.links")]
    confusions = _confusion_lines(evaluation, language)
    if confusions:
        parts += ["", text(language, "evaluation.told.confusions"), *confusions]
    return "\n".join(parts)


def _heading(evaluation: Evaluation, language: str) -> str:
    lines = [text(language, "evaluation.told.articles", count=sum(evaluation.articles.values()))]
    if len(evaluation.articles) > 1:
        lines += [
            text(language, f"evaluation.told.{sample}", count=count)
            for sample, count in sorted(evaluation.articles.items(), reverse=True)
        ]
    figures = evaluation.figures
    without = int(figures.loc[figures["figure"] == "articles_without", "n"].sum())
    if without:
        lines.append(text(language, "evaluation.told.without", count=without))
    if evaluation.unread:
        lines.append(text(language, "evaluation.told.unread", count=evaluation.unread))
    return "\n".join([*lines, ""])


def _figure_lines(evaluation: Evaluation, language: str, against: pd.DataFrame | None) -> list[str]:
    figures = evaluation.figures
    samples = tuple(dict.fromkeys(figures["sample"]))
    found = _by_key(figures, ("sample", "field", "figure"))
    before = None if against is None else _by_key(against, ("sample", "field", "figure"))
    second = _by_key(evaluation.second_reader, ("field", "figure"))
    rows, last = [_head(samples, language, with_change=before is not None)], ""
    for field, figure in dict.fromkeys(zip(figures["field"], figures["figure"], strict=True)):
        reader = second.get((field, figure))
        row = [
            text(language, f"evaluation.field.{field}") if field != last else "",
            text(language, f"evaluation.figure.{figure}"),
            format_number(float(reader["value"]), "decimal_2", language) if reader else "",
        ]
        for sample in samples:
            row += _cells(found.get((sample, field, figure)), language, field)
            if before is not None:
                row.append(_change(found.get((sample, field, figure)), before.get((sample, field, figure)), language))
        rows.append(row)
        last = field
    return _aligned(rows, left=2)


def _by_key(table: pd.DataFrame, names: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    return {tuple(str(row[name]) for name in names): row for row in table.to_dict("records")}


def _head(samples: Sequence[str], language: str, with_change: bool) -> list[str]:
    head = [text(language, f"evaluation.column.{name}") for name in ("field", "figure", "second_reader")]
    for sample in samples:
        head += [text(language, f"evaluation.sample.{sample}"), text(language, "evaluation.column.n")]
        head += [text(language, "evaluation.column.change")] if with_change else []
    return head


def _cells(row: Row | None, language: str, field: str) -> list[str]:
    if row is None:
        return [text(language, "evaluation.told.none_coded") if field == LINK else "", ""]
    value, lower, upper = (format_number(row[name], "decimal_3", language) for name in ("value", "lower", "upper"))
    return [f"{value} [{lower}–{upper}]", str(row["n"])]


def _change(now: Row | None, before: Row | None, language: str) -> str:
    if now is None or before is None:
        return ""
    change = round(now["value"] - before["value"], 3)
    sign = "+" if change > 0 else "−" if change < 0 else "="
    return f"{sign}{format_number(abs(change), 'decimal_3', language)}" if change else sign


def _confusion_lines(evaluation: Evaluation, language: str) -> list[str]:
    table = evaluation.confusions
    shown = table[~table["field"].isin(LEFT_OUT)].sort_values("n", ascending=False, kind="stable")
    rows = [
        [
            str(row["n"]),
            text(language, f"evaluation.field.{row['field']}"),
            f"{row['coded'] or '–'} → {row['proposed'] or '–'}",
            row["source_ids"].replace(";", " "),
        ]
        for row in shown.head(SHOWN_CONFUSIONS).to_dict("records")
    ]
    head = [text(language, f"evaluation.column.{name}") for name in ("n", "field", "confusion", "examples")]
    return [line.rstrip() for line in _aligned([head, *rows], left=4)] if rows else []


def _aligned(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Columns of equal width; the first ones begin on the left, the others end on the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        GAP.join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
