"""What the generator hands over: assets and inspections that name each other by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from shapely.geometry.base import BaseGeometry

CRS_EPSG = 3006
WATER_SOURCE = "demo-va"
PROPERTY_SOURCE = "demo-fastighet"
WATER_DEPARTMENT = "VA-avdelningen"
PROPERTY_DEPARTMENT = "Fastighetsavdelningen"


@dataclass(frozen=True)
class DemoAsset:
    """One invented asset. `columns` and `attributes` hold known values only; parent and nodes are keys of other assets.

    Keys are unique in the whole demonstration. What a type measures by its geometry is not here: it is measured
    geodesically on the way in.
    """

    asset_type: str
    source: str
    key: str
    geometry: BaseGeometry | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    from_node: str | None = None
    to_node: str | None = None


@dataclass(frozen=True)
class DemoInspection:
    """One invented inspection of the asset with this key: a condition on a scale, or a check that was approved or
    not."""

    asset: str
    kind: Literal["condition", "check"]
    inspected_on: date
    scale: str | None = None
    native_grade: str | None = None
    check_name: str | None = None
    approved: bool | None = None
    next_due_on: date | None = None
    note: str | None = None


@dataclass
class Demonstration:
    """Everything that was invented, in an order in which it can be stored: parents and nodes before what names them."""

    assets: list[DemoAsset] = field(default_factory=list)
    inspections: list[DemoInspection] = field(default_factory=list)

    def add(self, other: "Demonstration") -> None:
        """Take in another part."""
        self.assets.extend(other.assets)
        self.inspections.extend(other.inspections)


def known(**values: Any) -> dict[str, Any]:
    """The values that are known, as columns or attributes."""
    return {name: value for name, value in values.items() if value is not None}


def last_exercised(as_of: date, random: np.random.Generator) -> date:
    """When a valve, hydrant or flushing post was last turned: mostly within two years, some longer ago."""
    low, high = (15, 690) if random.random() < 0.92 else (740, 1_600)
    return as_of - timedelta(days=int(random.integers(low, high)))
