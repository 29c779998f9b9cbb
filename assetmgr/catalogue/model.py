"""The vocabulary of the catalogue: types, attributes, scales, treatments, checks and reference values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Fund = Literal["tax", "va"]
FUNDS: tuple[Fund, ...] = ("tax", "va")
Kind = Literal["maintenance", "value_preserving", "improvement", "statutory_check"]
Booking = Literal["operating", "capital"]
GeometryKind = Literal["Point", "LineString", "Polygon"]
Per = Literal["m", "m2", "each"]
UNKNOWN_CODE = ""
"""Among the allowed codes of `applies_to` or `materials`: holds also where the value is unknown."""


@dataclass(frozen=True)
class Source:
    """Where a figure comes from. `verified` is False for expert-style estimates nobody has checked against a source."""

    title: str
    year: int
    verified: bool


@dataclass(frozen=True)
class ReferenceValue:
    """A figure with its uncertainty: low, mid and high are how sure we are, never quantiles of a survival curve."""

    name: str
    label_sv: str
    label_en: str
    unit: str
    low: float
    mid: float
    high: float
    source: Source


@dataclass(frozen=True)
class SurvivalQuantiles:
    """Ages in years at which 10, 50 and 90 % of a cohort have failed. Not an uncertainty: see ReferenceValue."""

    name: str
    age_10_failed: float
    age_50_failed: float
    age_90_failed: float
    source: Source


@dataclass(frozen=True)
class Choice:
    """One value of a code list; aliases are what files call it (matched casefolded and trimmed)."""

    code: str
    label_sv: str
    label_en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attribute:
    """One field of an asset type.

    `value_type` is str, int, float, bool or date. `column` names the real column of the asset table that holds it; None
    keeps it among the JSON attributes. `unknown_values` are what files write for "unknown" in this field.
    `source_unit_factors` maps a unit a file may use to the factor that gives ours. `personal` values are kept apart
    from the change records and shown only to roles that need them.
    """

    name: str
    label_sv: str
    label_en: str
    value_type: type
    unit: str | None = None
    column: str | None = None
    choices: tuple[Choice, ...] = ()
    aliases: tuple[str, ...] = ()
    unknown_values: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    personal: bool = False
    help_sv: str = ""
    help_en: str = ""
    group: str = "technical"
    source_unit_factors: Mapping[str, float] = field(default_factory=dict, hash=False)
    blank_is_answer: bool = False
    """True where an empty value says that there is none, rather than that nobody knows."""


@dataclass(frozen=True)
class Grade:
    """One step of a native grading scale with its health index 0-100; None for "not inspected"."""

    code: str
    health: float | None
    label_sv: str
    label_en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class GradingScale:
    """A native grading scale. `best` and `worst` are native values; the direction is thereby declared, never guessed.

    Discrete scales list their grades; continuous ones (0-10) have none and interpolate linearly between best and worst.
    `unknown_values` are what files write for "unknown" on this scale, beside the blank words.
    """

    name: str
    label_sv: str
    label_en: str
    best: float
    worst: float
    grades: tuple[Grade, ...]
    source: Source
    unknown_values: tuple[Any, ...] = ()

    def health(self, native: str | float | int) -> float | None:
        """The health index 0-100 of a native grade; None for "not inspected". ValueError for a value off the scale."""
        text = str(native).strip().casefold()
        for grade in self.grades:
            if text in (name.casefold() for name in (grade.code, *grade.aliases)):
                return grade.health
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            raise ValueError(f"{native!r} is not a grade of {self.name}") from None
        if self.grades:
            for grade in self.grades:
                if value in (_as_number(name) for name in (grade.code, *grade.aliases)):
                    return grade.health
            raise ValueError(f"{native!r} is not a grade of {self.name}")
        low, high = sorted((self.best, self.worst))
        if not low <= value <= high:
            raise ValueError(f"{native!r} is outside {low}-{high} of {self.name}")
        return 100.0 * (value - self.worst) / (self.best - self.worst)


def _as_number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


@dataclass(frozen=True)
class AssetFacts:
    """What a rule of the catalogue may look at: one asset's type, fund, numbers and attributes, unknown as None."""

    asset_type: str
    built_year: int | None
    material: str | None
    dimension_mm: float | None
    length_m: float | None
    area_m2: float | None
    quantity: float | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    consequence_grade: int | None = None
    replacement_value_sek: int | None = None


