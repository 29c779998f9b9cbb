"""Plans of a register: money, fixed points, who sees what, and drafts that follow the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from assetmgr.errors import AssetmgrError, NotAllowed, NotFound
from assetmgr.services import plans
from assetmgr.store import history, tables
from assetmgr.store.access import Actor
from assetmgr.store.writing import reading, verify_chain
from tests.planned_register import BUDGETS, FIRST_YEAR, YEARS, empty_register, make_plan, new_register, shown
from tests.registers import TestRegister, add_assets, add_check

PLAN_YEARS = range(FIRST_YEAR, FIRST_YEAR + YEARS)
names = count()


@pytest.fixture(scope="module")
def shared_register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestRegister]:
    """A register whose assets no test changes; plans may be added under new names."""
    register = new_register(tmp_path_factory.mktemp("plans"))
    yield register
    register.engine.dispose()


@pytest.fixture
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestRegister]:
    """A register of one's own."""
    register = new_register(tmp_path_factory.mktemp("plan"))
    yield register
    register.engine.dispose()


@pytest.fixture(scope="module")
def plan(shared_register: TestRegister) -> Any:
    """The plan of the shared register as it is shown."""
    return plan_of(shared_register)


def fresh_name() -> str:
    return f"Plan {next(names)}"


def plan_of(register: TestRegister, **asked: Any) -> Any:
    name = fresh_name()
    make_plan(register, name, **asked)
    return shown(register, name)


def funds_by_uid(register: TestRegister) -> dict[str, str]:
    with reading(register.engine) as connection:
        return {str(row.uid): row.fund for row in connection.execute(select(tables.asset.c.uid, tables.asset.c.fund))}


def uid_of(register: TestRegister, key: str) -> str:
    with reading(register.engine) as connection:
        asset = tables.asset
        return str(
            connection.execute(
                select(asset.c.uid).where(
                    asset.c.key == key, asset.c.municipality_id == register.botkyrka.municipality_id
                )
            ).scalar_one()
        )


# ---- money ----------------------------------------------------------------------------------------------------------


@settings(max_examples=12)
@given(
    va=st.lists(st.integers(0, 3_000_000), min_size=YEARS, max_size=YEARS),
    tax=st.lists(st.integers(0, 3_000_000), min_size=YEARS, max_size=YEARS),
    seed=st.integers(0, 5),
)
def test_no_fund_pays_more_in_a_year_than_its_budget(
    shared_register: TestRegister, va: list[int], tax: list[int], seed: int
) -> None:
    budgets = {"va": dict(zip(PLAN_YEARS, va, strict=True)), "tax": dict(zip(PLAN_YEARS, tax, strict=True))}
    plan = plan_of(shared_register, budgets=budgets, seed=seed)
    spent: dict[tuple[str, int], int] = defaultdict(int)
    for measure in plan["measures"]:
        spent[measure["fund"], measure["year"]] += measure["cost_sek"]
    assert all(spent[fund, year] <= budgets[fund][year] for fund in budgets for year in PLAN_YEARS)
    assert {fund: {int(y): s for y, s in per_year.items()} for fund, per_year in plan["budgets"].items()} == budgets
    assert plan["summary"]["spend_sek"] == {
        fund: {str(year): spent[fund, year] for year in PLAN_YEARS} for fund in ("tax", "va")
    }


def test_money_of_one_fund_is_never_spent_on_what_the_other_pays_for(shared_register: TestRegister, plan: Any) -> None:
    fund_of = funds_by_uid(shared_register)
    rows = [*plan["measures"], *plan["unfunded"]]
    assert {row["fund"] for row in rows} == {"tax", "va"}
    assert all(row["fund"] == fund_of[row["asset"]] for row in rows)


def test_a_fund_without_budget_gets_nothing_but_its_needs_are_listed(shared_register: TestRegister) -> None:
    plan = plan_of(shared_register, budgets={"va": BUDGETS["va"]})
    assert {row["fund"] for row in plan["measures"]} == {"va"}
    assert "tax" in {row["fund"] for row in plan["unfunded"]}
    assert set(plan["budgets"]["tax"].values()) == {0}


