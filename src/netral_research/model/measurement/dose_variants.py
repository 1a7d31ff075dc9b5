"""How the estimate of the dose follows its definition: the same counts, other doses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from netral_research.model.measurement.design import build_design
from netral_research.model.measurement.dose import BETWEEN, WITHIN
from netral_research.model.measurement.fit import fit_measurement
from netral_research.model.measurement.histories import read_histories
from netral_research.model.measurement.observations import Observations

DOSE = "dose"


def compare_dose_definitions(observations: Observations, confidence: float, power: float) -> pd.DataFrame:
    """Estimate the rate ratio for a doubling of 1 + events under each definition of the dose.

    Only the within part of events before the campaign is fixed before its outcome and free of what lasts in a region;
    the others are told to show how much hangs on the definition.

    Parameters
    ----------
    observations : Observations
    confidence, power : float

    Returns
    -------
    pandas.DataFrame
        ``definition`` (``to_date``: events up to each count's day, all counts; ``before_campaign``: events before the
        campaign, counts from it on; ``within`` and ``between``: its two parts), ``totals`` (whether national totals
        enter), ``rate_ratio``, ``lower``, ``upper``, ``detectable_below``, ``detectable_above`` and
        ``n_observations``.
    """
    reach = float(stats.norm.ppf([0.5 + confidence / 2, power]).sum())
    provinces = observations.keep(observations.table["level"] == "province")
    rows = []
    for totals, chosen in ((True, observations), (False, provinces)):
        for names, kept, regressors in _definitions(chosen):
            fit = fit_measurement(build_design(kept, regressors))
            for term, definition in names.items():
                error = fit.coefficient(term)[1]
                limits = (*fit.ratio(term, confidence), np.exp(-reach * error), np.exp(reach * error))
                rows.append((definition, totals, *limits, len(kept.table)))
    columns = [
        "definition", "totals", "rate_ratio", "lower", "upper", "detectable_below", "detectable_above",
        "n_observations",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _definitions(
    observations: Observations,
) -> Iterator[tuple[dict[str, str], Observations, Mapping[str, np.ndarray]]]:
    to_date = read_histories(observations, "dose_to_date")
    rows = np.arange(len(to_date.unit))
    yield {DOSE: "to_date"}, observations, {DOSE: to_date.dose[rows, to_date.unit]}
    late = observations.keep(observations.table["from_campaign"])
    histories = read_histories(late)
    rows = np.arange(len(histories.unit))
    yield {DOSE: "before_campaign"}, late, {DOSE: histories.dose[rows, histories.unit]}
    within, between = histories.split(np.arange(histories.dose.shape[1]))
    yield {WITHIN: "within", BETWEEN: "between"}, late, {WITHIN: within, BETWEEN: between}
