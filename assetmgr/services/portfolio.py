"""From the register to the planner's columns: the catalogue's rules worked out for every asset in service.

Money is whole kronor excluding VAT at the price level of the figures used. An asset's effective age comes from its
latest inspection where there is one, else from the year it was built or renewed, else it is unknown.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.engine import Connection

import planner
from assetmgr.catalogue import CATALOGUE, Catalogue, rules
from assetmgr.catalogue.model import FUNDS, AssetType, StatutoryCheck, TreatmentRule
from assetmgr.errors import AssetmgrError
from assetmgr.services.plan_assumptions import AssumptionBook
from assetmgr.store import portfolio as store
from assetmgr.store import registers
from assetmgr.store.access import Actor
from planner import deterioration, statutory

BoolColumn = npt.NDArray[np.bool_]
FloatColumn = npt.NDArray[np.float64]
IntColumn = npt.NDArray[np.int64]
ObjectColumn = npt.NDArray[np.object_]
DateColumn = npt.NDArray[np.datetime64]

DAYS_PER_YEAR = 365.2425
NO_CURVE = planner.SurvivalCurve("none", 100.0, 200.0, 300.0)
"""Stands in for assets that only have checks: nothing is computed from it."""


@dataclass(frozen=True)
class PricedOptions:
    """How each option's cost came about (m,): `unit_price_sek` has factors and surcharges in it."""

    quantity: FloatColumn
    unit: ObjectColumn
    unit_price_sek: FloatColumn
    verified: BoolColumn


@dataclass(frozen=True)
class FixedChecks:
    """What each fixed point is (k,): a check by name, how often in its year, and the last approved one, NaT where none.

    `overdue` marks those due before the plan begins, which stand in its first year.
    """

    name: ObjectColumn
    count: IntColumn
    last_approved: DateColumn
    overdue: BoolColumn
    quantity: FloatColumn
    unit: ObjectColumn
    unit_price_sek: FloatColumn
    verified: BoolColumn


@dataclass(frozen=True)
class PortfolioData:
    """The planner's columns with the way back: what was read of each asset, what treatments, options and checks are.

    `assets` are the columns read, in the order of the portfolio's assets. `health_now`, `health_source` and
    `age_from_year` (n,) are the condition that the plan starts from: inspected, else estimated from age, else nan and
    None. `assumptions` lists every figure used, as plain values. `facts_digest` covers what explains the rows beside
    what the portfolio itself holds.
    """

    portfolio: planner.Portfolio
    assets: store.ReadColumns
    health_now: FloatColumn
    health_source: ObjectColumn
    age_from_year: FloatColumn
    treatments: tuple[TreatmentRule, ...]
    options: PricedOptions
    checks: FixedChecks
    catalogue: Catalogue
    price_level: str
    highest_protection_class: int
    assumptions: dict[str, Any]
    facts_digest: bytes

    def option_of(self, asset: IntColumn, treatment: IntColumn) -> IntColumn:
        """The option of each pair of asset and treatment; the pairs must exist."""
        size = max(len(self.treatments), 1)
        keys = self.portfolio.option_asset * size + self.portfolio.option_treatment
        return np.searchsorted(keys, asset * size + treatment)


def build(
    connection: Connection,
    actor: Actor,
    first_year: int,
    years: int,
    catalogue: Catalogue | None = None,
    *,
    highest_protection_class: int | None = None,
) -> PortfolioData:
    """Read what this actor may know of the assets in service and work out what the planner needs of each.

    Without a catalogue, the shipped one with the municipality's own figures. `highest_protection_class` leaves out
    assets above it, so that a plan can be made anew as whoever first made it saw the register.
    """
    catalogue = catalogue or municipality_catalogue(connection, actor)
    planned_types = [t for t in catalogue.asset_types.values() if t.treatments or _statutory_checks(catalogue, t)]
    highest = actor.clearance if highest_protection_class is None else min(highest_protection_class, actor.clearance)
    assets = store.assets_in_service(connection, actor, [t.name for t in planned_types], highest)
    work = _Work(catalogue, assets, first_year, years)
    for asset_type in planned_types:
        rows = np.flatnonzero(assets["type"] == asset_type.name)
        if len(rows):
            work.add_type(asset_type, rows)
    work.add_checks_done(store.checks_done(connection, actor) if work.check_rows else None)
    return work.finish(highest)


