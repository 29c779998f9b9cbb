"""Municipal property of the invented town: plots of ground, buildings of all kinds with their parts, and
playgrounds."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from shapely import affinity
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from assetmgr.demonstration import names
from assetmgr.demonstration.building_parts import parts_of
from assetmgr.demonstration.free_ground import FreeGround, in_millimetres, long_direction, part_of, rounded
from assetmgr.demonstration.names import street_names
from assetmgr.demonstration.numbering import Numbering
from assetmgr.demonstration.records import PROPERTY_DEPARTMENT, PROPERTY_SOURCE, DemoAsset, Demonstration, known

TRACT = "TUMBA 900"
"""There is no such block: the units on it cannot exist."""
BOUNDARY_CLEARANCE_M = 5.0


@dataclass(frozen=True)
class Kind:
    """A kind of building: what it is for, how large, and how far back it may have been built."""

    code: str
    purpose: str
    footprint_m2: tuple[float, float]
    floors: tuple[int, int]
    years: tuple[int, int]
    ground_m2: float
    """Of the property it stands on."""


PRESCHOOL = Kind("FSK", "preschool", (620.0, 1_050.0), (1, 2), (1968, 2019), 5_600.0)
SCHOOL = Kind("SKO", "school", (1_700.0, 3_100.0), (2, 3), (1951, 2015), 15_000.0)
SPORTS_HALL = Kind("IDR", "sports", (1_050.0, 1_500.0), (1, 1), (1962, 2018), 6_500.0)
CARE_HOME = Kind("VRD", "care", (1_300.0, 2_000.0), (2, 4), (1966, 2016), 8_500.0)
TOWN_HALL = Kind("KON", "office", (1_900.0, 2_300.0), (4, 5), (1963, 1968), 8_500.0)
OFFICE = Kind("KON", "office", (700.0, 1_000.0), (2, 3), (1972, 1995), 4_200.0)
CULTURE = Kind("KUL", "culture", (600.0, 1_100.0), (1, 2), (1938, 1998), 4_200.0)
SWIMMING_HALL = Kind("IDR", "sports", (2_600.0, 3_000.0), (1, 2), (1971, 1976), 10_500.0)
FIRE_STATION = Kind("RTJ", "fire_station", (900.0, 1_300.0), (2, 2), (1969, 2008), 5_500.0)
FLATS = Kind("BOS", "apartments", (620.0, 820.0), (3, 5), (1957, 1992), 4_600.0)
DEPOT = Kind("TEK", "technical", (800.0, 1_200.0), (1, 1), (1975, 1999), 6_000.0)
PAVILION = Kind("ÖVR", "other", (180.0, 320.0), (1, 1), (1936, 1985), 2_700.0)


def _programme() -> list[tuple[Kind, str, tuple[tuple[Kind, str], ...]]]:
    """What stands where: a property's first building and its name, then the others on the same property."""
    wanted: list[tuple[Kind, str, tuple[tuple[Kind, str], ...]]] = []
    schools = names.schools()
    for place, name in enumerate(schools):
        hall = ((SPORTS_HALL, f"Idrottshallen vid {name}"),) if place % 3 != 2 else ()
        wanted.append((SCHOOL, name, hall))
    wanted.append((SWIMMING_HALL, "Simhallen Näckrosen", ()))
    wanted.append((SPORTS_HALL, "Ishallen Istappen", ()))
    wanted += [(CARE_HOME, name, ()) for name in names.care_homes()]
    wanted.append((TOWN_HALL, "Kommunhuset", ()))
    wanted += [(OFFICE, "Kontorshuset Myran", ()), (OFFICE, "Kontorshuset Skalbaggen", ())]
    wanted += [
        (CULTURE, name, ()) for name in ("Biblioteket Ugglan", "Biblioteket Bokfinken", "Fritidsgården Fladdermusen")
    ]
    wanted += [(CULTURE, name, ()) for name in ("Fritidsgården Vargungen", "Kulturhuset Näktergalen")]
    wanted += [(FIRE_STATION, "Brandstationen Eldflugan", ()), (FIRE_STATION, "Brandstationen Glödfisken", ())]
    wanted += [(FLATS, f"Gruppboendet {name}", ()) for name in ("Åkerbäret", "Fjädergräset", "Blåvingen")]
    wanted += [(DEPOT, "Driftförrådet Bisamråttan", ()), (DEPOT, "Driftförrådet Vråken", ())]
    wanted += [(PRESCHOOL, name, ()) for name in names.preschools()]
    wanted += [(PAVILION, "Friluftsgården Orren", ()), (PAVILION, "Parkpaviljongen Trädlärkan", ())]
    return wanted


