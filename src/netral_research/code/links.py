"""How well reports of one event are brought together: links that are proposed held against those that people coded.

Only rows that were matched to a coded row are compared, each with every other one: two rows belong together in the
coding, in the proposals, in both or in neither, however long the chain of links between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from netral_research.code.duplicates import event_key
from netral_research.code.matching import EventRow
from netral_research.code.tallies import DAY, ReadArticle, Tally

LINK = "same_event_as"
SAME_EVENT = "same_event"
# What keeps two rows apart, the first that does.
OTHER_PLACE, OTHER_DAY, OTHER_TYPE, OTHER_ORGANISER = "other_place", "other_day", "other_type", "other_organiser"
NO_DAY, NOTHING_ELSE = "no_day", "alike"


class LinkedRow(NamedTuple):
    """A coded row with the proposal that answers it, and the event that each of them belongs to.

    Parameters
    ----------
    coded, proposed : mapping of str to str
    coded_event, proposed_event : str
    """

    coded: EventRow
    proposed: EventRow
    coded_event: str
    proposed_event: str


def group_links(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Bring together what links hold together, however long the chain.

    Parameters
    ----------
    links : iterable of (str, str)
        An id and the id it reports the same as; an empty one links to nothing.

    Returns
    -------
    dict of str to str
        For every id one that stands for its group.

    Examples
    --------
    >>> groups = group_links([("A", ""), ("B", "A"), ("C", "B"), ("D", "")])
    >>> groups["C"] == groups["A"], groups["D"] == groups["A"]
    (True, False)
    """
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        leader.setdefault(name, name)
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for name, target in links:
        head = find(name)
        if target:
            leader[head] = find(target)
    return {name: find(name) for name in list(leader)}


def with_decided_links(events: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Event rows whose links are those that hold after people's decisions.

    Parameters
    ----------
    events, decisions : pandas.DataFrame
        ``events.csv`` and ``decisions.csv`` as text.

    Returns
    -------
    pandas.DataFrame
        The same rows; ``same_event_as`` names the row that stands for all reports of the event.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["A", "B"], "same_event_as": ["", ""]})
    >>> decisions = pd.DataFrame([("events.csv", "B", "merge", "A")], columns=["file", "row_id", "action", "value"])
    >>> with_decided_links(events, decisions)["same_event_as"].tolist()
    ['', 'A']
    """
    merged = decisions[(decisions["file"] == "events.csv") & (decisions["action"] == "merge")]
    written = zip(events["event_id"], events[LINK], strict=True)
    groups = group_links([*written, *zip(merged["row_id"], merged["value"], strict=True)])
    linked = ["" if groups[name] == name else groups[name] for name in events["event_id"]]
    return events.assign(**{LINK: pd.Series(linked, events.index, dtype="str")})


def linked_rows(articles: Iterable[ReadArticle]) -> list[LinkedRow]:
    """Matched rows for which people told whether they repeat another one, with the events they belong to.

    Parameters
    ----------
    articles : iterable of ReadArticle

    Returns
    -------
    list of LinkedRow
        None where nobody coded a link, since nothing can be said then.
    """
    pairs = [pair for article in articles for pair in article.pairs if LINK in pair[0]]
    if not any(coded[LINK] for coded, _ in pairs):
        return []
    coded_groups, proposed_groups = (_groups(pair[side] for pair in pairs) for side in (0, 1))
    return [
        LinkedRow(coded, proposed, coded_groups[coded["event_id"]], proposed_groups[proposed["event_id"]])
        for coded, proposed in pairs
    ]


def _groups(rows: Iterable[EventRow]) -> dict[str, str]:
    return group_links((row["event_id"], row.get(LINK, "")) for row in rows)


def link_tallies(rows: Sequence[LinkedRow]) -> list[Tally]:
    """Count pairs of rows that belong together, apart for what hangs together by any link.

    Parameters
    ----------
    rows : sequence of LinkedRow

    Returns
    -------
    list of collections.Counter
        ``right``, ``missed`` and ``false`` pairs of one cluster each; clusters are what intervals draw from, since
        pairs that share a row hang together.

    Examples
    --------
    >>> rows = [LinkedRow({}, {}, "E1", name) for name in ("P1", "P1", "P2")]
    >>> [sorted(tally.items()) for tally in link_tallies(rows)]
    [[(('same_event_as', 'false'), 0), (('same_event_as', 'missed'), 2), (('same_event_as', 'right'), 1)]]
    """
    return [_tally(cluster) for cluster in _clusters(rows)]


def _clusters(rows: Sequence[LinkedRow]) -> list[list[LinkedRow]]:
    groups = group_links((f"coded {row.coded_event}", f"proposed {row.proposed_event}") for row in rows)
    clusters: dict[str, list[LinkedRow]] = {}
    for row in rows:
        clusters.setdefault(groups[f"coded {row.coded_event}"], []).append(row)
    return [cluster for cluster in clusters.values() if len(cluster) > 1]


def _tally(rows: Sequence[LinkedRow]) -> Tally:
    right = _pairs(Counter((row.coded_event, row.proposed_event) for row in rows))
    coded, proposed = (_pairs(Counter(row[side] for row in rows)) for side in (2, 3))
    return Counter({(LINK, "right"): right, (LINK, "missed"): coded - right, (LINK, "false"): proposed - right})


def _pairs(sizes: Mapping[object, int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def link_confusions(rows: Sequence[LinkedRow]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Pairs on which coding and proposals differ, with what keeps their rows apart.

    Parameters
    ----------
    rows : sequence of LinkedRow

    Yields
    ------
    confusion : tuple of str
        ``same_event_as``, coded, proposed: a pair that was missed tells in what its proposals differ, a false one in
        what its coded rows do.
    source_id : str
        Article of the later row.
    """
    for cluster in _clusters(rows):
        for first, second in combinations(cluster, 2):
            coded = first.coded_event == second.coded_event
            if coded and first.proposed_event != second.proposed_event:
                yield (LINK, SAME_EVENT, _apart(first.proposed, second.proposed)), second.coded["source_id"]
            elif not coded and first.proposed_event == second.proposed_event:
                yield (LINK, _apart(first.coded, second.coded), SAME_EVENT), second.coded["source_id"]


def _apart(first: EventRow, second: EventRow) -> str:
    one, other = event_key(first), event_key(second)
    if one.place != other.place:
        return OTHER_PLACE
    if not set(one.slots) & set(other.slots):
        return OTHER_DAY if first["date_precision"] == second["date_precision"] == DAY else NO_DAY
    if one.event_type != other.event_type:
        return OTHER_TYPE
    return NOTHING_ELSE if one.organiser == other.organiser else OTHER_ORGANISER