def municipality_catalogue(connection: Connection, actor: Actor) -> Catalogue:
    """The shipped catalogue with the municipality's own figures in it."""
    overrides: Any = registers.reference_overrides(connection, actor)
    if not overrides:
        return CATALOGUE
    try:
        return CATALOGUE.with_overrides(overrides)
    except (KeyError, ValueError) as error:
        raise AssetmgrError("reference_override_refused", cause=str(error)) from error


def _statutory_checks(catalogue: Catalogue, asset_type: AssetType) -> list[StatutoryCheck]:
    """The type's checks that law asks for; the owner's own rounds are operation and no fixed points of a plan."""
    return [catalogue.checks[name] for name in asset_type.statutory_checks if catalogue.checks[name].statutory]


class _Work:
    """Columns under construction, type by type."""

    def __init__(self, catalogue: Catalogue, assets: store.ReadColumns, first_year: int, years: int) -> None:
        self.catalogue, self.assets, self.first_year, self.years = catalogue, assets, first_year, years
        count = len(assets["id"])
        self.curve = np.full(count, NO_CURVE.name, dtype=object)
        self.base_year = np.full(count, np.nan)
        self.failure_cost = np.zeros(count)
        self.replacement_value = np.zeros(count)
        self.treatments: dict[str, TreatmentRule] = {}
        self.option_parts: list[_Priced] = []
        self.check_rows: list[_Priced] = []
        self.book = AssumptionBook(catalogue)

    def add_type(self, asset_type: AssetType, rows: IntColumn) -> None:
        """Work out curve, values, options and checks of one type's assets (indices into all)."""
        catalogue, count = self.catalogue, len(rows)
        columns = rules.AssetColumns(_type_columns(asset_type, catalogue, self.assets, rows), count)
        if asset_type.curve_rules:
            self.curve[rows] = rules.assign_curves(asset_type, columns, count)
        self.base_year[rows] = rules.age_base_year(columns, count)
        values = rules.replacement_values_sek(asset_type, columns, count, catalogue)
        self.replacement_value[rows] = np.nan_to_num(values)
        self.failure_cost[rows] = rules.failure_cost_sek(asset_type, columns, count, catalogue)
        self.book.use_type(asset_type)
        for name in asset_type.treatments:
            treatment = catalogue.treatments[name]
            if treatment.age_removed > 0 or treatment.curve_after is not None:
                self._add_option(asset_type, treatment, columns, rows)
        for check in _statutory_checks(catalogue, asset_type):
            self._add_check(asset_type, check, columns, rows)

    def _add_option(
        self, asset_type: AssetType, treatment: TreatmentRule, columns: rules.AssetColumns, rows: IntColumn
    ) -> None:
        costs = rules.treatment_cost_sek(asset_type, treatment, columns, len(rows), self.catalogue)
        self.book.count_left_out(costs)
        if costs.applicable.any():
            self.treatments[treatment.name] = treatment
            self.book.use_treatment(treatment)
            self.option_parts.append(_priced(treatment.name, treatment.per, costs, rows))

    def _add_check(
        self, asset_type: AssetType, check: StatutoryCheck, columns: rules.AssetColumns, rows: IntColumn
    ) -> None:
        scope = rules.check_scope(asset_type, check, columns, len(rows))
        self.book.count_undetermined(int(scope.undetermined.sum()))
        costs = rules.check_cost_sek(asset_type, check, columns, len(rows))
        self.book.count_left_out(costs)
        if costs.applicable.any():
            self.book.use_check(check)
            self.check_rows.append(_priced(check.name, check.per, costs, rows))

    def add_checks_done(self, done: store.ReadColumns | None) -> None:
        """Turn the checks into fixed points, counted from what is on record."""
        self.fixed_asset, self.fixed_year, self.fixed_cost, self.checks = _fixed_points(
            self.catalogue, self.check_rows, self.assets["id"], done, self.first_year, self.years
        )

    def finish(self, highest_protection_class: int) -> PortfolioData:
        """Put everything together."""
        treatments = tuple(self.treatments[name] for name in self.catalogue.treatments if name in self.treatments)
        curves, curve = self._curves(treatments)
        options = _sorted_options(self.option_parts, [treatment.name for treatment in treatments])
        effective_age = self._effective_age(curves, curve)
        health_now, health_source = self._condition_now(curves, curve, effective_age)
        self.book.counts["age_unknown"] = int(np.isnan(effective_age[np.unique(options.asset)]).sum())
        portfolio = planner.Portfolio(
            funds=FUNDS,
            curves=curves,
            treatments=tuple(_as_planned(treatment) for treatment in treatments),
            # Of equal assets the first goes first; a row identity would make that depend on the database.
            asset_id=np.arange(len(self.assets["id"]), dtype=np.int64),
            fund=_index_in(FUNDS, self.assets["fund"]),
            curve=curve,
            effective_age=effective_age,
            failure_cost_sek=self.failure_cost,
            replacement_value_sek=self.replacement_value,
            option_asset=options.asset,
            option_treatment=options.number,
            option_cost_sek=options.cost_sek,
            fixed_asset=self.fixed_asset,
            fixed_year=self.fixed_year,
            fixed_cost_sek=self.fixed_cost,
            fixed_treatment=np.full(len(self.fixed_asset), -1, dtype=np.int64),
            fixed_class=np.full(len(self.fixed_asset), planner.STATUTORY),
        )
        self.book.use_curves(curve.name for curve in curves if curve is not NO_CURVE)
        return PortfolioData(
            portfolio=portfolio,
            assets=self.assets,
            health_now=health_now,
            health_source=health_source,
            age_from_year=self.base_year,
            treatments=treatments,
            options=options.prices,
            checks=self.checks,
            catalogue=self.catalogue,
            price_level=self.book.price_level(),
            highest_protection_class=highest_protection_class,
            assumptions=self.book.as_plain_values(),
            facts_digest=_facts_digest(self.assets, health_now, self.base_year, options.prices, self.checks),
        )

    def _curves(self, treatments: Sequence[TreatmentRule]) -> tuple[tuple[planner.SurvivalCurve, ...], IntColumn]:
        """The survival curves in use, in order of name, and each asset's among them."""
        names = sorted({*self.curve.tolist(), *(t.curve_after for t in treatments if t.curve_after is not None)})
        quantiles = self.catalogue.curves
        curves = tuple(
            NO_CURVE
            if name == NO_CURVE.name
            else planner.SurvivalCurve(
                name, quantiles[name].age_10_failed, quantiles[name].age_50_failed, quantiles[name].age_90_failed
            )
            for name in names
        )
        return curves, _index_in(names, self.curve)

    def _effective_age(self, curves: Sequence[planner.SurvivalCurve], curve: IntColumn) -> FloatColumn:
        """Effective age in years when the plan begins (n,): by inspection, else by calendar, else nan."""
        health = self.assets["health_index"]
        seen = (self.assets["health_source"] == "inspected") & ~np.isnan(health)
        start = np.datetime64(f"{self.first_year:04d}-01-01", "D")
        inspected_on = self.assets["inspected_on"].astype("datetime64[D]")
        since = (start - inspected_on).astype(np.float64) / DAYS_PER_YEAR
        since = np.where(np.isnat(inspected_on), 0.0, np.maximum(since, 0.0))
        by_calendar = np.maximum(self.first_year - self.base_year, 0.0)
        parameters = deterioration.curve_parameters(curves)
        by_inspection = (
            deterioration.effective_age_from_health(parameters, curve, np.where(seen, health, np.nan)) + since
        )
        return np.where(seen, by_inspection, by_calendar)

    def _condition_now(
        self, curves: Sequence[planner.SurvivalCurve], curve: IntColumn, effective_age: FloatColumn
    ) -> tuple[FloatColumn, ObjectColumn]:
        """Health (n,) and its source; assets of known age that nobody has given a condition get that of their age."""
        by_age = deterioration.health_index(deterioration.curve_parameters(curves), curve, effective_age)
        ages = self.curve != NO_CURVE.name
        source = self.assets["health_source"].copy()
        given = np.where(source == None, np.nan, self.assets["health_index"])  # noqa: E711 - element by element
        health = np.where(np.isnan(given) & ages, by_age, given)
        source[np.isnan(given) & ~np.isnan(health)] = "estimated"
        return health, source


