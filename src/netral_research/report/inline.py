"""Pieces of running text: plain words, marks, values and links.

A text is either a plain ``str`` (always shown as it is, never read as markup) or a tuple of these pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Plain:
    """Text as it is."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Text that matters."""

    content: tuple[Inline, ...]


@dataclass(frozen=True)
class Foreign:
    """Words of the other language, set in italics and spoken in that language."""

    content: tuple[Inline, ...]
    language: str


@dataclass(frozen=True)
class ValueReference:
    """A printed value; it leads to its row in the provenance annex."""

    id: str
    text: str


@dataclass(frozen=True)
class BlockReference:
    """The number of a section, table or figure of the document, for instance ``Gambar 2``; it leads there."""

    target: str


@dataclass(frozen=True)
class Link:
    """Text that leads to a page or file. An address of any other kind than web, mail or relative is not followed."""

    text: str
    address: str


@dataclass(frozen=True)
class Code:
    """The name of a function, file or column, as a program spells it."""

    text: str


Inline = Plain | Strong | Foreign | ValueReference | BlockReference | Link | Code
Content = str | tuple[Inline, ...]


def inline_pieces(content: Content) -> tuple[Inline, ...]:
    """A text as inline pieces.

    Parameters
    ----------
    content : str or tuple of Inline

    Returns
    -------
    tuple of Inline

    Examples
    --------
    >>> inline_pieces("<b>")
    (Plain(text='<b>'),)
    """
    return (Plain(content),) if isinstance(content, str) else content


def plain_text(content: Content) -> str:
    """A text without its marks, as a title bar or an index needs it.

    Parameters
    ----------
    content : str or tuple of Inline

    Returns
    -------
    str

    Examples
    --------
    >>> plain_text((Plain("rasio "), ValueReference("model.rate_ratio", "1,03")))
    'rasio 1,03'
    """
    parts = []
    for piece in inline_pieces(content):
        if isinstance(piece, Strong | Foreign):
            parts.append(plain_text(piece.content))
        elif isinstance(piece, BlockReference):
            parts.append(piece.target)
        else:
            parts.append(piece.text)
    return "".join(parts)


def walk_pieces(content: Content) -> Iterator[Inline]:
    """Every piece of a text and the pieces inside it, in reading order.

    Examples
    --------
    >>> list(walk_pieces((Plain("rasio "), Strong((ValueReference("model.rate_ratio", "1,03"),)))))[-1].text
    '1,03'
    """
    for piece in inline_pieces(content):
        yield piece
        if isinstance(piece, Strong | Foreign):
            yield from walk_pieces(piece.content)
