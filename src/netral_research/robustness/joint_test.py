"""One permutation test of all specifications together: whether shuffled schedules give such a set of estimates."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.poisson import FIXED_EFFECTS
from netral_research.model.randomisation import estimate_orders
from netral_research.robustness.multiverse import BuildSample
from netral_research.robustness.shuffles import Shuffles
from netral_research.robustness.specifications import Specification
from netral_research.robustness.two_way import fit_two_way, shuffled_log_ratios

PermuteSample = Callable[[pd.DataFrame, Specification, Shuffles], np.ndarray]
ROUNDING = 1e-12


@dataclass(frozen=True)
class JointTest:
    """What all specifications together say, against shuffled schedules.

    Parameters
    ----------
    table : pandas.DataFrame
        ``spec_id``, ``rate_ratio`` (one step from the fit without a dose: the statistic that is permuted),
        ``p_permutation`` (two-sided, around the mean of its permutations) and ``refusal``. A specification that some
        shuffles leave without an estimate is refused (``multiverse_draws``), since the median of a set that changes
        from draw to draw is no statistic.
    median_ratio : float
        Median of the rate ratios.
    share_below_one : float
    p_median, p_share : float
        Share of shuffles whose median log ratio (share below 1) is at least as far from the mean over all shuffles.
    n_permutations : int
    """

    table: pd.DataFrame
    median_ratio: float
    share_below_one: float
    p_median: float
    p_share: float
    n_permutations: int


def joint_permutation_test(
    specifications: Sequence[Specification], build_sample: BuildSample, shuffles: Shuffles,
    permute: PermuteSample | None = None, jobs: int | None = None,
) -> JointTest:  # fmt: skip
    """Test all specifications at once: the same shuffled region histories go through every one of them.

    Specifications share data, so their p-values cannot be counted; their common median and the share below 1 can be
    compared with those that shuffled schedules give.

    Parameters
    ----------
    specifications : sequence of Specification
        Usually those that :func:`run_multiverse` could estimate.
    build_sample : callable
        As for :func:`run_multiverse`; for the default of ``permute`` with every region of ``shuffles`` (``count``
        missing where it has none).
    shuffles : Shuffles
    permute : callable, optional
        Log rate ratios of a sample under every order of the shuffles, shape (draws + 1,);
        :func:`permuted_log_ratios` by default.
    jobs : int, optional
        As for :func:`run_multiverse`.

    Returns
    -------
    JointTest

    Raises
    ------
    CannotEstimateError
        If no specification can be estimated.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), Specification curve analysis, Nature Human Behaviour 4: 1208-1214.
    """
    found = Parallel(n_jobs=jobs)(
        delayed(_permute_one)(one, build_sample, permute or permuted_log_ratios, shuffles) for one in specifications
    )
    known = np.array([logs for logs, refusal in found if not refusal])
    if not len(known):
        raise CannotEstimateError([Problem("multiverse_empty")])
    medians, shares = np.median(known, axis=0), (known < 0).mean(axis=0)
    table = pd.DataFrame(
        {
            "spec_id": [one.spec_id for one in specifications],
            "rate_ratio": [math.exp(logs[0]) for logs, _ in found],
            "p_permutation": [math.nan if refusal else _share_as_far(logs) for logs, refusal in found],
            "refusal": [refusal for _, refusal in found],
        }
    )
    return JointTest(
        table=table,
        median_ratio=float(math.exp(medians[0])),
        share_below_one=float(shares[0]),
        p_median=_share_as_far(medians),
        p_share=_share_as_far(shares),
        n_permutations=len(shuffles.orders) - 1,
    )


def _permute_one(
    specification: Specification, build_sample: BuildSample, permute: PermuteSample, shuffles: Shuffles
) -> tuple[np.ndarray, str]:
    try:
        logs = permute(build_sample(specification), specification, shuffles)
    except CannotEstimateError as reason:
        return np.full(len(shuffles.orders), np.nan), reason.problems[0].key
    if not np.isfinite(logs[0]):
        return logs, "model_no_variation"
    return logs, "" if np.isfinite(logs).all() else "multiverse_draws"


def _share_as_far(statistics: np.ndarray) -> float:
    """Share of the statistics at least as far from their mean as the first one, which is the observed."""
    apart = np.abs(statistics - statistics.mean())
    return float((apart >= apart[0] - ROUNDING).mean())


def history_log_ratios(
    sample: pd.DataFrame, histories: pd.DataFrame, regressors: Sequence[str], shuffles: Shuffles
) -> np.ndarray:
    """Log rate ratios of one unit of the dose in the study's model, under every order of whole histories.

    Parameters
    ----------
    sample : pandas.DataFrame
        One row a count, several in a region and cycle or none: ``count``, ``log_headcount``, the fixed effects of the
        model and ``regressors``.
    histories : pandas.DataFrame
        Dose of every region of ``shuffles`` (rows) in every cycle (columns), whether or not the sample has a count
        there: a region is lent the whole history of another.
    regressors : sequence of str
        Columns of ``sample`` beside the dose.
    shuffles : Shuffles

    Returns
    -------
    numpy.ndarray of shape (draws + 1,)
        The first is the observed one, one step from the fit without a dose; missing where a shuffled dose does not
        vary among the counts.

    Raises
    ------
    CannotEstimateError
        If a history is missing or incomplete, or the model without a dose cannot be fitted.
    """
    dose = histories.reindex(list(shuffles.codes))
    places = (
        dose.index.get_indexer(pd.Index(sample["unit_code"])),
        dose.columns.get_indexer(pd.Index(sample["election_cycle"])),
    )
    if not np.isfinite(dose.to_numpy(dtype="float64")).all() or min(place.min(initial=0) for place in places) < 0:
        raise CannotEstimateError([Problem("multiverse_history")])
    effects = [sample[name] for name in FIXED_EFFECTS]
    others = sample[list(regressors)]
    coefficients, _ = estimate_orders(
        sample["count"], dose, *places, shuffles.orders, others, effects, sample["log_headcount"]
    )
    return coefficients


def permuted_log_ratios(sample: pd.DataFrame, specification: Specification, shuffles: Shuffles) -> np.ndarray:  # noqa: ARG001
    """Log rate ratios of one unit of the dose under every order of the region histories, beside region and cycle.

    Parameters
    ----------
    sample : pandas.DataFrame
        ``unit_code``, ``election_cycle``, ``dose``, ``count`` (missing where there is none) and, optionally,
        ``log_headcount``; one row for each of the regions of ``shuffles`` and each cycle.
    specification : Specification
        Not looked at.
    shuffles : Shuffles

    Returns
    -------
    numpy.ndarray of shape (draws + 1,)
        The first is the observed one; missing where a shuffled dose does not vary among the counts.

    Raises
    ------
    CannotEstimateError
        If a region or cycle has no row or no dose, a cell has several rows, or all counts are zero.

    Examples
    --------
    >>> from netral_research.robustness.shuffles import shuffle_histories
    >>> names = ["unit_code", "election_cycle"]
    >>> cells = pd.MultiIndex.from_product([["11", "12", "13"], ["2020", "2024"]], names=names)
    >>> sample = pd.DataFrame({"dose": [0, 1, 0, 0, 0, 0], "count": [50, 25, 50, 50, 50, 50.0]}, cells).reset_index()
    >>> logs = permuted_log_ratios(sample, None, shuffle_histories(["11", "12", "13"], draws=50, seed=1))
    >>> bool(logs[0] == logs.min()), bool(logs.max() > 0)
    (True, True)
    """
    if sample.duplicated(["unit_code", "election_cycle"]).any():
        raise CannotEstimateError([Problem("multiverse_cells")])
    told = sample.assign(log_headcount=sample.get("log_headcount", 0.0))
    wide = told.pivot(index="unit_code", columns="election_cycle", values=["dose", "count", "log_headcount"])
    wide = wide.reindex(list(shuffles.codes)).astype("float64")
    dose, counts, log_exposure = (wide[name].to_numpy() for name in ("dose", "count", "log_headcount"))
    if not np.isfinite(dose).all():
        raise CannotEstimateError([Problem("multiverse_history")])
    has_count = np.isfinite(counts)
    if not np.isfinite(log_exposure[has_count]).all():
        raise CannotEstimateError([Problem("model_exposure")])
    exposure, counts = np.where(has_count, np.exp(log_exposure), 0.0), np.where(has_count, counts, 0.0)
    fitted = fit_two_way(counts, exposure)
    return shuffled_log_ratios(counts, fitted, dose, shuffles.orders)
