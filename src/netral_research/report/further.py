"""An annex of the report: what was tried beside the main comparison, and why some of it was refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from netral_research.language import locale_texts
from netral_research.report.blocks import Block, Column, Paragraph, Section
from netral_research.report.described import vulnerability_rows
from netral_research.report.headings import curve_heading
from netral_research.report.inline import Content
from netral_research.report.writer import NO_BREAK, Cell, Row, Writer, data_address
from netral_research.robustness.figures import specification_curve_figure
from netral_research.robustness.specifications import DIMENSIONS

# The dimensions that say which counts a specification takes.
COUNTED = ("institution", "stage", "measure")


def further(writer: Writer) -> Section:
    """First events, rankings, rated provinces, provinces pooled, shares of stages, all choices, what was missed."""
    sections = [_part(writer, "first_events", "first_events" + ("" if _studied(writer) else "_refused"))]
    if writer.has("model.rankings_zero_share_lowest"):
        sections.append(_part(writer, "rankings", "rankings", (_rankings(writer),)))
    if len(writer.table("describe", "vulnerability")):
        sections.append(_part(writer, "vulnerability", "vulnerability", (vulnerability_rows(writer),)))
    if writer.has("model.regions_pooled"):
        named = int(str(writer.chosen("model.regions_named_dose")))
        sections.append(_part(writer, "pooled", "pooled_some" if named else "pooled_none"))
    refused = writer.table("model", "case_flow_refused")
    if len(refused):
        sections.append(_part(writer, "shares", "shares", (_refused(writer, refused),)))
    if writer.has("robustness.specifications_median"):
        sections.append(_choices(writer))
    if writer.has("robustness.corrected_ratio"):
        sections.append(_part(writer, "dose_error", "dose_error"))
    if writer.has("robustness.under_reporting_refusal"):
        sections.append(_part(writer, "unreported", "unreported"))
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


def _choices(writer: Writer) -> Section:
    """The specification curve, what it comes to in one sentence, and why each choice is among them."""
    curve = writer.result("robustness", "multiverse")
    others = writer.say("further.choices_others") if _counted(writer, "specifications_refused_other") else ""
    tested = writer.has("robustness.joint_p_median")
    joint = writer.say("further.choices_joint") if tested else ""
    told = [writer.paragraph("further.choices", others=others, joint=joint)]
    if tested:
        chance = _counted(writer, "joint_p_median") > 1 - writer.study.model.confidence
        told.append(writer.paragraph(f"further.choices_{'chance' if chance else 'beyond'}"))
        if _counted(writer, "joint_specifications_lost"):
            told.append(writer.paragraph("further.choices_lost"))
    if _counted(writer, "specifications_repeated"):
        told.append(_repeated(writer, curve.table))
    figure = writer.figure(
        "specification-curve",
        "further.curve",
        lambda narrow: specification_curve_figure(curve.table, writer.language, narrow),
        curve,
        data_address("robustness", "multiverse"),
        heading=writer.say(f"further.curve_heading_{curve_heading(curve.table)}"),
        source=writer.say("related.source"),
        note=writer.say("further.curve_note"),
    )
    blocks = (*told, figure, writer.paragraph("further.choices_ends"), _options(writer))
    return Section("further-choices", writer.say("further.choices_heading"), blocks)


def _repeated(writer: Writer, table: pd.DataFrame) -> Paragraph:
    """Specifications that rest on the counts of another: what they differ in, and which counts these are."""
    again = table[table["repeats"] != ""]
    first = table.set_index("spec_id").loc[again["repeats"]]
    differing = {
        name: dict.fromkeys([*first.loc[(first[name] != again[name].to_numpy()), name],
                             *again.loc[again[name].to_numpy() != first[name].to_numpy(), name]])
        for name in DIMENSIONS
    }  # fmt: skip
    shared = {name: again[name].unique() for name in COUNTED if again[name].nunique() == 1 and not differing[name]}
    return writer.paragraph(
        "further.choices_repeated", differing=_told_options(writer, differing), shared=_told_options(writer, shared)
    )


def _told_options(writer: Writer, options: Mapping[str, Iterable[str]]) -> str:
    told = {
        name: " / ".join(_choice_word(writer, f"option.{name}_{option}") for option in chosen)
        for name, chosen in options.items()
    }
    return "; ".join(f"{_choice_word(writer, f'dimension.{name}')}: {words}" for name, words in told.items() if words)


def _counted(writer: Writer, name: str) -> float:
    return float(writer.chosen(f"robustness.{name}"))


def _options(writer: Writer) -> Block:
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("further.col_dimension"), is_row_header=True, share=4),
            lambda r: _choice_word(writer, f"dimension.{r['dimension']}"),
        ),
        (
            Column(writer.word("further.col_option"), share=4),
            lambda r: _choice_word(writer, f"option.{r['dimension']}_{r['option']}"),
        ),
        (Column(writer.word("further.col_why"), share=9), lambda r: _why(writer, r)),
        (
            Column(writer.word("further.col_estimated"), "end", share=3),
            lambda r: _part_of_whole(writer, r),
        ),
        (
            Column(writer.word("further.col_median"), "end", share=3),
            lambda r: (
                writer.number(r["median_ratio"], "decimal_2")
                if float(str(r["estimated"]))
                else writer.word("further.no_median")
            ),
        ),
    ]
    table = writer.table("robustness", "multiverse_choices")
    return writer.rows(
        "specification-choices", writer.say("further.choices_caption"), table, columns,
        data_address=data_address("robustness", "multiverse_choices"), dense=True,
    )  # fmt: skip


def _part_of_whole(writer: Writer, row: Row) -> str:
    told = writer.word("further.of")
    told = told.format(part=writer.number(row["estimated"]), whole=writer.number(row["specifications"]))
    return told.replace(" ", NO_BREAK)


def _choice_word(writer: Writer, key: str) -> str:
    return locale_texts(writer.language)[f"choices.{key}"]


def _why(writer: Writer, row: Row) -> Content:
    """Why an option can be defended; where it is the only one, also why."""
    why = _choice_word(writer, f"reason.{row['dimension']}_{row['option']}")
    single = locale_texts(writer.language).get(f"choices.single.{row['dimension']}")
    return writer.say("further.only", why=why, single=single) if single else why
