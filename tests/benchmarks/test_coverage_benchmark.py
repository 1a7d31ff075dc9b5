"""The benchmark of sizes and coverage runs, and the same seeds give the same table."""

from __future__ import annotations

from netral_research.workflow.coverage_benchmark import COLUMNS, describe_coverage, measure_coverage


def test_a_few_panels_give_shares_of_every_kind_and_the_same_ones_again():
    table = measure_coverage(draws=4, treated=[5])
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 4
    assert table[["size", "size_in_groups"]].stack().between(0, 0.5).all()
    assert table[["coverage", "placebo_coverage"]].stack().between(0.5, 1).all()
    assert table["size_error"].tolist() == [(share * (1 - share) / 4) ** 0.5 for share in table["size"]]
    assert table.equals(measure_coverage(draws=4, treated=[5]))
    for language in ("id", "en"):
        assert len(describe_coverage(table, language).splitlines()) == 2 + len(table)