def test_every_cost_is_its_quantity_times_its_unit_price(plan: Any) -> None:
    for row in [*plan["measures"], *plan["unfunded"]]:
        assert row["cost_sek"] == pytest.approx(row["quantity"] * row["unit_price_sek"], abs=1)
        assert isinstance(row["cost_sek"], int)


def test_kronor_on_unverified_prices_are_the_sum_of_the_rows_that_say_so(plan: Any) -> None:
    unverified = sum(row["cost_sek"] for row in plan["measures"] if not row["price_verified"])
    assert unverified > 0
    assert plan["summary"]["unverified_cost_sek"] == unverified
    assert plan["summary"]["cost_sek"] == sum(row["cost_sek"] for row in plan["measures"])
    assert plan["summary"]["unfunded_cost_sek"] == sum(row["cost_sek"] for row in plan["unfunded"])


def test_a_verified_price_of_ones_own_changes_cost_and_leaves_the_unverified_sum(register: TestRegister) -> None:
    before = plan_of(register)
    with register.writing() as work:
        work.connection.execute(
            tables.reference_override.insert().values(
                municipality_id=register.botkyrka.municipality_id,
                name="check_ovk",
                low=20_000,
                mid=21_000,
                high=22_000,
                source="Eget avtal",
                year=2024,
                verified=True,
            )
        )
    after = plan_of(register)

    def ovk(plan: Any) -> list[tuple[int, bool]]:
        return [
            (row["cost_sek"], row["price_verified"])
            for row in plan["measures"]
            if row["treatment"] == "ovk_schools_and_care"
        ]

    assert set(ovk(before)) == {(18_000, False)}
    assert set(ovk(after)) == {(21_000, True)}


def test_a_large_renewal_is_capital_and_a_small_one_operating(plan: Any) -> None:
    rows = [row for row in plan["unfunded"] if row["kind"] == "value_preserving"]
    # Half a price base amount of the years that are known.
    assert {row["booking"] for row in rows if row["cost_sek"] > 60_000} == {"capital"}
    assert {row["booking"] for row in rows if row["cost_sek"] < 20_000} <= {"operating"}


# ---- the same and not the same --------------------------------------------------------------------------------------


def test_same_register_budgets_and_seed_give_the_same_plan(shared_register: TestRegister, plan: Any) -> None:
    first, second = plan, plan_of(shared_register)
    for part in ("measures", "unfunded", "summary", "budgets", "inputs_digest"):
        assert first[part] == second[part]


def test_order_in_which_assets_came_into_the_register_does_not_decide_the_plan(tmp_path: Path) -> None:
    keys = [f"Ö{number}" for number in range(6)] + ["a1", "B2", "å3"]
    plans_by_order = []
    for order in (keys, keys[::-1]):
        register = empty_register(tmp_path / str(len(plans_by_order)))
        for key in order:
            with register.writing() as work:
                add_assets(work, [key], built_year=1940, material="GJJ", dimension_mm=110.0, length_m=30.0)
        make_plan(register, budgets={"va": {FIRST_YEAR: 250_000, FIRST_YEAR + 1: 250_000}}, years=5)
        plan = shown(register)
        rows = [(row["year"], row["key"], row["treatment"], row["cost_sek"]) for row in plan["measures"]]
        plans_by_order.append((rows, plan["inputs_digest"], [row["key"] for row in plan["unfunded"]]))
        register.engine.dispose()
    assert plans_by_order[0][0]
    assert plans_by_order[0][2]
    assert plans_by_order[0] == plans_by_order[1]


def test_another_seed_or_budget_is_another_fingerprint(shared_register: TestRegister) -> None:
    digests = {
        plan_of(shared_register, **asked)["inputs_digest"]
        for asked in ({}, {"seed": 2}, {"budgets": {"va": BUDGETS["va"]}}, {"first_year": FIRST_YEAR, "years": YEARS})
    }
    assert len(digests) == 3


