"""The annexes of the report: method, notes on the data, contradictions and sources."""

from __future__ import annotations

import pandas as pd

from netral_research.report.blocks import Block, Column, Section, TableBlock
from netral_research.report.described import contradictions_by_cycle
from netral_research.report.further import further
from netral_research.report.inline import Code, Content, Link, Plain
from netral_research.report.reading import reading_quality
from netral_research.report.writer import Cell, Row, Writer, data_address

CLEANINGS = ("clean_events", "clean_violations")


def annexes(writer: Writer, sources: pd.DataFrame) -> tuple[Section, ...]:
    """All annexes but the provenance of the numbers, in order.

    Parameters
    ----------
    writer : Writer
    sources : pandas.DataFrame
        ``data/raw/sources.csv`` as text.

    Returns
    -------
    tuple of Section
    """
    return method(writer), further(writer), data_notes(writer), contradictions(writer), source_list(writer, sources)


def method(writer: Writer) -> Section:
    """How the numbers were made."""
    parts = [_method_part(writer, name, name) for name in ("flow", "limits")]
    if writer.has("model.rate_ratio"):
        parts.append(_method_part(writer, "model", "model"))
        parts.append(_method_part(writer, "check", f"check_{writer.chosen('model.implementations_agree')}"))
    parts += [_method_part(writer, name, name) for name in ("search", "coding")]
    return Section("method", writer.say("method.heading"), sections=tuple(parts))


def _method_part(writer: Writer, name: str, sentence: str) -> Section:
    return Section(f"method-{name}", writer.say(f"method.{name}_heading"), (writer.paragraph(f"method.{sentence}"),))


def data_notes(writer: Writer) -> Section:
    """What became of every raw row, how well articles are read, and what people decided."""
    accounts = pd.concat([writer.table(stage, "accounting") for stage in CLEANINGS]).drop_duplicates("file")
    numbers = (("in", "rows_in"), ("clean", "clean"), ("merged", "merged"), ("rejected", "rejected"))
    columns: list[tuple[Column, Cell]] = [
        (Column(writer.word("data.col_file"), is_row_header=True), lambda r: _code(r["file"])),
        *(
            (Column(writer.word(f"data.col_{key}"), "end"), lambda r, name=name: writer.number(r[name]))
            for key, name in numbers
        ),
    ]
    accounting = writer.rows(
        "accounting-table", writer.say("data.accounting_caption"), accounts, columns,
        data_address=data_address("clean_violations", "accounting"),
    )  # fmt: skip
    decisions = Section(
        "decisions",
        writer.say("data.decisions_heading"),
        (writer.paragraph("data.decisions"), _decisions_table(writer)),
    )
    return Section(
        "data",
        writer.say("data.heading"),
        (writer.paragraph("data.first"), accounting),
        (*reading_quality(writer), decisions),
    )


def _decisions_table(writer: Writer) -> Block:
    decisions = pd.concat([writer.table(stage, "decisions_applied") for stage in CLEANINGS]).sort_values("decision_id")
    columns: list[tuple[Column, Cell]] = [
        (Column(writer.word("data.col_row"), is_row_header=True, share=2), lambda r: _code(r["row_id"])),
        (Column(writer.word("data.col_action"), share=5), lambda r: _action(writer, r)),
        (Column(writer.word("data.col_reason"), share=11), lambda r: str(r[f"reason_{writer.language}"])),
        (Column(writer.word("data.col_basis"), share=2), lambda r: writer.term("basis", r["basis"])),
    ]
    return writer.rows(
        "decisions-table", writer.say("data.decisions_caption"), decisions, columns, dense=True,
        data_address=data_address("clean_violations", "decisions_applied"),
    )  # fmt: skip


def _code(name: object) -> Content:
    return (Code(str(name)),)


