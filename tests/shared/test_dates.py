from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_research.dates import is_date, overlap, parse_date
from netral_research.schemas import date_span_texts

days = st.dates(min_value=dt.date(1, 1, 1), max_value=dt.date(9999, 12, 31))
written_dates = st.builds(lambda day, length: day.isoformat()[:length], days, st.sampled_from([4, 7, 10]))


@pytest.mark.parametrize(
    ("written", "earliest", "latest", "precision"),
    [
        ("2020-10-07", "2020-10-07", "2020-10-07", "day"),
        ("2020-02", "2020-02-01", "2020-02-29", "month"),
        ("2019-02", "2019-02-01", "2019-02-28", "month"),
        ("2024", "2024-01-01", "2024-12-31", "year"),
    ],
)
def test_a_date_means_the_days_its_precision_allows(written, earliest, latest, precision):
    span = parse_date(written)
    assert (span.earliest.isoformat(), span.latest.isoformat(), span.precision) == (earliest, latest, precision)


@pytest.mark.parametrize(
    "written", ["2019-02-31", "2019-13", "2019-00", "0000", "2020-1-5", "5 Oktober 2020", "20201005"]
)
def test_a_date_that_does_not_exist_or_is_written_otherwise_is_refused(written):
    assert not is_date(written)
    with pytest.raises(ValueError, match=r"."):
        parse_date(written)


def test_an_unknown_date_stays_unknown():
    assert parse_date("") is None
    assert is_date("")


@given(written_dates)
def test_no_date_is_made_more_precise_than_written(written):
    span = parse_date(written)
    assert span.precision == {4: "year", 7: "month", 10: "day"}[len(written)]
    assert span.earliest.isoformat().startswith(written)
    assert span.latest.isoformat().startswith(written)
    assert (span.earliest == span.latest) == (span.precision == "day")


@given(days, st.sampled_from([4, 7, 10]))
def test_a_span_holds_exactly_the_days_that_share_what_was_written(day, length):
    span = parse_date(day.isoformat()[:length])
    assert span.earliest <= day <= span.latest
    for outside in (span.earliest - dt.date.min, dt.date.max - span.latest):
        if outside.days:
            before_or_after = (
                span.earliest - dt.timedelta(1) if span.earliest > dt.date.min else span.latest + dt.timedelta(1)
            )
            assert not before_or_after.isoformat().startswith(day.isoformat()[:length])


@given(written_dates, written_dates)
def test_dates_overlap_when_one_day_could_be_both(first, second):
    one, two = parse_date(first), parse_date(second)
    assert overlap(one, two) == overlap(two, one)
    assert overlap(one, two) == (first.startswith(second) or second.startswith(first))


def test_span_texts_keep_the_rows_and_leave_unknown_dates_empty():
    import pandas as pd

    cells = pd.Series(["2020-02", ""], index=[7, 9], dtype="str")
    texts = date_span_texts(cells)
    assert texts.index.tolist() == [7, 9]
    assert texts.to_dict("records") == [
        {"earliest": "2020-02-01", "latest": "2020-02-29"},
        {"earliest": "", "latest": ""},
    ]
