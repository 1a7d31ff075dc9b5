"""What a published ranking says about every region of its scope: a count, or limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError, Problem


def ranking_limits(
    listed: pd.Series,
    regions: Sequence[str],
    kind: Literal["top_k", "bottom_k", "full"],
    length: int | None,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Limits of every region's count by one ranking: listed values exact, the others up to or from its last value.

    A region left out of the *k* highest may have as many cases as the last one listed (a tie), so the last value is
    included. A list bounds the others only if all of its *k* entries are known: of a "second highest province" alone
    the first may be any of the others, so such a list is refused however short it is, while the one entry of a
    "highest province" bounds them all.

    Parameters
    ----------
    listed : pandas.Series
        Published counts, indexed by region.
    regions : sequence of str
        Every region the ranking could have named.
    kind : {"top_k", "bottom_k", "full"}
    length : int or None
        How many entries the ranking claims to have; more may be listed (ties).
    known : pandas.DataFrame, optional
        ``lower`` and ``upper`` by region, from other reports of the same count ("at least", "at most").

    Returns
    -------
    pandas.DataFrame
        ``region``, ``lower``, ``upper``; both are the count where it is listed, ``upper`` is infinite where nothing
        bounds the count from above.

    Raises
    ------
    CannotEstimateError
        If the list names a region twice or one outside its scope, does not tell its length, has fewer entries than
        it claims, or contradicts a known limit.

    Examples
    --------
    >>> ranking_limits(pd.Series({"11": 9, "12": 4}), ["11", "12", "13"], "top_k", 2).to_numpy().tolist()
    [['11', 9.0, 9.0], ['12', 4.0, 4.0], ['13', 0.0, 4.0]]
    """
    _check_list(listed, regions, kind, length)
    table = pd.DataFrame({"lower": 0.0, "upper": np.inf}, index=pd.Index(list(regions), name="region"))
    if known is not None:
        limits = known.reindex(table.index)
        table = pd.DataFrame({"lower": limits["lower"].fillna(0.0), "upper": limits["upper"].fillna(np.inf)})
    others = ~table.index.isin(listed.index)
    if kind == "top_k":
        table.loc[others, "upper"] = np.minimum(table.loc[others, "upper"], float(listed.min()))
    if kind == "bottom_k":
        table.loc[others, "lower"] = np.maximum(table.loc[others, "lower"], float(listed.max()))
    values = listed.reindex(table.index).astype("float64")
    outside = (values < table["lower"]) | (values > table["upper"]) | (table["lower"] > table["upper"])
    if outside.any():
        raise CannotEstimateError(
            [Problem("ranking_contradicts_limit", value=str(region)) for region in table.index[outside]]
        )
    listed_rows = values.notna()
    table = table.assign(
        lower=values.where(listed_rows, table["lower"]), upper=values.where(listed_rows, table["upper"])
    )
    return table.reset_index()


def _check_list(listed: pd.Series, regions: Sequence[str], kind: str, length: int | None) -> None:
    problems = [Problem("ranking_repeats_region", value=str(name)) for name in listed.index[listed.index.duplicated()]]
    problems += [Problem("ranking_unknown_region", value=str(name)) for name in listed.index.difference(list(regions))]
    wanted = len(regions) if kind == "full" else length
    if wanted is None:
        problems.append(Problem("ranking_without_length"))
    elif len(listed) < wanted or listed.empty:
        fields = {"found": str(len(listed)), "wanted": str(wanted)}
        problems.append(Problem("ranking_short", fields=fields))
    if problems:
        raise CannotEstimateError(problems)
