"""The values a report may print, each with where it comes from, and the sentences that print them.

``ValueRegistry.from_stages(stages)`` takes the saved results of all stages;
``registry.compose(language, template)`` turns a sentence of a locale file into inline pieces. In it

- ``{{ v("model.rate_ratio") }}`` prints a value as the language writes it,
- ``{{ ref("rate-map") }}`` prints the number of a section, table or figure ("Gambar 2"),
- ``{{ label("stage", "proven") }}`` prints a controlled term,
- ``{{ name }}`` prints a field given by the caller, always as plain text or as ready inline pieces,
- ``**words**`` are strong and ``*words*`` are words of the other language.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from netral_research.language import LANGUAGES, label
from netral_research.report.inline import (
    BlockReference,
    Foreign,
    Inline,
    Plain,
    Strong,
    ValueReference,
)
from netral_research.report.values import RegisteredValue
from netral_research.storage import StageResults

_PIECES = "inline pieces of this sentence"
_TOKEN = re.compile("\ue000([0-9]+)\ue001")
_MARK = re.compile(r"\*\*(?P<strong>.+?)\*\*|\*(?P<foreign>[^*]+?)\*", re.DOTALL)


@dataclass(frozen=True)
class ValueRegistry:
    """All values that saved results hold, by id.

    Parameters
    ----------
    entries : mapping of str to RegisteredValue
    """

    entries: Mapping[str, RegisteredValue]

    @classmethod
    def from_stages(cls, stages: Iterable[StageResults]) -> ValueRegistry:
        """Gather the values of saved stages.

        Parameters
        ----------
        stages : iterable of StageResults

        Returns
        -------
        ValueRegistry

        Raises
        ------
        ValueError
            If two results hold a value of the same id: a fault of the program.

        Examples
        --------
        >>> from netral_research.results import Result, Value
        >>> found = Result("estimates", None, (Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "model.fit"),))
        >>> registry = ValueRegistry.from_stages([StageResults("model", "05_model", {}, {"estimates": found})])
        >>> registry.entries["model.rate_ratio"].table
        'estimates'
        """
        entries: dict[str, RegisteredValue] = {}
        for stage in stages:
            for name, result in stage.results.items():
                for value in result.values:
                    if value.id in entries:
                        earlier = entries[value.id]
                        raise ValueError(f"value {value.id!r} stands in {earlier.table!r} and in {name!r}")
                    entries[value.id] = RegisteredValue(value, stage.stage, stage.notebook, name, dict(stage.inputs))
        return cls(entries)

    def value(self, identifier: str) -> RegisteredValue:
        """Find a value by its id.

        Parameters
        ----------
        identifier : str

        Returns
        -------
        RegisteredValue

        Raises
        ------
        KeyError
            If no saved result holds it: a fault of the program.

        Examples
        --------
        >>> from netral_research.results import Value
        >>> ratio = Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "model.fit")
        >>> registry = ValueRegistry({ratio.id: RegisteredValue(ratio, "model", "05_model", "estimates", {})})
        >>> registry.value("model.rate_ratio").stage
        'model'
        """
        if identifier not in self.entries:
            raise KeyError(f"no saved result holds a value {identifier!r}")
        return self.entries[identifier]

    def printed(self, identifier: str, language: str) -> ValueReference:
        """A value as an inline piece, for a table cell or a large number.

        Parameters
        ----------
        identifier : str
        language : {"id", "en"}

        Returns
        -------
        ValueReference

        Raises
        ------
        KeyError
            If no saved result holds it.

        Examples
        --------
        >>> from netral_research.results import Value
        >>> ratio = Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "model.fit")
        >>> registry = ValueRegistry({ratio.id: RegisteredValue(ratio, "model", "05_model", "estimates", {})})
        >>> registry.printed("model.rate_ratio", "id")
        ValueReference(id='model.rate_ratio', text='1,03')
        """
        return ValueReference(identifier, self.value(identifier).format(language))

    def compose(self, language: str, template: str, **fields: object) -> tuple[Inline, ...]:
        """Turn a sentence of a locale file into inline pieces.

        Parameters
        ----------
        language : {"id", "en"}
        template : str
            See the module's description. Only the template itself can hold marks; fields never become markup.
        **fields : str, Inline or tuple of Inline
            Words the sentence needs. Numbers are refused: they are values and have an id.

        Returns
        -------
        tuple of Inline

        Raises
        ------
        KeyError
            If the sentence names a value that no saved result holds.
        jinja2.UndefinedError
            If a field is missing.
        TypeError
            If a field is a number or anything else that is no text.

        Examples
        --------
        >>> from netral_research.results import Value
        >>> ratio = Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "model.fit")
        >>> registry = ValueRegistry({ratio.id: RegisteredValue(ratio, "model", "05_model", "estimates", {})})
        >>> registry.compose("id", 'rasio {{ v("model.rate_ratio") }}')
        (Plain(text='rasio '), ValueReference(id='model.rate_ratio', text='1,03'))
        """
        pieces: list[tuple[Inline, ...]] = []
        functions: dict[str, Callable[..., Inline]] = {
            "v": lambda identifier: self.printed(identifier, language),
            "ref": BlockReference,
            "label": lambda vocabulary, term: Plain(label(language, vocabulary, term)),
        }
        written = _template(template).render({**fields, **functions, _PIECES: pieces})
        return _read_marks(" ".join(written.split()), pieces, "en" if language == "id" else "id")

    def records(self) -> list[dict[str, Any]]:
        """Every value with its origin, as ``values.json`` and the replication package carry it.

        Returns
        -------
        list of dict
            Sorted by id; each complete in itself.

        Examples
        --------
        >>> from netral_research.results import Value
        >>> ratio = Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "model.fit")
        >>> registry = ValueRegistry({ratio.id: RegisteredValue(ratio, "model", "05_model", "estimates", {})})
        >>> registry.records()[0]["formatted"]
        {'id': '1,03', 'en': '1.03'}
        """
        return [
            {
                "id": identifier,
                "value": _finite(entry.value.value),
                "format": entry.value.format,
                "unit": entry.value.unit,
                "formatted": {language: entry.format(language) for language in LANGUAGES},
                "function": entry.value.function,
                "stage": entry.stage,
                "notebook": entry.notebook,
                "table": entry.table,
                "inputs": dict(sorted(entry.inputs.items())),
                "sources": list(entry.value.sources),
            }
            for identifier, entry in sorted(self.entries.items())
        ]

    def values_json(self) -> str:
        """Content of ``values.json``.

        Returns
        -------
        str

        Examples
        --------
        >>> json.loads(ValueRegistry({}).values_json())
        []
        """
        return json.dumps(self.records(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _finite(content: float | str | None) -> float | str | None:
    return None if isinstance(content, float) and not math.isfinite(content) else content


@pass_context
def _keep_piece(context: Context, content: object) -> str:
    """Put what an expression gave aside and leave only its place: so it can never be read as a mark."""
    if isinstance(content, StrictUndefined):
        return str(content)
    if isinstance(content, str):
        piece: tuple[Inline, ...] = (Plain(content),)
    elif isinstance(content, Inline):
        piece = (content,)
    elif isinstance(content, tuple) and all(isinstance(part, Inline) for part in content):
        piece = content
    else:
        raise TypeError(f"a sentence cannot hold {content!r}: numbers are values and have an id")
    pieces: list[tuple[Inline, ...]] = context[_PIECES]
    pieces.append(piece)
    return f"\ue000{len(pieces) - 1}\ue001"


@cache
def _environment() -> Environment:
    # No HTML is made here: every piece stays data until the page escapes it.
    return Environment(undefined=StrictUndefined, finalize=_keep_piece, autoescape=False)  # noqa: S701


@cache
def _template(template: str) -> Any:
    if "\ue000" in template or "\ue001" in template:
        raise ValueError("a sentence holds a character reserved for values")
    return _environment().from_string(template)


def _read_marks(written: str, pieces: list[tuple[Inline, ...]], other: str) -> tuple[Inline, ...]:
    found: list[Inline] = []
    place = 0
    for mark in _MARK.finditer(written):
        found += _read_tokens(written[place : mark.start()], pieces)
        if mark["strong"] is not None:
            found.append(Strong(_read_marks(mark["strong"], pieces, other)))
        else:
            found.append(Foreign(_read_tokens(mark["foreign"], pieces), other))
        place = mark.end()
    return (*found, *_read_tokens(written[place:], pieces))


def _read_tokens(written: str, pieces: list[tuple[Inline, ...]]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for place, part in enumerate(_TOKEN.split(written)):
        if place % 2:
            found += pieces[int(part)]
        elif part:
            found.append(Plain(part))
    return tuple(found)
