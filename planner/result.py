"""Frozen values that come out of the planner."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.inputs import BoolColumn, FloatColumn, IntColumn

FUNDED, UNFUNDED = "funded", "unfunded"
NEED, STATUTORY, COMMITTED = "need", "statutory", "committed"


@dataclass(frozen=True)
class PlanRows:
    """Columns over r rows, ordered by year, then asset id, then treatment.

    `asset` indexes the portfolio's assets, `treatment` its treatments (-1 for a fixed point that changes no condition),
    `fixed` the portfolio's fixed point (-1 where the row is the planner's own choice). `row_class` is need, statutory
    or committed. What explains a row, in kronor at the plan's price level unless said otherwise:
    `health` forecast index 0-100 just before the action (nan unknown), `failure_probability` in that year without
    action, `benefit_sek` discounted risk removed plus value preserved (0 for a fixed point that changes no condition),
    `waiting_cost_sek` benefit lost by doing the same a year later (below 0 where waiting gains), `runner_up_treatment`
    (-1 none) and `runner_up_year` (0 none) what the same prices would have chosen instead, `runner_up_benefit_sek`, and
    `decided_by`: "benefit" (best over all years), "budget" (a better year was full), "fixed" (the year was given, also
    where it had no room), "no_room" (unfunded because no year had room), "low_benefit" is never a row. For unfunded
    rows `year` is the year in which the action was wanted and `benefit_sek` is the consequence of not doing it.
    """

    asset: IntColumn
    year: IntColumn
    treatment: IntColumn
    fixed: IntColumn
    cost_sek: IntColumn
    row_class: npt.NDArray[np.str_]
    health: FloatColumn
    failure_probability: FloatColumn
    benefit_sek: FloatColumn
    waiting_cost_sek: FloatColumn
    runner_up_treatment: IntColumn
    runner_up_year: IntColumn
    runner_up_benefit_sek: FloatColumn
    decided_by: npt.NDArray[np.str_]


@dataclass(frozen=True)
class Plan:
    """A plan within its budgets, with the proof of how far from the best it can be.

    `spend_sek` has shape (n_funds, n_years) and never exceeds the budgets. `flagged` (n_funds, n_years) marks years in
    which a fixed point did not fit. `price` (n_funds, n_years) is the value of one more krona. `value` is the
    benefit of the planner's own choices, fixed points apart, and `bound` what no choice could exceed; `gap` = (bound -
    value) / bound, 0 where bound is 0.
    """

    planned: PlanRows
    unfunded: PlanRows
    spend_sek: IntColumn
    flagged: BoolColumn
    price: FloatColumn
    value: float
    bound: float
    gap: float