def test_a_used_name_is_refused_and_nothing_is_written(shared_register: TestRegister) -> None:
    name = fresh_name()
    make_plan(shared_register, name)
    with pytest.raises(AssetmgrError) as refused:
        make_plan(shared_register, f"  {name} ")
    assert refused.value.code == "plan_name_used"
    assert refused.value.details["name"] == name


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"years": 0}, "plan_years_outside"),
        ({"years": 51}, "plan_years_outside"),
        ({"first_year": 27}, "plan_first_year_outside"),
        ({"seed": -1}, "plan_seed_outside"),
        ({"budgets": {"energy": {FIRST_YEAR: 1}}}, "budget_fund_unknown"),
        ({"budgets": {"va": {FIRST_YEAR: -1}}}, "budget_negative"),
        ({"budgets": {"va": {FIRST_YEAR: 0.5}}}, "budget_not_whole_kronor"),
        ({"budgets": {"va": {FIRST_YEAR: float("nan")}}}, "budget_not_whole_kronor"),
        ({"budgets": {"va": {FIRST_YEAR + YEARS: 1}}}, "budget_year_outside_plan"),
        ({"budgets": {"va": {FIRST_YEAR: 10**16}}}, "budget_too_large"),
        ({"name": "  "}, "plan_name_missing"),
        ({"name": "x" * 201}, "plan_name_too_long"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_code(
    shared_register: TestRegister, asked: dict[str, Any], code: str
) -> None:
    with pytest.raises(AssetmgrError) as refused:
        make_plan(shared_register, **{"name": fresh_name(), **asked})
    assert refused.value.code == code


def test_plans_of_one_and_fifty_years_are_made(shared_register: TestRegister) -> None:
    one = plan_of(shared_register, years=1, budgets={"va": {FIRST_YEAR: 500_000}})
    fifty = plan_of(shared_register, years=50, budgets={"va": {2076: 500_000}})
    assert {row["year"] for row in one["measures"]} == {FIRST_YEAR}
    assert len(fifty["budgets"]["va"]) == 50


def test_an_empty_register_gives_an_empty_plan(shared_register: TestRegister) -> None:
    stranger = replace(shared_register.botkyrka, municipality_id=9_999)
    with reading(shared_register.engine) as connection:
        assert plans.listing(connection, stranger) == []
    name = fresh_name()
    with shared_register.writing(shared_register.salem) as work:
        work.connection.execute(
            update(tables.asset)
            .where(tables.asset.c.municipality_id == work.actor.municipality_id)
            .values(status="planned")
        )
        plans.generate(work, name, FIRST_YEAR, 3, {})
    plan = shown(shared_register, name, shared_register.salem)
    assert (plan["measures"], plan["unfunded"], plan["summary"]["gap"]) == ([], [], 0.0)


# ---- what is planned for --------------------------------------------------------------------------------------------


def test_only_assets_of_the_municipality_that_are_in_service_are_planned_for(shared_register: TestRegister) -> None:
    plan = plan_of(shared_register)
    keys = {row["key"] for row in [*plan["measures"], *plan["unfunded"]]}
    assert keys.isdisjoint({"X1", "X2", "X3", "X4"})
    salem = shown_as_salem(shared_register)
    assert {row["key"] for row in [*salem["measures"], *salem["unfunded"]]} <= {"V01"}
    assert salem["summary"]["assets"] <= 1


def shown_as_salem(register: TestRegister) -> Any:
    name = fresh_name()
    make_plan(register, name, actor=register.salem)
    return shown(register, name, register.salem)


def test_a_worse_inspection_brings_a_pipe_forward(register: TestRegister) -> None:
    uid = uid_of(register, "S00")

    def row(plan: Any) -> Any:
        found = [row for row in [*plan["measures"], *plan["unfunded"]] if row["asset"] == uid]
        return found[0] if found else None

    before = row(plan_of(register))
    with register.writing() as work:
        work.connection.execute(
            update(tables.asset)
            .where(tables.asset.c.uid == uid)
            .values(health_index=10.0, native_grade="4", inspected_on=date(2026, 9, 1))
        )
    after = row(plan_of(register))
    assert before is None or (before["health"], before["native_grade"]) == (65.0, "2")
    assert (after["health"], after["native_grade"], after["health_source"]) == (10.0, "4", "inspected")
    assert before is None or after["year"] <= before["year"]


def test_an_asset_that_nobody_inspected_is_estimated_from_age_and_marked(plan: Any) -> None:
    rows = [*plan["measures"], *plan["unfunded"]]
    pipes = [row for row in rows if row["asset_type"] == "water_pipe" and row["kind"] != "statutory_check"]
    without_year = {f"V{number:02d}" for number in range(6, 30, 7)}
    for row in pipes:
        expected = (None, "U") if row["key"] in without_year else ("estimated", row["health_class"])
        assert (row["health_source"], row["health_class"]) == expected
    estimated = next(row for row in pipes if row["health_source"] == "estimated")
    assert "estimated from age" in estimated["reason"]


# ---- fixed points ---------------------------------------------------------------------------------------------------


def checks_of(plan: Any, treatment: str, key: str) -> list[tuple[int, str, str]]:
    return [
        (row["year"], row["kind"], row["class"])
        for row in [*plan["measures"], *plan["unfunded"]]
        if row["treatment"] == treatment and row["key"] == key
    ]


def test_a_check_falls_due_from_the_last_approved_one_and_else_in_the_first_year(plan: Any) -> None:
    # Approved 2025-03-10, every third year; the other school has none on record.
    assert [year for year, *_ in checks_of(plan, "ovk_schools_and_care", "B1")] == [2028, 2031, 2034]
    assert [year for year, *_ in checks_of(plan, "ovk_schools_and_care", "B2")] == [2027, 2030, 2033, 2036]
    assert {tuple(rest) for _, *rest in checks_of(plan, "ovk_schools_and_care", "B1")} == {
        ("statutory_check", "statutory")
    }


def test_a_failed_check_does_not_count_but_its_date_for_the_next_does(register: TestRegister) -> None:
    with register.writing() as work:
        found = work.connection.execute(
            select(tables.asset.c.id, tables.asset.c.uid).where(tables.asset.c.key == "B1")
        ).one()
        school = (found.id, str(found.uid))
        add_check(work, school, "ovk_schools_and_care", date(2026, 8, 1), False, next_due_on=date(2027, 2, 1))
        add_check(work, school, "fire_safety_work", date(2026, 8, 1), False)
    plan = plan_of(register)
    assert [year for year, *_ in checks_of(plan, "ovk_schools_and_care", "B1")] == [2027, 2030, 2033, 2036]
    first = next(row for row in plan["measures"] if row["treatment"] == "fire_safety_work" and row["key"] == "B1")
    assert "no approved one is on record" in first["reason"]


def test_a_lift_of_which_nobody_said_how_many_there_are_is_inspected_each_year(register: TestRegister) -> None:
    with register.writing() as work:
        add_assets(work, ["Hiss"], "building_component", fund="tax", attributes=[{"component_kind": "lift"}])
    name = fresh_name()
    make_plan(register, name)
    rows = [row for row in shown(register, name)["measures"] if row["treatment"] == "lift_passenger"]
    assert [(row["year"], row["cost_sek"], row["quantity"]) for row in rows] == [(y, 4_000, 1) for y in PLAN_YEARS]
    with reading(register.engine) as connection:
        kept = connection.execute(select(tables.plan.c.settings).where(tables.plan.c.name == name)).scalar_one()
    assert kept["assumptions"]["counts"]["number_assumed"] == 1


def test_checks_that_no_law_asks_for_are_not_part_of_the_plan(plan: Any) -> None:
    treatments = {row["treatment"] for row in [*plan["measures"], *plan["unfunded"]]}
    assert treatments.isdisjoint({"fire_alarm", "own_control_valve", "electrical_revision"})


def test_a_check_without_money_stays_in_its_year_and_flags_it(shared_register: TestRegister) -> None:
    budgets = {"tax": {year: (10_000 if year == 2030 else 700_000) for year in PLAN_YEARS}}
    plan = plan_of(shared_register, budgets=budgets)
    short = [row for row in plan["unfunded"] if row["class"] == "statutory"]
    assert {row["year"] for row in short} == {2030}
    assert plan["summary"]["flagged_years"] == [
        {"fund": "tax", "year": 2030, "missing_sek": sum(row["cost_sek"] for row in short)}
    ]
    assert all("must be done in 2030" in row["consequence"] for row in short)


# ---- reading --------------------------------------------------------------------------------------------------------


def test_a_plan_is_found_by_name_uid_and_number(shared_register: TestRegister) -> None:
    saved = make_plan(shared_register, fresh_name())
    for identity in (saved.name, saved.uid, str(saved.id), saved.id):
        assert shown(shared_register, identity)["uid"] == saved.uid


def test_a_name_of_figures_goes_before_a_number(shared_register: TestRegister) -> None:
    other = make_plan(shared_register, fresh_name())
    saved = make_plan(shared_register, str(other.id))
    assert shown(shared_register, str(other.id))["uid"] == saved.uid


def test_shown_rows_have_what_programs_ask_for(plan: Any) -> None:
    wanted = {"asset", "asset_type", "year", "fund", "kind", "booking", "treatment", "cost_sek", "reason"}
    assert all(wanted <= row.keys() for row in plan["measures"])
    assert all(wanted | {"class", "consequence"} <= row.keys() for row in plan["unfunded"])
    assert {row["kind"] for row in plan["measures"]} >= {"statutory_check", "value_preserving"}
    assert {row["booking"] for row in plan["measures"]} <= {"operating", "capital"}
    assert plan["price_level"] == "2024"
    # The dimension of every third pipe is unknown, and the age of every seventh.
    assert plan["assumed"]["dimension_assumed"] > 0
    assert plan["assumed"]["age_unknown"] > 0


def test_every_reason_is_two_sentences_and_every_need_has_a_consequence(plan: Any) -> None:
    rows = [*plan["measures"], *plan["unfunded"]]
    assert rows
    for row in rows:
        assert row["reason"].count(". ") >= 1
        assert row["reason"].endswith(".")
        assert "None" not in row["reason"]
        assert "%(" not in row["reason"]
    assert all(row["consequence"].endswith(".") for row in plan["unfunded"])


def test_reasons_name_the_inspection_with_its_own_grade(plan: Any) -> None:
    row = next(row for row in [*plan["measures"], *plan["unfunded"]] if row["native_grade"] == "3")
    assert "D, poor (index 35), inspected 2024-05-03 as P122 grade 3" in row["reason"]


def test_a_plan_says_what_it_rests_on(shared_register: TestRegister) -> None:
    name = fresh_name()
    make_plan(shared_register, name)
    with reading(shared_register.engine) as connection:
        stored = plans.store.find(connection, shared_register.botkyrka, name)
    noted = stored["settings"]["assumptions"]
    values = {entry["name"]: entry for entry in noted["reference_values"]}
    assert values["check_ovk"]["mid"] == 18_000
    assert values["check_ovk"]["low"] < values["check_ovk"]["mid"] < values["check_ovk"]["high"]
    assert {entry["verified"] for entry in noted["curves"]} == {False}
    assert noted["counts"]["age_unknown"] == 4


# ---- who ------------------------------------------------------------------------------------------------------------


def test_only_a_planner_makes_plans(shared_register: TestRegister) -> None:
    inspector = replace(shared_register.botkyrka, roles=frozenset({"inspector"}))
    with pytest.raises(NotAllowed):
        make_plan(shared_register, fresh_name(), actor=inspector)


def test_rows_about_protected_assets_are_withheld_and_the_plan_says_so(shared_register: TestRegister) -> None:
    name = fresh_name()
    make_plan(shared_register, name)
    decider = replace(shared_register.botkyrka, roles=frozenset({"decider"}))
    whole, seen = shown(shared_register, name), shown(shared_register, name, decider)
    rows = {
        part: {row["key"] for row in [*part_of["measures"], *part_of["unfunded"]]}
        for part, part_of in (("whole", whole), ("seen", seen))
    }
    assert rows["whole"] - rows["seen"] == {"K1"}
    assert (whole["rows_withheld"], seen["rows_withheld"]) == (False, True)


def test_a_plan_of_another_municipality_does_not_exist(shared_register: TestRegister) -> None:
    saved = make_plan(shared_register, fresh_name())
    for identity in (saved.name, saved.uid, saved.id):
        with pytest.raises(NotFound):
            shown(shared_register, identity, shared_register.salem)


# ---- drafts follow the register -------------------------------------------------------------------------------------


def refresh(register: TestRegister, name: str, actor: Actor | None = None) -> bool:
    with register.writing(actor) as work:
        return plans.refresh(work, name)


def links(register: TestRegister) -> int:
    with reading(register.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(tables.change_transaction)).scalar_one())


