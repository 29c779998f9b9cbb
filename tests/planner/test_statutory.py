import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import PlannerInputError
from planner.statutory import add_months, occurrences, occurrences_per_year


def due_days(last: str, months: int, first_year: int, years: int) -> list[str]:
    _, due = occurrences(np.array([last], dtype="datetime64[D]"), np.array([months]), first_year, years)
    return due.astype(str).tolist()


def test_checks_are_counted_from_the_last_approved_one() -> None:
    assert due_days("2025-05-20", 36, 2027, 5) == ["2028-05-20", "2031-05-20"]


def test_a_check_never_made_falls_due_as_the_plan_begins_and_is_counted_from_there() -> None:
    assert due_days("NaT", 24, 2027, 4) == ["2027-01-01", "2029-01-01"]


def test_an_overdue_check_falls_due_in_the_first_year_and_is_counted_from_there() -> None:
    assert due_days("2019-03-31", 24, 2027, 4) == ["2027-01-01", "2029-01-01"]


def test_a_check_due_on_the_first_day_of_the_plan_is_not_overdue() -> None:
    assert due_days("2024-01-01", 36, 2027, 3) == ["2027-01-01"]


def test_a_check_due_the_day_before_the_plan_is_overdue() -> None:
    assert due_days("2023-12-31", 36, 2027, 3) == ["2027-01-01"]


def test_a_check_due_after_the_plan_does_not_occur_in_it() -> None:
    assert due_days("2026-06-01", 120, 2027, 5) == []


def test_the_last_day_of_the_plan_belongs_to_it() -> None:
    assert due_days("2026-12-31", 12, 2027, 1) == ["2027-12-31"]


def test_short_intervals_give_several_checks_in_a_year() -> None:
    assert due_days("2026-11-15", 3, 2027, 1) == ["2027-02-15", "2027-05-15", "2027-08-15", "2027-11-15"]


def test_the_last_day_of_a_month_stays_the_last_day_without_drifting() -> None:
    assert due_days("2026-12-31", 1, 2027, 1)[:4] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_a_leap_day_comes_back_in_the_next_leap_year() -> None:
    assert due_days("2024-02-29", 12, 2025, 4) == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_rows_stay_apart_and_are_counted_per_year() -> None:
    last = np.array(["2026-06-01", "NaT", "2026-06-01"], dtype="datetime64[D]")
    index, due = occurrences(last, np.array([6, 12, 60]), 2027, 2)

    # Half a year from June is December, before the plan begins: overdue, so counted from its first day.
    assert index.tolist() == [0, 0, 0, 0, 1, 1]
    assert due.astype(str).tolist() == [
        "2027-01-01",
        "2027-07-01",
        "2028-01-01",
        "2028-07-01",
        "2027-01-01",
        "2028-01-01",
    ]
    assert occurrences_per_year(index, due, 3, 2027, 2).tolist() == [[2, 2], [1, 1], [0, 0]]


def test_no_rows_give_no_occurrences() -> None:
    index, due = occurrences(np.array([], dtype="datetime64[D]"), np.array([], dtype=np.int64), 2027, 3)

    assert len(index) == len(due) == 0
    assert occurrences_per_year(index, due, 0, 2027, 3).shape == (0, 3)


@pytest.mark.parametrize("months", [0, -12])
def test_an_interval_that_is_not_above_zero_is_refused(months: int) -> None:
    with pytest.raises(PlannerInputError) as refused:
        occurrences(np.array(["2026-01-01"], dtype="datetime64[D]"), np.array([months]), 2027, 3)

    assert refused.value.code == "interval_not_positive"
    assert refused.value.details["rows"] == [0]


def month_later(day: datetime.date, months: int) -> datetime.date:
    """A plain calendar, one day at a time."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


days = st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 12, 31))


@given(days, st.integers(0, 600))
def test_months_are_added_as_in_a_calendar(day: datetime.date, months: int) -> None:
    added = add_months(np.array([day], dtype="datetime64[D]"), np.array([months]))

    assert added[0].item() == month_later(day, months)


@given(days, st.integers(1, 130), st.integers(2020, 2045), st.integers(1, 50))
def test_occurrences_are_those_that_counting_by_hand_finds(
    last: datetime.date, interval: int, first_year: int, years: int
) -> None:
    start, end = datetime.date(first_year, 1, 1), datetime.date(first_year + years, 1, 1)
    expected = []
    origin, turn = (last, 1) if month_later(last, interval) >= start else (start, 0)
    while month_later(origin, turn * interval) < end:
        expected.append(month_later(origin, turn * interval))
        turn += 1
    _, due = occurrences(np.array([last], dtype="datetime64[D]"), np.array([interval]), first_year, years)

    assert due.astype(object).tolist() == expected
