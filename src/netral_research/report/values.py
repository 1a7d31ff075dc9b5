"""One value with where it comes from, written as a language does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from netral_research.language import format_day, format_number, label, text
from netral_research.results import Value


@dataclass(frozen=True)
class RegisteredValue:
    """A value and where it comes from.

    Parameters
    ----------
    value : Value
    stage, notebook, table : str
        Stage that computed it, its notebook, and the table it was saved with.
    inputs : mapping of str to str
        SHA-256 of every input file of the stage.
    """

    value: Value
    stage: str
    notebook: str
    table: str
    inputs: Mapping[str, str]

    def format(self, language: str) -> str:
        """Write the value as a language does.

        Parameters
        ----------
        language : {"id", "en"}

        Returns
        -------
        str
            A dash and its reason where the value could not be computed.

        Examples
        --------
        >>> value = Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "model.fit")
        >>> entry = RegisteredValue(value, "model", "05_model", "estimates", {})
        >>> entry.format("id"), entry.format("en")
        ('1,03', '1.03')
        """
        return format_value(self.value, language)


def format_value(value: Value, language: str) -> str:
    """Write a value as a language does.

    Parameters
    ----------
    value : Value
    language : {"id", "en"}

    Returns
    -------
    str
        A dash and its reason where the value could not be computed.

    Examples
    --------
    >>> format_value(Value("model.rate_ratio", 1.034, "decimal_2", "ratio", "model.fit"), "id")
    '1,03'
    """
    content = value.value
    if content is None or (isinstance(content, float) and not math.isfinite(content)):
        return text(language, "page.value.not_computable_dash")
    if isinstance(content, str):
        if value.format == "day":
            return format_day(content, language)
        if value.format == "label":
            vocabulary, _, term = content.partition(":")
            return label(language, vocabulary, term)
        if value.format == "text":
            return content
        raise ValueError(f"{value.id}: a text cannot be written as {value.format!r}")
    return format_number(content, value.format, language)
