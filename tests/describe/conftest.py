"""Clean rows typed in a test: a province's count needs only what differs from the usual."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest


@pytest.fixture
def counts() -> Callable[..., pd.DataFrame]:
    usual = {
        "origin": "published", "institution": "bawaslu_ri", "institution_group": "bawaslu", "geo_level": "province",
        "bound": "exact", "count_kind": "cumulative", "stage": "alleged", "measure": "cases",
        "election_cycle": "pilkada_2020", "province_code": "51", "value": 5, "as_of": "2020-12-10",
    }  # fmt: skip

    def build(*rows: dict[str, object]) -> pd.DataFrame:
        records = []
        for number, row in enumerate(rows):
            record = {**usual, "obs_id": f"O{number}", "source_ids": f"S{number}", **row}
            record.setdefault("unit_code", record["province_code"])
            record.setdefault("as_of_earliest", record["as_of"])
            record.setdefault("as_of_latest", record["as_of"])
            records.append(record)
        columns = [*usual, "obs_id", "source_ids", "unit_code", "as_of_earliest", "as_of_latest"]
        return pd.DataFrame(records, columns=columns).astype({"value": "int64"})

    return build


@pytest.fixture
def headcount() -> pd.DataFrame:
    return pd.DataFrame({"unit_code": ["11", "51", "52", "91"], "headcount": [10_000, 20_000, 5_000, 40_000]})


@pytest.fixture
def polling_days(reference) -> dict[str, str]:
    return {name: cycle.polling_day.isoformat() for name, cycle in reference.calendar.cycles.items()}
