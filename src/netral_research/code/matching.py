"""Which proposal answers which coded row of an article: one to one, by the best agreement of all pairs together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

EventRow = Mapping[str, str]
# What makes two rows the same event: its day before all, then what and where.
_EQUAL_WEIGHTS = {"event_type": 2.0, "organiser": 1.0, "scope": 0.5, "pledge": 0.5, "mode": 0.25}
_SET_WEIGHTS = {"regency": 2.0, "province": 1.0}
_DAY_WEIGHT = 3.0
# Among pairs that agree equally, rows stay in the order of the text.
_ORDER_WEIGHT = 1e-6


def terms_of(cell: str) -> frozenset[str]:
    """Terms of a cell that holds several, joined by ``;``.

    Examples
    --------
    >>> sorted(terms_of("politik; sanksi;politik"))
    ['politik', 'sanksi']
    """
    return frozenset(part for part in (part.strip() for part in cell.split(";")) if part)


def likeness(coded: EventRow, proposed: EventRow) -> float:
    """How well a proposal agrees with a coded row in what tells events apart.

    Parameters
    ----------
    coded, proposed : mapping of str to str

    Returns
    -------
    float

    Examples
    --------
    >>> row = {"date_start": "2020-10-15", "event_type": "webinar"}
    >>> likeness(row, row) > likeness(row, row | {"date_start": "2020-10"})
    True
    """
    score = _DAY_WEIGHT * _same_time(coded.get("date_start", ""), proposed.get("date_start", ""))
    for name, weight in _EQUAL_WEIGHTS.items():
        score += weight * (coded.get(name, "") == proposed.get(name, ""))
    for name, weight in _SET_WEIGHTS.items():
        score += weight * _shared(terms_of(coded.get(name, "")), terms_of(proposed.get(name, "")))
    return score


def _same_time(coded: str, proposed: str) -> float:
    if coded == proposed:
        return 1.0
    if coded and proposed and (coded.startswith(proposed) or proposed.startswith(coded)):
        return 0.4
    return 0.0


def _shared(coded: frozenset[str], proposed: frozenset[str]) -> float:
    return len(coded & proposed) / len(coded | proposed) if coded | proposed else 1.0


def match_rows(coded: Sequence[EventRow], proposed: Sequence[EventRow]) -> tuple[tuple[int, int], ...]:
    """Pair the coded rows of an article with its proposals.

    Parameters
    ----------
    coded, proposed : sequence of mapping of str to str

    Returns
    -------
    tuple of (int, int)
        Places of the coded row and of its proposal, by coded row; as many pairs as the shorter side has rows. A
        coded row without a pair was missed, a proposal without one is false.

    Examples
    --------
    >>> rows = [{"date_start": "2020-10-12"}, {"date_start": "2020-10-15"}]
    >>> match_rows(rows, rows[1:])
    ((1, 0),)
    """
    if len(coded) == len(proposed) == 1:
        return ((0, 0),)
    if not coded or not proposed:
        return ()
    scores = np.array(
        [
            [likeness(row, other) - _ORDER_WEIGHT * abs(i - j) for j, other in enumerate(proposed)]
            for i, row in enumerate(coded)
        ]
    )
    left, right = linear_sum_assignment(scores, maximize=True)
    return tuple((int(i), int(j)) for i, j in zip(left, right, strict=True))
