"""Results that a stage hands on: a table, its values, its text alternative and its notes, together and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Value:
    """One number (or day, or chosen word) that a report may print.

    Parameters
    ----------
    id : str
        ``stage.name``, for instance ``model.rate_ratio``.
    value : float, int, str or None
        The number; a day as ISO text; a sentence key for a chosen sentence; None where it could not be computed.
    format : {"integer", "decimal_1", "decimal_2", "decimal_3", "percent_0", "percent_1", "day", "label", "text"}
        How it is written. ``label`` values are ``vocabulary:term``.
    unit : str
        Key of ``locales/*/vocabulary.toml`` section ``unit``.
    function : str
        Dotted name of the function that computed it.
    sources : tuple of str
        Source ids behind it; empty where the whole table is.
    """

    id: str
    value: float | int | str | None
    format: str
    unit: str
    function: str
    sources: tuple[str, ...] = ()


def percent_style(share: float) -> str:
    """How a chosen share is written so that its per cent are not rounded away.

    Parameters
    ----------
    share : float
        Between 0 and 1.

    Returns
    -------
    {"percent_0", "percent_1"}

    Examples
    --------
    >>> percent_style(0.95), percent_style(0.995)
    ('percent_0', 'percent_1')
    """
    return "percent_0" if abs(share * 100 - round(share * 100)) < 1e-9 else "percent_1"


@dataclass(frozen=True)
class Result:
    """What one analysis function found.

    Parameters
    ----------
    name : str
        Name of the result, unique in its stage.
    table : pandas.DataFrame
        Tidy, sorted, codes instead of labels.
    values : tuple of Value
        Every number a sentence may quote.
    alt : mapping of str to str
        Text alternative of the table's figure, by language: a sentence with the finding.
    notes : tuple of str
        Keys of notes (``locales/*/notes.toml``) that must stand beside the table or figure.
    """

    name: str
    table: pd.DataFrame
    values: tuple[Value, ...] = ()
    alt: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def value(self, identifier: str) -> Value:
        """Find one value by its id.

        Parameters
        ----------
        identifier : str

        Returns
        -------
        Value

        Raises
        ------
        KeyError
            If the result holds no such value.

        Examples
        --------
        >>> cells = Value("describe.rates_cells", 40, "integer", "province_cycles", "reported_rates")
        >>> Result("rates", pd.DataFrame(), (cells,)).value("describe.rates_cells").value
        40
        """
        for value in self.values:
            if value.id == identifier:
                return value
        raise KeyError(identifier)
