"""Every raw row is accounted for: rows in = clean + merged + rejected, for every table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from netral_research.results import Result, Value


def account(file: str, rows_in: int, clean: int, merged: int, rejected: int) -> dict[str, object]:
    """Account for the rows of one raw table.

    Parameters
    ----------
    file : str
    rows_in : int
        Rows of the raw file.
    clean : int
        Rows of the clean table that come from it.
    merged : int
        Rows that repeat another row; their sources are kept with it.
    rejected : int
        Rows taken out with a reason.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If the parts do not add up: a fault of the cleaning.

    Examples
    --------
    >>> account("data/raw/events.csv", rows_in=5, clean=3, merged=1, rejected=1)
    {'file': 'data/raw/events.csv', 'rows_in': 5, 'clean': 3, 'merged': 1, 'rejected': 1}
    """
    if rows_in != clean + merged + rejected:
        raise ValueError(f"{file}: {rows_in} rows in, but {clean} clean + {merged} merged + {rejected} rejected")
    return {"file": file, "rows_in": rows_in, "clean": clean, "merged": merged, "rejected": rejected}


def accounting_result(stage: str, accounts: Iterable[Mapping[str, object]]) -> Result:
    """Gather the accounts of a stage.

    Parameters
    ----------
    stage : str
    accounts : iterable of mapping
        As :func:`account` gives them.

    Returns
    -------
    Result

    Examples
    --------
    >>> result = accounting_result("clean_events", [account("data/raw/events.csv", 5, 3, 1, 1)])
    >>> result.value("clean_events.accounting_clean").value
    3
    """
    table = pd.DataFrame(list(accounts))
    main = table.iloc[0]
    function = "netral_research.clean.accounting.account"
    values = tuple(
        Value(f"{stage}.accounting_{name}", int(main[name]), "integer", "rows", function)
        for name in ("rows_in", "clean", "merged", "rejected")
    )
    return Result("accounting", table, values)
