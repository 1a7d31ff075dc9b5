"""The study's funnel: one cycle and group of institutions, dated counts from the campaign on."""

from __future__ import annotations

import pandas as pd
import pytest

from netral_research.describe.province_funnel import draw_funnel, reported_funnel, saved_funnel

NAMES = {"11": "Aceh", "51": "Bali", "52": "Nusa Tenggara Barat", "91": "Papua"}


@pytest.fixture
def funnel(headcount, reference, study):
    def run(violations):
        return reported_funnel(violations, headcount, reference, NAMES, study)

    return run


def provinces(*rows: tuple[str, int, str], **more: object) -> list[dict[str, object]]:
    return [{"province_code": code, "value": value, "as_of": day, **more} for code, value, day in rows]


def test_a_province_far_above_is_named_and_the_others_are_not(reference, study, counts):
    codes = [str(code) for code in range(11, 31)]
    told = counts(
        *provinces(
            *((code, 400 if code == "30" else 38 + number % 5, "2020-12-10") for number, code in enumerate(codes))
        )
    )
    many = pd.DataFrame({"unit_code": codes, "headcount": 20_000})
    found = reported_funnel(told, many, reference, {code: f"Province {code}" for code in codes}, study)
    assert found.value("describe.funnel_above").value == "Province 30"
    assert found.value("describe.funnel_below").value is None
    assert found.value("describe.funnel_outside").value == 1
    assert found.value("describe.funnel_rate").value == pytest.approx(told["value"].sum() / 40)


def test_counts_without_a_day_or_from_before_the_campaign_stay_out(funnel, counts):
    dated = provinces(("11", 3, "2020-12-10"), ("51", 6, "2020-12-10"), ("52", 4, "2020-12-10"))
    kept = funnel(counts(*dated, {"province_code": "91", "value": 50, "as_of": ""})).table
    early = funnel(counts(*dated, {"province_code": "91", "value": 0, "as_of": "2020-04-03"})).table
    assert kept["unit_code"].tolist() == early["unit_code"].tolist() == ["11", "51", "52"]


def test_institutions_are_not_mixed_and_the_latest_count_of_a_province_counts(funnel, counts):
    rows = provinces(("11", 3, "2020-12-10"), ("51", 6, "2020-10-10"), ("51", 9, "2020-12-10"), ("52", 4, "2020-12-10"))
    other = provinces(("91", 70, "2021-01-01"), institution="kasn", institution_group="kasn")
    table = funnel(counts(*rows, *other)).table
    assert table["unit_code"].tolist() == ["11", "51", "52"]
    assert table["value"].tolist() == [3, 9, 4]
    assert set(table["institution_group"]) == {"bawaslu"}


@pytest.mark.parametrize("values", [[3, 4], [0, 0, 0]], ids=["two provinces", "no case"])
def test_where_nothing_can_be_compared_it_says_so_and_gives_no_number(funnel, counts, values):
    rows = [(code, value, "2020-12-10") for code, value in zip(("11", "51", "52"), values, strict=False)]
    found = funnel(counts(*provinces(*rows)))
    assert found.table.empty
    assert all(value.value is None for value in found.values)
    assert all(found.alt.values())


def test_the_saved_table_gives_back_the_same_funnel_and_is_drawn(funnel, counts):
    found = funnel(counts(*provinces(("11", 3, "2020-12-10"), ("51", 60, "2020-12-10"), ("52", 4, "2020-12-10"))))
    again = saved_funnel(found.table)
    assert again.dispersion == found.value("describe.funnel_dispersion").value
    pd.testing.assert_series_equal(
        again.table["widened_upper_99.8"].reset_index(drop=True), found.table["widened_upper_99.8"]
    )
    axes = draw_funnel(found.table, NAMES, "alleged_cases", "id").axes[0]
    assert axes.get_ylabel().startswith("Dugaan kasus")