def _type_columns(
    asset_type: AssetType, catalogue: Catalogue, assets: store.ReadColumns, rows: IntColumn
) -> store.ReadColumns:
    """One type's columns for the rules: the table's own, and those JSON attributes that some rule looks at."""
    columns = {
        name: assets[name][rows] for name in (*store.NUMBER_COLUMNS, "material") if not name.startswith("health_")
    }
    wanted = _attributes_in_rules(asset_type, catalogue)
    attributes = assets["attributes"][rows].tolist()
    for attribute in asset_type.attributes:
        if attribute.column is None and attribute.name in wanted:
            column = np.empty(len(rows), dtype=object)
            column[:] = [values.get(attribute.name) for values in attributes]
            columns[attribute.name] = column
    return columns


def _attributes_in_rules(asset_type: AssetType, catalogue: Catalogue) -> set[str]:
    treatments = [catalogue.treatments[name] for name in asset_type.treatments]
    checks = [catalogue.checks[name] for name in asset_type.statutory_checks]
    return {
        "renewed_year",
        *(name for rule in asset_type.curve_rules for name in rule.attributes),
        *(name for treatment in treatments for name in treatment.applies_to),
        *(name for treatment in treatments for surcharge in treatment.surcharges for name in surcharge.applies_to),
        *(name for check in checks for name in (*check.applies_to, *check.at_least)),
    }


