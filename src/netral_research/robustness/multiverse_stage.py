"""What all defensible choices say about this study: every estimate, what each choice could bear, and one joint test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from netral_research.errors import CannotEstimateError
from netral_research.figures import alternatives
from netral_research.model.build import ModelTables
from netral_research.model.measurement.histories import island_group
from netral_research.results import Result, Value
from netral_research.robustness.choices import StudyChoices
from netral_research.robustness.joint_test import JointTest, joint_permutation_test
from netral_research.robustness.multiverse import run_multiverse, summarise_choices
from netral_research.robustness.shuffles import shuffle_histories
from netral_research.robustness.specifications import Specification
from netral_research.study import StudyParameters

FUNCTION = "netral_research.robustness.multiverse_stage.compare_choices"
_DIGITS = 6
# Refusals that the report names; every other one is counted beside them.
_NAMED = {"regions": "model_regions", "variation": "model_no_variation"}


def compare_choices(tables: ModelTables, sample: pd.DataFrame, study: StudyParameters) -> tuple[Result, Result, Result]:
    """Estimate the study under every defensible choice, and test all of them at once.

    Parameters
    ----------
    tables : ModelTables
    sample : pandas.DataFrame
        Rows of the model. Its provinces exchange their histories: others have no count, and what was published where
        may go with what was found there.
    study : StudyParameters

    Returns
    -------
    tuple of Result
        ``multiverse``: one row a specification. ``multiverse_choices``: one row an option, with how many specifications
        it could bear. ``joint_test``: one row a specification that was estimated; empty where histories cannot be
        shuffled.
    """
    choices = StudyChoices(tables, study)
    table = run_multiverse(choices.specifications, choices.sample, choices.estimate)
    known = set(table.loc[table["refusal"] == "", "spec_id"])
    estimated = [one for one in choices.specifications if one.spec_id in known]
    joint = _joint_test(choices, estimated, sample, study)
    return (
        Result("multiverse", table.round(_DIGITS), _values(table), _alternatives(table)),
        Result("multiverse_choices", summarise_choices(table).round(_DIGITS)),
        Result("joint_test", _nothing() if joint is None else joint.table.round(_DIGITS), _joint_values(joint)),
    )


def _joint_test(
    choices: StudyChoices, estimated: Sequence[Specification], sample: pd.DataFrame, study: StudyParameters
) -> JointTest | None:
    units = sorted(sample["unit_code"].unique())
    try:
        groups = [island_group(unit) for unit in units]
        shuffles = shuffle_histories(units, study.model.permutations, study.model.seed, groups)
        return joint_permutation_test(estimated, choices.sample, shuffles, choices.permute)
    except CannotEstimateError:
        return None


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"spec_id": pd.Series(dtype="str")})


def _value(name: str, value: float | None, style: str, unit: str) -> Value:
    known = None if value is None or not np.isfinite(value) else value
    return Value(f"robustness.{name}", known, style, unit, FUNCTION)


def _values(table: pd.DataFrame) -> tuple[Value, ...]:
    told = table[table["refusal"] == ""]
    refused = {name: int((table["refusal"] == key).sum()) for name, key in _NAMED.items()}
    counts = {
        "specifications": len(table),
        "specifications_estimated": len(told),
        **{f"specifications_refused_{name}": number for name, number in refused.items()},
        "specifications_refused_other": len(table) - len(told) - sum(refused.values()),
        "specifications_repeated": int((told["repeats"] != "").sum()),
        "specifications_below": int((told["rate_ratio"] < 1).sum()),
        "specifications_above": int((told["rate_ratio"] > 1).sum()),
        "specifications_lower": int((told["upper"] < 1).sum()),
        "specifications_higher": int((told["lower"] > 1).sum()),
    }
    ratios = {"median": told["rate_ratio"].median(),
              "median_distinct": told.loc[told["repeats"] == "", "rate_ratio"].median(),
              "lowest": told["rate_ratio"].min(), "highest": told["rate_ratio"].max()}  # fmt: skip
    shares = {"below": (told["rate_ratio"] < 1).mean(), "above": (told["rate_ratio"] > 1).mean()}
    return (
        *(_value(name, number, "integer", "specifications") for name, number in counts.items()),
        *(_value(f"specifications_{name}", float(ratio), "decimal_2", "ratio") for name, ratio in ratios.items()),
        *(_value(f"specifications_share_{name}", float(share), "percent_0", "percent")
          for name, share in shares.items()),
    )  # fmt: skip


def _joint_values(joint: JointTest | None) -> tuple[Value, ...]:
    if joint is None:
        return (_value("joint_p_median", None, "decimal_2", "p_value"),)
    lost = int((joint.table["refusal"] != "").sum())
    return (
        _p_value("joint_p_median", joint.p_median),
        _p_value("joint_p_share", joint.p_share),
        _value("joint_specifications", len(joint.table) - lost, "integer", "specifications"),
        _value("joint_specifications_lost", lost, "integer", "specifications"),
        _value("joint_permutations", joint.n_permutations, "integer", "draws"),
    )


def _p_value(name: str, p: float) -> Value:
    """A p-value that is never rounded to zero."""
    return _value(name, p, "decimal_2" if p >= 0.01 else "decimal_3", "p_value")


def _alternatives(table: pd.DataFrame) -> dict[str, str]:
    told = table[table["refusal"] == ""]
    if told.empty:
        return alternatives("specification_curve", {}, "alt_not_estimated")
    numbers = {
        "estimated": (float(len(told)), "integer"),
        "lowest": (float(told["rate_ratio"].min()), "decimal_2"),
        "highest": (float(told["rate_ratio"].max()), "decimal_2"),
        "median": (float(told["rate_ratio"].median()), "decimal_2"),
        "below": (float((told["rate_ratio"] < 1).sum()), "integer"),
        "holding": (float(((told["lower"] <= 1) & (told["upper"] >= 1)).sum()), "integer"),
    }
    return alternatives("specification_curve", numbers)
