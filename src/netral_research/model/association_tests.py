"""The test of the association: a p-value that holds its level with few provinces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError
from netral_research.model.measurement.histories import island_group
from netral_research.model.poisson import FIXED_EFFECTS
from netral_research.model.randomisation import permute_histories
from netral_research.model.sample import CLOCK_PIECES
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.association_tests.shuffle_exposure"
COLUMNS = ("test", "p_value", "draws")


def shuffle_exposure(sample: pd.DataFrame, panel: pd.DataFrame, study: StudyParameters) -> Result:
    """Test that the dose has no association by shuffling whole histories of exposure within island groups.

    It is the only test printed as a p-value: simulated on panels of 38 regions and 7 cycles it holds its level with
    few and with many treated regions (``netral bench --part coverage``), where tests by cluster-robust errors reject
    too often.

    Parameters
    ----------
    sample : pandas.DataFrame
        Rows of the model, as :func:`netral_research.model.sample.build_sample` gives them.
    panel : pandas.DataFrame
        ``province_cycle``, with the exposure of every province and cycle.
    study : StudyParameters

    Returns
    -------
    Result
        ``association_tests``: ``test`` (``shuffled_histories``), ``p_value`` of the cluster-robust statistic (missing
        where histories cannot be shuffled), ``draws``. A province without a vote in a cycle has the mean exposure of
        its island group there when histories are shuffled.

    Examples
    --------
    >>> COLUMNS
    ('test', 'p_value', 'draws')
    """
    effects = [sample[name] for name in FIXED_EFFECTS]
    clock, offset = sample[list(CLOCK_PIECES)], sample["log_headcount"]
    units = sorted(sample["unit_code"].unique())
    seed, draws, strata = study.model.seed, study.model.permutations, np.array([island_group(unit) for unit in units])
    exposure = dose_histories(panel.assign(dose=np.log2(1 + panel["exposure"])), units, study).to_numpy()
    places = _places(sample["unit_code"], units), _places(sample["election_cycle"], study.study.cycles)
    try:
        found = permute_histories(sample["count"], exposure, *places, strata, clock, effects, offset, draws, seed)
        p: float | None = found.p_statistic
    except CannotEstimateError:
        p = None
    table = pd.DataFrame([("shuffled_histories", np.nan if p is None else round(p, 6), draws)], columns=list(COLUMNS))
    values = (
        Value("model.p_shuffled_histories", p, "decimal_2", "p_value", FUNCTION),
        Value("model.permutations", draws, "integer", "draws", FUNCTION),
    )
    return Result("association_tests", table, values)


def _places(labels: pd.Series, order: Sequence[str]) -> np.ndarray:
    place = {label: position for position, label in enumerate(order)}
    return np.array([place[label] for label in labels])


def dose_histories(panel: pd.DataFrame, units: Sequence[str], study: StudyParameters) -> pd.DataFrame:
    """Dose of every province and cycle, as whole histories that provinces can exchange.

    Parameters
    ----------
    panel : pandas.DataFrame
        ``unit_code``, ``election_cycle`` and ``dose``, one row a province and cycle.
    units : sequence of str
        Provinces, in the order of the rows.
    study : StudyParameters

    Returns
    -------
    pandas.DataFrame
        One row a province, one column a cycle of the study. A province without a vote in a cycle has the mean of its
        island group there, or of all provinces where the whole group had none.
    """
    wide = panel.pivot(index="unit_code", columns="election_cycle", values="dose")
    dose = wide.reindex(index=list(units), columns=list(study.study.cycles)).astype("float64")
    groups = [island_group(unit) for unit in units]
    filled = dose.groupby(groups).transform(lambda column: column.fillna(column.mean()))
    return filled.fillna(dose.mean())