def _index_in(names: Sequence[str], values: ObjectColumn) -> IntColumn:
    place = {name: index for index, name in enumerate(names)}
    return np.fromiter((place[value] for value in values.tolist()), np.int64, len(values))


def _as_planned(rule: TreatmentRule) -> planner.Treatment:
    return planner.Treatment(
        name=rule.name,
        kind=rule.kind,
        age_removed=rule.age_removed,
        curve_after=rule.curve_after,
        apply_at_or_below=rule.apply_at_or_below,
        years_between=rule.years_between,
    )


# ---- options --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Priced:
    """One treatment or check of one type: the assets (indices into all) it applies to, and what it costs each."""

    name: str
    unit: str
    asset: IntColumn
    cost_sek: IntColumn
    quantity: FloatColumn
    unit_price_sek: FloatColumn
    verified: BoolColumn


def _priced(name: str, unit: str, costs: rules.Costs, rows: IntColumn) -> _Priced:
    of = np.flatnonzero(costs.applicable)
    return _Priced(
        name, unit, rows[of], costs.cost_sek[of], costs.quantity[of], costs.unit_price_sek[of], costs.verified[of]
    )


@dataclass(frozen=True)
class _Long:
    """Parts put end to end, ordered by asset and then number: `number` is the place of the part's name in a list."""

    asset: IntColumn
    number: IntColumn
    cost_sek: IntColumn
    prices: PricedOptions


def _sorted_options(parts: Sequence[_Priced], names: Sequence[str]) -> _Long:
    place = {name: index for index, name in enumerate(names)}
    sizes = [len(part.asset) for part in parts]
    asset = _joined([part.asset for part in parts], np.int64)
    number = np.repeat(np.array([place[part.name] for part in parts], dtype=np.int64), sizes)
    order = np.lexsort((number, asset))
    return _Long(
        asset=asset[order],
        number=number[order],
        cost_sek=_joined([part.cost_sek for part in parts], np.int64)[order],
        prices=PricedOptions(
            quantity=_joined([part.quantity for part in parts], np.float64)[order],
            unit=np.repeat(np.array([part.unit for part in parts], dtype=object), sizes)[order],
            unit_price_sek=_joined([part.unit_price_sek for part in parts], np.float64)[order],
            verified=_joined([part.verified for part in parts], np.bool_)[order],
        ),
    )


def _joined(parts: Sequence[npt.NDArray[Any]], dtype: Any) -> npt.NDArray[Any]:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype=dtype)


# ---- checks ---------------------------------------------------------------------------------------------------------


