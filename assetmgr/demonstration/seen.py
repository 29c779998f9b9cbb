"""What was seen of the invented assets: filmed sewers, graded components, and recurring checks that were done, or
not in time."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from assetmgr.catalogue import CATALOGUE
from assetmgr.catalogue.model import AssetType, StatutoryCheck
from assetmgr.catalogue.rules import check_scope
from assetmgr.demonstration.records import DemoAsset, DemoInspection

GRAVITY_TYPES = ("wastewater_pipe", "combined_pipe", "stormwater_pipe")
FILMED_SHARE = {"wastewater_pipe": 0.19, "combined_pipe": 0.24, "stormwater_pipe": 0.085}
"""About 15 % of all together."""
FILM_CHECK = "own_control_cctv"
OVERDUE_SHARE = 0.05
NEVER_SHARE = 0.01
REFUSED_SHARE = 0.05
NEW_SHARE_OF_INTERVAL = 0.97

_SEWER_NOTES = {
    "0": "Utan anmärkning.",
    "1": "Lätta avlagringar.",
    "2": "Begynnande ytskada, enstaka rötter.",
    "3": "Förskjuten fog och rotinträngning.",
    "4": "Rörbrott, del av väggen saknas.",
}
_COMPONENT_NOTES = {
    "TG0": "Ingen avvikelse.",
    "TG1": "Normalt slitage.",
    "TG2": "Tydliga skador, åtgärd inom fem år.",
    "TG3": "Funktionen är nedsatt, åtgärd snarast.",
    "TGIU": "Gick inte att nå vid besiktningen.",
}
_STATION_NOTES = {
    "1": "Utan anmärkning.",
    "2": "Normalt slitage.",
    "3": "Pumpar och ventiler slitna.",
    "4": "Korrosion på rörgalleri, el av äldre snitt.",
    "5": "Uttjänt, driftstopp det senaste året.",
}


def inspections(assets: Sequence[DemoAsset], as_of: date, random: np.random.Generator) -> list[DemoInspection]:
    """Conditions of some, and the recurring checks of all that the catalogue asks for."""
    found: list[DemoInspection] = []
    by_type: dict[str, list[DemoAsset]] = defaultdict(list)
    for asset in assets:
        by_type[asset.asset_type].append(asset)
    for asset_type in GRAVITY_TYPES:
        found.extend(_films(by_type[asset_type], as_of, random))
    found.extend(_components(by_type["building_component"], as_of, random))
    for asset_type in ("playground", "building"):
        found.extend(_graded(by_type[asset_type], as_of, random))
    for asset_type, share in (
        ("pumping_station", 0.8), ("booster_station", 1.0), ("reservoir", 1.0), ("stormwater_pond", 0.5),
        ("valve", 0.05), ("hydrant", 0.15), ("water_pipe", 0.03),
    ):  # fmt: skip
        found.extend(_one_to_five(by_type[asset_type], share, as_of, random))
    for asset_type in sorted(by_type):
        found.extend(_checks(CATALOGUE.asset_types[asset_type], by_type[asset_type], as_of, random))
    return found


def _age(asset: DemoAsset, as_of: date) -> float | None:
    year = asset.attributes.get("renewed_year") or asset.columns.get("built_year")
    return None if year is None else max(0.0, as_of.year - float(year))


def _day(as_of: date, low_days: float, high_days: float, random: np.random.Generator) -> date:
    return as_of - timedelta(days=int(random.uniform(low_days, high_days)))


def _after_building(asset: DemoAsset, on: date) -> date:
    """The day, or the end of the year the asset was built where it did not stand yet."""
    built = asset.columns.get("built_year")
    return on if built is None or on.year >= int(built) else date(int(built), 12, 1)


# ---- conditions -----------------------------------------------------------------------------------------------------


def _films(pipes: Sequence[DemoAsset], as_of: date, random: np.random.Generator) -> list[DemoInspection]:
    """Graded films of some sewers, old ones first; of others it is only known that they were filmed.

    A film's every observation is an inspection of its own, so that a grade 4 stands beside the milder ones of the
    same day.
    """
    interval = timedelta(days=round(CATALOGUE.checks[FILM_CHECK].interval_months * 30.44))
    found: list[DemoInspection] = []
    for pipe in pipes:
        age = _age(pipe, as_of)
        is_in_town = not pipe.key.startswith("KAG-")
        share = FILMED_SHARE[pipe.asset_type] * (1.35 if age is None or age > 45 else 0.75)
        if is_in_town and random.random() < share:
            on = _after_building(pipe, _day(as_of, 20, 5 * 365, random))
            worst = _sewer_grade(age, random)
            grades = [worst]
            if worst >= 3 and random.random() < 0.7:
                grades.append(int(random.integers(1, worst)))
            if worst == 4 and random.random() < 0.5:
                grades.append(1)
            found.extend(
                DemoInspection(pipe.key, "condition", on, "p122", str(grade), note=_SEWER_NOTES[str(grade)])
                for grade in grades
            )
        elif age is not None and age < 9:
            on = _after_building(pipe, date(as_of.year - int(age), 9, 15))
        elif random.random() < 0.85:
            on = _after_building(pipe, _day(as_of, 6 * 365, 14.6 * 365, random))
        else:
            continue
        found.append(
            DemoInspection(pipe.key, "check", on, check_name=FILM_CHECK, approved=True, next_due_on=on + interval)
        )
    return found


def _sewer_grade(age: float | None, random: np.random.Generator) -> int:
    wear = min((60.0 if age is None else age) / 70.0, 1.3)
    weights = np.array([1.15 - 0.75 * wear, 0.9, 0.25 + 0.5 * wear, 0.05 + 0.42 * wear**2, 0.01 + 0.17 * wear**3])
    weights = np.clip(weights, 0.02, None)
    return int(random.choice(5, p=weights / weights.sum()))


def _components(parts: Sequence[DemoAsset], as_of: date, random: np.random.Generator) -> list[DemoInspection]:
    """Status surveys, building by building: most buildings were surveyed once in the last seven years."""
    survey_day: dict[str, date | None] = {}
    found: list[DemoInspection] = []
    for part in parts:
        building = part.parent or part.key
        if building not in survey_day:
            survey_day[building] = _day(as_of, 30, 7 * 365, random) if random.random() < 0.8 else None
        on = survey_day[building]
        if on is None or on != _after_building(part, on):  # made new since the survey
            continue
        grade = "TGIU" if random.random() < 0.04 else _tg(_age(part, as_of), random)
        found.append(DemoInspection(part.key, "condition", on, "tg", grade, note=_COMPONENT_NOTES[grade]))
    return found


def _graded(assets: Sequence[DemoAsset], as_of: date, random: np.random.Generator) -> list[DemoInspection]:
    found: list[DemoInspection] = []
    for asset in assets:
        if random.random() < 0.75:
            age = _age(asset, as_of)
            grade = _tg(None if age is None else age * (1.0 if asset.asset_type == "playground" else 0.45), random)
            on = _after_building(asset, _day(as_of, 30, 4 * 365, random))
            found.append(DemoInspection(asset.key, "condition", on, "tg", grade, note=_COMPONENT_NOTES[grade]))
    return found


def _tg(age: float | None, random: np.random.Generator) -> str:
    wear = float(np.clip((22.0 if age is None else age) / 30.0 + random.normal(0.0, 0.22), 0.0, 2.0))
    return "TG0" if wear < 0.22 else "TG1" if wear < 0.85 else "TG2" if wear < 1.28 else "TG3"


def _one_to_five(
    assets: Sequence[DemoAsset], share: float, as_of: date, random: np.random.Generator
) -> list[DemoInspection]:
    found: list[DemoInspection] = []
    for asset in assets:
        if random.random() < share:
            age = _age(asset, as_of)
            wear = (45.0 if age is None else age) / 18.0 + float(random.normal(0.8, 0.6))
            grade = str(int(np.clip(np.ceil(wear), 1, 5)))
            on = _after_building(asset, _day(as_of, 20, 3 * 365, random))
            found.append(DemoInspection(asset.key, "condition", on, "1-5-best-1", grade, note=_STATION_NOTES[grade]))
    return found


# ---- checks ---------------------------------------------------------------------------------------------------------


def _checks(
    asset_type: AssetType, assets: Sequence[DemoAsset], as_of: date, random: np.random.Generator
) -> list[DemoInspection]:
    """The last time each check was done of each asset that it concerns: mostly in time, sometimes late, seldom
    never."""
    names = [name for name in asset_type.statutory_checks if name != FILM_CHECK]
    if not names or not assets:
        return []
    columns = _columns(asset_type, assets)
    found: list[DemoInspection] = []
    for name in names:
        check = CATALOGUE.checks[name]
        applies = check_scope(asset_type, check, columns, len(assets)).applies
        for place in np.flatnonzero(applies).tolist():
            done = _done(assets[place], check, as_of, random)
            if done is not None:
                found.append(done)
    return found


def _columns(
    asset_type: AssetType, assets: Sequence[DemoAsset]
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.object_]]]:
    columns = {}
    for attribute in asset_type.attributes:
        column = np.empty(len(assets), dtype=object)
        column[:] = [
            asset.columns.get(attribute.column) if attribute.column else asset.attributes.get(attribute.name)
            for asset in assets
        ]
        if attribute.column == "area_m2":
            measured = [asset.geometry.area if asset.geometry is not None else None for asset in assets]
            column[:] = [value if value is not None else size for value, size in zip(column, measured, strict=True)]
        columns[attribute.name] = column
    return columns


def _done(asset: DemoAsset, check: StatutoryCheck, as_of: date, random: np.random.Generator) -> DemoInspection | None:
    draw = float(random.random())
    if draw < NEVER_SHARE:
        return None
    days = check.interval_months * 30.44
    since = (
        random.uniform(1.03, 1.5) if draw < NEVER_SHARE + OVERDUE_SHARE else random.uniform(0.02, NEW_SHARE_OF_INTERVAL)
    )
    exercised = asset.attributes.get("last_exercised_on") or (
        asset.attributes.get("last_service_on") if check.name == "own_control_lta" else None
    )
    on = exercised or as_of - timedelta(days=max(1, round(days * float(since))))
    on = _after_building(asset, on)
    approved = bool(random.random() >= REFUSED_SHARE) or check.interval_months < 6
    again = on + timedelta(days=round(days)) if approved else on + timedelta(days=90)
    return DemoInspection(
        asset.key,
        "check",
        on,
        check_name=check.name,
        approved=approved,
        next_due_on=again,
        note=None if approved else "Brister som ska åtgärdas före ny kontroll.",
    )