def test_refreshing_a_draft_of_an_unchanged_register_writes_nothing(register: TestRegister) -> None:
    make_plan(register)
    before, number = shown(register), links(register)
    assert refresh(register, "Plan A") is False
    assert shown(register) == before
    assert links(register) == number


def test_refreshing_a_draft_takes_in_what_has_changed_and_puts_it_on_record(register: TestRegister) -> None:
    saved = make_plan(register)
    with register.writing() as work:
        add_assets(work, ["NY1"], built_year=1935, length_m=30.0, material="GJJ", dimension_mm=110.0)
    assert refresh(register, "Plan A") is True
    plan = shown(register)
    assert "NY1" in {row["key"] for row in [*plan["measures"], *plan["unfunded"]]}
    assert plan["version"] == 2
    with reading(register.engine) as connection:
        entries = history.of_object(connection, register.botkyrka, "plan", saved.id)
        assert verify_chain(connection, register.botkyrka.municipality_id) is None
    assert [entry.old is None for entry in entries] == [False, True]
    assert entries[0].new is not None
    assert entries[0].new["inputs_digest"] == plan["inputs_digest"]


def test_whoever_sees_more_does_not_put_more_into_a_draft(register: TestRegister) -> None:
    planner_of_little = replace(register.botkyrka, roles=frozenset({"planner"}))
    with register.writing() as work:
        work.connection.execute(update(tables.asset).where(tables.asset.c.key == "K1").values(protection_class=3))
    make_plan(register, actor=planner_of_little)
    assert refresh(register, "Plan A") is False
    assert "K1" not in {row["key"] for row in [*shown(register)["measures"], *shown(register)["unfunded"]]}


def test_whoever_sees_less_may_not_work_a_plan_out_anew(register: TestRegister) -> None:
    make_plan(register)
    with pytest.raises(NotAllowed) as refused:
        refresh(register, "Plan A", replace(register.botkyrka, roles=frozenset({"planner"})))
    assert refused.value.code == "plan_sees_more"


def test_an_adopted_plan_is_not_worked_out_anew(register: TestRegister) -> None:
    make_plan(register)
    with register.writing() as work:
        work.connection.execute(update(tables.plan).values(status="adopted"))
    with pytest.raises(AssetmgrError) as refused:
        refresh(register, "Plan A")
    assert refused.value.code == "plan_not_draft"
    with reading(register.engine) as connection:
        assert plans.stale_drafts(connection, register.botkyrka) == []
