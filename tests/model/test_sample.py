"""Which counts enter the model, and the exposure each is given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netral_research.model.build import ModelTables, estimate_association
from netral_research.model.sample import build_sample
from netral_research.stages import stage_named

USUAL = {
    "origin": "published", "geo_level": "province", "bound": "exact", "count_kind": "cumulative", "stage": "alleged",
    "measure": "cases", "institution": "bawaslu_ri", "institution_group": "bawaslu", "province_code": "51",
    "election_cycle": "pilkada_2020", "as_of": "2020-10-04", "value": 4, "period_start": "", "ranking_id": "",
    "list_kind": "",
}  # fmt: skip
OTHER_CYCLE = {"election_cycle": "pilkada_2024", "as_of": "2024-11-01", "value": 6}


def counts_of(*rows: dict[str, object]) -> pd.DataFrame:
    records = []
    for number, row in enumerate(rows):
        record = {**USUAL, "obs_id": f"O{number}", "source_ids": f"S{number}", **row}
        record.setdefault("unit_code", record["province_code"])
        for name in ("as_of_earliest", "as_of_latest"):
            record.setdefault(name, record["as_of"])
        for name in ("lower", "upper"):
            record.setdefault(name, record["value"])
        records.append(record)
    columns = [*USUAL, "obs_id", "source_ids", "unit_code", "as_of_earliest", "as_of_latest", "lower", "upper"]
    return pd.DataFrame(records, columns=columns)


@pytest.fixture
def tables(reference):
    def build(
        violations: pd.DataFrame, events: dict[tuple[str, str], int] | None = None, after: int = 0
    ) -> ModelTables:
        units, cycles = (
            ["11", "51", "52", "91", "93"],
            ["pilkada_2018", "pemilu_2019", "pilkada_2020", "pemilu_2024", "pilkada_2024"],
        )
        panel = pd.DataFrame([(u, c) for u in units for c in cycles], columns=["unit_code", "election_cycle"])
        told = [(events or {}).get((u, c), 0) for u, c in zip(panel["unit_code"], panel["election_cycle"], strict=True)]
        panel = panel.assign(
            events_before_campaign=told, exposure=np.array(told, dtype="float64"), headcount=20_000, voted=True
        )
        days = (
            violations[["election_cycle", "as_of_latest"]]
            .drop_duplicates()
            .rename(columns={"as_of_latest": "snapshot_date"})
        )
        days = days[days["snapshot_date"] != ""]
        polling = {name: cycle.polling_day for name, cycle in reference.calendar.cycles.items()}
        days["days_to_polling"] = [
            (pd.Timestamp(polling[c]) - pd.Timestamp(d)).days
            for c, d in zip(days["election_cycle"], days["snapshot_date"], strict=True)
        ]
        snapshots = days.assign(events_to_date=0, events_after_date=after).merge(
            pd.DataFrame({"unit_code": units}), how="cross"
        )
        return ModelTables(violations, panel, snapshots, reference)

    return build


@pytest.fixture
def sample_of(tables, study, reference):
    def run(*rows: dict[str, object], events: dict[tuple[str, str], int] | None = None, after: int = 0) -> pd.DataFrame:
        made = tables(counts_of(*rows), events, after)
        return build_sample(made.violations, made.province_cycle, made.snapshots, reference, study).table

    return run


def test_the_dose_is_the_binary_logarithm_of_one_plus_the_events(sample_of):
    sample = sample_of({}, OTHER_CYCLE, events={("51", "pilkada_2020"): 3, ("51", "pilkada_2024"): 1}, after=7)
    assert sample["dose"].tolist() == [2, 1]
    assert sample["later_dose"].tolist() == [3, 3]
    assert sample["log_headcount"].tolist() == pytest.approx([np.log(2)] * 2)


@pytest.mark.parametrize(
    "other",
    [
        {"bound": "at_least"}, {"bound": "at_most"}, {"origin": "unlisted"}, {"count_kind": "period"},
        {"geo_level": "regency"}, {"geo_level": "provincial_government"}, {"institution": "media"},
        {"stage": "dismissed"},
        {"as_of": ""}, {"as_of": "2020-09-25"},
        {"as_of": "2020", "as_of_earliest": "2020-01-01", "as_of_latest": "2020-12-31"},
        {"province_code": "93", "unit_code": "91"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_exact_dated_count_of_a_whole_province_from_the_campaign_on_stays_out(sample_of, other):
    sample = sample_of({}, OTHER_CYCLE, {"value": 900, **other})
    assert sample["count"].tolist() == [4, 6]


def test_after_a_split_the_old_name_does_not_stand_for_the_whole_unit_either(sample_of):
    papua = {"province_code": "91"}
    rows = [{**papua}, {**papua, "election_cycle": "pemilu_2019", "as_of": "2019-04-01"}]
    assert len(sample_of(*rows)) == 2
    assert len(sample_of(*rows, {**papua, **OTHER_CYCLE, "value": 900})) == 2


def test_a_count_of_the_campaigns_first_day_enters(sample_of):
    assert len(sample_of({"as_of": "2020-09-26"}, OTHER_CYCLE)) == 2


def test_a_province_with_counts_of_one_cycle_cannot_be_compared_with_itself(sample_of):
    sample = sample_of({}, {"as_of": "2020-11-01"}, {"province_code": "52"}, {"province_code": "52", **OTHER_CYCLE})
    assert set(sample["unit_code"]) == {"52"}


def test_a_province_of_zeros_cannot_be_compared_with_itself_either(sample_of):
    sample = sample_of(
        {"value": 0}, {**OTHER_CYCLE, "value": 0}, {"province_code": "52"}, {"province_code": "52", **OTHER_CYCLE}
    )
    assert set(sample["unit_code"]) == {"52"}


def test_a_zero_beside_a_case_stays(sample_of):
    assert sample_of({"value": 0}, OTHER_CYCLE)["count"].tolist() == [0, 6]


def test_the_clock_runs_from_the_count_to_polling_day_and_stands_still_outside_its_pieces(sample_of):
    sample = sample_of(
        {"as_of": "2020-12-09"}, {"as_of": "2020-11-09"}, {"as_of": "2023-01-01"}, OTHER_CYCLE
    ).set_index("as_of")
    assert sample.loc["2020-12-09", ["clock_early", "clock_late", "clock_after"]].tolist() == [0, 0, -1]
    assert sample.loc["2020-11-09", ["clock_early", "clock_late", "clock_after"]].tolist() == pytest.approx(
        [0, -0.5, -1]
    )
    assert sample.loc["2023-01-01", ["clock_early", "clock_late", "clock_after"]].tolist() == [0, 0, 0]


@pytest.mark.parametrize("rows", [[], [{}], [{}, OTHER_CYCLE], [{"value": 0}, {**OTHER_CYCLE, "value": 0}]], ids=len)
def test_a_panel_too_thin_ends_in_a_sentence_and_never_in_a_number(tables, study, rows):
    results = {result.name: result for result in estimate_association(tables(counts_of(*rows)), study)}
    told = {value.id: value.value for value in results["estimates"].values}
    assert told["model.sentence"] == "not_estimated"
    assert told["model.refusal"] == "model_regions"
    assert results["estimates"].table.empty
    assert set(results) == set(stage_named("model").tables)
    printed = [value.id for result in results.values() for value in result.values if isinstance(value.value, float)]
    # The study's own levels are no finding.
    assert set(printed) == {"model.confidence", "model.power"}
