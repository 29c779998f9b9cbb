"""Which column of the file is which field of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assetmgr.catalogue import SCALES, file_columns
from assetmgr.catalogue.model import AssetType
from assetmgr.catalogue.naming import field_lookup, first_match, fold_name, fold_name_ascii
from assetmgr.errors import ImportRefused, UsageError
from assetmgr.services.imports.options import ImportOptions

UID, SOURCE, KEY, PARENT, EAST, NORTH, INSPECTED_ON = (
    "uid",
    "source",
    "key",
    "parent",
    "east",
    "north",
    "inspected_on",
)
WKT = "wkt"
CONDITION = "condition"
"""The native grade of a condition column whose scale is declared."""
SCALE = "condition_scale"
"""What the grade is remembered with: not a target, for no column says it."""
TARGETS = (UID, SOURCE, KEY, PARENT, EAST, NORTH, WKT, CONDITION, INSPECTED_ON)
"""What a column may be mapped to beside the type's attributes."""

_PARENT_ALIASES = ("parent", "parent_key", "parent_uid", "överordnad", "tillhör")
_INSPECTED_ON_ALIASES = (
    "inspected_on",
    "inspection_date",
    "insp_date",
    "inspdate",
    "besiktningsdatum",
    "besiktad",
    "besiktigad",
    "insp_datum",
    "senast_besiktad",
)
_DEGREES = frozenset(fold_name_ascii(name) for name in (*file_columns.LON_ALIASES, *file_columns.LAT_ALIASES))


@dataclass(frozen=True)
class FieldMapping:
    """The decided mapping.

    `fields`: attribute name -> source column. `others`: any other of TARGETS -> source column. `condition`: source
    column of a native grade with its scale, if declared. `unknown`: source column -> values that mean unknown.
    `unmapped`: the rest, in the file's order. `degrees`: the coordinate columns are called longitude and latitude,
    which declares their coordinate system.
    """

    fields: Mapping[str, str]
    others: Mapping[str, str]
    condition: tuple[str, str] | None
    unknown: Mapping[str, frozenset[str]]
    unmapped: tuple[str, ...]
    degrees: bool


def check_usage(asset_type: AssetType, options: ImportOptions) -> None:
    """Refuse what is wrong whatever the file holds: raises UsageError for an unknown target or scale."""
    targets = {attribute.name for attribute in asset_type.attributes} | set(TARGETS)
    for target in options.mapping:
        if target not in targets:
            raise UsageError("target_unknown", target=target, targets=sorted(targets))
    for scale in options.scales.values():
        if scale not in SCALES:
            raise UsageError("scale_unknown", scale=scale, scales=sorted(SCALES))
    if len(options.scales) > 1:
        raise UsageError("one_scale_only", fields=sorted(options.scales))


def decide(
    columns: Sequence[str], asset_type: AssetType, options: ImportOptions, *, has_geometry: bool
) -> FieldMapping:
    """Map the file's columns: what the user says goes first, then names and aliases of the catalogue.

    Raises ImportRefused where a named column is not in the file.
    """
    taken: dict[str, str] = {}
    fields: dict[str, str] = {}
    others: dict[str, str] = {}
    attributes = {attribute.name for attribute in asset_type.attributes}
    for target, column in options.mapping.items():
        found = _column(columns, column)
        (fields if target in attributes else others)[target] = found
        taken[found] = target
    if options.key is not None:
        others[KEY] = _column(columns, options.key)
        taken.setdefault(others[KEY], KEY)
    condition = _condition(columns, options, {**fields, **others})
    if condition is not None:
        taken.setdefault(condition[0], CONDITION)
    _map_own_export(columns, others, taken)
    _map_by_alias(columns, asset_type, fields, taken, measured_by_geometry=has_geometry)
    _map_others_by_alias(columns, others, taken, has_geometry=has_geometry, dated=condition is not None)
    by_target = {**fields, **others}
    if condition is not None:
        by_target[CONDITION] = condition[0]
    unknown: dict[str, frozenset[str]] = {}
    for name, values in options.unknown.items():
        column = by_target[name] if name in by_target else _column(columns, name)
        unknown[column] = unknown.get(column, frozenset()) | frozenset(values)
    graded = condition[0] if condition is not None else None
    pair = (others.get(EAST), others.get(NORTH))
    return FieldMapping(
        fields=fields,
        others=others,
        condition=condition,
        unknown=unknown,
        unmapped=tuple(name for name in columns if name not in taken or (taken[name] == CONDITION and name != graded)),
        degrees=all(name is not None and fold_name_ascii(name) in _DEGREES for name in pair),
    )


