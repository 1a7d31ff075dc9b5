"""The parts of the report that show facts: what was reported, what was held, what is missing."""

from __future__ import annotations

from netral_research.describe.cycles import best_covered_cycle
from netral_research.describe.figures import coverage_figure, exposure_figure, rates_figure
from netral_research.describe.tile_figure import tile_map_figure
from netral_research.report.blocks import Block, Callout, Column, Section
from netral_research.report.described import apart, breakdowns, funnel, vulnerability
from netral_research.report.headings import coverage_heading, exposure_heading, intervals_heading, map_heading
from netral_research.report.writer import Cell, Writer, data_address


def reported(writer: Writer) -> Section:
    """Where violations are reported, nationally and by province."""
    rates, tiles = writer.result("describe", "rates"), writer.result("describe", "tile_map")
    cycle, names = best_covered_cycle(rates), writer.register.names
    outcome, language = writer.study.outcome, writer.language
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
                lambda narrow: tile_map_figure(tiles.table, cycle, outcome.counted, language, narrow),
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
                lambda narrow: rates_figure(rates.table, cycle, names, outcome, language, narrow),
                rates,
                data_address("describe", "rates"),
                heading=writer.say(f"reported.rates_heading_{intervals_heading(rates.table, cycle)}"),
            ),
            *funnel(writer),
        ),
        (*breakdowns(writer), *vulnerability(writer)),
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
                lambda narrow: exposure_figure(exposure.table, writer.register.names, writer.language, narrow),
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


def missing(writer: Writer) -> Section:
    """Which provinces lack data, and who published what."""
    coverage = writer.result("describe", "coverage")
    table = coverage.table
    exact = table[table["known"].str.startswith("exact")]["unit_code"]
    never = sorted(set(table.loc[table["known"] != "not_applicable", "unit_code"]) - set(exact))
    names = ", ".join(writer.region(code) for code in never)
    told = writer.paragraph("missing.never", names=names) if never else writer.paragraph("missing.never_none")
    return Section(
        "missing",
        writer.say("missing.heading"),
        (
            writer.paragraph("missing.first"),
            Callout("unknown", writer.say("missing.never_heading"), (told,)),
            writer.figure(
                "coverage-grid", "missing.figure",
                lambda narrow: coverage_figure(table, writer.register.names, writer.language, narrow),
                coverage, data_address("describe", "coverage"),
                heading=writer.say(f"missing.figure_heading_{coverage_heading(table)}"),
                source=writer.say("reported.source"), note=writer.say("missing.absences"),
            ),
            _sources_table(writer),
        ),
        apart(writer),
    )  # fmt: skip


def _sources_table(writer: Writer) -> Block:
    columns: list[tuple[Column, Cell]] = [
        (
            Column(writer.word("reported.col_institution"), is_row_header=True, share=6),
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
