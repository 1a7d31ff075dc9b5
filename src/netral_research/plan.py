"""The pre-analysis plan: the study's choices and the data, each with a fingerprint, and the rule when to stop."""

from __future__ import annotations

import hashlib
import json
import math

from netral_research.files import Project
from netral_research.hashing import content_hash
from netral_research.stages import STAGES, tables_read
from netral_research.study import StudyParameters

MINIMUM_REGIONS = 10


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


def descriptive_only(
    n_regions_with_dose: int, minimum_detectable: float, claimed: float, minimum_regions: int = MINIMUM_REGIONS
) -> bool:
    """Tell whether the panel bears no more than descriptives: too few regions, or too little power for the claim.

    Parameters
    ----------
    n_regions_with_dose : int
        Regions with a dose above zero in at least one cycle.
    minimum_detectable : float
        Minimum detectable rate ratio of the placebo on events still to come, on either side of one; not a number
        where it could not be computed.
    claimed : float
        Rate ratio that the study would claim, on either side of one.
    minimum_regions : int
        Fewer regions with a dose than this: descriptives only.

    Returns
    -------
    bool
        True also where a ratio is not a number above zero: what was not computed bears no claim.

    Examples
    --------
    >>> descriptive_only(33, 0.9, 0.8), descriptive_only(33, 0.74, 0.8), descriptive_only(9, 0.9, 0.8)
    (False, True, True)
    """
    if n_regions_with_dose < minimum_regions:
        return True
    if not (0 < minimum_detectable < math.inf and 0 < claimed < math.inf):
        return True
    # Distances from one on the log scale: 0.8 and 1.25 are equally far.
    return abs(math.log(minimum_detectable)) > abs(math.log(claimed))
