"""What is wrong with a file or a row, as data. The text for people is made elsewhere, from code and values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Issue:
    """One finding. `row` counts as the file's own tools do (first data row of a table with a header is 2; feature n of a layer is n)."""

    severity: str
    code: str
    row: int | None = None
    field: str | None = None
    value: Any = None
    details: Mapping[str, Any] = field(default_factory=dict)
