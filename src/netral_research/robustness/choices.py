"""The defensible choices of this study, and the sample and estimate of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netral_research.model.build import ModelTables
from netral_research.model.poisson import fit_within_provinces
from netral_research.model.sample import CLOCK_PIECES, build_sample
from netral_research.robustness.estimates import Estimate
from netral_research.robustness.specifications import Specification, specification_grid
from netral_research.study import StudyParameters

BAWASLU = ("bawaslu_ri", "bawaslu_provinsi", "bawaslu_kabkota")
_WHOLE = "the study's own choice"
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "institution": {
        "all": _WHOLE,
        "bawaslu": "one body counts alike everywhere",
        "kasn": "the body that judged the cases",
    },
    "stage": {
        "all": _WHOLE,
        "alleged": "counted first, published most",
        "referred": "screened once",
        "proven": "least disputed",
    },
    "measure": {"all": _WHOLE, "cases": "what reports count", "persons": "what sanctions fall on"},
    "unit": {"province": "the only level with headcounts"},
    "exposure": {
        "doubling": _WHOLE,
        "number": "every event may count alike",
        "any": "whether there was any event may be what matters",
    },
    "window": {
        "before_campaign": "fixed before the outcome",
        "late_counts": "counts from the last two weeks on hold most of the campaign",
    },
    "decay": {"none": _WHOLE},
    "estimator": {"fixed_effects_poisson": "needs the mean to be right and nothing else"},
    "outlier_rule": {
        "none": _WHOLE,
        "largest_rate": "the province with the highest rate may drive all",
    },
    "reconciliation": {"clean_counts": "as the cleaning reconciled them"},
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
        """All combinations, the study's own first."""
        return specification_grid(OPTIONS)

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
