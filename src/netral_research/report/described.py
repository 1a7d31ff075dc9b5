"""Parts of the report beside the rates: the funnel, breakdowns, the vulnerability index, and where bodies differ."""

from __future__ import annotations

import pandas as pd

from netral_research.describe.province_funnel import draw_funnel
from netral_research.language import locale_texts
from netral_research.report.blocks import Block, Callout, Column, Section
from netral_research.report.inline import Content, Inline, Plain
from netral_research.report.writer import Cell, Row, Writer, data_address

DIMENSIONS = ("position", "type")
BREAKDOWN = ["dimension", "election_cycle", "institution", "as_of"]


def funnel(writer: Writer) -> tuple[Block, ...]:
    """Which rates lie outside the limits within which provinces cannot be told apart; or why nobody can say."""
    if not writer.has("describe.funnel_provinces"):
        return (writer.paragraph("reported.funnel_refused"),)
    found = writer.result("describe", "funnel")
    sides = [side for side in ("above", "below") if writer.has(f"describe.funnel_{side}")]
    wide = writer.chosen("describe.funnel_overdispersed") == "wide"
    return (
        writer.paragraph("reported.funnel_lead" if wide else "reported.funnel_lead_chance"),
        *(writer.paragraph(f"reported.funnel_{side}") for side in sides),
        writer.figure(
            "funnel",
            "reported.funnel",
            lambda narrow: draw_funnel(
                found.table, writer.register.names, writer.study.outcome.counted, writer.language, narrow
            ),
            found,
            data_address("describe", "funnel"),
            heading=writer.say(f"reported.funnel_heading_{'outside' if sides else 'plain'}"),
            note=writer.say("reported.funnel_note"),
        ),
        Callout(
            "caution", writer.say("reported.funnel_caution_heading"), (writer.paragraph("reported.funnel_caution"),)
        ),
    )


def breakdowns(writer: Writer) -> tuple[Section, ...]:
    """National breakdowns by position and by type, each as its institution told it; nothing where none was told."""
    parts = writer.table("describe", "breakdown_parts")
    told = writer.table("describe", "breakdowns_told").merge(
        parts.loc[parts["fullest"].astype(bool), BREAKDOWN].drop_duplicates(), on=BREAKDOWN
    )
    if told.empty or not writer.has("describe.breakdowns_left_out_lowest"):
        return ()
    tables = [
        _breakdown_table(writer, dimension, told[told["dimension"] == dimension], parts)
        for dimension in DIMENSIONS
        if (told["dimension"] == dimension).any()
    ]
    return (Section("breakdowns", writer.say("breakdowns.heading"), (writer.paragraph("breakdowns.first"), *tables)),)


def _breakdown_table(writer: Writer, dimension: str, told: pd.DataFrame, parts: pd.DataFrame) -> Block:
    columns: list[tuple[Column, Cell]] = [
        (Column(writer.word("breakdowns.col_who"), is_row_header=True, share=4), lambda r: _whose(writer, r)),
        (Column(writer.word("breakdowns.col_parts"), share=11), lambda r: _parts(writer, r, parts)),
        (Column(writer.word("breakdowns.col_left_out"), share=3), lambda r: _left_out(writer, r)),
    ]
    return writer.rows(
        f"breakdown-{dimension}",
        writer.say(f"breakdowns.{dimension}_caption"),
        told,
        columns,
        notes=(writer.say("breakdowns.note_interval"),),
        source=writer.say("breakdowns.source"),
        data_address=data_address("describe", "breakdown_parts"),
        dense=True,
    )


def _whose(writer: Writer, row: Row) -> Content:
    words = {
        "institution": writer.term("institution", row["institution"]),
        "cycle": writer.term("cycle", row["election_cycle"]),
        "day": writer.day(row["as_of"]),
    }
    if _absent(row["total"]) or row["unit"] == "share":
        return writer.say("breakdowns.whose", **words)
    return writer.say("breakdowns.whose_total", **words, total=writer.number(row["total"]))


def _parts(writer: Writer, row: Row, parts: pd.DataFrame) -> Content:
    own = parts[(parts[BREAKDOWN] == pd.Series({name: row[name] for name in BREAKDOWN})).all(axis=1)]
    pieces: list[Inline] = []
    for _, told in own.iterrows():
        part = {str(name): cell for name, cell in told.items()}
        start = "; " if pieces else ""
        pieces.append(Plain(f"{start}{_category(writer, part)} "))
        pieces += _part_figure(writer, part)
    return tuple(pieces)


def _category(writer: Writer, part: Row) -> str:
    """A category's label; one that is new in the data is told as its source does, or by its code."""
    label = locale_texts(writer.language).get(f"vocabulary.breakdown_{part['dimension']}.{part['category']}")
    as_coded = part["category_id"] if writer.language == "id" else str(part["category"]).replace("_", " ")
    return label or str(as_coded)


def _part_figure(writer: Writer, part: Row) -> tuple[Inline, ...]:
    if _absent(part["share"]):
        return (Plain(writer.number(part["count"])),)
    share = writer.number(part["share"], "percent_1")
    if _absent(part["count"]):
        return (Plain(share),)
    words = {"share": share, "count": writer.number(part["count"])}
    if _absent(part["share_lower"]):
        return writer.say("breakdowns.share_count", **words)
    limits = {name: writer.number(part[f"share_{name}"], "percent_1") for name in ("lower", "upper")}
    return writer.say("breakdowns.share_interval", **words, **limits)


def _left_out(writer: Writer, row: Row) -> Content:
    if row["verdict"] == "complete":
        return writer.word("breakdowns.none_left")
    if _absent(row["left_out"]):
        return writer.say("breakdowns.unknown_left", why=writer.term("breakdown_verdict", row["verdict"]))
    return writer.number(row["left_out"], "percent_1")


