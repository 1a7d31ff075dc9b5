"""The tile-grid map: one tile a province, so that all of them can be read."""

from __future__ import annotations

import pandas as pd

from netral_research.clean.loading import Reference
from netral_research.results import Result
from netral_research.study import StudyParameters


def tile_map(
    tiles: pd.DataFrame, rates: pd.DataFrame, coverage: pd.DataFrame, reference: Reference, study: StudyParameters
) -> Result:
    """Place the reported rates on the tile grid, for every cycle.

    Parameters
    ----------
    tiles : pandas.DataFrame
        ``data/reference/tile_grid.csv`` as text.
    rates, coverage : pandas.DataFrame
        Tables of this stage.
    reference : Reference
    study : StudyParameters

    Returns
    -------
    Result
        Table ``code``, ``abbr``, ``row``, ``col``, ``unit_code`` (the unit the province belongs to),
        ``election_cycle``, ``known``, ``rate`` (missing where no exact count is known).
    """
    register = reference.register
    placed = pd.DataFrame(
        {
            "code": tiles["code"].to_numpy(),
            "abbr": tiles["abbr"].to_numpy(),
            "row": tiles["row"].astype("int64").to_numpy(),
            "col": tiles["col"].astype("int64").to_numpy(),
            "unit_code": pd.array(
                [register.province_on(code, study.study.province_boundaries) for code in tiles["code"]], dtype="str"
            ),
        }
    )
    known = coverage[["unit_code", "election_cycle", "known"]]
    table = placed.merge(known, on="unit_code").merge(
        rates[["unit_code", "election_cycle", "rate"]], on=["unit_code", "election_cycle"], how="left"
    )
    return Result("tile_map", table.sort_values(["election_cycle", "code"]).reset_index(drop=True), notes=("absences",))
