"""The multiverse: every specification estimated, and every refusal counted.

A single estimate hangs on choices that could have been made otherwise; all of them together show how much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict

import pandas as pd
from joblib import Parallel, delayed

from netral_research.errors import CannotEstimateError
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.specifications import DIMENSIONS, Specification

BuildSample = Callable[[Specification], pd.DataFrame]
# Beyond them two estimates of the same rows may differ by the order of sums.
SAME_DIGITS = 10
EstimateSample = Callable[[pd.DataFrame, Specification], Estimate]


def run_multiverse(
    specifications: Sequence[Specification], build_sample: BuildSample, estimate: EstimateSample,
    jobs: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Estimate every specification; a refusal is a row with its reason, never a gap.

    Parameters
    ----------
    specifications : sequence of Specification
    build_sample : callable
        Sample of a specification: one row a count with ``unit_code`` and ``count`` (missing where a region has none).
    estimate : callable
        :class:`~netral_research.robustness.estimates.Estimate` of a sample under a specification. Both callables may
        raise ``CannotEstimateError``.
    jobs : int, optional
        Processes; by default what :func:`joblib.parallel_config` sets, else one. The result does not depend on it.

    Returns
    -------
    pandas.DataFrame
        ``spec_id``, the choices, their reasons by language (``reason_id``, ``reason_en``), ``n_rows``, ``n_regions``,
        ``rate_ratio``, ``lower``, ``upper``, ``refusal`` (key of the reason; empty where there is an estimate) and
        ``repeats`` (see :func:`find_repeats`), in the order of the specifications.

    Examples
    --------
    >>> from netral_research.robustness.specifications import DIMENSIONS, specification_grid
    >>> grid = specification_grid({name: {"main": {"en": "usual"}} for name in DIMENSIONS})
    >>> sample = pd.DataFrame({"unit_code": ["11", "12"], "count": [3.0, float("nan")]})
    >>> table = run_multiverse(grid, lambda _: sample, lambda rows, _: Estimate(0.9, 0.7, 1.2))
    >>> table[["spec_id", "n_rows", "rate_ratio", "refusal"]].to_numpy().tolist()
    [['S001', 1, 0.9, '']]
    """
    rows = Parallel(n_jobs=jobs)(delayed(_estimate_one)(one, build_sample, estimate) for one in specifications)
    table = pd.DataFrame(rows)
    return table.assign(repeats=find_repeats(table))


def _estimate_one(
    specification: Specification, build_sample: BuildSample, estimate: EstimateSample
) -> dict[str, object]:
    found, refusal, n_rows, n_regions = Estimate(math.nan), "", 0, 0
    try:
        sample = build_sample(specification)
        counted = sample[sample["count"].notna()]
        n_rows, n_regions = len(counted), int(counted["unit_code"].nunique())
        found = estimate(sample, specification)
    except CannotEstimateError as reason:
        refusal = reason.problems[0].key
    return {
        "spec_id": specification.spec_id, **specification.choices,
        **{f"reason_{language}": why for language, why in specification.reason.items()},
        "n_rows": n_rows, "n_regions": n_regions, **asdict(found), "refusal": refusal,
    }  # fmt: skip


def find_repeats(table: pd.DataFrame) -> pd.Series:
    """Which estimates say nothing new: their choices differ in name, the counts behind them do not.

    Parameters
    ----------
    table : pandas.DataFrame
        ``spec_id``, ``n_rows``, ``n_regions``, ``rate_ratio``, ``lower``, ``upper``.

    Returns
    -------
    pandas.Series
        The first specification with the same numbers; empty where there is none before, or no estimate.

    Examples
    --------
    >>> told = {"spec_id": ["S1", "S2", "S3"], "n_rows": 9, "n_regions": 3, "rate_ratio": [0.9, 0.9, 0.8]}
    >>> find_repeats(pd.DataFrame(told | {"lower": 0.5, "upper": 1.5})).tolist()
    ['', 'S1', '']
    """
    alike = table[["n_rows", "n_regions", "rate_ratio", "lower", "upper"]].round(SAME_DIGITS)
    first = table["spec_id"].groupby([alike[name] for name in alike]).transform("first")
    return first.where(first.notna() & (first != table["spec_id"]), "")


def count_refusals(table: pd.DataFrame) -> pd.DataFrame:
    """How many specifications were refused, by reason.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`run_multiverse` gives it.

    Returns
    -------
    pandas.DataFrame
        ``refusal`` and ``n_specifications``, the most frequent first.

    Examples
    --------
    >>> count_refusals(pd.DataFrame({"refusal": ["", "model_zeros", "model_zeros"]})).to_numpy().tolist()
    [['model_zeros', 2]]
    """
    counted = table.loc[table["refusal"] != "", "refusal"].value_counts()
    counts = counted.rename_axis("refusal").reset_index(name="n_specifications")
    return counts.sort_values(["n_specifications", "refusal"], ascending=[False, True]).reset_index(drop=True)


def summarise_choices(table: pd.DataFrame) -> pd.DataFrame:
    """What each option of each dimension could bear.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`run_multiverse` gives it.

    Returns
    -------
    pandas.DataFrame
        ``dimension``, ``option``, ``specifications``, ``estimated`` and ``median_ratio`` (missing where none was
        estimated), in the order of the dimensions and of the table.

    Examples
    --------
    >>> cells = dict.fromkeys(DIMENSIONS, "usual") | {"stage": ["alleged", "proven"], "refusal": ["", "model_zeros"]}
    >>> told = summarise_choices(pd.DataFrame(cells | {"rate_ratio": [0.9, float("nan")]}))
    >>> told.loc[told["dimension"] == "stage", ["option", "estimated"]].to_numpy().tolist()
    [['alleged', 1], ['proven', 0]]
    """
    rows = [
        (name, option, len(chosen), int((chosen["refusal"] == "").sum()), float(chosen["rate_ratio"].median()))
        for name in DIMENSIONS
        for option, chosen in table.groupby(name, sort=False)
    ]
    return pd.DataFrame(rows, columns=["dimension", "option", "specifications", "estimated", "median_ratio"])
