"""A layer's rows as the register would have them: converted columns, keys and what each row delivers, with every
error found.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assetmgr.catalogue import SCALES
from assetmgr.catalogue.labels import STATUS_UNKNOWN
from assetmgr.catalogue.model import AssetType, GradingScale
from assetmgr.catalogue.naming import is_blank
from assetmgr.changes import json_fragments
from assetmgr.services.imports import values
from assetmgr.services.imports.mapping import (
    CONDITION,
    INSPECTED_ON,
    KEY,
    PARENT,
    SCALE,
    SOURCE,
    UID,
    FieldMapping,
    id_columns,
)
from assetmgr.services.imports.placement import Geometries, Mask, Placed
from assetmgr.services.imports.values import CODE_UNKNOWN, ConvertedColumn, ObjectColumn
from geodata import geometry
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import Layer

MOSTLY = 0.5
"""A proposed id column where at least this share of rows is blank or repeated names nothing, and is passed over."""


@dataclass(frozen=True)
class Prepared:
    """n rows, in the file's order.

    `fields`: attribute name -> (n,) values, None for unknown. `grade` and `inspected_on`: (n,) or None where the file
    declares no condition. `parent`, `uid`, `key`: (n,) text or None; `parent_id` is filled in when parents are looked
    up. `values_json` and `source_json`: canonical JSON of what the row delivers, mapped and unmapped. `geometry`:
    (n,) in the register's coordinates, `geometry_digest` 16 bytes each. `refused` is final for what the rows
    themselves say.
    """

    row_numbers: npt.NDArray[np.int64]
    fields: Mapping[str, ObjectColumn]
    scale: GradingScale | None
    grade: ObjectColumn | None
    inspected_on: ObjectColumn | None
    parent: ObjectColumn | None
    parent_id: ObjectColumn
    uid: ObjectColumn | None
    key: ObjectColumn
    stated_source: ObjectColumn | None
    geometry: Geometries | None
    geometry_digest: ObjectColumn
    values_json: ObjectColumn
    source_json: ObjectColumn
    refused: Mask
    issues: list[Issue]
    key_column: str | None
    uid_column: str | None

    @property
    def targets(self) -> frozenset[str]:
        """The fields this file says anything about."""
        declared = {CONDITION: self.grade, PARENT: self.parent}
        return frozenset(self.fields) | {name for name, column in declared.items() if column is not None}


def prepare(layer: Layer, placed: Placed, mapping: FieldMapping, asset_type: AssetType, today: date) -> Prepared:
    """Convert and key a layer's rows."""
    count = len(layer.row_numbers)
    refused = placed.refused.copy()
    issues: list[Issue] = [*placed.issues]
    key_column, key = _keys(layer, mapping, asset_type, refused, issues)
    unmapped = [name for name in mapping.unmapped if name != key_column]
    source_fragments: dict[str, ObjectColumn] = {name: _fragments(name, _raw(layer.table[name])) for name in unmapped}
    fields: dict[str, ObjectColumn] = {}
    for name, column_name in mapping.fields.items():
        attribute = asset_type.attribute(name)
        unknown = mapping.unknown.get(column_name, frozenset())
        converted = values.convert_column(
            layer.table[column_name], values.attribute_converter(attribute, unknown, today.year)
        )
        details = {"target": name, "minimum": attribute.minimum, "maximum": attribute.maximum, "year": today.year}
        _report(layer, converted, column_name, details, refused, issues)
        _keep_unknown_codes(converted, column_name, source_fragments)
        fields[name] = converted.values
    _complete_status(fields)
    scale, grade, inspected_on = _condition(layer, mapping, today, refused, issues)
    digest = _geometry_digest(placed.geometry, count)
    delivered = {name: _fragments(name, column) for name, column in fields.items()}
    if grade is not None and scale is not None:
        ungraded = np.array([value is None for value in grade], dtype=bool)
        parts = {CONDITION: grade, SCALE: np.full(count, scale.name, dtype=object)}
        if inspected_on is not None:
            parts[INSPECTED_ON] = inspected_on.copy()
        for name, column in parts.items():
            column[ungraded] = None
            delivered[name] = _fragments(name, column)
    parent = _texts(layer, mapping, PARENT)
    if parent is not None:
        delivered[PARENT] = _fragments(PARENT, parent)
    values_json = _joined(delivered, count)
    source_json = _joined(source_fragments, count)
    if key_column is None and UID not in mapping.others:
        key = _fingerprints(layer, digest)
    uid, stated_source = _texts(layer, mapping, UID), _texts(layer, mapping, SOURCE)
    if uid is None:
        _refuse_duplicates(layer, key, key_column, refused, issues)
    issues.extend(
        Issue(WARNING, "unmapped_column", field=name, details={"rows": _filled(layer.table[name])}) for name in unmapped
    )
    return Prepared(
        row_numbers=layer.row_numbers,
        fields=fields,
        scale=scale,
        grade=grade,
        inspected_on=inspected_on,
        parent=parent,
        parent_id=np.full(count, None, dtype=object),
        uid=uid,
        key=key,
        stated_source=stated_source,
        geometry=placed.geometry,
        geometry_digest=digest,
        values_json=values_json,
        source_json=source_json,
        refused=refused,
        issues=issues,
        key_column=key_column,
        uid_column=mapping.others.get(UID),
    )


