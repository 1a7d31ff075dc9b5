"""The pre-analysis plan: the study's choices and the data, each with a fingerprint."""

from __future__ import annotations

import hashlib
import json

from netral_research.files import Project
from netral_research.hashing import content_hash
from netral_research.stages import STAGES, tables_read
from netral_research.study import StudyParameters


def plan_hash(study: StudyParameters) -> str:
    """Fingerprint of the study's choices: the same for the same choices, however ``study.toml`` is written.

    Parameters
    ----------
    study : StudyParameters
        Comments, layout, and the order in which sections, keys and list entries stand do not count.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits.
    """
    choices = _sorted(study.model_dump(mode="json"))
    return hashlib.sha256(json.dumps(choices, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _sorted(choices: object) -> object:
    if isinstance(choices, dict):
        return {key: _sorted(value) for key, value in choices.items()}
    return sorted(choices) if isinstance(choices, list | tuple) else choices


def data_hash(project: Project) -> str:
    """Fingerprint of the raw and reference tables that the analysis reads.

    Parameters
    ----------
    project : Project

    Returns
    -------
    str
        SHA-256 in hexadecimal digits over the names and contents of the tables of
        :func:`netral_research.stages.tables_read`. Articles do not count: no number of the analysis is read from them.
    """
    lines = [f"{relative}\0{content_hash(project.path(relative))}\n" for relative in tables_read(STAGES)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
