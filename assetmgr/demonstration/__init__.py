"""A synthetic municipality to look at and try things on: invented geometry, figures and names, the same every time.

Nothing here reads or writes a database. Coordinates are SWEREF 99 TM (EPSG:3006), east then north, in whole
millimetres; heights are metres in RH 2000. Everything follows from a date
and a seed.
"""

from datetime import date

from assetmgr.demonstration.municipality import build
from assetmgr.demonstration.records import CRS_EPSG, DemoAsset, DemoInspection, Demonstration

DEFAULT_AS_OF = date(2026, 11, 24)
"""The day the demonstration takes place, unless another is asked for."""
EARLIEST_AS_OF = date(2022, 1, 1)
"""Before this, some of what is shown would not stand yet."""
DEFAULT_SEED = 127
MUNICIPALITY_CODE = "0127"

__all__ = [
    "CRS_EPSG",
    "DEFAULT_AS_OF",
    "DEFAULT_SEED",
    "EARLIEST_AS_OF",
    "MUNICIPALITY_CODE",
    "DemoAsset",
    "DemoInspection",
    "Demonstration",
    "build",
]
