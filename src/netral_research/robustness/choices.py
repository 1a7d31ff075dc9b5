"""The defensible choices of this study, and the sample and estimate of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.language import LANGUAGES, text
from netral_research.model.association_tests import dose_histories
from netral_research.model.build import ModelTables
from netral_research.model.poisson import fit_within_provinces
from netral_research.model.sample import CLOCK_PIECES, build_sample
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.joint_test import history_log_ratios
from netral_research.robustness.shuffles import Shuffles
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
        unit = _unit(rows, specification.exposure)
        dose = _exposure(rows, specification.exposure) / unit
        return rows.assign(dose=dose, dose_unit=unit).reset_index(drop=True)

    def permute(self, sample: pd.DataFrame, specification: Specification, shuffles: Shuffles) -> np.ndarray:
        """Log rate ratios of a sample under shuffled histories, as the joint test takes them.

        Parameters
        ----------
        sample : pandas.DataFrame
            As :meth:`sample` gives it.
        specification : Specification
        shuffles : Shuffles

        Returns
        -------
        numpy.ndarray of shape (draws + 1,)

        Raises
        ------
        CannotEstimateError
            As :func:`netral_research.robustness.joint_test.history_log_ratios`.
        """
        panel = self.tables.province_cycle
        panel = panel.assign(dose=np.log2(1 + panel["exposure"]))
        panel = panel.assign(dose=_exposure(panel, specification.exposure) / sample["dose_unit"].iloc[0])
        histories = dose_histories(panel, shuffles.codes, self.study)
        return history_log_ratios(sample, histories, list(CLOCK_PIECES), shuffles)

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


def _exposure(rows: pd.DataFrame, exposure: str) -> pd.Series:
    """The exposure of rows of the sample or of the panel, which both hold doublings and numbers of events."""
    if exposure == "doubling":
        return rows["dose"]
    events = rows["events_before_campaign"].astype("float64")
    return events if exposure == "number" else (events > 0).astype("float64").where(events.notna())


def _unit(rows: pd.DataFrame, exposure: str) -> float:
    """How many events vary among these rows as much as one doubling; 1 where nothing need be scaled."""
    if exposure != "number" or not len(rows):
        return 1.0
    events, doublings = (float(rows[name].std(ddof=0)) for name in ("events_before_campaign", "dose"))
    return events / doublings if events > 0 and doublings > 0 else 1.0
