"""The body of the national report, part by part. Sentences about a number are chosen by what the number is."""

from __future__ import annotations

from netral_research.describe.cycles import best_covered_cycle
from netral_research.describe.figures import coverage_figure, exposure_figure, rates_figure, tile_map_figure
from netral_research.figures import svg_text
from netral_research.language import text
from netral_research.model.figures import estimate_figure
from netral_research.report.blocks import Block, Callout, Column, KeyFigure, KeyFigures, Paragraph, Section, TableBlock
from netral_research.report.headings import coverage_heading, exposure_heading, intervals_heading, map_heading
from netral_research.report.writer import Cell, Writer, data_address

# A sentence that finds something is set apart from one that finds nothing, and from one that refuses.
TONES = {
    "cannot_tell": "unknown",
    "lower": "finding",
    "higher": "finding",
    "refused": "caution",
    "not_estimated": "unknown",
}
RATIOS = ("persons_cases", "referred_alleged", "proven_alleged", "kasn_bawaslu")


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
        summary(writer), looked(writer), reported(writer), held(writer), related(writer), meaning(writer),
        missing(writer),
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
        (Column(writer.word("looked.col_campaign"), share=5), lambda r: writer.day(r["campaign_start"])),
        (Column(writer.word("looked.col_polling"), share=5), lambda r: writer.day(r["polling_day"])),
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


def reported(writer: Writer) -> Section:
    """Where violations are reported, nationally and by province."""
    rates, tiles = writer.result("describe", "rates"), writer.result("describe", "tile_map")
    cycle, names = best_covered_cycle(rates), writer.register.names
    map_svg = svg_text(tile_map_figure(tiles.table, cycle, writer.language))
    rates_svg = svg_text(rates_figure(rates.table, cycle, names, writer.language))
    return Section(
        "reported",
        writer.say("reported.heading"),
        (
            writer.paragraph("reported.national"),
            _national_table(writer),
            writer.paragraph("reported.provinces"),
            writer.figure(
                "rate-map",
                "reported.map",
                map_svg,
                tiles,
                data_address("describe", "tile_map"),
                heading=writer.say(f"reported.map_heading_{map_heading(rates.table, cycle)}"),
                note=writer.say("reported.map_note"),
            ),
            writer.paragraph("reported.top"),
            Callout("caution", writer.say("reported.caution_heading"), (writer.paragraph("reported.caution"),)),
            writer.figure(
                "rate-intervals",
                "reported.rates",
                rates_svg,
                rates,
                data_address("describe", "rates"),
                heading=writer.say(f"reported.rates_heading_{intervals_heading(rates.table, cycle)}"),
            ),
        ),
    )


def _national_table(writer: Writer) -> Block:
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("looked.col_cycle"), is_row_header=True),
            lambda r: writer.term("cycle", r["election_cycle"]),
        ),
        (Column(writer.word("reported.col_institution")), lambda r: writer.term("institution", r["institution"])),
        (Column(writer.word("reported.col_stage")), lambda r: writer.term("stage", r["stage"])),
        (Column(writer.word("reported.col_measure")), lambda r: writer.term("measure", r["measure"])),
        (Column(writer.word("reported.col_value"), "end"), lambda r: writer.number(r["value"])),
        (Column(writer.word("reported.col_as_of")), lambda r: writer.day(r["as_of"])),
        (
            Column(writer.word("reported.col_range"), "end"),
            lambda r: "–".join(dict.fromkeys(writer.number(r[name]) for name in ("value_min", "value_max"))),
        ),
    ]
    return writer.rows(
        "national-table",
        writer.say("reported.table_caption"),
        writer.table("describe", "national_series"),
        columns,
        notes=(writer.say("reported.table_note"),),
        source=writer.say("reported.source"),
        data_address=data_address("describe", "national_series"),
    )


