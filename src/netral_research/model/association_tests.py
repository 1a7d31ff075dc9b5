"""Tests of the association that hold their level with few provinces, side by side with the usual one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.errors import CannotEstimateError
from netral_research.model.cluster_errors import cluster_robust
from netral_research.model.fixed_effects import fit_fixed_effects
from netral_research.model.measurement.histories import island_group
from netral_research.model.poisson import FIXED_EFFECTS
from netral_research.model.randomisation import permute_histories
from netral_research.model.sample import CLOCK_PIECES
from netral_research.model.wild_bootstrap import score_wild_bootstrap
from netral_research.results import Result, Value
from netral_research.study import StudyParameters

FUNCTION = "netral_research.model.association_tests.compare_tests"
COLUMNS = ("test", "p_value", "draws")
WILD_DRAWS = 9999


def compare_tests(sample: pd.DataFrame, panel: pd.DataFrame, jackknife_error: float, study: StudyParameters) -> Result:
    """Test that the dose has no association, by four ways of counting chance.

    Parameters
    ----------
    sample : pandas.DataFrame
        Rows of the model, as :func:`netral_research.model.sample.build_sample` gives them.
    panel : pandas.DataFrame
        ``province_cycle``, with the exposure of every province and cycle.
    jackknife_error : float
        Standard error of the dose by the jackknife.
    study : StudyParameters

    Returns
    -------
    Result
        ``association_tests``: ``test`` (``shuffled_histories``, ``wild_bootstrap``, ``jackknife``,
        ``cluster_robust``), ``p_value``, ``draws`` (0 where none are drawn). A province without a vote in a cycle has
        the mean exposure of its island group there when histories are shuffled.

    Examples
    --------
    >>> COLUMNS
    ('test', 'p_value', 'draws')
    """
    effects = [sample[name] for name in FIXED_EFFECTS]
    clock, offset = sample[list(CLOCK_PIECES)], sample["log_headcount"]
    regressors = pd.concat([sample[["dose"]], clock], axis=1)
    fit = fit_fixed_effects(sample["count"], regressors, effects, offset, needed=[0])
    usual = float(np.sqrt(cluster_robust(fit, sample["unit_code"])[0, 0]))
    degrees = sample["unit_code"].nunique() - 1
    coefficient = float(fit.coefficients[0])
    units = sorted(sample["unit_code"].unique())
    groups = [island_group(unit) for unit in units]
    seed, draws = study.model.seed, study.model.permutations
    wild = score_wild_bootstrap(sample["count"], regressors, effects, offset, sample["unit_code"], WILD_DRAWS, seed)
    exposure, strata = _exposure(panel, units, groups, study), np.array(groups)
    places = _places(sample["unit_code"], units), _places(sample["election_cycle"], study.study.cycles)
    try:
        found = permute_histories(sample["count"], exposure, *places, strata, clock, effects, offset, draws, seed)
        shuffled = found.p_statistic
    except CannotEstimateError:
        shuffled = float("nan")
    rows = [
        ("shuffled_histories", shuffled, draws),
        ("wild_bootstrap", wild, WILD_DRAWS),
        ("jackknife", _two_sided(coefficient / jackknife_error, degrees), 0),
        ("cluster_robust", _two_sided(coefficient / usual, degrees), 0),
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    values = tuple(
        Value(f"model.p_{name}", None if np.isnan(p) else float(p), "decimal_2", "p_value", FUNCTION)
        for name, p, _ in rows
    )
    number = Value("model.permutations", draws, "integer", "draws", FUNCTION)
    return Result("association_tests", table.assign(p_value=table["p_value"].round(6)), (*values, number))


def _two_sided(statistic: float, degrees: int) -> float:
    return float(2 * stats.t.sf(abs(statistic), degrees))


def _places(labels: pd.Series, order: Sequence[str]) -> np.ndarray:
    place = {label: position for position, label in enumerate(order)}
    return np.array([place[label] for label in labels])


def _exposure(panel: pd.DataFrame, units: Sequence[str], groups: Sequence[str], study: StudyParameters) -> np.ndarray:
    """Dose of every province and cycle, gaps filled with the mean of the island group."""
    wide = panel.pivot(index="unit_code", columns="election_cycle", values="exposure")
    wide = wide.reindex(index=list(units), columns=list(study.study.cycles)).astype("float64")
    dose = wide.apply(lambda column: np.log2(1 + column))
    filled = dose.groupby(list(groups)).transform(lambda column: column.fillna(column.mean()))
    return np.asarray(filled.fillna(dose.mean()))
