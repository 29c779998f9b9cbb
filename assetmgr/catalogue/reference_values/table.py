"""How a table of figures is written: one row each, its name once."""

from collections.abc import Iterable

from assetmgr.catalogue.model import ReferenceValue, Source

Row = tuple[str, str, str, float, float, float]
"""(name, Swedish label, English label, low, mid, high)."""


def figures(unit: str, source: Source, rows: Iterable[Row]) -> dict[str, ReferenceValue]:
    """Reference values that share unit and source, by name."""
    return {
        name: ReferenceValue(name, label_sv, label_en, unit, low, mid, high, source)
        for name, label_sv, label_en, low, mid, high in rows
    }
