"""How often the printed intervals of the measurement model hold a known truth; no test."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from netral_research.files import Project
from netral_research.language import format_number, text
from netral_research.model.measurement.calibration import calibrate_printed
from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.fit import fit_measurement
from netral_research.model.measurement.histories import island_group
from netral_research.model.measurement.observations import build_observations
from netral_research.model.measurement.products import Target
from netral_research.study import load_study
from netral_research.workflow.processes import usual_processes
from netral_research.workflow.targeting_benchmark import clean_tables

DATA_SETS, WORKERS = 200, 2


def measure_calibration(root: Path, data_sets: int = DATA_SETS) -> pd.DataFrame:
    """Draw data sets like the real one from the fitted model, and count how often the intervals hold its truth.

    Parameters
    ----------
    root : pathlib.Path
        The project whose data say which figures are published.
    data_sets : int

    Returns
    -------
    pandas.DataFrame
        As :func:`~netral_research.model.measurement.calibration.calibrate_printed` gives it.
    """
    project = Project(root)
    study = load_study(project)
    tables = clean_tables(project, study)
    observations = build_observations(
        tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study
    )
    fit = fit_measurement(build_design(observations, {}, study.model.minimum_regions))
    strata = {unit: island_group(unit) for unit in observations.cells["unit_code"].unique()}
    with usual_processes(WORKERS):
        return calibrate_printed(
            fit, observations, Target(), strata, data_sets, study.model.seed, study.model.confidence
        )


def describe_calibration(table: pd.DataFrame, language: str) -> str:
    """The coverage of each kind of interval, as lines for the screen.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`measure_calibration` gives it.
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> table = pd.DataFrame({"quantity": ["rates"], "coverage": [0.95], "data_sets": [200]})
    >>> print(describe_calibration(table, "en").splitlines()[-1])
      rates                                           95.0%      200
    """
    lines = [
        f"  {quantity:<42}{format_number(float(coverage), 'percent_1', language):>11}"
        f"{format_number(int(data_sets), 'integer', language):>9}"
        for quantity, coverage, data_sets in zip(table["quantity"], table["coverage"], table["data_sets"], strict=True)
    ]
    return "\n".join((text(language, "cli.bench.calibration_title"), *lines))
