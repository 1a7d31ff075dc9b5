"""Texts and number formats of the two report languages.

User-facing text lives in ``locales/<language>/<topic>.toml``; code asks for it by a dotted key. These files are part of
the package, like its modules, so they are read here and not through :mod:`netral_research.files`, which keeps the data.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

LANGUAGES = ("id", "en")

Number = float | int
_DECIMALS = {"integer": "#,##0", "decimal_1": "#,##0.0", "decimal_2": "#,##0.00", "decimal_3": "#,##0.000"}


def interface_language(environment: Mapping[str, str] | None = None) -> str:
    """Language of messages on the screen: ``NETRAL_LANGUAGE``, else the system's, else English.

    Parameters
    ----------
    environment : mapping of str to str, optional
        Environment variables; those of the process by default.

    Returns
    -------
    str
        ``"id"`` or ``"en"``.

    Examples
    --------
    >>> interface_language({"LANG": "id_ID.UTF-8"})
    'id'
    """
    environment = os.environ if environment is None else environment
    for name in ("NETRAL_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        chosen = environment.get(name, "")
        if chosen:
            return "id" if chosen.lower().startswith("id") else "en"
    return "en"


@cache
def locale_texts(language: str) -> Mapping[str, str]:
    """All texts of a language, keyed ``topic.section.name``.

    Parameters
    ----------
    language : {"id", "en"}

    Returns
    -------
    mapping of str to str

    Examples
    --------
    >>> locale_texts("en")["vocabulary.stage.proven"]
    'proven'
    """
    texts: dict[str, str] = {}
    folder = resources.files("netral_research").joinpath("locales", language)
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            _flatten(entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text("utf-8")), texts)
    return texts


def _flatten(prefix: str, tree: Mapping[str, Any], texts: dict[str, str]) -> None:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            _flatten(f"{prefix}.{name}", value, texts)
        else:
            texts[f"{prefix}.{name}"] = str(value)


def text(language: str, key: str, **fields: object) -> str:
    """One text of a language with its placeholders filled.

    Parameters
    ----------
    language : {"id", "en"}
    key : str
        ``topic.section.name``.
    **fields : object
        Values of the placeholders, written ``{name}`` in the locale file.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        If the language has no such text: a fault of the program, found by the test of locale parity.

    Examples
    --------
    >>> text("id", "vocabulary.measure.cases")
    'kasus'
    """
    template = locale_texts(language)[key]
    return template.format(**fields) if fields else template


def label(language: str, vocabulary: str, term: str) -> str:
    """Label of a controlled term, for instance ``label("id", "stage", "proven")``.

    Parameters
    ----------
    language : {"id", "en"}
    vocabulary : str
        Name of a vocabulary of :mod:`netral_research.vocabulary`.
    term : str

    Returns
    -------
    str

    Examples
    --------
    >>> label("en", "institution", "kasn")
    'KASN'
    """
    return text(language, f"vocabulary.{vocabulary}.{term}")


def format_number(value: Number, style: str, language: str) -> str:
    """Write a number as the language does: ``1.234,5`` in Indonesian, ``1,234.5`` in English.

    Parameters
    ----------
    value : float or int
        Finite number.
    style : {"integer", "decimal_1", "decimal_2", "decimal_3", "percent_0", "percent_1"}
        Percent styles take a share between 0 and 1.
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> format_number(1234.5, "decimal_1", "id")
    '1.234,5'
    >>> format_number(0.256, "percent_0", "en")
    '26%'
    """
    if style.startswith("percent"):
        return format_percent(value, "#,##0.0%" if style == "percent_1" else "#,##0%", locale=language)
    return format_decimal(value, _DECIMALS[style], locale=language)


def format_day(iso_day: str, language: str) -> str:
    """Write a day, a month or a year as the language does.

    Parameters
    ----------
    iso_day : str
        ``2020-10-07``, ``2020-10`` or ``2020``.
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> format_day("2020-10-07", "id"), format_day("2020-10", "en")
    ('7 Oktober 2020', 'October 2020')
    """
    parts = [int(part) for part in iso_day.split("-")]
    if len(parts) == 1:
        return f"{parts[0]:04d}"
    if len(parts) == 2:
        return format_date(dt.date(parts[0], parts[1], 1), "MMMM y", locale=language)
    return format_date(dt.date(*parts), "d MMMM y", locale=language)
