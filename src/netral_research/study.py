"""The choices of a study, read from ``study.toml``: one frozen, typed object that is its pre-analysis plan."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from netral_research import vocabulary
from netral_research.errors import Problem, StudyError, nearest_match
from netral_research.files import Project, read_text

Cycle = Literal[
    "pilkada_2015", "pilkada_2017", "pilkada_2018", "pemilu_2019", "pilkada_2020", "pemilu_2024", "pilkada_2024"
]  # fmt: skip
EventType = Literal[
    "sosialisasi", "seminar", "webinar", "kampanye", "rapat_koordinasi", "deklarasi", "penandatanganan", "apel",
    "bimtek", "surat_edaran", "imbauan_langsung", "diskusi", "lainnya",
]  # fmt: skip
Institution = Literal[
    "kasn", "bawaslu_ri", "bawaslu_provinsi", "bawaslu_kabkota", "bkn", "kemendagri", "kemenpanrb", "ngo", "media"
]
CountStage = Literal["alleged", "referred", "in_process", "proven", "sanctioned", "dismissed"]
Measure = Literal["cases", "persons"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StudySection(_Section):
    """What is studied.

    Parameters
    ----------
    name : str
        Short name, printed on every report.
    cycles : tuple of str
        Electoral cycles compared, in order of polling day.
    province_boundaries : datetime.date
        Day whose provinces are the units of comparison; later splits are merged back.
    """

    name: Annotated[str, Field(min_length=1)]
    cycles: Annotated[tuple[Cycle, ...], Field(min_length=1)]
    province_boundaries: dt.date


class OutcomeSection(_Section):
    """Which published counts are the outcome.

    Parameters
    ----------
    institutions, stages, measures : tuple of str
        Counts that enter the model, with additive effects of each.
    headline_stage, headline_measure : str
        The count shown in maps and rates.
    """

    institutions: Annotated[tuple[Institution, ...], Field(min_length=1)]
    stages: Annotated[tuple[CountStage, ...], Field(min_length=1)]
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    headline_stage: CountStage
    headline_measure: Measure

    @property
    def counted(self) -> str:
        """Term of the vocabulary ``counted`` for what the maps and rates count, such as ``alleged_cases``."""
        return f"{self.headline_stage}_{self.headline_measure}"


class ExposureSection(_Section):
    """Which socialisation events are the exposure.

    Parameters
    ----------
    event_types : tuple of str
        Event types that count.
    pledges : bool
        Whether events with a pledge count.
    half_life_days : int
        Half-life of an event's weight in days before the window's end; 0 for no decay.
    ambiguous_dates : {"exclude", "include"}
        Events whose date may lie before or after the window's end.
    """

    event_types: Annotated[tuple[EventType, ...], Field(min_length=1)]
    pledges: bool
    half_life_days: Annotated[int, Field(ge=0)]
    ambiguous_dates: Literal["exclude", "include"]


class HeadcountSection(_Section):
    """Which civil servants are the denominator.

    Parameters
    ----------
    kind : {"pns_total"}
    as_of : datetime.date
        Day of the headcount; provinces without one on that day stop the run.
    """

    kind: Literal["pns_total"]
    as_of: dt.date


class ModelSection(_Section):
    """How exposure and counts are compared.

    Parameters
    ----------
    confidence : float
        Coverage of intervals, between 0.5 and 0.999.
    power : float
        Power at which the minimum detectable rate ratio is quoted.
    minimum_regions : int
        Fewer regions with two cycles than this: no estimate, descriptives only.
    permutations : int
        Shuffled histories behind a permutation p-value.
    seed : int
        Where every random number of the analysis comes from.
    """

    confidence: Annotated[float, Field(ge=0.5, le=0.999)]
    power: Annotated[float, Field(ge=0.5, le=0.99)]
    minimum_regions: Annotated[int, Field(ge=5)]
    permutations: Annotated[int, Field(ge=99, le=99_999)]
    seed: Annotated[int, Field(ge=0)]


class StudyParameters(_Section):
    """All choices of a study.

    Parameters
    ----------
    study : StudySection
    outcome : OutcomeSection
    exposure : ExposureSection
    headcount : HeadcountSection
    model : ModelSection
    """

    study: StudySection
    outcome: OutcomeSection
    exposure: ExposureSection
    headcount: HeadcountSection
    model: ModelSection


def load_study(project: Project, study_file: str = "study.toml") -> StudyParameters:
    """Read and check the study's choices.

    Parameters
    ----------
    project : Project
    study_file : str
        File, relative to the project.

    Returns
    -------
    StudyParameters

    Raises
    ------
    StudyError
        For broken TOML, an unknown or missing key, a wrong type or an impossible value; names the key, what is allowed
        and the nearest allowed name.
    """
    try:
        content = tomllib.loads(read_text(project, study_file))
    except tomllib.TOMLDecodeError as fault:
        raise StudyError([Problem("study_toml", file=study_file, fields={"fault": str(fault)})]) from None
    return parse_study(content, study_file)


def parse_study(content: dict[str, Any], study_file: str = "study.toml") -> StudyParameters:
    """Check the study's choices as read from TOML.

    Parameters
    ----------
    content : dict
    study_file : str
        Named in messages.

    Returns
    -------
    StudyParameters

    Raises
    ------
    StudyError

    Examples
    --------
    >>> try:
    ...     parse_study({"outcome": {"stage": ["proven"]}})
    ... except StudyError as wrong:
    ...     (wrong.problems[0].column, wrong.problems[0].nearest)
    ('outcome.stage', 'stages')
    """
    try:
        # TOML has arrays where the study has tuples; strictness about every other type stays.
        study = StudyParameters.model_validate(_tuples(content))
    except ValidationError as fault:
        # A misspelt name is unknown and its choice missing: the first says what to do.
        errors = sorted(fault.errors(), key=lambda error: error["type"] != "extra_forbidden")
        raise StudyError(_problem(error, study_file) for error in errors) from None
    problems = _impossible(study, study_file)
    if problems:
        raise StudyError(problems)
    return study


def _tuples(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _tuples(value) for key, value in content.items()}
    return tuple(content) if isinstance(content, list) else content


def _problem(error: Any, study_file: str) -> Problem:
    location = [str(part) for part in error["loc"]]
    key = ".".join(location)
    value = error.get("input")
    written = "" if isinstance(value, dict | tuple) else str(value)
    if error["type"] == "extra_forbidden":
        allowed = _keys_at(location[:-1])
        return Problem(
            "study_key_unknown", study_file, column=key, nearest=nearest_match(location[-1], allowed),
            fields={"allowed": ", ".join(allowed)},
        )  # fmt: skip
    if error["type"] == "missing":
        return Problem("study_key_missing", study_file, column=key)
    if error["type"] == "literal_error":
        allowed = [term.strip(" '") for term in error["ctx"]["expected"].replace(" or ", ",").split(",")]
        return Problem(
            "study_value", study_file, column=key, value=written, nearest=nearest_match(written, allowed),
            fields={"allowed": ", ".join(allowed)},
        )  # fmt: skip
    return Problem("study_type", study_file, column=key, value=written, fields={"fault": error["msg"]})


def _keys_at(location: list[str]) -> list[str]:
    model: Any = StudyParameters
    for part in location:
        model = model.model_fields[part].annotation
    return list(model.model_fields)


def _impossible(study: StudyParameters, study_file: str) -> list[Problem]:
    problems = []
    order = {cycle: place for place, cycle in enumerate(vocabulary.CYCLES)}
    places = [order[cycle] for cycle in study.study.cycles]
    if places != sorted(set(places)):
        problems.append(Problem("study_cycles_order", study_file, column="study.cycles"))
    if len(set(study.study.cycles)) != len(study.study.cycles):
        problems.append(Problem("study_twice", study_file, column="study.cycles"))
    for name in ("institutions", "stages", "measures"):
        chosen = getattr(study.outcome, name)
        if len(set(chosen)) != len(chosen):
            problems.append(Problem("study_twice", study_file, column=f"outcome.{name}"))
    return problems
