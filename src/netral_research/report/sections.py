"""The body of the national report, part by part. Sentences about a number are chosen by what the number is."""

from __future__ import annotations

from netral_research.model.build import COUNT_RATIOS
from netral_research.model.figures import estimate_figure
from netral_research.report.blocks import (
    Callout,
    Column,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    TableBlock,
)
from netral_research.report.checked import checked, measured
from netral_research.report.facts import held, missing, reported
from netral_research.report.writer import Cell, Writer, data_address

# A sentence that finds something is set apart from one that finds nothing, and from one that refuses.
TONES = {
    "cannot_tell": "unknown",
    "lower": "finding",
    "higher": "finding",
    "refused": "caution",
    "descriptive_only": "caution",
    "chance": "unknown",
    "targeting": "unknown",
    "not_estimated": "unknown",
}
INTERVAL = '{{{{ v("model.ratio_{name}_lower") }}}}–{{{{ v("model.ratio_{name}_upper") }}}}'


def body(writer: Writer) -> tuple[Section, ...]:
    """All parts of the report, in reading order.

    Parameters
    ----------
    writer : Writer

    Returns
    -------
    tuple of Section
    """
    return (
        summary(writer), looked(writer), reported(writer), held(writer), measured(writer), related(writer),
        checked(writer), meaning(writer), missing(writer),
    )  # fmt: skip


def finding(writer: Writer) -> Callout:
    """The sentence that the evidence allows, as a box."""
    sentence = writer.chosen("model.sentence")
    return Callout(
        TONES[sentence], writer.say(f"sentence.{sentence}_heading"), (writer.paragraph(f"sentence.{sentence}"),)
    )


def summary(writer: Writer) -> Section:
    """What a reader in a hurry needs: the finding, its uncertainty, and what it does not say."""
    cards = [
        KeyFigure(writer.value("describe.exposure_events"), writer.say("key.events"), writer.say("key.events_detail")),
        KeyFigure(
            writer.value("clean_violations.published"), writer.say("key.counts"), writer.say("key.counts_detail")
        ),
        KeyFigure(
            writer.value("describe.coverage_without_exact_share"),
            writer.say("key.missing"),
            writer.say("key.missing_detail"),
        ),
    ]
    if writer.has("model.rate_ratio"):
        cards.append(
            KeyFigure(writer.value("model.rate_ratio"), writer.say("key.ratio"), writer.say("key.ratio_detail"))
        )
    return Section(
        "summary",
        writer.say("summary.heading"),
        (
            Paragraph(writer.say("summary.lead"), lead=True),
            finding(writer),
            KeyFigures(tuple(cards)),
            writer.bullets("summary.bullets_events", "summary.bullets_counts", "summary.bullets_search"),
            Callout("caution", writer.say("summary.caution_heading"), (writer.paragraph("summary.caution"),)),
        ),
    )


def looked(writer: Writer) -> Section:
    """What was looked at: rows, cycles, search."""
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("looked.col_cycle"), is_row_header=True, share=4),
            lambda r: writer.term("cycle", r["election_cycle"]),
        ),
        (Column(writer.word("looked.col_campaign"), share=6), lambda r: writer.day(r["campaign_start"])),
        (Column(writer.word("looked.col_polling"), share=6), lambda r: writer.day(r["polling_day"])),
        *(
            (Column(writer.word(f"looked.col_{key}"), "end", share=share), lambda r, name=name: writer.number(r[name]))
            for key, name, share in (
                ("voting", "provinces_voting", 4),
                ("events", "events_before_campaign", 5),
                ("exact", "provinces_with_exact", 4),
                ("final", "provinces_with_final", 6),
                ("queries", "queries", 5),
            )
        ),
    ]
    table = writer.rows(
        "cycles-table",
        writer.say("looked.table_caption"),
        writer.table("describe", "cycles"),
        columns,
        notes=(writer.say("looked.note_units"), writer.say("looked.note_search")),
        source=writer.say("held.source"),
        data_address=data_address("describe", "cycles"),
    )
    return Section(
        "looked",
        writer.say("looked.heading"),
        (writer.paragraph("looked.first"), writer.paragraph("looked.second"), table),
    )


def related(writer: Writer) -> Section:
    """How the two are related: the chosen sentence, its figure, and what else could explain it."""
    if not writer.has("model.rate_ratio"):
        reason = writer.paragraph(f"refusal.{writer.chosen('model.refusal')}")
        return Section("related", writer.say("related.heading"), (finding(writer), reason))
    estimates = writer.result("model", "estimates")
    sentence = writer.chosen("model.sentence")
    figure = writer.figure(
        "estimate",
        "related.figure",
        lambda narrow: estimate_figure(estimates.table, writer.language, narrow),
        estimates,
        data_address("model", "estimates"),
        heading=writer.say(f"related.figure_heading_{sentence}"),
        note=writer.say("related.figure_note"),
    )
    ratios = [name for name in COUNT_RATIOS if writer.has(f"model.ratio_{name}")]
    checks = ["placebo", "targeting"] if writer.has("model.placebo_rate_ratio") else []
    return Section(
        "related",
        writer.say("related.heading"),
        (
            writer.paragraph("related.design"),
            finding(writer),
            figure,
            writer.bullets(*(f"related.{name}" for name in (*checks, "influence", "reporting"))),
        ),
        (_ratios(writer, ratios),) if ratios else (),
    )


def _ratios(writer: Writer, ratios: list[str]) -> Section:
    columns = (
        Column(writer.word("related.col_ratio"), is_row_header=True),
        Column(writer.word("related.col_value"), "end"),
        Column(writer.say("related.col_interval"), "end"),
    )
    table = TableBlock(
        "ratios-table",
        writer.say("related.ratios_caption"),
        columns,
        tuple(
            (
                writer.say(f"related.ratio_{name}"),
                writer.value(f"model.ratio_{name}"),
                writer.registry.compose(writer.language, INTERVAL.format(name=name)),
            )
            for name in ratios
        ),
        source=writer.say("related.source"),
        data_address=data_address("model", "coefficients"),
    )
    return Section("ratios", writer.say("related.ratios_heading"), (writer.paragraph("related.ratios"), table))


def meaning(writer: Writer) -> Section:
    """What the report means and what it does not."""

    def part(name: str, *keys: str) -> Section:
        return Section(
            name, writer.say(f"meaning.{name}_heading"), (writer.bullets(*(f"meaning.{key}" for key in keys)),)
        )

    return Section(
        "meaning",
        writer.say("meaning.heading"),
        sections=(
            part("can", "can_published", "can_where", "can_unknown"),
            part("cannot", "cannot_effect", "cannot_province", "cannot_trend", "cannot_league"),
            part("why", "why_targeting", "why_reporting", "why_coverage"),
            Section(
                "wanted",
                writer.say("meaning.data_heading"),
                (writer.bullets("meaning.data_register", "meaning.data_recommendations", "meaning.data_recap"),),
            ),
        ),
    )
