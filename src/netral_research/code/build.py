"""The stage ``code``: reads the articles that people have read too, and tells how far the two agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from netral_research.code.confusions import count_confusions
from netral_research.code.evaluation import ALL, DEVELOPMENT, HELD_OUT, LEVEL, SAMPLES, measure
from netral_research.code.links import LINK
from netral_research.code.readings import CodingTables, pair_second_reader, read_project
from netral_research.code.tallies import CATEGORIES, EVENT, FIELDS, SETS, ReadArticle
from netral_research.results import Result, Value, percent_style

FIELD_COLUMNS = (
    "field", "figure", "n", "value", "lower", "upper", "second_reader", "kappa", "kappa_second_reader", "development",
)  # fmt: skip
# What stands for each field in a table with one line for each; events and dates need two. Participants are free
# phrases: how many of them are the same to the letter tells little.
TOLD = (
    (EVENT, "recall"),
    (EVENT, "precision"),
    ("date_start", "day_right"),
    ("date_start", "invented_day"),
    *(
        (field, "f1" if field in SETS else "accuracy")
        for field in FIELDS
        if field in (*SETS, *CATEGORIES) and field != "participants"
    ),
    ("participants_n", "right"),
)
_FUNCTION = "netral_research.code.evaluation.measure"


def evaluate_coder(tables: CodingTables) -> tuple[Result, ...]:
    """Tell how well the coder reads the project's own articles.

    Parameters
    ----------
    tables : CodingTables

    Returns
    -------
    tuple of Result
        All figures; one line for each field with the second reader's beside it; the most frequent confusions; and
        which articles were read. Without texts in the project, the tables are empty.
    """
    readings = read_project(tables)
    figures = measure(readings)
    fields = field_table(figures, measure(pair_second_reader(tables.second_reader, tables.events, tables.sample)))
    return (
        Result("evaluation", figures),
        Result("evaluation_fields", fields, (*_values(figures, fields), *_link_values(figures))),
        Result("evaluation_confusions", count_confusions(readings)),
        _accounting(readings, len(tables.unread)),
    )


def main_sample(figures: pd.DataFrame) -> str:
    """The sample whose figures stand for the coder: articles that were held out, where there are any.

    Examples
    --------
    >>> main_sample(pd.DataFrame({"sample": ["all", "held_out"]}))
    'held_out'
    """
    found = set(figures["sample"])
    return next((sample for sample in (HELD_OUT, ALL, DEVELOPMENT) if sample in found), "")


def field_table(figures: pd.DataFrame, second_reader: pd.DataFrame) -> pd.DataFrame:
    """One line for each field: the figure that stands for it, with the second reader's.

    Parameters
    ----------
    figures : pandas.DataFrame
        As :func:`netral_research.code.evaluation.measure` gives them.
    second_reader : pandas.DataFrame
        The figures of a second person's rows, measured alike; no row where nobody coded anything again.

    Returns
    -------
    pandas.DataFrame
        :data:`FIELD_COLUMNS`; lines without a figure are left out.
    """
    sample = main_sample(figures)
    found = {(row["sample"], row["field"], row["figure"]): row for row in figures.to_dict("records")}
    second = dict(
        zip(zip(second_reader["field"], second_reader["figure"], strict=True), second_reader["value"], strict=True)
    )
    rows = []
    for field, figure in TOLD:
        row = found.get((sample, field, figure))
        if row is None:
            continue
        kappa, development = found.get((sample, field, "kappa"), {}), found.get((DEVELOPMENT, field, figure), {})
        beside = {
            "second_reader": second.get((field, figure)),
            "kappa": kappa.get("value"),
            "kappa_second_reader": second.get((field, "kappa")),
            "development": development.get("value"),
        }
        rows.append({name: row[name] for name in FIELD_COLUMNS[:6]} | beside)
    kinds = dict.fromkeys(FIELD_COLUMNS[3:], "float64")
    return pd.DataFrame(rows, columns=list(FIELD_COLUMNS)).astype({"n": "int64"} | kinds)


def _values(figures: pd.DataFrame, fields: pd.DataFrame) -> tuple[Value, ...]:
    sample = main_sample(figures)
    values = [
        Value(f"code.{row['field']}_{row['figure']}", float(row["value"]), "decimal_2", "share", _FUNCTION)
        for row in fields.to_dict("records")
    ]
    level = Value("code.interval_level", LEVEL, percent_style(LEVEL), "share", _FUNCTION)
    return (Value("code.sample", sample or None, "text", "none", _FUNCTION), level, *values)


def _link_values(figures: pd.DataFrame) -> Iterator[Value]:
    """How well reports of one event are brought together, in the sample that has coded links; none without any."""
    found = figures[figures["field"] == LINK]
    told = found.groupby("sample")["figure"].agg(set)
    sample = next((one for one in SAMPLES if {"recall", "precision"} <= told.get(one, set())), "")
    for row in found[found["sample"] == sample].to_dict("records"):
        name = f"code.{LINK}_{row['figure']}"
        yield Value(name, float(row["value"]), "decimal_2", "share", _FUNCTION)
        yield Value(f"{name}_lower", float(row["lower"]), "decimal_2", "share", _FUNCTION)
        yield Value(f"{name}_upper", float(row["upper"]), "decimal_2", "share", _FUNCTION)
        yield Value(f"{name}_n", int(row["n"]), "integer", "pairs", _FUNCTION)


def _accounting(readings: Iterable[ReadArticle], unread: int) -> Result:
    rows: dict[str, dict[str, int]] = {}
    for article in readings:
        row = rows.setdefault(article.sample, dict.fromkeys(_COUNTS, 0))
        row["articles"] += 1
        row["articles_coded"] += bool(article.coded)
        row["articles_proposed"] += bool(article.proposed)
        row["events_coded"] += len(article.coded)
        row["events_proposed"] += len(article.proposed)
    table = pd.DataFrame(
        [{"sample": sample, **rows[sample]} for sample in SAMPLES if sample in rows], columns=["sample", *_COUNTS]
    ).astype(dict.fromkeys(_COUNTS, "int64"))
    function = "netral_research.code.build.evaluate_coder"
    counted = [
        Value(f"code.articles_{sample}", rows[sample]["articles"], "integer", "articles", function)
        for sample in table["sample"]
    ]
    total = Value("code.articles", int(table["articles"].sum()), "integer", "articles", function)
    return Result(
        "coding_accounting", table, (total, Value("code.unread", unread, "integer", "articles", function), *counted)
    )


_COUNTS = ("articles", "articles_coded", "articles_proposed", "events_coded", "events_proposed")