def _fixed_points(
    catalogue: Catalogue,
    parts: Sequence[_Priced],
    asset_ids: IntColumn,
    done: store.ReadColumns | None,
    first_year: int,
    years: int,
) -> tuple[IntColumn, IntColumn, IntColumn, FixedChecks]:
    """Asset, year and cost of each fixed point, and what it is: the occurrences of a check in a year are one row."""
    names = sorted({part.name for part in parts})
    rows = _sorted_options(parts, names)
    checks = [catalogue.checks[name] for name in names]
    interval = np.array([check.interval_months for check in checks], dtype=np.int64)[rows.number]
    last_approved, counted_from = _last_checks(names, rows, asset_ids, done, interval)
    start = np.datetime64(f"{first_year:04d}-01-01", "D")
    overdue = ~np.isnat(counted_from) & (statutory.add_months(counted_from, interval) < start)
    index, due = statutory.occurrences(counted_from, interval, first_year, years)
    valid = _within_validity(checks, rows.number[index], due)
    per_year = statutory.occurrences_per_year(index[valid], due[valid], len(rows.asset), first_year, years)
    row, year = np.nonzero(per_year)
    count = per_year[row, year]
    fixed = FixedChecks(
        name=np.array(names, dtype=object)[rows.number[row]] if names else np.zeros(0, dtype=object),
        count=count,
        last_approved=last_approved[row],
        overdue=overdue[row] & (year == 0),
        quantity=rows.prices.quantity[row] * count,
        unit=rows.prices.unit[row],
        unit_price_sek=rows.prices.unit_price_sek[row],
        verified=rows.prices.verified[row],
    )
    return rows.asset[row], year + first_year, rows.cost_sek[row] * count, fixed


def _last_checks(
    names: Sequence[str], rows: _Long, asset_ids: IntColumn, done: store.ReadColumns | None, interval: IntColumn
) -> tuple[DateColumn, DateColumn]:
    """The day of the last approved check per row, and the day from which the next is counted; NaT where none.

    A date set for the next one, such as a re-inspection after one that failed, goes before the interval.
    """
    nothing = np.full(len(rows.asset), np.datetime64("NaT", "D"))
    if done is None or not len(done["asset_id"]):
        return nothing, nothing.copy()
    place = {name: index for index, name in enumerate(names)}
    number = np.fromiter((place.get(name, -1) for name in done["check_name"].tolist()), np.int64)
    size = len(names)
    wanted = asset_ids[rows.asset] * size + rows.number
    key = done["asset_id"] * size + number
    day = done["inspected_on"].astype("datetime64[D]")
    approved = done["approved"].astype(np.bool_) & (number >= 0)
    last_approved = _last_value(wanted, key[approved], day[approved], nothing)
    known = number >= 0
    next_due = done["next_due_on"].astype("datetime64[D]")
    set_date = _last_value(wanted, key[known], next_due[known], nothing)
    is_set = ~np.isnat(set_date)
    counted_from = last_approved.copy()
    counted_from[is_set] = statutory.add_months(set_date[is_set], -interval[is_set])
    return last_approved, counted_from


def _last_value(wanted: IntColumn, key: IntColumn, value: DateColumn, nothing: DateColumn) -> DateColumn:
    """For each wanted key the value that stands last among those with it; keys of equal size follow time."""
    if not len(key):
        return nothing.copy()
    order = np.argsort(key, kind="stable")
    place = np.searchsorted(key[order], wanted, side="right") - 1
    found = (place >= 0) & (key[order][place] == wanted)
    return np.where(found, value[order][place], nothing)


def _within_validity(checks: Sequence[StatutoryCheck], number: IntColumn, due: DateColumn) -> BoolColumn:
    """Where a check falls due while the rule that asks for it applies."""
    first = np.array([check.valid_from for check in checks], dtype="datetime64[D]")
    last = np.array([check.valid_to or "9999-12-31" for check in checks], dtype="datetime64[D]")
    return (due >= first[number]) & (due <= last[number])


def _facts_digest(
    assets: store.ReadColumns,
    health_now: FloatColumn,
    age_from_year: FloatColumn,
    options: PricedOptions,
    checks: FixedChecks,
) -> bytes:
    digest = hashlib.sha256()
    numbers = (
        *(health_now, age_from_year, options.quantity, options.unit_price_sek, options.verified),
        *(checks.count, checks.last_approved.astype(np.int64), checks.overdue, checks.unit_price_sek, checks.verified),
    )
    for column in numbers:
        digest.update(np.ascontiguousarray(column).tobytes())
    for name in (*store.EXTERNAL_KEY, "health_source", "inspected_on", "native_scale", "native_grade"):
        digest.update(repr(assets[name].tolist()).encode())
    digest.update(repr(checks.name.tolist()).encode())
    return digest.digest()
