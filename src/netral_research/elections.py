"""The electoral calendar: when each cycle polled and campaigned, and which regions voted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from netral_research.dates import DateSpan, parse_date


@dataclass(frozen=True)
class Cycle:
    """One electoral cycle.

    Parameters
    ----------
    name : str
    local : bool
        True for Pilkada, False for general elections (Pemilu).
    polling_day, campaign_start : datetime.date
    previous_polling_day : datetime.date
        Polling day of the cycle before, of either kind; the earliest date where there is none.
    """

    name: str
    local: bool
    polling_day: dt.date
    campaign_start: dt.date
    previous_polling_day: dt.date


@dataclass(frozen=True)
class ElectionCalendar:
    """Cycles and the contests of each Pilkada.

    Parameters
    ----------
    cycles : mapping of str to Cycle
        In order of polling day.
    contests : mapping of str to frozenset of str
        Codes of the provinces (governor) and regencies (regent or mayor) that voted, by Pilkada.
    """

    cycles: Mapping[str, Cycle]
    contests: Mapping[str, frozenset[str]]

    def voted(self, code: str, province: str, cycle: str) -> bool:
        """Tell whether people of a regency voted in a cycle.

        Parameters
        ----------
        code, province : str
            Regency, and the province that held it then.
        cycle : str

        Returns
        -------
        bool
            In a general election always; in a Pilkada where the regency or its province chose its head.

        Examples
        --------
        >>> cycle = Cycle("pilkada_2020", True, dt.date(2020, 12, 9), dt.date(2020, 9, 26), dt.date(2019, 4, 17))
        >>> calendar = ElectionCalendar({"pilkada_2020": cycle}, {"pilkada_2020": frozenset({"13", "18.01"})})
        >>> [calendar.voted(*place, "pilkada_2020") for place in (("13.01", "13"), ("18.01", "18"), ("11.01", "11"))]
        [True, True, False]
        """
        if not self.cycles[cycle].local:
            return True
        return code in self.contests[cycle] or province in self.contests[cycle]

    def cycles_possible(self, span: DateSpan) -> tuple[str, ...]:
        """Cycles whose time (after the polling day before, up to its own) a date may belong to.

        Parameters
        ----------
        span : DateSpan

        Returns
        -------
        tuple of str
            In order of polling day; empty after the last polling day.

        Examples
        --------
        >>> cycle = Cycle("pilkada_2020", True, dt.date(2020, 12, 9), dt.date(2020, 9, 26), dt.date(2019, 4, 17))
        >>> calendar = ElectionCalendar({"pilkada_2020": cycle}, {})
        >>> calendar.cycles_possible(parse_date("2020-12")), calendar.cycles_possible(parse_date("2021"))
        (('pilkada_2020',), ())
        """
        return tuple(
            cycle.name
            for cycle in self.cycles.values()
            if span.earliest <= cycle.polling_day and span.latest > cycle.previous_polling_day
        )


def build_calendar(
    elections: Sequence[Mapping[str, str]], participants: Sequence[Mapping[str, str]]
) -> ElectionCalendar:
    """Build the calendar from the reference tables.

    Parameters
    ----------
    elections, participants : sequence of mapping of str to str
        Rows of ``data/reference/pilkada.csv`` and ``pilkada_participants.csv``, as text.

    Returns
    -------
    ElectionCalendar

    Examples
    --------
    >>> poll = {"election": "pilkada_2020", "type": "local", "polling_date": "2020-12-09",
    ...         "campaign_start": "2020-09-26"}
    >>> build_calendar([poll], [{"election": "pilkada_2020", "code": "13"}]).contests
    {'pilkada_2020': frozenset({'13'})}
    """
    cycles: dict[str, Cycle] = {}
    previous = dt.date.min
    for row in sorted(elections, key=itemgetter("polling_date")):
        polling, name = _day(row["polling_date"]), row["election"]
        cycles[name] = Cycle(name, row["type"] == "local", polling, _day(row["campaign_start"]), previous)
        previous = polling
    contests: dict[str, set[str]] = {}
    for row in participants:
        contests.setdefault(row["election"], set()).add(row["code"])
    return ElectionCalendar(cycles, {name: frozenset(contests[name]) for name in sorted(contests)})


def _day(written: str) -> dt.date:
    span = parse_date(written)
    if span is None or span.precision != "day":
        raise ValueError(f"not a day: {written!r}")
    return span.earliest