def _action(writer: Writer, row: Row) -> Content:
    done = writer.term("action", row["action"])
    if row["action"] == "merge":
        return (Plain(f"{done}: "), *writer.say("data.merge", row=str(row["value"])))
    if row["action"] == "recode":
        empty = writer.word("data.empty")
        change = writer.say(
            "data.change",
            field=str(row["field"]),
            before=str(row["value_before"]) or empty,
            after=str(row["value"]) or empty,
        )
        return (Plain(f"{done}: "), *change)
    return done


def contradictions(writer: Writer) -> Section:
    """All contradictions that the cleaning found, by kind and one by one."""
    found = pd.concat([writer.table(stage, "conflicts") for stage in CLEANINGS], ignore_index=True)
    kinds = found["kind"].value_counts().sort_index().rename_axis("kind").rename("number").reset_index()
    by_kind = writer.rows(
        "conflict-kinds",
        writer.say("conflicts.kinds_caption"),
        kinds,
        [
            (
                Column(writer.word("conflicts.col_kind"), is_row_header=True, share=4),
                lambda r: writer.term("conflict", r["kind"]),
            ),
            (Column(writer.word("conflicts.col_meaning"), share=9), lambda r: writer.term("conflict_long", r["kind"])),
            (Column(writer.word("conflicts.col_number"), "end", share=2), lambda r: writer.number(r["number"])),
        ],
    )
    every = writer.rows(
        "conflict-list",
        writer.say("conflicts.list_caption"),
        found,
        [
            (Column(writer.word("conflicts.col_id"), is_row_header=True, share=2), lambda r: _code(r["conflict_id"])),
            (Column(writer.word("conflicts.col_kind"), share=5), lambda r: writer.term("conflict", r["kind"])),
            (Column(writer.word("conflicts.col_cycle"), share=3), lambda r: writer.terms("cycle", r["election_cycle"])),
            (Column(writer.word("conflicts.col_rows"), share=11), lambda r: str(r["told"]).replace(";", "; ")),
        ],
        dense=True,
        data_address=data_address("clean_violations", "conflicts"),
    )
    blocks = (writer.paragraph("conflicts.first"), by_kind, contradictions_by_cycle(writer), every)
    return Section("conflicts", writer.say("conflicts.heading"), blocks)


def source_list(writer: Writer, sources: pd.DataFrame) -> Section:
    """The sources behind the events and counts, each with its address."""
    used = {
        "events": _source_ids(writer.table("clean_events", "events")),
        "violations": _source_ids(writer.table("clean_violations", "violations")),
    }
    kept = sources[sources["source_id"].isin(used["events"] | used["violations"])].sort_values("source_id")
    columns: list[tuple[Column, Cell]] = [
        (Column(writer.word("sources.col_id"), is_row_header=True, share=2), lambda r: _code(r["source_id"])),
        (
            Column(writer.word("sources.col_publisher"), share=4),
            lambda r: str(r["publisher"]) or writer.word("sources.no_publisher"),
        ),
        (Column(writer.word("sources.col_title"), share=10), lambda r: _title(writer, r)),
        (
            Column(writer.word("sources.col_published"), share=3),
            lambda r: writer.day(r["published"]) if r["published"] else writer.word("sources.no_date"),
        ),
        (Column(writer.word("sources.col_used"), share=3), lambda r: _use(writer, str(r["source_id"]), used)),
    ]
    table: TableBlock = writer.rows(
        "sources-table",
        writer.say("sources.caption"),
        kept,
        columns,
        dense=True,
        data_address=data_address("raw", "sources"),
    )
    return Section("sources", writer.say("sources.heading"), (writer.paragraph("sources.first"), table), wide=True)


def _source_ids(table: pd.DataFrame) -> set[str]:
    return set(table["source_ids"].str.split(";").explode())


def _title(writer: Writer, source: Row) -> Content:
    title = str(source["title"]) or writer.word("sources.no_title")
    return (Link(title, str(source["url"])),) if source["url"] else title


def _use(writer: Writer, source: str, used: dict[str, set[str]]) -> str:
    kinds = [kind for kind in ("events", "violations") if source in used[kind]]
    return writer.word(f"sources.used_{'both' if len(kinds) == 2 else kinds[0]}")
