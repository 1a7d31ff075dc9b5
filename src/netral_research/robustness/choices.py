"""The defensible choices of this study, and the sample and estimate of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.language import LANGUAGES, text
from netral_research.model.build import ModelTables
from netral_research.model.poisson import fit_within_provinces
from netral_research.model.sample import CLOCK_PIECES, build_sample
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.specifications import Reason, Specification, specification_grid
from netral_research.study import StudyParameters

BAWASLU = ("bawaslu_ri", "bawaslu_provinsi", "bawaslu_kabkota")
# The study's own choice stands first.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "institution": ("all", "bawaslu", "kasn"),
    "stage": ("all", "alleged", "referred", "proven"),
    "measure": ("all", "cases", "persons"),
    "unit": ("province",),
    "exposure": ("doubling", "number", "any"),
    "window": ("before_campaign", "late_counts"),
    "decay": ("plan",),
    "estimator": ("fixed_effects_poisson",),
    "outlier_rule": ("none", "largest_rate"),
    "reconciliation": ("clean_counts",),
}
_LATE_DAYS = 14


@dataclass(frozen=True)
class StudyChoices:
    """Samples and estimates of the study under other choices.

    Parameters
    ----------
    tables : ModelTables
    study : StudyParameters
    """

    tables: ModelTables
    study: StudyParameters

    @property
    def specifications(self) -> tuple[Specification, ...]:
        """All combinations, the study's own first, with their reasons in every language of the report."""
        return specification_grid({name: {one: _reason(name, one) for one in OPTIONS[name]} for name in OPTIONS})

    def sample(self, specification: Specification) -> pd.DataFrame:
        """The rows of the model under a specification.

        Parameters
        ----------
        specification : Specification

        Returns
        -------
        pandas.DataFrame
        """
        outcome = self.study.outcome
        institutions = {
            "all": outcome.institutions,
            "bawaslu": tuple(one for one in outcome.institutions if one in BAWASLU),
            "kasn": tuple(one for one in outcome.institutions if one not in BAWASLU),
        }[specification.institution]
        stages = outcome.stages if specification.stage == "all" else (specification.stage,)
        measures = outcome.measures if specification.measure == "all" else (specification.measure,)
        chosen = outcome.model_copy(update={"institutions": institutions, "stages": stages, "measures": measures})
        study = self.study.model_copy(update={"outcome": chosen})
        tables = self.tables
        rows = build_sample(tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study).table
        if specification.window == "late_counts":
            rows = rows[rows["days_to_polling"] <= _LATE_DAYS]
        if specification.outlier_rule == "largest_rate" and len(rows):
            rate = rows["count"].groupby(rows["unit_code"]).sum() / rows["headcount"].groupby(rows["unit_code"]).sum()
            rows = rows[rows["unit_code"] != rate.idxmax()]
        return rows.assign(dose=_dose(rows, specification.exposure)).reset_index(drop=True)

    def estimate(self, sample: pd.DataFrame, specification: Specification) -> Estimate:
        """The rate ratio of a sample.

        Parameters
        ----------
        sample : pandas.DataFrame
        specification : Specification

        Returns
        -------
        Estimate
        """
        del specification  # one estimator so far
        fit = fit_within_provinces(sample, ["dose", *CLOCK_PIECES], self.study.model.minimum_regions)
        return Estimate(*fit.interval("dose", self.study.model.confidence))


def _reason(dimension: str, option: str) -> Reason:
    return {language: text(language, f"choices.reason.{dimension}_{option}") for language in LANGUAGES}


def _dose(rows: pd.DataFrame, exposure: str) -> np.ndarray:
    """The exposure, scaled so that one unit is about a doubling where it is not one already."""
    own = rows["dose"].to_numpy(dtype="float64")
    events = rows["events_before_campaign"].to_numpy(dtype="float64")
    if exposure == "doubling":
        return own
    if exposure == "any":
        return (events > 0).astype("float64")
    spread = events.std() if len(events) else 0.0
    return events / spread * own.std() if spread > 0 else events
