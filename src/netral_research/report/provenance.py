"""The annex that tells where every printed number comes from."""

from __future__ import annotations

from collections.abc import Sequence

from netral_research.language import label, text
from netral_research.report.blocks import Block, Column, Paragraph, Section, TableBlock
from netral_research.report.inline import BlockReference, Code, Content, Inline, Plain
from netral_research.report.layout import value_anchor, values_used
from netral_research.report.registry import ValueRegistry
from netral_research.report.values import RegisteredValue

HASH_DIGITS = 16


def provenance_section(
    registry: ValueRegistry, language: str, sections: Sequence[Section], identifier: str = "provenance"
) -> Section:
    """Annex with one row for every value that the given sections print, and the input files behind them.

    Parameters
    ----------
    registry : ValueRegistry
    language : {"id", "en"}
    sections : sequence of Section
        All other top sections and annexes of the document.
    identifier : str
        Id of the annex.

    Returns
    -------
    Section

    Raises
    ------
    KeyError
        If a section prints a value that no saved result holds.
    """
    used: dict[str, list[str]] = {}
    for section in sections:
        for value_id in values_used(section):
            used.setdefault(value_id, []).append(section.id)
    identifiers = sorted(used)
    entries = [registry.value(value_id) for value_id in identifiers]
    rows = tuple(
        _value_row(entry, used[value_id], language) for value_id, entry in zip(identifiers, entries, strict=True)
    )
    blocks: tuple[Block, ...] = (
        Paragraph(_word(language, "introduction")),
        TableBlock(
            id=f"{identifier}-values",
            caption=_word(language, "values"),
            columns=_value_columns(language),
            rows=rows,
            data_address="",
            row_ids=tuple(value_anchor(value_id) for value_id in identifiers),
            dense=True,
        ),
        _inputs_table(entries, language, f"{identifier}-inputs"),
    )
    return Section(identifier, _word(language, "heading"), blocks, wide=True)


def _word(language: str, name: str) -> str:
    return text(language, f"page.provenance.{name}")


def _value_columns(language: str) -> tuple[Column, ...]:
    return (
        Column(_word(language, "id"), is_row_header=True, share=5),
        Column(_word(language, "value"), align="end", share=3),
        Column(_word(language, "unit"), share=3),
        Column(_word(language, "function"), share=5),
        Column(_word(language, "table"), share=5),
        Column(_word(language, "sources"), share=4),
        Column(_word(language, "used"), share=3),
    )


def _value_row(entry: RegisteredValue, sections: Sequence[str], language: str) -> tuple[Content, ...]:
    missing = text(language, "page.value.missing")
    unit = label(language, "unit", entry.value.unit) if entry.value.unit else missing
    sources = ", ".join(entry.value.sources) or text(language, "page.value.whole_table")
    return (
        (Code(entry.value.id),),
        entry.format(language),
        unit,
        (Code(entry.value.function),),
        (Code(entry.notebook), Plain(": "), Code(entry.table)),
        sources,
        _joined([BlockReference(section) for section in sections]),
    )


def _joined(pieces: Sequence[Inline]) -> tuple[Inline, ...]:
    joined: list[Inline] = []
    for piece in pieces:
        joined += [Plain(", "), piece] if joined else [piece]
    return tuple(joined)


def _inputs_table(entries: Sequence[RegisteredValue], language: str, identifier: str) -> TableBlock:
    stages = {entry.stage: entry.inputs for entry in entries}
    rows: list[tuple[Content, ...]] = [
        ((Code(stage),), (Code(path),), (Code(digest[:HASH_DIGITS]),))
        for stage, inputs in stages.items()
        for path, digest in sorted(inputs.items())
    ]
    return TableBlock(
        id=identifier,
        caption=_word(language, "inputs"),
        columns=(
            Column(_word(language, "stage"), share=2),
            Column(_word(language, "file"), is_row_header=True, share=5),
            Column(_word(language, "hash"), share=3),
        ),
        rows=tuple(rows),
        notes=(_word(language, "hash_note"),),
        dense=True,
    )
