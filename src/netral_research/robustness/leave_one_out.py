"""How much an estimate hangs on one cycle (or one of any other part of the sample): fitted again without each."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from netral_research.errors import CannotEstimateError, Problem
from netral_research.robustness.estimates import Estimate

NOTHING_LEFT_OUT = ""


def leave_one_cycle_out(
    sample: pd.DataFrame, estimate: Callable[[pd.DataFrame], Estimate], column: str = "election_cycle"
) -> pd.DataFrame:
    """Estimate again without each cycle in turn.

    Parameters
    ----------
    sample : pandas.DataFrame
        One row a count, with ``unit_code`` and ``column``.
    estimate : callable
        Gives the :class:`~netral_research.robustness.estimates.Estimate` of a sample, or raises
        ``CannotEstimateError``.
    column : str
        What is left out, one value at a time.

    Returns
    -------
    pandas.DataFrame
        ``left_out`` (empty in the first row: nothing), ``rate_ratio``, ``lower``, ``upper``, ``n_rows``,
        ``n_regions``, ``refusal`` (key of the reason; empty where there is an estimate). Values in the order in which
        they first occur in the sample.

    Raises
    ------
    CannotEstimateError
        If the sample has fewer than two values to leave out, or the whole sample cannot be estimated.

    Examples
    --------
    >>> sample = pd.DataFrame({"unit_code": ["11", "11", "12"], "election_cycle": ["2019", "2020", "2020"],
    ...                        "count": [4.0, 8.0, 2.0]})
    >>> leave_one_cycle_out(sample, lambda rows: Estimate(rows["count"].mean()))[["left_out", "rate_ratio"]].values
    array([['', 4.666666666666667],
           ['2019', 5.0],
           ['2020', 4.0]], dtype=object)
    """
    parts = list(dict.fromkeys(sample[column]))
    if len(parts) < 2:
        raise CannotEstimateError([Problem("robustness_one_part", column=column)])
    rows = [_row(NOTHING_LEFT_OUT, sample, estimate(sample), "")]
    for part in parts:
        rest = sample[sample[column] != part]
        try:
            rows.append(_row(str(part), rest, estimate(rest), ""))
        except CannotEstimateError as reason:
            missing = Estimate(math.nan)
            rows.append(_row(str(part), rest, missing, reason.problems[0].key))
    return pd.DataFrame(rows)


def _row(left_out: str, sample: pd.DataFrame, found: Estimate, refusal: str) -> dict[str, object]:
    return {
        "left_out": left_out,
        "rate_ratio": found.rate_ratio,
        "lower": found.lower,
        "upper": found.upper,
        "n_rows": len(sample),
        "n_regions": int(sample["unit_code"].nunique()),
        "refusal": refusal,
    }


def most_influential(table: pd.DataFrame) -> str:
    """The part without which the estimate moves most, on the scale of logs.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`leave_one_cycle_out` gives it.

    Returns
    -------
    str
        A part that cannot be left out without a refusal comes before any other.

    Examples
    --------
    >>> most_influential(pd.DataFrame({"left_out": ["", "2019", "2020"], "rate_ratio": [1.0, 1.1, 0.7]}))
    '2020'
    """
    whole, parts = float(table["rate_ratio"].iloc[0]), table.iloc[1:]
    moved = [abs(math.log(ratio / whole)) if ratio > 0 else math.inf for ratio in parts["rate_ratio"]]
    return str(parts["left_out"].iloc[moved.index(max(moved))])
