"""The parts of an invented building: of what, how much, and when each was last made new."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from assetmgr.demonstration.records import PROPERTY_SOURCE, DemoAsset, known

Measure = Literal["area_m2", "length_m", "quantity"]


@dataclass(frozen=True)
class _Part:
    suffix: str
    label_sv: str
    kind: str
    measure: Measure
    amount: float
    life_years: float
    bsab: str
    part: str | None = None
    material: str | None = None
    placement: str | None = None
    ventilation_type: str | None = None


def parts_of(building: DemoAsset, random: np.random.Generator, as_of: date) -> list[DemoAsset]:
    """The building's components, each with its year, kind and amount."""
    return [_component(building, part, random, as_of) for part in _list(building, random)]


def _list(building: DemoAsset, random: np.random.Generator) -> list[_Part]:
    if building.geometry is None:
        raise ValueError(f"{building.key} has no footprint")
    footprint, around = float(building.geometry.area), float(building.geometry.length)
    floors = int(building.attributes["floors"])
    gross = float(building.attributes["gross_area_m2"])
    year = int(building.columns["built_year"])
    purpose = str(building.attributes["purpose"])
    roof, roof_life = _roof(year, purpose, random)
    facade, facade_life = _facade(year, purpose, random)
    wall = around * floors * 3.3
    windows = round(wall * 0.22 / 2.1)
    half = round(windows / 2)
    risers = max(2, round(gross / 420))
    sunny_life = facade_life * 0.85
    shady, sunny = "norr och öster", "söder och väster"
    stacks = "cast_iron" if year < 1975 else "plastic"
    frames = "wood" if year < 1988 else "wood_aluminium"
    parts = [
        _Part("TAK", "Yttertak", "roof", "area_m2", footprint * 1.06, roof_life, "41", material=roof),
        _Part("HÄN", "Hängrännor och stuprör", "roof", "length_m", around * 1.2, 25, "41", "gutters", "sheet_metal"),
        _Part("FA1", "Fasad norr och öster", "facade", "area_m2", wall * 0.38, facade_life, "42", None, facade, shady),
        _Part("FA2", "Fasad söder och väster", "facade", "area_m2", wall * 0.40, sunny_life, "42", None, facade, sunny),
        _Part("FÖ1", "Fönster norr och öster", "windows", "quantity", half, 42, "42", None, frames, shady),
        _Part("FÖ2", "Fönster söder och väster", "windows", "quantity", windows - half, 36, "42", None, frames, sunny),
        _Part("DÖR", "Ytterdörrar", "doors", "quantity", max(3, round(around / 28)), 35, "42", None, "aluminium"),
        _Part(
            "VEN", "Ventilationsaggregat", "ventilation", "area_m2", gross, 25, "57", "ventilation_unit",
            ventilation_type=str(building.attributes["ventilation_type"]),
        ),
        _Part("STY", "Styr och övervakning", "ventilation", "area_m2", gross, 19, "57", "ventilation_control"),
        _Part("STM", "Stammar", "stacks", "quantity", risers, 50, "53", None, stacks),
        _Part("EL", "Elcentraler och kablar", "electrical", "area_m2", gross, 45, "63"),
        _Part("VÄR", "Undercentral", "heating", "quantity", 1, 24, "56", "substation"),
        _Part("CIR", "Cirkulationspumpar", "heating", "quantity", 2 + floors, 18, "56", "circulation_pump"),
        _Part("MÅL", "Invändig målning", "interior", "area_m2", gross * 1.7, 11, "44", "paint"),
        _Part("DRÄ", "Dränering", "ground", "length_m", around, 28, "15", "drainage"),
    ]  # fmt: skip
    if purpose == "sports":
        parts.append(
            _Part("GOL", "Sportgolv", "interior", "area_m2", footprint * 0.7, 38, "44", "floor_parquet", "wood")
        )
    else:
        parts.append(
            _Part("GOL", "Plastgolv", "interior", "area_m2", gross * 0.55, 17, "44", "floor_plastic", "plastic")
        )
    if purpose in ("care", "sports", "preschool", "apartments"):
        rooms = max(2, round(gross / (70 if purpose in ("care", "apartments") else 350)))
        parts.append(_Part("VÅT", "Våtrum", "interior", "quantity", rooms, 28, "44", "wet_room"))
    for number in range(int(building.attributes.get("lifts", 0))):
        parts.append(_Part(f"HI{number + 1}", f"Hiss {number + 1}", "lift", "quantity", 1, 28, "71", "passenger_lift"))
    if purpose in ("school", "care"):
        parts.append(_Part("VHI", "Varuhiss kök", "lift", "quantity", 1, 30, "71", "goods_lift"))
    if purpose in ("fire_station", "technical"):
        parts.append(_Part("POR", "Portar", "doors", "quantity", 5, 26, "43", "motor_door", "aluminium"))
    if purpose in ("school", "preschool"):
        parts.append(_Part("YTA", "Asfalterad gård", "ground", "area_m2", footprint * 0.8, 26, "15", "surface"))
    return parts


def _roof(year: int, purpose: str, random: np.random.Generator) -> tuple[str, float]:
    if purpose == "sports" or (1960 <= year <= 1979 and random.random() < 0.7):
        return ("bitumen", 21.0) if random.random() < 0.7 else ("rubber", 30.0)
    return ("tile", 33.0) if random.random() < 0.5 else ("sheet_metal", 36.0)


def _facade(year: int, purpose: str, random: np.random.Generator) -> tuple[str, float]:
    if purpose in ("preschool", "other") and random.random() < 0.75:
        return "wood", 40.0
    if 1950 <= year <= 1985 and random.random() < 0.6:
        return "brick", 48.0
    return ("render", 31.0) if random.random() < 0.75 else ("concrete", 60.0)


def _component(building: DemoAsset, part: _Part, random: np.random.Generator, as_of: date) -> DemoAsset:
    amount = round(part.amount, 1) if part.measure != "quantity" else float(max(1, round(part.amount)))
    key = f"{building.key}-{part.suffix}"
    attributes: dict[str, Any] = known(
        component_kind=part.kind,
        part=part.part,
        placement=part.placement,
        bsab_group=part.bsab,
        ventilation_type=part.ventilation_type,
    )
    known_year = None if random.random() < 0.03 else _made_new(int(building.columns["built_year"]), part, random, as_of)
    return DemoAsset(
        "building_component",
        PROPERTY_SOURCE,
        key,
        None,
        known(
            designation=f"{part.label_sv}, {building.columns['designation']}",
            address=building.columns.get("address"),
            department=building.columns["department"],
            status="in_service",
            fund="tax",
            built_year=known_year,
            material=part.material,
            consequence_grade=2 if part.kind in ("roof", "electrical", "ventilation", "lift") else 1,
            **{part.measure: amount},
        ),
        attributes,
        building.key,
    )


def _made_new(built: int, part: _Part, random: np.random.Generator, as_of: date) -> int:
    """The year of the last replacement: lives follow each other since the building was new, some stretched beyond
    their time."""
    year = float(built)
    while True:
        stretch = float(random.normal(1.06, 0.17)) if part.life_years < 40 else float(random.normal(1.1, 0.12))
        following = year + part.life_years * max(0.7, stretch)
        if following > as_of.year - 1:
            return round(year)
        year = following
