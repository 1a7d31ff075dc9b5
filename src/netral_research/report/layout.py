"""What follows from a document's order: numbers of sections, tables and figures, and that every link arrives.

The HTML page and the PDF both ask :func:`arrange_document`, so that "Gambar 2" is the same figure in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netral_research.language import text
from netral_research.report.blocks import (
    Block,
    Document,
    FigureBlock,
    Section,
    TableBlock,
    block_texts,
    walk_blocks,
    walk_sections,
)
from netral_research.report.inline import BlockReference, Content, ValueReference, plain_text, walk_pieces

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]*")
SHORTEST_ALTERNATIVE = 40
_RESERVED = frozenset({"contents", "main", "top"})


@dataclass(frozen=True)
class Arrangement:
    """Numbers and anchors of a document.

    Parameters
    ----------
    labels : mapping of str to str
        By id: ``Gambar 2``, ``Tabel 5``, ``Bagian 3``, ``Lampiran A``.
    numbers : mapping of str to str
        By id of a top section: its number or letter.
    anchors : frozenset of str
        Every id that a link may lead to.
    """

    labels: Mapping[str, str]
    numbers: Mapping[str, str]
    anchors: frozenset[str]


def value_anchor(identifier: str) -> str:
    """Anchor of a value's row in the provenance annex.

    Parameters
    ----------
    identifier : str

    Returns
    -------
    str

    Examples
    --------
    >>> value_anchor("model.rate_ratio")
    'value-model.rate_ratio'
    """
    return f"value-{identifier}"


def section_texts(section: Section) -> Iterator[Content]:
    """Every text of a section and of the sections below it, in reading order.

    Examples
    --------
    >>> from netral_research.report.blocks import Paragraph
    >>> list(section_texts(Section("method", "Metode", (Paragraph("Cara kerja."),))))
    ['Metode', 'Cara kerja.']
    """
    for part in walk_sections((section,)):
        yield part.heading
        for block in walk_blocks(part.blocks):
            yield from block_texts(block)


def values_used(section: Section) -> tuple[str, ...]:
    """Ids of the values that a section prints, each once, in reading order.

    Parameters
    ----------
    section : Section

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from netral_research.report.blocks import Paragraph
    >>> ratio = ValueReference("model.rate_ratio", "1,03")
    >>> values_used(Section("related", "Kaitan", (Paragraph((ratio,)), Paragraph((ratio,)))))
    ('model.rate_ratio',)
    """
    found = (
        piece.id
        for content in section_texts(section)
        for piece in walk_pieces(content)
        if isinstance(piece, ValueReference)
    )
    return tuple(dict.fromkeys(found))


def arrange_document(document: Document) -> Arrangement:
    """Number a document's sections, tables and figures, and prove that every inner link arrives.

    Parameters
    ----------
    document : Document

    Returns
    -------
    Arrangement

    Raises
    ------
    ValueError
        If an id stands twice or is no identifier, a table's rows do not fit its columns, a figure's text
        alternative says too little, or a printed value or a reference leads nowhere: faults of the program.

    Examples
    --------
    >>> document = Document("id", "Netralitas ASN", "", (Section("method", "Metode"),), (Section("data", "Data"),))
    >>> arrange_document(document).labels
    {'method': 'Bagian 1', 'data': 'Lampiran A'}
    """
    labels, numbers = _section_labels(document)
    anchors: list[str] = []
    counts = {"table": 0, "figure": 0}
    for section in walk_sections((*document.sections, *document.annexes)):
        anchors.append(section.id)
        for block in walk_blocks(section.blocks):
            if isinstance(block, TableBlock | FigureBlock):
                counts[block.kind] += 1
                key = f"page.{block.kind}.number"
                labels[block.id] = text(document.language, key, number=counts[block.kind])
                anchors += _block_anchors(block)
            if isinstance(block, FigureBlock):
                _check_alternative(block)
    _check_identifiers(anchors)
    arrangement = Arrangement(labels, numbers, frozenset(anchors))
    _check_links(document, arrangement)
    return arrangement


def _section_labels(document: Document) -> tuple[dict[str, str], dict[str, str]]:
    labels: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for place, section in enumerate(document.sections, start=1):
        numbers[section.id] = str(place)
        labels[section.id] = text(document.language, "page.section.number", number=place)
    for place, section in enumerate(document.annexes):
        numbers[section.id] = chr(ord("A") + place)
        labels[section.id] = text(document.language, "page.annex.number", number=numbers[section.id])
    for top in (*document.sections, *document.annexes):
        for section in walk_sections(top.sections):
            labels[section.id] = labels[top.id]
    return labels, numbers


def _block_anchors(block: Block) -> list[str]:
    if isinstance(block, FigureBlock):
        return [block.id]
    if not isinstance(block, TableBlock):
        return []
    if any(len(row) != len(block.columns) for row in block.rows):
        raise ValueError(f"table {block.id}: a row does not have {len(block.columns)} cells")
    if block.row_ids and len(block.row_ids) != len(block.rows):
        raise ValueError(f"table {block.id}: {len(block.row_ids)} row ids for {len(block.rows)} rows")
    return [block.id, *block.row_ids]


def _check_alternative(block: FigureBlock) -> None:
    """A text alternative tells what the figure shows; a placeholder or the title again tells nothing."""
    if len(block.alt) < SHORTEST_ALTERNATIVE or block.alt.strip(" .") == plain_text(block.heading).strip(" ."):
        raise ValueError(f"figure {block.id}: the text alternative says too little: {block.alt!r}")


def _check_identifiers(anchors: list[str]) -> None:
    seen: set[str] = set()
    for anchor in anchors:
        if anchor in seen or anchor in _RESERVED or not _IDENTIFIER.fullmatch(anchor):
            raise ValueError(f"id {anchor!r} stands twice, is reserved, or is no identifier")
        seen.add(anchor)


def _check_links(document: Document, arrangement: Arrangement) -> None:
    fronts: list[Content] = [content for _, content in document.facts] + list(document.footer)
    for section in (*document.sections, *document.annexes):
        fronts += section_texts(section)
    for content in fronts:
        for piece in walk_pieces(content):
            if isinstance(piece, ValueReference) and value_anchor(piece.id) not in arrangement.anchors:
                raise ValueError(f"value {piece.id!r} is printed but has no row in the provenance annex")
            if isinstance(piece, BlockReference) and piece.target not in arrangement.labels:
                raise ValueError(f"a reference leads to {piece.target!r}, which the document does not hold")
