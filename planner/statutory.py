"""When recurring checks fall due within a plan."""

import numpy as np
import numpy.typing as npt

from planner.errors import PlannerInputError
from planner.inputs import IntColumn

DateColumn = npt.NDArray[np.datetime64]


def occurrences(
    last_done: DateColumn, interval_months: IntColumn, first_year: int, years: int
) -> tuple[IntColumn, DateColumn]:
    """Rows and days on which checks fall due, as long columns ordered by row and then day.

    `last_done` (n,) is the day of the last approved check, NaT for never; `interval_months` (n,) is above 0. Checks are
    counted in whole months from the last approved one; in a month too short for its day, the month's last day is
    meant. A check never made, or overdue when the plan begins, falls due on the first day of the first plan year, and
    the following are counted from that day. Intervals below a year give several in a year.
    Raises PlannerInputError for an interval that is not above 0 or a plan of no years.
    """
    if years < 1:
        raise PlannerInputError("plan_length", years=years)
    if (interval_months < 1).any():
        rows = np.flatnonzero(interval_months < 1)
        raise PlannerInputError("interval_not_positive", rows=rows[:5].tolist(), count=len(rows))
    start = np.datetime64(f"{first_year:04d}-01-01", "D")
    end = np.datetime64(f"{first_year + years:04d}-01-01", "D")
    last = last_done.astype("datetime64[D]")
    is_known = ~np.isnat(last)
    next_due = add_months(np.where(is_known, last, start), interval_months)
    restarts = ~is_known | (next_due < start)
    # Counting starts at the last check, whose own day does not fall due, or at the plan's first day, which does.
    origin = np.where(restarts, start, last)
    skipped = np.where(restarts, 0, 1)
    months_left = (end.astype("datetime64[M]") - origin.astype("datetime64[M]")).astype(np.int64)
    # Enough to pass the end; those that do are cut below.
    count = np.maximum(months_left // interval_months + 1 - skipped, 0)
    index = np.repeat(np.arange(len(last), dtype=np.int64), count)
    turn = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count) + skipped[index]
    due = add_months(origin[index], turn * interval_months[index])
    within = due < end
    return index[within], due[within]


def occurrences_per_year(index: IntColumn, due: DateColumn, rows: int, first_year: int, years: int) -> IntColumn:
    """How many of the occurrences fall in each plan year: (rows, years)."""
    year = due.astype("datetime64[Y]").astype(np.int64) + 1970 - first_year
    return np.bincount(index * years + year, minlength=rows * years).reshape(rows, years).astype(np.int64)


def add_months(day: DateColumn, months: IntColumn) -> DateColumn:
    """The same day of the month so many months later, or that month's last day where it is shorter."""
    month = day.astype("datetime64[M]")
    target = month + months.astype("timedelta64[M]")
    day_of_month = (day - month.astype("datetime64[D]")).astype(np.int64)
    longest = ((target + np.timedelta64(1, "M")).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(
        np.int64
    )
    result: DateColumn = target.astype("datetime64[D]") + np.minimum(day_of_month, longest - 1).astype("timedelta64[D]")
    return result
