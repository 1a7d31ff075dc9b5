"""The stages in their order: what each is called, its notebook, what it reads and what it saves.

This table is the only place that says so. The task graph, the provenance of every printed number and the check of
ARCHITECTURE.md are derived from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

REFERENCE = (
    "data/reference/aliases.csv",
    "data/reference/history.csv",
    "data/reference/pilkada.csv",
    "data/reference/pilkada_participants.csv",
    "data/reference/regions.csv",
)


@dataclass(frozen=True)
class Stage:
    """One stage of the way of the data.

    Parameters
    ----------
    name : str
        Name of the stage's folder in ``data/processed``.
    package : str
        Package of :mod:`netral_research` that does the work.
    notebook : str
        File name of the notebook, without its ending.
    reads : tuple of str
        Files or whole folders read, relative to the project, beside ``study.toml``.
    after : tuple of str
        Earlier stages whose saved tables it reads.
    tables : tuple of str
        Tables it saves in its folder, beside ``results.json``.
    reads_study : bool
        Whether it depends on the choices in ``study.toml``.
    """

    name: str
    package: str
    notebook: str
    reads: tuple[str, ...]
    after: tuple[str, ...]
    tables: tuple[str, ...]
    reads_study: bool = True

    @property
    def inputs(self) -> tuple[str, ...]:
        """Everything it reads that no other stage has saved, relative to the project.

        Examples
        --------
        >>> stage_named("panel").inputs[:2]
        ('study.toml', 'data/reference/asn_headcount.csv')
        """
        return ("study.toml", *self.reads) if self.reads_study else self.reads

    @property
    def folder(self) -> str:
        """Folder of the saved tables, relative to the project.

        Examples
        --------
        >>> stage_named("panel").folder
        'data/processed/panel'
        """
        return f"data/processed/{self.name}"

    @property
    def outputs(self) -> tuple[str, ...]:
        """Files the stage saves, relative to the project.

        Examples
        --------
        >>> stage_named("model").outputs[-1]
        'data/processed/model/results.json'
        """
        return (*(f"{self.folder}/{table}.csv" for table in self.tables), f"{self.folder}/results.json")


STAGES = (
    Stage(
        name="code",
        package="code",
        notebook="00_code_articles",
        reads=(
            "data/raw/articles",
            "data/raw/decisions.csv",
            "data/raw/events.csv",
            "data/raw/sources.csv",
            "data/reference/coding_lexicon.csv",
            "data/reference/coding_sample.csv",
            "data/reference/control_articles.csv",
            "data/reference/control_events.csv",
            "data/reference/regulations.csv",
            "data/reference/second_reader_events.csv",
            *REFERENCE,
        ),
        after=(),
        tables=("evaluation", "evaluation_fields", "evaluation_confusions", "coding_accounting"),
        reads_study=False,
    ),
    Stage(
        name="clean_events",
        package="clean",
        notebook="01_clean_events",
        reads=(
            "data/raw/events.csv",
            "data/raw/sources.csv",
            "data/raw/decisions.csv",
            "data/raw/queries.csv",
            "data/raw/source_frame.csv",
            "data/reference/regulations.csv",
            *REFERENCE,
        ),
        after=(),
        tables=(
            "events",
            "event_places",
            "event_rows",
            "rejects",
            "conflicts",
            "decisions_applied",
            "search_effort",
            "accounting",
        ),
    ),
    Stage(
        name="clean_violations",
        package="clean",
        notebook="02_clean_violations",
        reads=(
            "data/raw/violations.csv",
            "data/raw/breakdowns.csv",
            "data/raw/vulnerability_index.csv",
            "data/raw/sources.csv",
            "data/raw/decisions.csv",
            *REFERENCE,
        ),
        after=(),
        tables=(
            "violations",
            "rankings",
            "rejects",
            "conflicts",
            "decisions_applied",
            "breakdowns",
            "vulnerability_index",
            "accounting",
        ),
    ),
    Stage(
        name="panel",
        package="panel",
        notebook="03_build_panel",
        reads=("data/reference/asn_headcount.csv", *REFERENCE),
        after=("clean_events", "clean_violations"),
        tables=(
            "headcount",
            "province_cycle",
            "province_cycle_outcome",
            "province_cycle_snapshot",
            "province_cycle_snapshot_outcome",
            "regency_cycle",
            "regency_cycle_outcome",
        ),
    ),
    Stage(
        name="describe",
        package="describe",
        notebook="04_describe",
        reads=("data/reference/tile_grid.csv", *REFERENCE),
        after=("clean_events", "clean_violations", "panel"),
        tables=(
            "cycles",
            "rates",
            "funnel",
            "national_series",
            "breakdowns_told",
            "breakdown_parts",
            "vulnerability",
            "contradictions_by_cycle",
            "institutions_apart",
            "exposure",
            "coverage",
            "coverage_sources",
            "search_rounds",
            "tile_map",
        ),
    ),
    Stage(
        name="model",
        package="model",
        notebook="05_model",
        reads=REFERENCE,
        after=("clean_violations", "panel"),
        tables=(
            "sample",
            "estimates",
            "association_tests",
            "coefficients",
            "leave_one_out",
            "cross_check",
            "measurement_provinces",
            "measurement_differences",
            "measurement_ratios",
            "measurement_spreads",
            "measurement_outliers",
            "measurement_totals",
            "measurement_dose",
            "case_flow",
            "case_flow_refused",
            "case_flow_shares",
            "rankings",
            "ranking_unlisted",
            "event_study_cycles",
            "event_study",
            "region_effects",
        ),
    ),
    Stage(
        name="robustness",
        package="robustness",
        notebook="06_robustness",
        reads=("data/raw/source_frame.csv", "data/reference/neighbours.csv", *REFERENCE),
        after=("clean_events", "clean_violations", "panel", "model"),
        tables=(
            "reporting",
            "without_cycle",
            "space",
            "multiverse",
            "multiverse_choices",
            "joint_test",
            "completeness_cells",
            "dose_error",
            "under_reporting",
            "more_data",
            "completeness",
        ),
    ),
)


def stage_named(name: str) -> Stage:
    """Find a stage by its name.

    Parameters
    ----------
    name : str

    Returns
    -------
    Stage

    Raises
    ------
    KeyError
        If there is no such stage.

    Examples
    --------
    >>> stage_named("panel").notebook
    '03_build_panel'
    """
    for stage in STAGES:
        if stage.name == name:
            return stage
    raise KeyError(name)


def tables_read(stages: Iterable[Stage]) -> tuple[str, ...]:
    """Raw and reference tables that stages read; folders of articles are not among them.

    Parameters
    ----------
    stages : iterable of Stage

    Returns
    -------
    tuple of str
        Files relative to the project, in alphabetical order.

    Examples
    --------
    >>> tables_read([stage_named("clean_events")])[:2]
    ('data/raw/decisions.csv', 'data/raw/events.csv')
    """
    return tuple(sorted({name for stage in stages for name in stage.reads if name.endswith(".csv")}))
