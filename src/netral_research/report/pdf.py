"""The document as a PDF for reading on paper: tagged for screen readers (PDF/UA-1) and the same bytes every time.

``render_pdf(document)`` is all there is to call. The page design is ``templates/report.typ``; the document reaches it
as data, so no word of it can become markup.
"""

from __future__ import annotations

import importlib.util
import json
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from netral_research.language import text
from netral_research.report.blocks import (
    Block,
    Bullets,
    Callout,
    Details,
    Document,
    FigureBlock,
    KeyFigures,
    Paragraph,
    Section,
    TableBlock,
)
from netral_research.report.html import SHORT_VALUE, safe_address
from netral_research.report.inline import (
    BlockReference,
    Code,
    Content,
    Foreign,
    Inline,
    Link,
    Plain,
    Strong,
    ValueReference,
    inline_pieces,
)
from netral_research.report.layout import Arrangement, arrange_document, value_anchor
from netral_research.report.svg import standalone_drawing

Data = dict[str, Any]


def render_pdf(document: Document) -> bytes:
    """Draw a document as an accessible PDF of A4 pages.

    Parameters
    ----------
    document : Document

    Returns
    -------
    bytes
        The same for the same document, on every machine and day; only fonts that come with the toolkit are used.

    Raises
    ------
    ValueError
        If the document does not hold together (see :func:`netral_research.report.layout.arrange_document`).
    """
    data = _document_data(document, arrange_document(document))
    design = resources.files("netral_research.report").joinpath("templates", "report.typ").read_bytes()
    pdf = typst.compile(  # type: ignore[misc]
        design,
        sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(_font_folder())],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(pdf)


def _font_folder() -> Path:
    """Where matplotlib keeps the letters of the figures; the library itself need not be loaded for that."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _document_data(document: Document, arrangement: Arrangement) -> Data:
    language = document.language
    return {
        "language": language,
        "title": document.title,
        "subtitle": document.subtitle,
        "series": document.series,
        "author": text(language, "page.edition.author"),
        "edition": text(language, "page.edition.name"),
        "keywords": list(document.keywords),
        "facts": [{"label": label, "content": _content(content, arrangement)} for label, content in document.facts],
        "sections": [_section(section, arrangement) for section in document.sections],
        "annexes": [_section(section, arrangement) for section in document.annexes],
        "footer": [_content(line, arrangement) for line in document.footer],
        "words": {**_words(language), "fingerprint": document.fingerprint},
    }


def _words(language: str) -> dict[str, str]:
    page = text(language, "page.navigation.page_of", page="\x00", pages="\x00")
    before, between, after = page.split("\x00")
    return {
        "contents": text(language, "page.navigation.contents"),
        "source": text(language, "page.source.label"),
        "page_before": before,
        "page_between": between,
        "page_after": after,
        **{tone: text(language, f"page.callout.{tone}") for tone in ("finding", "caution", "unknown")},
    }


def _section(section: Section, arrangement: Arrangement) -> Data:
    return {
        "id": section.id,
        "number": arrangement.numbers.get(section.id, ""),
        "heading": _content(section.heading, arrangement),
        "blocks": [_block(block, arrangement) for block in section.blocks],
        "sections": [_section(inner, arrangement) for inner in section.sections],
        "wide": section.wide,
    }


def _block(block: Block, arrangement: Arrangement) -> Data:
    return {"kind": block.kind, **_block_data(block, arrangement)}


def _block_data(block: Block, arrangement: Arrangement) -> Data:
    match block:
        case Paragraph():
            return {"content": _content(block.content, arrangement), "lead": block.lead}
        case Bullets():
            return {"items": _contents(block.items, arrangement), "ordered": block.ordered}
        case Callout():
            return {
                "tone": block.tone,
                "heading": _content(block.heading, arrangement),
                "blocks": [_block(inner, arrangement) for inner in block.blocks],
            }
        case Details():
            return {
                "summary": _content(block.summary, arrangement),
                "blocks": [_block(inner, arrangement) for inner in block.blocks],
            }
        case KeyFigures():
            return {
                "cards": [
                    {
                        "value": _content(card.value, arrangement),
                        "label": _content(card.label, arrangement),
                        "detail": _content(card.detail, arrangement) if card.detail else [],
                    }
                    for card in block.cards
                ]
            }
        case TableBlock():
            return _table(block, arrangement)
        case FigureBlock():
            return _figure(block, arrangement)


def _table(block: TableBlock, arrangement: Arrangement) -> Data:
    columns = [
        {
            "header": _content(column.header, arrangement),
            "align": column.align,
            "is_row_header": column.is_row_header,
            "share": column.share,
        }
        for column in block.columns
    ]
    return {
        "id": block.id,
        "number": arrangement.labels[block.id],
        "caption": _content(block.caption, arrangement),
        "columns": columns,
        "rows": [_contents(row, arrangement) for row in block.rows],
        "row_ids": list(block.row_ids),
        "dense": block.dense,
        **_source_lines(block, arrangement),
    }


def _figure(block: FigureBlock, arrangement: Arrangement) -> Data:
    return {
        "id": block.id,
        "number": arrangement.labels[block.id],
        "heading": _content(block.heading, arrangement),
        "subtitle": _content(block.subtitle, arrangement) if block.subtitle else [],
        "drawing": standalone_drawing(block.svg),
        "alt": block.alt,
        **_source_lines(block, arrangement),
    }


def _source_lines(block: TableBlock | FigureBlock, arrangement: Arrangement) -> Data:
    return {
        "notes": _contents(block.notes, arrangement),
        "source": _content(block.source, arrangement) if block.source else [],
    }


def _contents(contents: tuple[Content, ...], arrangement: Arrangement) -> list[list[Data]]:
    return [_content(content, arrangement) for content in contents]


def _content(content: Content, arrangement: Arrangement) -> list[Data]:
    return [_piece(piece, arrangement) for piece in inline_pieces(content)]


def _piece(piece: Inline, arrangement: Arrangement) -> Data:
    match piece:
        case Plain():
            return {"kind": "plain", "text": piece.text}
        case Strong():
            return {"kind": "strong", "content": _content(piece.content, arrangement)}
        case Foreign():
            inner = _content(piece.content, arrangement)
            return {"kind": "foreign", "content": inner, "language": piece.language}
        case Code():
            return {"kind": "code", "text": _with_breaks(piece.text)}
        case ValueReference():
            short = len(piece.text) <= SHORT_VALUE
            return {"kind": "value", "text": piece.text, "target": value_anchor(piece.id), "short": short}
        case BlockReference():
            label = arrangement.labels[piece.target]
            return {"kind": "reference", "text": label, "target": piece.target}
        case Link():
            # A relative address leads nowhere from a PDF that was passed on.
            address = safe_address(piece.address)
            if not address.lower().startswith(("http://", "https://", "mailto:")):
                return {"kind": "plain", "text": piece.text}
            return {"kind": "link", "text": piece.text, "address": address}


def _with_breaks(name: str) -> str:
    """A long name that may be broken after a dot, slash or underscore (a zero-width space shows nothing)."""
    for sign in "._/":
        name = name.replace(sign, f"{sign}\u200b")
    return name
