"""What a report is made of: one document, told in blocks, that both the HTML page and the PDF are drawn from.

Texts are a plain ``str`` or a tuple of pieces of :mod:`netral_research.report.inline`, such as
:meth:`netral_research.report.registry.ValueRegistry.compose` gives. Sections may hold sections; heading
levels, numbers of sections, tables and figures, and the contents list follow from the nesting; nobody writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from netral_research.report.inline import Content, Link


@dataclass(frozen=True)
class Paragraph:
    """One paragraph.

    Parameters
    ----------
    content : str or tuple of Inline
    lead : bool
        Whether it opens the report or a section in larger letters.
    """

    kind: ClassVar[str] = "paragraph"
    content: Content
    lead: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list.

    Parameters
    ----------
    items : tuple of str or tuple of Inline
    ordered : bool
        Whether the order matters, so that the items are numbered.
    """

    kind: ClassVar[str] = "bullets"
    items: tuple[Content, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Callout:
    """A boxed message with a heading, marked by a word as well as by colour.

    Parameters
    ----------
    tone : {"finding", "caution", "unknown"}
        What was found, what must be borne in mind, what nobody can tell.
    heading : str or tuple of Inline
    blocks : tuple of Block
        Paragraphs and lists.
    """

    kind: ClassVar[str] = "callout"
    tone: str
    heading: Content
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class KeyFigure:
    """One large number: the number, what it counts, and one line of context."""

    value: Content
    label: Content
    detail: Content = ""


@dataclass(frozen=True)
class KeyFigures:
    """A row of two to six large numbers."""

    kind: ClassVar[str] = "key_figures"
    cards: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    header : str or tuple of Inline
        Never empty: a screen reader speaks it before every cell.
    align : {"start", "end"}
        Numbers stand at the end, words at the start.
    is_row_header : bool
        Whether its cells name their rows.
    share : int
        Share of the page's width in the PDF, relative to the other columns; 0 leaves it to the content.
    """

    header: Content
    align: str = "start"
    is_row_header: bool = False
    share: int = 0


@dataclass(frozen=True)
class TableBlock:
    """A table with its caption, notes and source.

    Parameters
    ----------
    id : str
        Unique in the document; letters, digits, hyphens and underscores.
    caption : str or tuple of Inline
    columns : tuple of Column
    rows : tuple of tuple of (str or tuple of Inline)
        One cell for every column; never an empty cell where a word can say why.
    notes : tuple of str or tuple of Inline
        Stand right below the table.
    source : str or tuple of Inline
    data_address : str
        Relative address of the table's data file, or empty.
    row_ids : tuple of str
        Anchors of the rows, where other parts of the document lead to them.
    dense : bool
        Smaller letters, for annexes.
    """

    kind: ClassVar[str] = "table"
    id: str
    caption: Content
    columns: tuple[Column, ...]
    rows: tuple[tuple[Content, ...], ...]
    notes: tuple[Content, ...] = ()
    source: Content = ""
    data_address: str = ""
    row_ids: tuple[str, ...] = ()
    dense: bool = False


@dataclass(frozen=True)
class FigureBlock:
    """A figure with its two titles, text alternative, notes and source.

    Parameters
    ----------
    id : str
        Unique in the document.
    heading : str or tuple of Inline
        Active title: what the figure shows, in ten words or fewer.
    subtitle : str or tuple of Inline
        Measure, geography, period.
    svg : str
        The drawing.
    alt : str
        Text alternative: a sentence with the finding; not the title again.
    narrow_svg : str
        The same drawing for a phone, or empty; only the HTML page holds it.
    notes : tuple of str or tuple of Inline
    source : str or tuple of Inline
    data_address : str
        Relative address of the figure's data file, or empty.
    """

    kind: ClassVar[str] = "figure"
    id: str
    heading: Content
    subtitle: Content
    svg: str
    alt: str
    narrow_svg: str = ""
    notes: tuple[Content, ...] = ()
    source: Content = ""
    data_address: str = ""


@dataclass(frozen=True)
class Details:
    """Material for those who want it; the HTML page folds it away, unless other parts lead into it.

    Parameters
    ----------
    summary : str or tuple of Inline
        The line that opens it.
    blocks : tuple of Block
    """

    kind: ClassVar[str] = "details"
    summary: Content
    blocks: tuple[Block, ...]


Block = Paragraph | Bullets | Callout | KeyFigures | TableBlock | FigureBlock | Details


@dataclass(frozen=True)
class Section:
    """A section with its heading.

    Parameters
    ----------
    id : str
        Unique in the document; the same in both languages.
    heading : str or tuple of Inline
    blocks : tuple of Block
    sections : tuple of Section
        Sections below it, one heading level down.
    wide : bool
        Whether the PDF turns its pages on their side; only for top sections.
    """

    id: str
    heading: Content
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    wide: bool = False


@dataclass(frozen=True)
class Document:
    """A whole report in one language.

    Parameters
    ----------
    language : {"id", "en"}
    title, subtitle : str
    sections : tuple of Section
        The body, numbered from 1.
    annexes : tuple of Section
        Lettered from A.
    series : str
        Small line above the title, for instance ``Laporan nasional``.
    facts : tuple of (str, str or tuple of Inline)
        Label and text of the lines on the cover: data up to, study, licence.
    other_edition : str
        Relative address of the other language's page, or empty.
    downloads : tuple of Link
        Files beside the page, for instance the PDF and ``values.json``.
    footer : tuple of (str or tuple of Inline)
        Last lines: how to cite, licence, contact.
    keywords : tuple of str
        For the PDF's description.
    fingerprint : str
        Stands at the foot of every table and figure: which choices and which data they come from; or empty.
    """

    language: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    annexes: tuple[Section, ...] = ()
    series: str = ""
    facts: tuple[tuple[str, Content], ...] = ()
    other_edition: str = ""
    downloads: tuple[Link, ...] = ()
    footer: tuple[Content, ...] = ()
    keywords: tuple[str, ...] = field(default=())
    fingerprint: str = ""


def walk_sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    """Every section and the sections below it, in reading order."""
    for section in sections:
        yield section
        yield from walk_sections(section.sections)


def walk_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block and the blocks inside it, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, Callout | Details):
            yield from walk_blocks(block.blocks)


def block_texts(block: Block) -> Iterator[Content]:
    """Every text a block shows itself, without those of the blocks inside it, in reading order.

    Examples
    --------
    >>> list(block_texts(Callout("caution", "Perhatian", (Paragraph("Isi kotak."),))))
    ['Perhatian']
    """
    match block:
        case Paragraph():
            yield block.content
        case Bullets():
            yield from block.items
        case Callout():
            yield block.heading
        case Details():
            yield block.summary
        case KeyFigures():
            for card in block.cards:
                yield from (card.value, card.label, card.detail)
        case FigureBlock():
            yield from (block.heading, block.subtitle, *block.notes, block.source)
        case TableBlock():
            yield block.caption
            yield from (column.header for column in block.columns)
            for row in block.rows:
                yield from row
            yield from (*block.notes, block.source)
