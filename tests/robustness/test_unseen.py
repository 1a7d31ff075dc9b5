"""Events that were missed and violations that were not reported: what is corrected, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.model.sample import CLOCK_PIECES
from netral_research.robustness.unseen import correct_dose_error, judge_under_reporting

CYCLES = ("pilkada_2018", "pemilu_2019", "pilkada_2020", "pemilu_2024", "pilkada_2024")


@pytest.fixture(scope="module")
def thinned() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts that follow all events of a province and cycle, of which two searches found two in three together."""
    random = np.random.default_rng(5)
    units = [f"{code:02d}" for code in range(11, 31)]
    cells = pd.MultiIndex.from_product([units, CYCLES], names=["unit_code", "election_cycle"]).to_frame(index=False)
    events = random.poisson(random.gamma(1.0, 6.0, len(cells)))
    sample = cells.assign(
        institution_group="bawaslu", stage="alleged", measure="cases", log_headcount=0.0,
        count=random.poisson(60 * np.exp(-0.4 * np.log2(1 + events))), **dict.fromkeys(CLOCK_PIECES, 0.0),
    )  # fmt: skip
    place = np.repeat(np.arange(len(cells)), events)
    first, second = random.uniform(size=(2, len(place))) < 0.42
    captures = cells.loc[place].reset_index(drop=True).assign(first=first, second=second)
    captures = captures[first | second]
    found = captures.groupby(["unit_code", "election_cycle"]).size()
    seen = found.reindex(pd.MultiIndex.from_frame(cells), fill_value=0).to_numpy()
    sample = sample.assign(dose=np.log2(1 + seen))
    for name in CLOCK_PIECES:
        sample[name] = random.normal(size=len(sample))
    return sample, captures


def test_the_correction_leads_towards_the_truth(thinned, study):
    cells, error = correct_dose_error(*thinned, study)
    naive_completeness = cells.table["completeness"].median()
    assert 0.5 < naive_completeness < 0.8
    table = error.table.set_index("estimate")
    assert (table["lower"] < table["rate_ratio"]).all()
    assert (table["rate_ratio"] < table["upper"]).all()
    assert table.loc["quadratic", "lower"] < np.exp(-0.4) < table.loc["quadratic", "upper"]


def test_one_search_alone_is_refused(thinned, study):
    sample, captures = thinned
    _, error = correct_dose_error(sample, captures.assign(second=False), study)
    assert error.table.empty
    assert error.value("robustness.dose_error_refusal").value == "model_one_search"


def test_violations_and_reporting_are_not_separated_without_what_moves_one_alone(thinned):
    found = judge_under_reporting(thinned[0])
    assert found.value("robustness.under_reporting_refusal").value == "under_reporting_unidentified"
