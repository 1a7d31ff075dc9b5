"""The document as one HTML file: readable without scripts or network, on a phone, aloud, on paper.

``render_html(document)`` is all there is to call.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from netral_research.language import text
from netral_research.report.blocks import Details, Document, FigureBlock, TableBlock, walk_blocks
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
    plain_text,
)
from netral_research.report.layout import Arrangement, arrange_document, value_anchor
from netral_research.report.svg import inline_drawing

SHORT_VALUE = 16
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:|#|\.{0,2}/|[\w\-]+(?:[./]|$))[^\s\"'<>]*", re.IGNORECASE)


def render_html(document: Document) -> str:
    """Draw a document as one self-contained HTML page.

    Parameters
    ----------
    document : Document

    Returns
    -------
    str
        The same text for the same document, on every machine and day.

    Raises
    ------
    ValueError
        If the document does not hold together (see :func:`netral_research.report.layout.arrange_document`).
    """
    arrangement = arrange_document(document)

    def show(content: Content) -> Markup:
        return inline_html(content, arrangement)

    def show_plain(content: Content) -> Markup:
        return _without_links(content)

    def words(key: str, **fields: object) -> str:
        return text(document.language, f"page.{key}", **fields)

    def drawing(block: FigureBlock, svg: str, identifier: str) -> Markup:
        # The drawing was parsed and cleaned; what is written out again is escaped.
        return Markup(inline_drawing(svg, identifier, plain_text(block.heading), block.alt))  # noqa: S704

    title = words("edition.title", title=document.title, series=document.series or document.subtitle)
    rendered = page_template().render(
        document=document,
        labels=arrangement.labels,
        numbers=arrangement.numbers,
        page_title=title,
        style=Markup(_template_text("report.css")),  # noqa: S704 - a file of the package
        show=show,
        show_plain=show_plain,
        show_text=plain_text,
        words=words,
        drawing=drawing,
        address=safe_address,
        is_target=_holds_targets,
    )
    return rendered.strip() + "\n"


@cache
def page_template() -> Template:
    """The page's template, compiled once."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    return environment.from_string(_template_text("report.html.jinja"))


def _template_text(name: str) -> str:
    return resources.files("netral_research.report").joinpath("templates", name).read_text("utf-8")


def _holds_targets(block: Details) -> bool:
    return any(isinstance(inner, TableBlock) and inner.row_ids for inner in walk_blocks(block.blocks))


def safe_address(address: str) -> str:
    """An address if a reader may safely follow it, else an empty text.

    Parameters
    ----------
    address : str

    Returns
    -------
    str

    Examples
    --------
    >>> safe_address("../en/index.html"), safe_address("javascript:alert(1)")
    ('../en/index.html', '')
    """
    return address if _SAFE_ADDRESS.fullmatch(address) else ""


def inline_html(content: Content, arrangement: Arrangement) -> Markup:
    """A text with its marks, values and links as escaped HTML.

    Parameters
    ----------
    content : str or tuple of Inline
    arrangement : Arrangement

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> from netral_research.report.inline import Plain
    >>> str(inline_html((Plain("a < b, "), Strong((Plain("c"),))), Arrangement({}, {}, frozenset())))
    'a &lt; b, <strong>c</strong>'
    """
    return Markup("").join(_piece_html(piece, arrangement) for piece in inline_pieces(content))


def _piece_html(piece: Inline, arrangement: Arrangement) -> Markup:
    match piece:
        case Plain():
            return escape(piece.text)
        case Strong():
            return Markup("<strong>{}</strong>").format(inline_html(piece.content, arrangement))
        case Foreign():
            inner = inline_html(piece.content, arrangement)
            return Markup('<i lang="{}">{}</i>').format(piece.language, inner)
        case Code():
            return Markup("<code>{}</code>").format(piece.text)
        case ValueReference():
            length = " short" if len(piece.text) <= SHORT_VALUE else ""
            return Markup('<a class="value{}" href="#{}">{}</a>').format(length, value_anchor(piece.id), piece.text)
        case BlockReference():
            label = arrangement.labels[piece.target]
            return Markup('<a class="reference" href="#{}">{}</a>').format(piece.target, label)
        case Link():
            address = safe_address(piece.address)
            if not address:
                return escape(piece.text)
            return Markup('<a href="{}">{}</a>').format(address, piece.text)


def _without_links(content: Content) -> Markup:
    """A text for the contents list, which is a link itself and may hold no other."""
    parts = []
    for piece in inline_pieces(content):
        if isinstance(piece, Foreign):
            parts.append(Markup('<i lang="{}">{}</i>').format(piece.language, plain_text(piece.content)))
        else:
            parts.append(escape(plain_text((piece,))))
    return Markup("").join(parts)
