from __future__ import annotations

import pandas as pd
import pytest

from netral_research.clean.search_effort import search_effort


@pytest.fixture
def effort(study, reference):
    def run(*queries, batch="events_EW"):
        frame = pd.DataFrame(
            [(query, "10", "4", "2", batch) for query in queries],
            columns=["query", "n_results", "n_relevant", "sources_added", "batch"],
            dtype="str",
        )
        return search_effort(frame, study, reference)

    return run


@pytest.mark.parametrize(
    ("query", "unit", "cycle"),
    [
        ("sosialisasi netralitas ASN Jawa Tengah Pilkada 2020", "33", "pilkada_2020"),
        ("netralitas ASN Papua Barat Daya Pemilu 2024", "92", "pemilu_2024"),
        ("netralitas ASN Papua Selatan ikrar", "91", ""),
        ("netralitas ASN Kepulauan Riau pilkada 2018", "21", "pilkada_2018"),
        ("netralitas ASN Riau 2018", "14", "pilkada_2018"),
        ("netralitas ASN Bali 2024", "51", ""),
        ("netralitas ASN Bali Pilkada 2016", "51", ""),
        ("KASN rekap pelanggaran", "", ""),
    ],
)
def test_a_query_counts_for_the_province_and_cycle_it_names(effort, query, unit, cycle):
    (row,) = effort(query).to_dict("records")
    assert (row["unit_code"], row["election_cycle"]) == (unit, cycle)
    assert (row["n_queries"], row["n_results"], row["n_relevant"], row["sources_added"]) == (1, 10, 4, 2)


def test_queries_of_one_province_and_cycle_are_added_up(effort):
    (row,) = effort("Bali Pilkada 2020 a", "Bali Pilkada 2020 b").to_dict("records")
    assert (row["n_queries"], row["n_results"]) == (2, 20)


def test_all_queries_of_the_log_are_in_the_effort(cleaned_events, event_tables):
    effort = cleaned_events["search_effort"].table
    assert effort["n_queries"].sum() == len(event_tables.queries)
    assert effort["n_results"].sum() == event_tables.queries["n_results"].astype(int).sum()
    assert set(effort["purpose"]) <= {"events", "violations"}


def test_every_province_was_searched_for_events(cleaned_events, study, reference):
    effort = cleaned_events["search_effort"].table.query("purpose == 'events'")
    register = reference.register
    units = {register.province_on(code, study.study.province_boundaries) for code in register.provinces}
    assert units <= set(effort["unit_code"])