def _absent(number: object) -> bool:
    return bool(pd.isna(number))  # type: ignore[call-overload]


def vulnerability(writer: Writer) -> tuple[Section, ...]:
    """What the index of vulnerability and the rates reported afterwards say together; nothing where none fits."""
    if writer.table("describe", "vulnerability").empty:
        return ()
    verdict = writer.chosen("describe.vulnerability_verdict")
    told = writer.paragraph("vulnerability.first"), writer.paragraph(f"vulnerability.verdict_{verdict}")
    return (Section("vulnerability", writer.say("vulnerability.heading"), told),)


def vulnerability_rows(writer: Writer) -> Block:
    """Every rated province with the count told after the rating, for the annex."""
    table = writer.table("describe", "vulnerability")
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("vulnerability.col_province"), is_row_header=True, share=4),
            lambda r: writer.region(r["province_code"]),
        ),
        (Column(writer.word("vulnerability.col_index"), share=8), lambda r: _edition(writer, r)),
        (Column(writer.word("vulnerability.col_rank"), "end", share=3), lambda r: writer.number(r["rank"])),
        (
            Column(writer.word("vulnerability.col_score"), "end", share=3),
            lambda r: _number_or(writer, r["score"], "decimal_1", "vulnerability.no_score"),
        ),
        (Column(writer.word("vulnerability.col_count"), share=6), lambda r: _count_beside(writer, r)),
        (Column(writer.word("vulnerability.col_rate"), "end", share=5), lambda r: _rate_beside(writer, r)),
    ]
    return writer.rows(
        "vulnerability-table",
        writer.say("vulnerability.caption"),
        table[table["rank"].notna()],
        columns,
        notes=(writer.say("vulnerability.note"),),
        source=writer.say("vulnerability.source"),
        data_address=data_address("describe", "vulnerability"),
        dense=True,
    )


def _edition(writer: Writer, row: Row) -> str:
    told = writer.day(row["published"])
    return f"{told}, {writer.term('aggregate', row['aggregate'])}" if row["aggregate"] else told


def _number_or(writer: Writer, number: object, style: str, otherwise: str) -> str:
    return writer.word(otherwise) if _absent(number) else writer.number(number, style)


def _count_beside(writer: Writer, row: Row) -> str:
    if _absent(row["rate"]):
        return writer.term("beside", row["known"])
    institution = writer.term("institution", row["institution"])
    return f"{writer.number(row['value'])}, {writer.day(row['as_of'])}, {institution}"


def _rate_beside(writer: Writer, row: Row) -> Content:
    if _absent(row["rate"]):
        return writer.word("vulnerability.no_rate")
    words = {
        "rate": writer.number(row["rate"], "decimal_2"),
        "lower": writer.number(row["rate_lower"], "decimal_2"),
        "upper": writer.number(row["rate_upper"], "decimal_2"),
    }
    return writer.say("vulnerability.rate", **words)


def apart(writer: Writer) -> tuple[Section, ...]:
    """Where two institutions give different figures for the same thing; nothing where none do."""
    table = writer.table("describe", "institutions_apart")
    if not writer.has("describe.apart_ratio"):
        return ()
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("apart.col_what"), is_row_header=True, share=6),
            lambda r: f"{_place(writer, r)}, {writer.term('cycle', r['election_cycle'])}",
        ),
        (
            Column(writer.word("apart.col_counted"), share=4),
            lambda r: writer.term("counted", f"{r['stage']}_{r['measure']}"),
        ),
        *(
            (Column(writer.word(f"apart.col_{side}"), share=6), lambda r, side=side: _figure_told(writer, r, side))
            for side in ("low", "high")
        ),
        (
            Column(writer.word("apart.col_ratio"), "end", share=3),
            lambda r: _number_or(writer, r["ratio"], "decimal_2", "apart.no_ratio"),
        ),
    ]  # fmt: skip
    block = writer.rows(
        "apart-table",
        writer.say("apart.caption"),
        table,
        columns,
        source=writer.say("reported.source"),
        data_address=data_address("describe", "institutions_apart"),
        dense=True,
    )
    return (Section("apart", writer.say("apart.heading"), (writer.paragraph("apart.first"), block)),)


def _place(writer: Writer, row: Row) -> str:
    return writer.region(row["region_code"]) if row["region_code"] else writer.word("apart.nation")


def _figure_told(writer: Writer, row: Row, side: str) -> str:
    institution = writer.term("institution", row[f"institution_{side}"])
    return f"{writer.number(row[f'value_{side}'])}, {institution}, {writer.day(row[f'as_of_{side}'])}"


def contradictions_by_cycle(writer: Writer) -> Block:
    """Contradictions by kind and cycle, as numbers."""
    counted = writer.table("describe", "contradictions_by_cycle")
    wide = counted.pivot_table(index="kind", columns="election_cycle", values="number", aggfunc="sum", fill_value=0)
    cycles = [cycle for cycle in writer.study.study.cycles if cycle in wide.columns]
    others = [cycle for cycle in wide.columns if cycle not in cycles]
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("conflicts.col_kind"), is_row_header=True, share=6),
            lambda r: writer.term("conflict", r["kind"]),
        ),
        *(
            (Column(writer.terms("cycle", cycle), "end", share=3), lambda r, cycle=cycle: writer.number(r[cycle]))
            for cycle in (*cycles, *others)
        ),
    ]  # fmt: skip
    return writer.rows(
        "conflict-cycles",
        writer.say("conflicts.cycles_caption"),
        wide.reset_index(),
        columns,
        data_address=data_address("describe", "contradictions_by_cycle"),
    )
