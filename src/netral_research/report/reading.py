"""The part of the data annex that tells how well the toolkit reads articles."""

from __future__ import annotations

import math

import pandas as pd

from netral_research.code.tallies import CATEGORIES, EVENT
from netral_research.language import text
from netral_research.report.blocks import Block, Column, Section, TableBlock
from netral_research.report.writer import NO_BREAK, Cell, Row, Writer, data_address

SHOWN_CONFUSIONS = 10
NOT_MEASURED = "–"
RANGE = "\N{WORD JOINER}–\N{WORD JOINER}"
# Vocabulary that labels a field's terms, where it has another name than the field.
_VOCABULARIES = {"election_cycle": "cycle"}


def reading_quality(writer: Writer) -> tuple[Section, ...]:
    """How well the coder reads, beside the second reader; nothing where the project keeps no texts.

    Parameters
    ----------
    writer : Writer

    Returns
    -------
    tuple of Section
        One section or none.
    """
    if not (writer.has("code.event_recall") and writer.has("code.event_precision")):
        return ()
    measured = "held_out" if writer.chosen("code.sample") == "held_out" else "all"
    blocks: list[Block] = [writer.paragraph(f"reading.{name}") for name in ("people", measured)]
    blocks += [_field_table(writer), writer.paragraph("reading.meaning")]
    if writer.has("code.same_event_as_recall") and measured == "held_out":
        blocks.append(writer.paragraph("reading.links"))
    confusions = _most_frequent(writer.table("code", "evaluation_confusions"))
    if len(confusions):
        blocks += [writer.paragraph("reading.confusions")] if measured == "held_out" else []
        blocks.append(_confusion_table(writer, confusions))
    return (Section("reading", writer.say("reading.heading"), tuple(blocks)),)


def _field_table(writer: Writer) -> TableBlock:
    def share(name: str) -> Cell:
        return lambda r: NOT_MEASURED if _is_missing(r[name]) else writer.number(r[name], "decimal_2")

    def kappa(row: Row) -> str:
        second = row["kappa_second_reader"]
        beside = "" if _is_missing(second) else f"{NO_BREAK}({writer.number(second, 'decimal_2')})"
        return f"{share('kappa')(row)}{beside}"

    columns: list[tuple[Column, Cell]] = [
        (Column(writer.word("reading.col_field"), is_row_header=True, share=6), lambda r: _field(writer, r)),
        (
            Column(writer.word("reading.col_figure"), share=7),
            lambda r: text(writer.language, f"evaluation.figure.{r['figure']}"),
        ),
        (Column(writer.word("reading.col_n"), "end", share=4), lambda r: writer.number(r["n"])),
        (Column(writer.word("reading.col_toolkit"), "end", share=4), share("value")),
        (
            Column(writer.word("reading.col_interval"), "end", share=5),
            lambda r: RANGE.join(writer.number(r[name], "decimal_2") for name in ("lower", "upper")),
        ),
        (Column(writer.word("reading.col_second"), "end", share=4), share("second_reader")),
        (Column(writer.word("reading.col_kappa"), "end", share=5), kappa),
    ]
    return writer.rows(
        "reading-table",
        writer.say("reading.caption"),
        writer.table("code", "evaluation_fields"),
        columns,
        notes=(writer.say("reading.note_measures"), writer.say("reading.note_interval")),
        data_address=data_address("code", "evaluation"),
    )


def _is_missing(cell: object) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def _field(writer: Writer, row: Row) -> str:
    return text(writer.language, f"evaluation.field.{row['field']}")


def _most_frequent(confusions: pd.DataFrame) -> pd.DataFrame:
    """The most frequent differences in fields whose terms a reader knows from the report."""
    known = confusions[confusions["field"].isin((EVENT, *CATEGORIES))]
    return known.sort_values("n", ascending=False, kind="stable").head(SHOWN_CONFUSIONS)


def _confusion_table(writer: Writer, confusions: pd.DataFrame) -> TableBlock:
    columns: list[tuple[Column, Cell]] = [
        (Column(writer.word("reading.col_field"), is_row_header=True), lambda r: _field(writer, r)),
        (Column(writer.word("reading.col_coded")), lambda r: _term(writer, r, "coded")),
        (Column(writer.word("reading.col_proposed")), lambda r: _term(writer, r, "proposed")),
        (Column(writer.word("reading.col_n"), "end"), lambda r: writer.number(r["n"])),
    ]
    return writer.rows(
        "reading-confusions",
        writer.say("reading.confusions_caption"),
        confusions,
        columns,
        data_address=data_address("code", "evaluation_confusions"),
    )


def _term(writer: Writer, row: Row, side: str) -> str:
    field, term = str(row["field"]), str(row[side])
    if not term:
        return writer.word("reading.nothing")
    return _field(writer, row) if field == EVENT else writer.term(_VOCABULARIES.get(field, field), term)
