"""What is asked of an import, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from geodata.issues import ERROR, Issue

Mode = Literal["insert", "update", "upsert"]
SAVED = ("source", "key", "mapping", "scales", "unknown", "crs", "layer")
"""What a profile keeps. What is said for one import goes before it."""


@dataclass(frozen=True)
class ImportOptions:
    """One import as its user asks for it.

    `mapping`: target -> source column. `scales`: source column or target -> grading scale. `unknown`: source column
    or target -> values that mean unknown there. `crs` overrides what the file says.
    """

    file: Path
    asset_type: str
    layer: str | None = None
    source: str | None = None
    key: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    crs: str | None = None
    accept_outside: bool = False
    mode: Mode = "upsert"
    strict: bool = False
    all_or_nothing: bool = False
    dry_run: bool = False

    def saved(self) -> dict[str, Any]:
        """What a profile keeps of these options."""
        kept = {
            "source": self.source,
            "key": self.key,
            "mapping": dict(self.mapping),
            "scales": dict(self.scales),
            "unknown": {name: list(values) for name, values in self.unknown.items()},
            "crs": self.crs,
            "layer": self.layer,
        }
        return {name: value for name, value in kept.items() if value}

    def over(self, saved: Mapping[str, Any]) -> "ImportOptions":
        """These options where they say something, else the saved ones."""
        return replace(
            self,
            source=self.source or saved.get("source"),
            key=self.key or saved.get("key"),
            crs=self.crs or saved.get("crs"),
            layer=self.layer or saved.get("layer"),
            mapping={**saved.get("mapping", {}), **self.mapping},
            scales=self.scales or saved.get("scales", {}),
            unknown={
                **{name: tuple(values) for name, values in saved.get("unknown", {}).items()},
                **self.unknown,
            },
        )


@dataclass(frozen=True)
class ImportResult:
    """Every row accounted for: read = new + changed + unchanged + refused. A refused file counts nothing and says
    why.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    gone: int = 0
    import_id: int = 0
    issues: tuple[Issue, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether anything of the file was taken in, or would be."""
        return self.new + self.changed + self.unchanged > 0

    def counts(self) -> dict[str, int]:
        """The numbers, as the receipt and the import's own row have them."""
        names = ("read", "new", "changed", "unchanged", "refused", "gone")
        return {name: getattr(self, name) for name in names}


def refusal(issues: list[Issue] | tuple[Issue, ...], code: str | None = None, **details: Any) -> ImportResult:
    """The answer to a file that is refused whole; `code` adds the reason."""
    reasons = list(issues)
    if code is not None:
        field_name, value = details.pop("field", None), details.pop("value", None)
        reasons.insert(0, Issue(ERROR, code, field=field_name, value=value, details=details))
    return ImportResult(issues=tuple(reasons))