def buildings(ground: FreeGround, as_of: date, random: np.random.Generator, numbers: Numbering) -> Demonstration:
    """Properties, then buildings, then their components and playgrounds."""
    result = Demonstration()
    later: list[DemoAsset] = []
    streets = street_names(random, 120)
    free = [block for block in ground.blocks() if ground.is_free(block)]
    for unit, (kind, name, others) in enumerate(_programme(), start=1):
        wanted = kind.ground_m2 * float(random.uniform(0.9, 1.2)) + sum(other.ground_m2 * 0.3 for other, _ in others)
        fitted = _fitted(free, wanted, [(kind, name), *others], random)
        if fitted is None:
            raise ValueError(f"no block is large enough for {name}")
        block, plot, houses = fitted
        free.remove(block)
        ground.take(plot)
        key = f"{TRACT}:{unit}"
        address = f"{streets[unit]} {int(random.integers(1, 60))}"
        result.assets.append(_property(key, plot, address))
        for (house_kind, house_name), footprint in zip([(kind, name), *others], houses, strict=True):
            house = _building(house_kind, house_name, footprint, key, address, as_of, random, numbers)
            later.append(house)
            later.extend(parts_of(house, random, as_of))
        if kind in (SCHOOL, PRESCHOOL):
            playground = _playground(plot, houses, key, address, name, as_of, random, numbers)
            if playground is not None:
                later.append(playground)
    result.assets.extend(later)
    return result


def _fitted(
    free: list[Polygon], wanted_m2: float, houses: list[tuple[Kind, str]], random: np.random.Generator
) -> tuple[Polygon, Polygon, list[Polygon]] | None:
    """A block, the part of it that becomes the property, and the buildings' footprints on it."""
    candidates = [block for block in free if block.area >= wanted_m2 * 0.7]
    candidates = [block for block in candidates if block.area <= wanted_m2 * 2.6] or candidates
    for place in random.permutation(len(candidates)).tolist():
        plot = part_of(candidates[place], wanted_m2)
        if plot is None or not plot.is_valid:
            continue
        standing: list[Polygon] = []
        for kind, _ in houses:
            area = float(random.uniform(*kind.footprint_m2))
            footprint = _footprint(plot, area, standing, random)
            if footprint is None:
                break
            standing.append(footprint)
        else:
            return candidates[place], plot, standing
    return None


def _footprint(plot: Polygon, area: float, standing: list[Polygon], random: np.random.Generator) -> Polygon | None:
    """A house of about that area, square with the longer side of the plot, clear of its boundary and of other
    houses."""
    along = long_direction(plot)
    angle = float(np.arctan2(along[1], along[0]))
    inner: BaseGeometry = plot.buffer(-BOUNDARY_CLEARANCE_M)
    for house in standing:
        inner = inner.difference(house.buffer(9.0))
    if inner.is_empty:
        return None
    min_x, min_y, max_x, max_y = inner.bounds
    for shape in _shapes(area, random):
        turned = affinity.rotate(shape, angle, origin=(0.0, 0.0), use_radians=True)
        for _ in range(150):
            x, y = random.uniform(min_x, max_x), random.uniform(min_y, max_y)
            house = in_millimetres(affinity.translate(turned, float(x), float(y)))
            if inner.contains(house):
                return house
    return None


def _shapes(area: float, random: np.random.Generator) -> list[Polygon]:
    """Plans of one area around the origin: angled or with a court where there is room, else plain, then narrower
    ones."""
    ratio = float(random.uniform(1.5, 2.4))
    long, short = float(np.sqrt(area * ratio)), float(np.sqrt(area / ratio))
    grown = 1.0 / np.sqrt(0.68)
    wide, deep = float(np.sqrt(area * 1.4)) * grown, float(np.sqrt(area / 1.4)) * grown
    angled = Polygon([(0, 0), (wide, 0), (wide, 0.48 * deep), (0.4 * wide, 0.48 * deep), (0.4 * wide, deep), (0, deep)])
    court = Polygon(
        [
            (0, 0), (wide, 0), (wide, deep), (0.7 * wide, deep), (0.7 * wide, 0.5 * deep), (0.3 * wide, 0.5 * deep),
            (0.3 * wide, deep), (0, deep),
        ]
    )  # fmt: skip
    plain = Polygon([(0, 0), (long, 0), (long, short), (0, short)])
    slim = Polygon([(0, 0), (long * 1.25, 0), (long * 1.25, short / 1.25), (0, short / 1.25)])
    first = [angled, court, plain][int(random.integers(3))]
    small = [affinity.scale(plain, factor, factor, origin=(0, 0)) for factor in (0.85, 0.72)]
    return [affinity.translate(shape, -wide / 2, -deep / 2) for shape in (first, plain, slim, *small)]


def _property(key: str, plot: Polygon, address: str) -> DemoAsset:
    return DemoAsset(
        "property_unit",
        PROPERTY_SOURCE,
        key,
        plot,
        {
            "designation": key,
            "address": address,
            "department": PROPERTY_DEPARTMENT,
            "status": "in_service",
            "fund": "tax",
        },
        {"property_designation": f"BOTKYRKA {key}"},
    )


