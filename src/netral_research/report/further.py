"""An annex of the report: what was tried beside the main comparison, and why some of it was refused."""

from __future__ import annotations

import pandas as pd

from netral_research.report.blocks import Block, Column, Section
from netral_research.report.described import vulnerability_rows
from netral_research.report.writer import Cell, Writer, data_address


def further(writer: Writer) -> Section:
    """Provinces pooled, rankings, shares of stages, first events, missed events and unreported violations."""
    sections = [_part(writer, "first_events", "first_events" + ("" if _studied(writer) else "_refused"))]
    if writer.has("model.rankings_zero_share_lowest"):
        sections.append(_part(writer, "rankings", "rankings", (_rankings(writer),)))
    if writer.has("model.regions_pooled"):
        named = int(str(writer.chosen("model.regions_named_dose")))
        sections.append(_part(writer, "pooled", "pooled_some" if named else "pooled_none"))
    refused = writer.table("model", "case_flow_refused")
    if len(refused):
        sections.append(_part(writer, "shares", "shares", (_refused(writer, refused),)))
    if writer.has("robustness.corrected_ratio"):
        sections.append(_part(writer, "dose_error", "dose_error"))
    if writer.has("robustness.under_reporting_refusal"):
        sections.append(_part(writer, "unreported", "unreported"))
    if len(writer.table("describe", "vulnerability")):
        sections.append(_part(writer, "vulnerability", "vulnerability", (vulnerability_rows(writer),)))
    return Section("further", writer.say("further.heading"), (writer.paragraph("further.first"),), tuple(sections))


def _studied(writer: Writer) -> bool:
    return bool(len(writer.table("model", "event_study")))


def _part(writer: Writer, name: str, sentence: str, blocks: tuple[Block, ...] = ()) -> Section:
    heading, told = writer.say(f"further.{name}_heading"), writer.paragraph(f"further.{sentence}")
    return Section(f"further-{name.replace('_', '-')}", heading, (told, *blocks))


def _rankings(writer: Writer) -> Block:
    table = writer.table("model", "rankings")
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("further.col_list"), is_row_header=True),
            lambda r: f"{writer.term('institution', r['institution'])}, {writer.day(r['as_of'])}",
        ),
        (
            Column(writer.word("further.col_what")),
            lambda r: f"{writer.term('stage', r['stage'])}, {writer.term('measure', r['measure'])}",
        ),
        (Column(writer.word("further.col_exact"), "end"), lambda r: writer.number(r["listed"])),
        (Column(writer.word("further.col_sum"), "end"), lambda r: writer.number(r["sum"])),
        (
            Column(writer.word("further.col_rate"), "end"),
            lambda r: "{} ({}–{})".format(
                *(writer.number(r[name], "decimal_1") for name in ("rate", "rate_lower", "rate_upper"))
            ),
        ),
        (Column(writer.word("further.col_zero"), "end"), lambda r: writer.number(r["zero_rate"], "decimal_1")),
    ]
    return writer.rows(
        "rankings-table", writer.say("further.rankings_caption"), table[table["refusal"].fillna("") == ""], columns,
        data_address=data_address("model", "rankings"),
    )  # fmt: skip


def _refused(writer: Writer, refused: pd.DataFrame) -> Block:
    counted = refused.groupby(["numerator", "reason"]).size().rename("number").reset_index()
    counted = counted.sort_values(["numerator", "number", "reason"], ascending=[True, False, True])
    columns: list[tuple[Column, Cell]] = [
        (Column(writer.word("further.col_reason"), is_row_header=True), lambda r: writer.term("unpaired", r["reason"])),
        (Column(writer.word("further.col_stage")), lambda r: writer.term("stage", r["numerator"])),
        (Column(writer.word("further.col_number"), "end"), lambda r: writer.number(r["number"])),
    ]
    return writer.rows(
        "unpaired-table", writer.say("further.shares_caption"), counted, columns,
        data_address=data_address("model", "case_flow_refused"),
    )  # fmt: skip