def _raw(column: pa.ChunkedArray) -> ObjectColumn:
    """A column's cells verbatim, as far as JSON can say them; what it cannot is said in words."""
    cells, index = values.distinct(column)
    return _objects([_plain_cell(cell) for cell in cells])[index]


def _plain_cell(cell: Any) -> Any:
    if cell is None or isinstance(cell, (str, bool, int)):
        return cell
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    return values.plain_text(cell)


def _filled(column: pa.ChunkedArray) -> int:
    return len(column) - int(column.null_count)


def _report(
    layer: Layer,
    converted: ConvertedColumn,
    column: str,
    details: Mapping[str, Any],
    refused: Mask,
    issues: list[Issue],
) -> None:
    """One error per row whose value cannot be; one warning per distinct code that the catalogue lacks."""
    found = np.array([problem is not None for problem in converted.problems], dtype=bool)
    if not found.any():
        return
    codes: dict[Any, list[int]] = {}
    for place in np.flatnonzero(found):
        problem, raw, row = converted.problems[place], converted.raw[place], int(layer.row_numbers[place])
        if problem == CODE_UNKNOWN:
            codes.setdefault(raw, []).append(row)
        else:
            issues.append(Issue(ERROR, problem, row=row, field=column, value=_shown(raw), details=details))
            refused[place] = True
    for raw, rows in codes.items():
        told = {"target": details["target"], "count": len(rows), "rows": rows[:5]}
        issues.append(Issue(WARNING, CODE_UNKNOWN, row=rows[0], field=column, value=_shown(raw), details=told))


def _shown(raw: Any) -> Any:
    is_plain = isinstance(raw, int) or (isinstance(raw, float) and math.isfinite(raw))
    return raw if is_plain else values.plain_text(raw)[:200]


def _keep_unknown_codes(converted: ConvertedColumn, column: str, fragments: dict[str, ObjectColumn]) -> None:
    """A code the catalogue lacks stays with the source's own data, verbatim."""
    lacking = np.array([problem == CODE_UNKNOWN for problem in converted.problems], dtype=bool)
    if lacking.any():
        kept = _objects([_plain_cell(cell) for cell in converted.raw])
        kept[~lacking] = None
        fragments[column] = _fragments(column, kept)


def _complete_status(fields: dict[str, ObjectColumn]) -> None:
    """A status that the file leaves open is said to be unknown: the asset must have one."""
    if "status" in fields:
        open_ = np.array([value is None for value in fields["status"]], dtype=bool)
        fields["status"][open_] = STATUS_UNKNOWN


def _condition(
    layer: Layer, mapping: FieldMapping, today: date, refused: Mask, issues: list[Issue]
) -> tuple[GradingScale | None, ObjectColumn | None, ObjectColumn | None]:
    if mapping.condition is None:
        return None, None, None
    column, scale_name = mapping.condition
    scale = SCALES[scale_name]
    unknown = mapping.unknown.get(column, frozenset())
    graded = values.convert_column(layer.table[column], values.grade_converter(scale, unknown))
    _report(layer, graded, column, {"target": CONDITION, "scale": scale.name}, refused, issues)
    inspected_on = None
    if INSPECTED_ON in mapping.others:
        name = mapping.others[INSPECTED_ON]
        converter = values.date_converter(mapping.unknown.get(name, frozenset()), latest=today)
        days = values.convert_column(layer.table[name], converter)
        _report(layer, days, name, {"target": INSPECTED_ON}, refused, issues)
        inspected_on = days.values
    return scale, graded.values, inspected_on


def _texts(layer: Layer, mapping: FieldMapping, target: str) -> ObjectColumn | None:
    if target not in mapping.others:
        return None
    return values.convert_column(layer.table[mapping.others[target]], values.text_converter()).values