def _column(columns: Sequence[str], name: str) -> str:
    """The file's column of that name, exactly or else folded."""
    if name in columns:
        return name
    folded = [column for column in columns if fold_name(column) == fold_name(name)]
    if len(folded) != 1:
        raise ImportRefused("column_not_found", field=name, columns=list(columns))
    return folded[0]


def _condition(columns: Sequence[str], options: ImportOptions, by_target: Mapping[str, str]) -> tuple[str, str] | None:
    if not options.scales:
        return None
    name, scale = next(iter(options.scales.items()))
    return by_target.get(name) or _column(columns, name), scale


def _map_own_export(columns: Sequence[str], others: dict[str, str], taken: dict[str, str]) -> None:
    """Our own exports carry uid, source and key under these very names."""
    if UID in columns and UID not in others:
        for name in (UID, SOURCE, KEY):
            if name in columns and name not in others and name not in taken:
                others[name] = name
                taken[name] = name


def _map_by_alias(
    columns: Sequence[str],
    asset_type: AssetType,
    fields: dict[str, str],
    taken: dict[str, str],
    *,
    measured_by_geometry: bool,
) -> None:
    lookup = field_lookup(asset_type)
    derived = {asset_type.measured} if measured_by_geometry and asset_type.measured else set()
    for column in columns:
        target = lookup.get(fold_name(column))
        if target is None or column in taken or target in fields or target in derived:
            continue
        fields[target] = column
        taken[column] = target


def _map_others_by_alias(
    columns: Sequence[str], others: dict[str, str], taken: dict[str, str], *, has_geometry: bool, dated: bool
) -> None:
    free = [column for column in columns if column not in taken]
    wanted: list[tuple[str, tuple[str, ...]]] = [(PARENT, _PARENT_ALIASES)]
    if dated:
        wanted.append((INSPECTED_ON, _INSPECTED_ON_ALIASES))
    if not has_geometry and EAST not in others and NORTH not in others:
        for east, north in (
            (file_columns.LON_ALIASES, file_columns.LAT_ALIASES),
            (file_columns.EAST_ALIASES, file_columns.NORTH_ALIASES),
            (file_columns.X_ALIASES, file_columns.Y_ALIASES),
        ):
            pair = first_match(free, east), first_match(free, north)
            if all(pair):
                others[EAST], others[NORTH] = str(pair[0]), str(pair[1])
                taken[others[EAST]], taken[others[NORTH]] = EAST, NORTH
                break
        else:
            wanted.append((WKT, file_columns.WKT_ALIASES))
    for target, aliases in wanted:
        found = first_match([column for column in free if column not in taken], aliases)
        if found is not None and target not in others:
            others[target] = found
            taken[found] = target


def id_columns(columns: Sequence[str], mapping: FieldMapping, asset_type: AssetType) -> list[str]:
    """The columns that are called like an id of the rows, the likeliest first: ids of what they belong to come last."""
    wholes = {
        fold_name_ascii(alias)
        for name in asset_type.parent_types
        for alias in file_columns.ID_FIELDS_OF_TYPE.get(name, ())
    }
    aliases = [fold_name_ascii(alias) for alias in file_columns.ID_FIELD_ALIASES]
    free = [name for name in columns if name != mapping.others.get(UID)]
    found = [first_match(free, (alias,)) for alias in sorted(aliases, key=lambda alias: alias in wholes)]
    return list(dict.fromkeys(name for name in found if name is not None))