def _building(
    kind: Kind,
    name: str,
    footprint: Polygon,
    property_key: str,
    address: str,
    as_of: date,
    random: np.random.Generator,
    numbers: Numbering,
) -> DemoAsset:
    year = int(random.integers(kind.years[0], kind.years[1] + 1))
    floors = int(random.integers(kind.floors[0], kind.floors[1] + 1))
    gross = round(footprint.area * floors * 0.94)
    renewed = int(random.integers(1992, as_of.year - 1)) if year < 1985 and random.random() < 0.6 else None
    public = kind.purpose not in ("technical", "apartments")
    ventilation = (
        "FTX" if (renewed or year) >= 1988 else str(random.choice(["FT", "F", "FTX", "FX"], p=[0.4, 0.2, 0.3, 0.1]))
    )
    sleeping = kind.purpose in ("care", "apartments", "fire_station")
    return DemoAsset(
        "building",
        PROPERTY_SOURCE,
        numbers.next("BYG", kind.code),
        footprint,
        known(
            designation=name,
            address=address,
            department=PROPERTY_DEPARTMENT,
            status="in_service",
            fund="tax",
            built_year=year,
            area_m2=float(round(gross * 0.88)),
            protection_class=1 if kind.purpose in ("fire_station", "technical") else 0,
            consequence_grade=3 if kind.purpose in ("care", "fire_station") else 2 if public else 1,
        ),
        known(
            property_designation=f"BOTKYRKA {property_key}",
            purpose=kind.purpose,
            renewed_year=renewed,
            gross_area_m2=float(gross),
            heated_area_m2=float(round(gross * 0.95)),
            floors=floors,
            apartments=int(floors * random.integers(3, 6)) if kind.purpose == "apartments" else None,
            lifts=_lifts(kind, floors),
            ventilation_type=ventilation,
            visited_by_public=public,
            fire_alarm=bool(kind.purpose in ("school", "preschool", "care", "office", "culture", "sports")),
            sprinkler=kind.purpose == "care" and year > 1995,
            emergency_lighting=public,
            fire_extinguishers=True,
            hearth="occasional" if kind.purpose == "other" else "none",
            oil_tank="K" if kind.purpose == "technical" and year < 1990 else "none",
            refrigerant_class="5_to_50" if "Is" in name or kind.purpose == "care" else "below_5",
            pressure_equipment=kind.purpose == "fire_station" or "Ishallen" in name,
            separator="grease"
            if kind.purpose in ("school", "care")
            else "oil"
            if kind.purpose == "fire_station"
            else "none",
            backflow_protection=bool(kind.purpose in ("sports", "care", "fire_station")),
            priority_premises=sleeping and kind.purpose == "care",
            pcb_status="remediated" if 1956 <= year <= 1973 else "not_concerned",
        ),
        property_key,
    )


def _lifts(kind: Kind, floors: int) -> int:
    if floors < 2 or kind.purpose in ("preschool", "fire_station"):
        return 0
    return 2 if kind.purpose in ("care",) or floors >= 4 else 1


def _playground(
    plot: Polygon,
    houses: list[Polygon],
    property_key: str,
    address: str,
    name: str,
    as_of: date,
    random: np.random.Generator,
    numbers: Numbering,
) -> DemoAsset | None:
    inner: BaseGeometry = plot.buffer(-4.0)
    for house in houses:
        inner = inner.difference(house.buffer(5.0))
    if inner.is_empty:
        return None
    min_x, min_y, max_x, max_y = inner.bounds
    for radius in (13.0, 10.0, 7.5):
        shape = rounded(radius, random)
        for _ in range(60):
            at = float(random.uniform(min_x, max_x)), float(random.uniform(min_y, max_y))
            yard = in_millimetres(affinity.translate(shape, *at))
            if inner.contains(yard):
                return _playground_asset(yard, property_key, address, name, as_of, random, numbers)
    return None


def _playground_asset(
    yard: Polygon,
    property_key: str,
    address: str,
    name: str,
    as_of: date,
    random: np.random.Generator,
    numbers: Numbering,
) -> DemoAsset:
    attributes: dict[str, Any] = {
        "property_designation": f"BOTKYRKA {property_key}",
        "equipment_count": int(random.integers(3, 11)),
        "surface": str(random.choice(["sand", "rubber", "bark", "grass"])),
    }
    return DemoAsset(
        "playground",
        PROPERTY_SOURCE,
        numbers.next("LEK", "P"),
        yard,
        {
            "designation": f"Lekplatsen vid {name}",
            "address": address,
            "department": PROPERTY_DEPARTMENT,
            "status": "in_service",
            "fund": "tax",
            "built_year": int(random.integers(1999, as_of.year - 1)),
            "consequence_grade": 3,
        },
        attributes,
        property_key,
    )