def choose_key(
    layer: Layer, mapping: FieldMapping, asset_type: AssetType
) -> tuple[str | None, ObjectColumn, str | None]:
    """The column that names each row, its values, and a likelier one that was passed over: what was said, else the
    first of the id columns that is mostly filled and mostly distinct, else None (rows match on a fingerprint).
    """
    said = mapping.others.get(KEY)
    count = len(layer.row_numbers)
    passed_over = None
    for column in [said] if said is not None else id_columns(layer.table.column_names, mapping, asset_type):
        key = values.convert_column(layer.table[column], values.text_converter()).values
        names = {value for value in key if value is not None}
        if said is not None or len(names) > MOSTLY * count or count <= 1:
            return column, key, passed_over
        passed_over = passed_over or column
    return None, np.full(count, None, dtype=object), passed_over


def _keys(
    layer: Layer, mapping: FieldMapping, asset_type: AssetType, refused: Mask, issues: list[Issue]
) -> tuple[str | None, ObjectColumn]:
    column, key, passed_over = choose_key(layer, mapping, asset_type)
    if column is None:
        if passed_over is not None:
            issues.append(Issue(WARNING, "key_column_passed_over", field=passed_over))
        return None, key
    if mapping.others.get(KEY) != column:
        issues.append(Issue(WARNING, "key_column_proposed", field=column))
    if UID not in mapping.others:
        blank = np.array([value is None for value in key], dtype=bool) & ~refused
        issues.extend(Issue(ERROR, "key_missing", row=int(row), field=column) for row in layer.row_numbers[blank])
        refused |= blank
    return column, key


def _geometry_digest(placed: Geometries | None, count: int) -> ObjectColumn:
    digests = np.full(count, None, dtype=object)
    if placed is not None:
        known = np.array([item is not None for item in placed], dtype=bool)
        digests[known] = geometry.fingerprint(placed[known])
    return digests


def _fingerprints(layer: Layer, digests: ObjectColumn) -> ObjectColumn:
    """A key for rows that have none: all that the row says, as the file has it, and where it lies.

    How columns are mapped must not matter: a better mapping of the same file changes its objects, not makes new ones.
    """
    count = len(digests)
    said = {}
    for name in layer.table.column_names:
        cells, index = values.distinct(layer.table[name])
        texts = _objects([None if is_blank(cell) else values.plain_text(cell) for cell in cells])
        said[name] = _fragments(name, texts[index])
    rows = zip(_joined(said, count), digests, strict=True)
    return _objects(["fp:" + row_digest(text, "", place).hex() for text, place in rows])


def row_digest(values_json: str, source_json: str, geometry_digest: bytes | None) -> bytes:
    """16 bytes over all that a row delivers."""
    text = f"{values_json}\x1f{source_json}\x1f".encode()
    return hashlib.blake2b(text + (geometry_digest or b""), digest_size=16).digest()


def _refuse_duplicates(layer: Layer, key: ObjectColumn, column: str | None, refused: Mask, issues: list[Issue]) -> None:
    """Which of several copies is right cannot be known: all are refused."""
    counted = Counter(key.tolist())
    repeated = {value for value, count in counted.items() if count > 1 and value is not None}
    if not repeated:
        return
    places_of: dict[str, list[int]] = {value: [] for value in repeated}
    for place, value in enumerate(key):
        if value in repeated:
            places_of[value].append(place)
    code = "duplicate_key" if column is not None else "duplicate_row"
    for value, found in places_of.items():
        places = np.array(found)
        rows = layer.row_numbers[places].tolist()
        details = {"rows": rows[:10], "count": len(rows)}
        shown = value if column is not None else None
        for place in places[~refused[places]]:
            row = int(layer.row_numbers[place])
            issues.append(Issue(ERROR, code, row=row, field=column, value=shown, details=details))
            refused[place] = True


def _fragments(name: str, column: ObjectColumn) -> ObjectColumn:
    return _objects(json_fragments(name, column.tolist()))


def _objects(values_: Sequence[Any]) -> ObjectColumn:
    column = np.empty(len(values_), dtype=object)
    column[:] = values_
    return column


def _joined(fragments: Mapping[str, ObjectColumn], count: int) -> ObjectColumn:
    """The fragments of each row as one canonical JSON object, names in order."""
    found = np.empty(count, dtype=object)
    if not fragments:
        found[:] = "{}"
        return found
    ordered = [fragments[name] for name in sorted(fragments)]
    found[:] = ["{" + ",".join(filter(None, row)) + "}" for row in zip(*ordered, strict=True)]
    return found