def held(writer: Writer) -> Section:
    """Where socialisation happened, as far as the news shows."""
    exposure = writer.result("describe", "exposure")
    svg = svg_text(exposure_figure(exposure.table, writer.register.names, writer.language))
    search: tuple[Block, ...] = ()
    if writer.has("describe.search_rank_correlation"):
        search = (Callout("caution", writer.say("held.search_heading"), (writer.paragraph("held.search"),)),)
    return Section(
        "held",
        writer.say("held.heading"),
        (
            writer.paragraph("held.first"),
            writer.paragraph("held.before"),
            writer.figure(
                "exposure-grid",
                "held.figure",
                svg,
                exposure,
                data_address("describe", "exposure"),
                heading=writer.say(
                    f"held.figure_heading_{exposure_heading(exposure.table, writer.study.study.cycles)}"
                ),
                note=writer.say("held.figure_note"),
            ),
            *search,
        ),
    )


def related(writer: Writer) -> Section:
    """How the two are related: the chosen sentence, its figure, and what else could explain it."""
    if not writer.has("model.rate_ratio"):
        reason = text(writer.language, f"errors.{writer.chosen('model.refusal')}.problem")
        return Section("related", writer.say("related.heading"), (finding(writer), Paragraph(reason)))
    estimates = writer.result("model", "estimates")
    sentence = writer.chosen("model.sentence")
    figure = writer.figure(
        "estimate",
        "related.figure",
        svg_text(estimate_figure(estimates.table, writer.language)),
        estimates,
        data_address("model", "estimates"),
        heading=writer.say(f"related.figure_heading_{sentence}"),
        note=writer.say("related.figure_note"),
    )
    ratios = [name for name in RATIOS if writer.has(f"model.ratio_{name}")]
    checks = ["placebo"] if writer.has("model.placebo_rate_ratio") else []
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
    )
    table = TableBlock(
        "ratios-table",
        writer.say("related.ratios_caption"),
        columns,
        tuple((writer.say(f"related.ratio_{name}"), writer.value(f"model.ratio_{name}")) for name in ratios),
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


def missing(writer: Writer) -> Section:
    """Which provinces lack data, and who published what."""
    coverage = writer.result("describe", "coverage")
    table = coverage.table
    exact = table[table["known"].str.startswith("exact")]["unit_code"]
    never = sorted(set(table.loc[table["known"] != "not_applicable", "unit_code"]) - set(exact))
    names = ", ".join(writer.region(code) for code in never)
    told = writer.paragraph("missing.never", names=names) if never else writer.paragraph("missing.never_none")
    svg = svg_text(coverage_figure(table, writer.register.names, writer.language))
    return Section(
        "missing",
        writer.say("missing.heading"),
        (
            writer.paragraph("missing.first"),
            writer.figure(
                "coverage-grid", "missing.figure", svg, coverage, data_address("describe", "coverage"),
                heading=writer.say(f"missing.figure_heading_{coverage_heading(table)}"),
                source=writer.say("reported.source"), note=writer.say("missing.absences"),
            ),
            Callout("unknown", writer.say("missing.never_heading"), (told,)),
            _sources_table(writer),
        ),
    )  # fmt: skip


def _sources_table(writer: Writer) -> Block:
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("reported.col_institution"), is_row_header=True, share=5),
            lambda r: writer.term("institution", r["institution"]),
        ),
        (Column(writer.word("reported.col_stage"), share=4), lambda r: writer.term("stage", r["stage"])),
        (Column(writer.word("reported.col_measure"), share=3), lambda r: writer.term("measure", r["measure"])),
        *(
            (Column(writer.word(f"missing.col_{key}"), "end", share=share), lambda r, name=name: writer.number(r[name]))
            for key, name, share in (
                ("exact", "n_exact", 3),
                ("bounds", "n_bounds", 3),
                ("censored", "n_censored", 5),
                ("provinces", "n_provinces", 4),
            )
        ),
        (Column(writer.word("missing.col_first"), share=6), lambda r: writer.day(r["first"])),
        (Column(writer.word("missing.col_last"), share=6), lambda r: writer.day(r["last"])),
    ]  # fmt: skip
    return writer.rows(
        "who-published",
        writer.say("missing.table_caption"),
        writer.table("describe", "coverage_sources"),
        columns,
        source=writer.say("reported.source"),
        data_address=data_address("describe", "coverage_sources"),
    )
