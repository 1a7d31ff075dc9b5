"""Where proposals and coded rows differ: row by row, and the most frequent differences of each field.

Articles that are held out are never shown, only counted in :mod:`netral_research.code.evaluation`: whoever writes rules
looks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from netral_research.code.evaluation import HELD_OUT
from netral_research.code.links import LINK, link_confusions, linked_rows
from netral_research.code.matching import EventRow, match_rows, terms_of
from netral_research.code.tallies import EVENT, FIELDS, SETS, ReadArticle, is_same, written

COMPARISON_COLUMNS = ("source_id", "coded_event", "proposed_event", "field", "coded", "proposed", "equal")
CONFUSION_COLUMNS = ("field", "coded", "proposed", "n", "source_ids")
EXAMPLES = 5
OTHER = "other"
SEVERAL_DAYS, STATED = "several_days", "stated"


def compare_rows(articles: Iterable[ReadArticle]) -> pd.DataFrame:
    """Every cell that was compared, of all articles that are not held out.

    Parameters
    ----------
    articles : iterable of ReadArticle

    Returns
    -------
    pandas.DataFrame
        :data:`COMPARISON_COLUMNS`. Rows of the field ``event`` say which coded row and which proposal belong
        together; one of the two is empty where a row was missed or a proposal is false.

    Examples
    --------
    >>> row = {"event_id": "EVE001", "province": "Bali"}
    >>> rows = compare_rows([ReadArticle("EE001", "all", (row,), ())])
    >>> rows[["coded_event", "proposed_event", "field", "equal"]].to_numpy().tolist()
    [['EVE001', '', 'event', 'no']]
    """
    shown = sorted((one for one in articles if one.sample != HELD_OUT), key=lambda one: one.source_id)
    rows = [row for article in shown for row in _compared(article)]
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS), dtype="str")


def _compared(article: ReadArticle) -> Iterator[tuple[str, ...]]:
    pairs = match_rows(article.coded, article.proposed)
    for i, row in enumerate(article.coded):
        if i not in {left for left, _ in pairs}:
            yield article.source_id, row.get("event_id", ""), "", EVENT, EVENT, "", "no"
    for j, row in enumerate(article.proposed):
        if j not in {right for _, right in pairs}:
            yield article.source_id, "", row.get("event_id", ""), EVENT, "", EVENT, "no"
    for i, j in pairs:
        coded, proposed = article.coded[i], article.proposed[j]
        head = (article.source_id, coded.get("event_id", ""), proposed.get("event_id", ""))
        yield *head, EVENT, EVENT, EVENT, "yes"
        for field in FIELDS[1:]:
            equal = "yes" if is_same(coded, proposed, field) else "no"
            yield *head, field, coded.get(field, ""), proposed.get(field, ""), equal


def count_confusions(articles: Iterable[ReadArticle]) -> pd.DataFrame:
    """How often what was proposed in place of what, with a few articles each; nothing of held-out articles.

    Parameters
    ----------
    articles : iterable of ReadArticle

    Returns
    -------
    pandas.DataFrame
        :data:`CONFUSION_COLUMNS`, by field, the most frequent first. An empty ``coded`` was proposed without being
        coded, an empty ``proposed`` was missed. Dates are told by their precision and ``other`` where they differ
        within it; links are counted by pairs of rows (:func:`netral_research.code.links.link_confusions`).

    Examples
    --------
    >>> article = ReadArticle("EE001", "all", ({"mode": "virtual"},), ({"mode": "unknown"},))
    >>> count_confusions([article]).to_numpy().tolist()
    [['mode', 'virtual', 'unknown', 1, 'EE001']]
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    shown = sorted((one for one in articles if one.sample != HELD_OUT), key=lambda one: one.source_id)
    for article in shown:
        for confusion in _confusions(article):
            found.setdefault(confusion, []).append(article.source_id)
    for sample in sorted({article.sample for article in shown}):
        for confusion, source_id in link_confusions(linked_rows(one for one in shown if one.sample == sample)):
            found.setdefault(confusion, []).append(source_id)
    rows = [(*key, len(ids), ";".join(list(dict.fromkeys(ids))[:EXAMPLES])) for key, ids in found.items()]
    rows.sort(key=lambda row: ((*FIELDS, LINK).index(row[0]), -row[3], row[1], row[2]))
    return pd.DataFrame(rows, columns=list(CONFUSION_COLUMNS)).astype({"n": "int64"})


def _confusions(article: ReadArticle) -> Iterator[tuple[str, str, str]]:
    pairs = article.pairs
    yield from [(EVENT, EVENT, "")] * (len(article.coded) - len(pairs))
    yield from [(EVENT, "", EVENT)] * (len(article.proposed) - len(pairs))
    for coded, proposed in pairs:
        for field in FIELDS[1:]:
            if field != "participants" and not is_same(coded, proposed, field):
                yield from _confused(field, coded, proposed)


def _confused(field: str, coded: EventRow, proposed: EventRow) -> Iterator[tuple[str, str, str]]:
    before, after = written(coded, field), written(proposed, field)
    if field in SETS:
        yield from _confused_terms(field, terms_of(before), terms_of(after))
    elif field == "date_start":
        before, after = coded.get("date_precision", ""), proposed.get("date_precision", "")
        yield field, before, f"{OTHER}_{after}" if before == after else after
    elif field in ("date_end", "participants_n"):
        name = SEVERAL_DAYS if field == "date_end" else STATED
        yield field, name if before else "", OTHER if before and after else name if after else ""
    else:
        yield field, before, after


def _confused_terms(field: str, coded: frozenset[str], proposed: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    missed, false = sorted(coded - proposed), sorted(proposed - coded)
    if len(missed) == len(false) == 1:
        yield field, missed[0], false[0]
    else:
        yield from ((field, term, "") for term in missed)
        yield from ((field, "", term) for term in false)
