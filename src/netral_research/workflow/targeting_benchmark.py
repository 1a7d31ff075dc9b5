"""How often the dose would mislead where events are sent to risk and are without effect; no test."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from netral_research.clean import clean_events, clean_violations, load_event_tables, load_violation_tables
from netral_research.errors import CannotEstimateError
from netral_research.files import Project
from netral_research.language import format_number, text
from netral_research.model.association import associate, numbers_of
from netral_research.model.build import ModelTables
from netral_research.model.measurement.dose import estimate_dose
from netral_research.model.measurement.histories import island_group
from netral_research.model.measurement.observations import build_observations
from netral_research.model.reporting import Interval
from netral_research.model.sample import build_sample
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
TOLD, REFUSED = ("lower", "higher"), ("refused", "not_estimated")
SHARES = ("refused", "cannot_tell", "told")
# The study's two models: exact counts compared within provinces, and all published counts at once.
MODELS = ("exact_counts", "all_counts")
COLUMNS = (
    "seed", "model", "sentence", "rate_ratio", "lower", "upper", "permutation_p", "targeting_lower", "targeting_upper",
)  # fmt: skip


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
        One row a study and model (:data:`MODELS`): ``seed``, ``model``, ``sentence``, and where the dose could be
        estimated ``rate_ratio``, ``lower`` and ``upper`` of the dose within regions, ``permutation_p``,
        ``targeting_lower`` and ``targeting_upper`` of the interval that allows for targeting.
    """
    with usual_processes(WORKERS):
        rows = Parallel()(delayed(_one)(root, targeting, first_seed + number) for number in range(studies))
    return pd.DataFrame([row for both in rows for row in both], columns=list(COLUMNS))


def _one(root: Path, targeting: float, seed: int) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory(prefix="netral-bench-") as folder:
        choices = SimulationChoices(seed=seed, rate_ratio=1.0, targeting=targeting)
        write_simulation(root, Path(folder) / "study", choices)
        project = Project(Path(folder) / "study")
        study = load_study(project)
        tables = clean_tables(project, study)
    rows: list[dict[str, object]] = []
    for model, estimate in zip(MODELS, (_from_exact_counts, _from_all_counts), strict=True):
        try:
            found = estimate(tables, study)
        except CannotEstimateError:
            found = {"sentence": "not_estimated"}
        rows.append({"seed": seed, "model": model} | found)
    return rows


def _from_exact_counts(tables: ModelTables, study: StudyParameters) -> dict[str, object]:
    sample = build_sample(tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study)
    found = associate(sample.table, tables.province_cycle, study)
    dose = numbers_of(found.estimates)["dose"]
    p_value = found.tests.value("model.p_shuffled_histories").value
    return _row(dose["rate_ratio"], (dose["lower"], dose["upper"]), p_value, found.targeting, found.sentence)


def _from_all_counts(tables: ModelTables, study: StudyParameters) -> dict[str, object]:
    observations = build_observations(
        tables.violations, tables.province_cycle, tables.snapshots, tables.reference, study
    )
    strata = {unit: island_group(unit) for unit in observations.cells["unit_code"].unique()}
    model = study.model
    found = estimate_dose(
        observations, strata, model.confidence, model.power, model.minimum_regions, model.permutations, model.seed
    )
    within = found.within
    return _row(within.ratio, (within.lower, within.upper), found.permutation_p, found.targeting, found.sentence)


def _row(
    ratio: float, interval: Interval, p_value: object, targeting: Interval | None, sentence: str
) -> dict[str, object]:
    lower, upper = targeting or (0.0, math.inf)
    return {
        "sentence": sentence, "rate_ratio": ratio, "lower": interval[0], "upper": interval[1],
        "permutation_p": p_value, "targeting_lower": lower, "targeting_upper": upper,
    }  # fmt: skip


def clean_tables(project: Project, study: StudyParameters) -> ModelTables:
    """Clean the raw data of a project and build its panel, without saving anything.

    Parameters
    ----------
    project : Project
    study : StudyParameters

    Returns
    -------
    ModelTables
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
    return ModelTables(
        violations, panel["province_cycle"].table, panel["province_cycle_snapshot"].table, tables.reference
    )


def _by_name(results: tuple[Result, ...]) -> dict[str, Result]:
    return {result.name: result for result in results}


def describe_targeting(table: pd.DataFrame, language: str) -> str:
    """What was told of the simulated studies by each model, as lines for the screen.

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
    >>> rows = [[1, "all_counts", "refused", 1.4, 1.1, 1.8, 0.2, 0.9, 2.2]]
    >>> print(describe_targeting(pd.DataFrame(rows, columns=list(COLUMNS)), "en").splitlines()[-1])
        an association was told                                  0%
    """
    studies = format_number(table["seed"].nunique(), "integer", language)
    lines = [text(language, "cli.bench.targeting_title", studies=studies)]
    for model, told in table.groupby("model", sort=False):
        lines.append(f"  {text(language, f'cli.bench.targeting_{model}')}")
        lines += [f"    {text(language, f'cli.bench.targeting_{name}'):<48}{value:>11}" for name, value in
                  _shares(told, language)]  # fmt: skip
    return "\n".join(lines)


def _shares(table: pd.DataFrame, language: str) -> list[tuple[str, str]]:
    rows = [("median", format_number(float(table["rate_ratio"].median()), "decimal_2", language))]
    for name, prefix in (("excludes", ""), ("excludes_widened", "targeting_")):
        misled = (table[f"{prefix}lower"] > 1) | (table[f"{prefix}upper"] < 1)
        rows.append((name, format_number(float(misled.mean()), "percent_0", language)))
    groups = {"refused": REFUSED, "told": TOLD}
    shares = {name: float(table["sentence"].isin(sentences).mean()) for name, sentences in groups.items()}
    shares["cannot_tell"] = 1 - sum(shares.values())
    return rows + [(name, format_number(shares[name], "percent_0", language)) for name in SHARES]