@dataclass(frozen=True)
class Surcharge:
    """A price on top of a treatment's own, per the same unit, where attributes say so (rock in the trench)."""

    unit_price: ReferenceValue
    applies_to: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TreatmentRule:
    """A treatment as the catalogue declares it.

    `unit_price` is a reference value; cost = unit price x the asset's `per` ("m", "m2", "each"); `age_removed` is the
    fraction of the effective age that goes away; `curve_after` a survival quantile name or None; `apply_at_or_below` a
    health index; `applies_to` narrows by attributes (attribute name -> allowed codes; a pipe's material for instance;
    True and False are written "true" and "false"; `UNKNOWN_CODE` among them lets an unknown value through).
    A treatment with `age_removed` 0 gives knowledge, not condition. `booking` is what the treatment is when it is large
    enough; `booking_rule` names the dated rule that decides (see booking.py). `effect_source` is where `age_removed`,
    `apply_at_or_below` and `years_between` come from.
    """

    name: str
    label_sv: str
    label_en: str
    kind: Kind
    booking: Booking
    unit_price: ReferenceValue
    per: Per
    age_removed: float
    apply_at_or_below: float
    curve_after: str | None = None
    years_between: float = 1.0
    applies_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_by_dimension: tuple[tuple[float, float], ...] = ()
    """(upper limit of dimension in mm, factor on the unit price), ascending; empty where dimension does not matter."""
    booking_rule: str = "2024-01"
    surcharges: tuple[Surcharge, ...] = ()
    effect_source: Source = Source("Branschschablon, ej kontrollerad", 2024, verified=False)


@dataclass(frozen=True)
class StatutoryCheck:
    """A recurring check. Counted from the last approved one; `applies_to` narrows by attributes as for treatments.

    `at_least` narrows by numbers (attribute name -> lowest value). `statutory` is False for what a standard, an insurer
    or the owner's own programme asks for. `source` is where the interval comes from. Cost = unit price x the `per`.
    """

    name: str
    label_sv: str
    label_en: str
    interval_months: int
    legal_basis_sv: str
    statutory: bool
    unit_price: ReferenceValue
    source: Source
    valid_from: str
    valid_to: str | None = None
    applies_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_least: Mapping[str, float] = field(default_factory=dict)
    per: Per = "each"


@dataclass(frozen=True)
class CurveRule:
    """Which survival quantiles hold: the first rule whose conditions all match; the last is the type's own."""

    curve: str
    materials: tuple[str, ...] = ()
    built_from: int | None = None
    built_before: int | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Consequence:
    """What a failure costs beside the renewal that it forces, in kronor per failure: a reference value times a factor
    by dimension, plus a share of the replacement value for doing the renewal in haste. The planner counts the renewal
    itself.
    """

    cost: ReferenceValue | None = None
    by_dimension: tuple[tuple[float, float], ...] = ()
    haste_share: ReferenceValue | None = None


@dataclass(frozen=True)
class AssetType:
    """Everything the product knows about a type of asset; forms, lists, import, export and plans derive from it."""

    name: str
    slug_sv: str
    label_sv: str
    label_plural_sv: str
    label_en: str
    label_plural_en: str
    geometry_kind: GeometryKind | None
    default_fund: Fund
    attributes: tuple[Attribute, ...]
    group: str
    """Where it stands in the register: "property" or "network"."""
    curve_rules: tuple[CurveRule, ...] = ()
    treatments: tuple[str, ...] = ()
    grading_scale: str = "1-5-best-1"
    statutory_checks: tuple[str, ...] = ()
    consequence: Consequence | None = None
    replacement_price: ReferenceValue | None = None
    replacement_per: Per = "each"
    replacement_by_dimension: tuple[tuple[float, float], ...] = ()
    replaced_by: tuple[str, ...] = ()
    """Treatments whose cost is the replacement value (the dearest that applies), in place of `replacement_price`."""
    parent_types: tuple[str, ...] = ()
    import_aliases: tuple[str, ...] = ()
    """Codes that files use for the type itself (P109-like)."""
    also_geometry_kinds: tuple[GeometryKind, ...] = ()
    """Kinds accepted besides `geometry_kind`: a small station may be a point, a large one an area."""
    measured: Literal["length_m", "area_m2"] | None = None
    """The column the geometry itself gives, geodesically; a stated value serves only without geometry."""

    def accepts_geometry(self, kind: str) -> bool:
        """Whether a geometry of this kind may be stored; the Multi- form of a kind counts as the kind."""
        return kind.removeprefix("Multi") in (self.geometry_kind, *self.also_geometry_kinds)

    def attribute(self, name: str) -> Attribute:
        """The attribute of that name; KeyError where the type has none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(name)


Labelled = AssetType | Attribute | Choice | GradingScale | Grade | TreatmentRule | StatutoryCheck | ReferenceValue


def label(thing: Labelled, language: str) -> str:
    """The name of a catalogue entry in the reader's language."""
    return thing.label_en if language == "en" else thing.label_sv
