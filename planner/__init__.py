"""Numbers and years: deterioration, benefit and a plan within budgets. Knows no database, web, file or clock."""

from planner.allocation import Allocation, allocate_one_per_group
from planner.errors import PlannerInputError
from planner.generation import generate_plan
from planner.inputs import Budgets, Portfolio, Settings, SurvivalCurve, Treatment
from planner.result import COMMITTED, FUNDED, NEED, STATUTORY, UNFUNDED, Plan, PlanRows

__all__ = [
    "COMMITTED",
    "FUNDED",
    "NEED",
    "STATUTORY",
    "UNFUNDED",
    "Allocation",
    "Budgets",
    "Plan",
    "PlanRows",
    "PlannerInputError",
    "Portfolio",
    "Settings",
    "SurvivalCurve",
    "Treatment",
    "allocate_one_per_group",
    "generate_plan",
]
