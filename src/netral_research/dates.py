"""Days known to the day, the month or the year; nothing is ever made more precise than its source."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_FORM = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True)
class DateSpan:
    """The days a date as published can mean.

    Parameters
    ----------
    earliest, latest : datetime.date
        First and last possible day; equal for a date known to the day.
    precision : {"day", "month", "year"}
    """

    earliest: dt.date
    latest: dt.date
    precision: str


def parse_date(written: str) -> DateSpan | None:
    """Read ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY`` as the span of days it can mean.

    Parameters
    ----------
    written : str
        An empty text means the date is unknown.

    Returns
    -------
    DateSpan or None
        None for an empty text.

    Raises
    ------
    ValueError
        If the text is no such date, or no such day exists (31 February).

    Examples
    --------
    >>> parse_date("2020-10").latest
    datetime.date(2020, 10, 31)
    """
    if not written:
        return None
    match = _FORM.match(written)
    if match is None:
        raise ValueError(f"not a date: {written!r}")
    year, *rest = (int(part) for part in match.groups() if part)
    if not rest:
        return DateSpan(dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
    if len(rest) == 1:
        first = dt.date(year, rest[0], 1)
        return DateSpan(first, first.replace(day=calendar.monthrange(year, rest[0])[1]), "month")
    exact = dt.date(year, *rest)
    return DateSpan(exact, exact, "day")


def is_date(written: str) -> bool:
    """Tell whether a text is empty or a date that exists.

    Parameters
    ----------
    written : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_date("2019-02-31"), is_date("2019-02"), is_date("")
    (False, True, True)
    """
    try:
        parse_date(written)
    except ValueError:
        return False
    return True


def overlap(first: DateSpan, second: DateSpan) -> bool:
    """Tell whether two dates can mean the same day.

    Parameters
    ----------
    first, second : DateSpan

    Returns
    -------
    bool

    Examples
    --------
    >>> overlap(parse_date("2020"), parse_date("2020-09-30"))
    True
    """
    return first.earliest <= second.latest and second.earliest <= first.latest
