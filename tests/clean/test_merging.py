from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.clean.merging import best_date, first_told, group_reports, join_terms

NAMES = [f"E{number:02d}" for number in range(12)]
links = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=14)


def parts(groups):
    found = {}
    for row, root in groups.items():
        found.setdefault(root, set()).add(row)
    return sorted(map(sorted, found.values()))


def connected(links):
    """The same partition by another way: spread each row's mark until nothing changes."""
    mark = {name: name for name in NAMES}
    changed = True
    while changed:
        changed = False
        for one, two in links:
            low = min(mark[one], mark[two])
            changed |= mark[one] != low or mark[two] != low
            mark[one] = mark[two] = low
    return parts(mark)


@given(links)
def test_groups_are_the_connected_reports_whatever_the_chains_and_circles(links):
    assert parts(group_reports(NAMES, links)) == connected(links)


@given(links, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_the_links(links, random):
    shuffled = links.copy()
    random.shuffle(shuffled)
    assert group_reports(NAMES, shuffled) == group_reports(NAMES, links)


@given(links)
def test_every_row_has_a_root_that_is_its_own_root(links):
    groups = group_reports(NAMES, links)
    assert list(groups) == NAMES
    assert all(groups[root] == root for root in groups.values())


@given(links)
def test_a_row_that_links_to_another_is_no_root_unless_all_of_its_group_link(links):
    kept = [(row, target) for row, target in links if row != target]
    linking = {row for row, _ in kept}
    groups = group_reports(NAMES, links)
    for group in parts(groups):
        if not set(group) <= linking:
            assert groups[group[0]] not in linking


def test_a_circle_takes_the_first_row_of_the_file():
    assert set(group_reports(["B", "A", "C"], [("B", "A"), ("A", "C"), ("C", "B")]).values()) == {"B"}


def test_links_to_rows_that_are_gone_are_dropped():
    assert group_reports(["A", "B"], [("A", "X"), ("X", "B")]) == {"A": "A", "B": "B"}


def report(date, place="E"):
    return {
        "event_id": place,
        "date_start": date,
        "date_precision": {0: "", 4: "year", 7: "month", 10: "day"}[len(date)],
    }


@pytest.mark.parametrize(
    ("dates", "chosen"),
    [
        (["2020", "2020-10-05"], "2020-10-05"),
        (["", "2020"], "2020"),
        (["2020-10", "2020-10-05", "2020-10-06", "2020-10-06"], "2020-10-06"),
        (["2020-10-06", "2020-10-05"], "2020-10-06"),
        (["2020", "2020-10-06", "2020-10-05"], "2020-10-05"),
        (["", ""], ""),
    ],
)
def test_the_best_date_is_the_most_precise_then_most_told_then_the_roots(dates, chosen):
    assert best_date([report(date) for date in dates])["date_start"] == chosen


def test_terms_are_joined_once_each_in_the_order_told():
    assert join_terms(["b;a", "", "a; c ", "b"]) == "b;a;c"
    assert join_terms([]) == ""


def test_the_first_that_says_something_is_taken():
    assert first_told(["", "unknown", "virtual", "hybrid"], "unknown") == "virtual"
    assert first_told(["", "unknown"], "unknown") == "unknown"
