"""How often the dose would mislead where events are sent to risk and are without effect; no test."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from netral_research.clean import clean_events, clean_violations, load_event_tables, load_violation_tables
from netral_research.errors import CannotEstimateError
from netral_research.files import Project
from netral_research.language import format_number, text
from netral_research.model.measurement.dose import estimate_dose
from netral_research.model.measurement.histories import island_group
from netral_research.model.measurement.observations import Observations, build_observations
from netral_research.panel import PanelTables, build_panel
from netral_research.panel.denominators import HEADCOUNT
from netral_research.results import Result
from netral_research.robustness.simulated_choices import SimulationChoices
from netral_research.schemas import load_raw
from netral_research.study import StudyParameters, load_study
from netral_research.workflow.processes import usual_processes
from netral_research.workflow.simulating import write_simulation

STUDIES, WORKERS = 100, 2
# One standard deviation of known risk multiplies a province's expected events by 2.7.
TARGETING = 1.0
TOLD = ("lower", "higher")


def measure_targeting(
    root: Path, studies: int = STUDIES, targeting: float = TARGETING, first_seed: int = 1
) -> pd.DataFrame:
    """Simulate whole studies in which events follow risk and change nothing, and read what is told of each.

    Parameters
    ----------
    root : pathlib.Path
        The project whose study and reference tables are used.
    studies : int
    targeting : float
        As :class:`~netral_research.robustness.simulated_choices.SimulationChoices` takes it.
    first_seed : int

    Returns
    -------
    pandas.DataFrame
        One row a study: ``seed``, ``rate_ratio``, ``lower`` and ``upper`` of the dose within regions (missing where it
        was refused), ``permutation_p`` and ``sentence``.
    """
    with usual_processes(WORKERS):
        rows = Parallel()(delayed(_one)(root, targeting, first_seed + number) for number in range(studies))
    return pd.DataFrame(rows)


def _one(root: Path, targeting: float, seed: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="netral-bench-") as folder:
        choices = SimulationChoices(seed=seed, rate_ratio=1.0, targeting=targeting)
        write_simulation(root, Path(folder) / "study", choices)
        project = Project(Path(folder) / "study")
        study = load_study(project)
        observations = load_observations(project, study)
    strata = {unit: island_group(unit) for unit in observations.cells["unit_code"].unique()}
    model = study.model
    try:
        found = estimate_dose(
            observations, strata, model.confidence, model.power, model.minimum_regions, model.permutations, seed
        )
    except CannotEstimateError:
        return {"seed": seed, "sentence": "not_estimated"}
    return {
        "seed": seed, "rate_ratio": found.within.ratio, "lower": found.within.lower, "upper": found.within.upper,
        "permutation_p": found.permutation_p, "sentence": found.sentence,
    }  # fmt: skip


def load_observations(project: Project, study: StudyParameters) -> Observations:
    """Clean the raw data of a project and gather its published counts, without saving anything.

    Parameters
    ----------
    project : Project
    study : StudyParameters

    Returns
    -------
    Observations
    """
    tables = load_event_tables(project)
    events = _by_name(clean_events(tables, study))
    violations = _by_name(clean_violations(load_violation_tables(project), study))["violations"].table
    panel = _by_name(
        build_panel(
            PanelTables(
                events["events"].table, events["event_places"].table, events["search_effort"].table, violations,
                load_raw(project, HEADCOUNT), tables.reference,
            ),
            study,
        )
    )  # fmt: skip
    return build_observations(
        violations, panel["province_cycle"].table, panel["province_cycle_snapshot"].table, tables.reference, study
    )


def _by_name(results: tuple[Result, ...]) -> dict[str, Result]:
    return {result.name: result for result in results}


def describe_targeting(table: pd.DataFrame, language: str) -> str:
    """What was told of the simulated studies, as lines for the screen.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`measure_targeting` gives it.
    language : {"id", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> columns = ["rate_ratio", "lower", "upper", "sentence"]
    >>> table = pd.DataFrame([[1.4, 1.1, 1.8, "refused"], [1.1, 0.9, 1.3, "cannot_tell"]], columns=columns)
    >>> print(describe_targeting(table, "en").splitlines()[-1])
      an association was told                                    0%
    """
    misled = (table["lower"] > 1) | (table["upper"] < 1)
    rows = [("median", format_number(float(table["rate_ratio"].median()), "decimal_2", language))]
    rows.append(("excludes", format_number(float(misled.mean()), "percent_0", language)))
    shares = {"refused": ["refused", "not_estimated"], "cannot_tell": ["cannot_tell", "chance", "descriptive_only"]}
    for name, sentences in (shares | {"told": list(TOLD)}).items():
        rows.append((name, format_number(float(table["sentence"].isin(sentences).mean()), "percent_0", language)))
    lines = [f"  {text(language, f'cli.bench.targeting_{name}'):<48}{value:>13}" for name, value in rows]
    title = text(language, "cli.bench.targeting_title", studies=format_number(len(table), "integer", language))
    return "\n".join((title, *lines))
