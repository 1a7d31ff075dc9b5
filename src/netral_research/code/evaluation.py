"""How well the coder reads: its proposals held against the rows that people coded, field by field.

Every figure comes with a bootstrap interval: articles are drawn again, since rows of one article hang together. Links
between articles are drawn by clusters of rows that any link holds together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from netral_research.code.agreement import Numbers, cohens_kappa, f1_score, krippendorff_alpha, ratio
from netral_research.code.links import LINK, link_tallies, linked_rows
from netral_research.code.tallies import CATEGORIES, EVENT, FIELDS, SETS, ReadArticle, Tally, tally_article

DEVELOPMENT, HELD_OUT, ALL = "development", "held_out", "all"
SAMPLES = (HELD_OUT, DEVELOPMENT, ALL)
FIGURE_COLUMNS = ("sample", "field", "figure", "n", "value", "lower", "upper")
DRAWS, SEED, LEVEL = 2000, 20200910, 0.95
# The figure that stands for its field where there is room for one only.
MAIN_FIGURES: Mapping[str, str] = {
    EVENT: "f1",
    "date_start": "day_right",
    "date_end": "right",
    "participants_n": "right",
    LINK: "f1",
    **dict.fromkeys(SETS, "f1"),
    **dict.fromkeys(CATEGORIES, "accuracy"),
}

# A figure for every weighting, and what it is a share of.
Figure = tuple[Numbers, Numbers]


class Totals:
    """Counts of a sample under every weighting of its articles; the first weighting counts every article once.

    Parameters
    ----------
    tallies : sequence of Tally
        One for each article.
    weights : numpy.ndarray
        Shape (weightings, articles).
    """

    def __init__(self, tallies: Sequence[Tally], weights: Numbers) -> None:
        self.keys = sorted({key for tally in tallies for key in tally})
        counts = np.array([[tally[key] for key in self.keys] for tally in tallies], dtype=float)
        totals = weights @ counts.reshape(len(tallies), len(self.keys))
        self._columns = dict(zip(self.keys, totals.T, strict=True))
        self._nothing = np.zeros(len(weights))

    def of(self, field: str, name: str) -> Numbers:
        """Total of one count."""
        return self._columns.get((field, name), self._nothing)

    def contingency(self, field: str) -> Numbers:
        """Tables of coded against proposed terms, shape (weightings, terms, terms)."""
        pairs = [key[2:] for key in self.keys if key[:2] == (field, "pair")]
        terms = sorted({term for pair in pairs for term in pair})
        tables = np.zeros((len(self._nothing), len(terms), len(terms)))
        for coded, proposed in pairs:
            tables[:, terms.index(coded), terms.index(proposed)] = self._columns[field, "pair", coded, proposed]
        return tables


def measure(articles: Iterable[ReadArticle], draws: int = DRAWS) -> pd.DataFrame:
    """Every figure of every field, by sample, with its interval.

    Parameters
    ----------
    articles : iterable of ReadArticle
        In any order.
    draws : int, optional
        Resamples behind the intervals.

    Returns
    -------
    pandas.DataFrame
        :data:`FIGURE_COLUMNS`; ``n`` is what the figure is a share of. A figure without anything to stand on is
        left out.

    Examples
    --------
    >>> row = {"province": "Bali", "date_start": "2020-10-15", "date_precision": "day"}
    >>> figures = measure([ReadArticle("EE001", "all", (row,), (row,))], draws=10)
    >>> figures.query("field == 'province' and figure == 'f1'")["value"].tolist()
    [1.0]
    """
    by_sample: dict[str, list[ReadArticle]] = {}
    for article in sorted(articles, key=lambda article: article.source_id):
        by_sample.setdefault(article.sample, []).append(article)
    rows: list[tuple[str, str, str, int, float, float, float]] = []
    for sample in sorted(by_sample, key=_place):
        totals = _totals([tally_article(article) for article in by_sample[sample]], draws)
        figures = {field: _figures(field, totals) for field in FIELDS}
        if linked := link_tallies(linked_rows(by_sample[sample])):
            figures[LINK] = _found_terms(LINK, _totals(linked, draws))
        rows += [
            (sample, field, name, round(float(whole[0])), float(values[0]), *_interval(values[1:]))
            for field, found in figures.items()
            for name, (values, whole) in found.items()
            if not np.isnan(values[0])
        ]
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def _totals(tallies: Sequence[Tally], draws: int) -> Totals:
    return Totals(tallies, _weights(len(tallies), draws))


def _place(sample: str) -> tuple[int, str]:
    return (SAMPLES.index(sample) if sample in SAMPLES else len(SAMPLES), sample)


def _weights(articles: int, draws: int) -> Numbers:
    drawn = np.random.default_rng(SEED).multinomial(articles, np.full(articles, 1 / articles), size=draws)
    return np.vstack([np.ones((1, articles)), drawn]).astype(float)


def _interval(values: Numbers) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), float("nan")
    lower, upper = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(lower), float(upper)


def _figures(field: str, totals: Totals) -> dict[str, Figure]:
    if field in SETS:
        return _found_terms(field, totals) | {"same": _share(totals, field, "same", "rows")}
    if field in CATEGORIES:
        return _agreement(totals.contingency(field))
    return _OTHER_FIGURES[field](totals)


def _share(totals: Totals, field: str, part: str, whole: str) -> Figure:
    return ratio(totals.of(field, part), totals.of(field, whole)), totals.of(field, whole)


def _found_terms(field: str, totals: Totals) -> dict[str, Figure]:
    right, missed, false = (totals.of(field, name) for name in ("right", "missed", "false"))
    return {
        "recall": (ratio(right, right + missed), right + missed),
        "precision": (ratio(right, right + false), right + false),
        "f1": (f1_score(right, missed, false), right + missed + false),
    }


def _agreement(tables: Numbers) -> dict[str, Figure]:
    rows = tables.sum(axis=(1, 2))
    return {
        "accuracy": (ratio(np.trace(tables, axis1=1, axis2=2), rows), rows),
        "kappa": (cohens_kappa(tables), rows),
        "alpha": (krippendorff_alpha(tables), rows),
    }


def _event_figures(totals: Totals) -> dict[str, Figure]:
    kept, lost = totals.of(EVENT, "article_some_some"), totals.of(EVENT, "article_some_none")
    quiet, alarm = totals.of(EVENT, "article_none_none"), totals.of(EVENT, "article_none_some")
    return _found_terms(EVENT, totals) | {
        "articles_with": (ratio(kept, kept + lost), kept + lost),
        "articles_without": (ratio(quiet, quiet + alarm), quiet + alarm),
    }


def _date_figures(totals: Totals) -> dict[str, Figure]:
    field = "date_start"
    figures = {
        f"{name}_right": _share(totals, field, f"{name}_right", f"{name}_rows")
        for name in ("day", "month", "year", "unknown")
    }
    coarser = totals.of(field, "rows") - totals.of(field, "day_rows")
    return figures | {
        "right": _share(totals, field, "right", "rows"),
        "invented_day": (ratio(totals.of(field, "invented_day"), coarser), coarser),
    }


def _end_figures(totals: Totals) -> dict[str, Figure]:
    return {
        "right": _share(totals, "date_end", "right", "rows"),
        "several_right": _share(totals, "date_end", "several_right", "several_rows"),
    }


def _number_figures(totals: Totals) -> dict[str, Figure]:
    return {
        "right": _share(totals, "participants_n", "right", "stated"),
        "invented": _share(totals, "participants_n", "invented", "unstated"),
    }


_OTHER_FIGURES: Mapping[str, Callable[[Totals], dict[str, Figure]]] = {
    EVENT: _event_figures,
    "date_start": _date_figures,
    "date_end": _end_figures,
    "participants_n": _number_figures,
}
