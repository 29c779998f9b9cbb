"""What is wrong with a file or a row, as data. The text for people is made elsewhere, from code and values."""

import dataclasses
from collections.abc import Mapping
from typing import Any

ERROR, WARNING = "error", "warning"

ISSUE_CODES: dict[str, tuple[str, ...]] = {
    "ragged_row": ("expected", "found"),
    "geometry_unsupported": ("type",),
    "geometry_unreadable": (),
    "coordinates_not_finite": (),
    "z_dropped": ("count",),
    "m_dropped": ("count",),
    "curve_linearised": ("count", "step_degrees", "relative_error"),
    "encoding_guessed": ("encoding",),
    "encoding_mismatch": ("declared", "encoding"),
    "crs_unreadable": ("crs",),
    "blank_rows": ("count",),
    "unnamed_column": ("column",),
    "mixed_types": (),
}
"""Every code an issue of this package may carry, with the names of its `details`.

An issue of severity ERROR that has a row means that this row is not in the layer; all others are in it.
"""


@dataclasses.dataclass(frozen=True)
class Issue:
    """One finding. `row` counts as the file's own tools do (first data row of a table with a header is 2; feature n of
    a layer is n).
    """

    severity: str
    code: str
    row: int | None = None
    field: str | None = None
    value: Any = None
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)
