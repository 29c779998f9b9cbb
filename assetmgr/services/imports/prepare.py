"""A layer's rows as the register would have them: converted columns, keys and what each row delivers, with every
error found.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from assetmgr.catalogue import SCALES
from assetmgr.catalogue.labels import STATUS_UNKNOWN
from assetmgr.catalogue.model import AssetType, GradingScale
from assetmgr.errors import UsageError
from assetmgr.services.imports import values
from assetmgr.services.imports.mapping import CONDITION, INSPECTED_ON, KEY, PARENT, UID, FieldMapping, propose_key
from assetmgr.services.imports.placement import Geometries, Mask, Placed
from assetmgr.services.imports.values import CODE_UNKNOWN, ConvertedColumn, ObjectColumn
from geodata import geometry
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import Layer

Text = Callable[[Any], str]
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

    @property
    def targets(self) -> frozenset[str]:
        """The fields this file says anything about."""
        declared = {CONDITION: self.grade, PARENT: self.parent}
        return frozenset(self.fields) | {name for name, column in declared.items() if column is not None}


def prepare(layer: Layer, placed: Placed, mapping: FieldMapping, asset_type: AssetType, this_year: int) -> Prepared:
    """Convert and key a layer's rows."""
    count = len(layer.row_numbers)
    refused = placed.refused.copy()
    issues: list[Issue] = [*placed.issues]
    key_column, key = _keys(layer, mapping, refused, issues)
    unmapped = [name for name in mapping.unmapped if name != key_column]
    source_fragments: dict[str, ObjectColumn] = {
        name: _fragments(name, _raw(layer.table[name]), _verbatim) for name in unmapped
    }
    fields: dict[str, ObjectColumn] = {}
    for name, column_name in mapping.fields.items():
        attribute = asset_type.attribute(name)
        unknown = mapping.unknown.get(column_name, frozenset())
        converted = values.convert_column(
            layer.table[column_name], values.attribute_converter(attribute, unknown, this_year)
        )
        details = {"target": name, "minimum": attribute.minimum, "maximum": attribute.maximum, "year": this_year}
        _report(layer, converted, column_name, details, refused, issues)
        _keep_unknown_codes(converted, column_name, source_fragments)
        fields[name] = converted.values
    _complete_status(fields)
    scale, grade, inspected_on = _condition(layer, mapping, refused, issues)
    digest = _geometry_digest(placed.geometry, count)
    delivered = {name: _fragments(name, column, _value_text) for name, column in fields.items()}
    if grade is not None:
        delivered[CONDITION] = _fragments(CONDITION, grade, _value_text)
    parent = _texts(layer, mapping, PARENT)
    if parent is not None:
        delivered[PARENT] = _fragments(PARENT, parent, _value_text)
    values_json = _joined(delivered, count)
    source_json = _joined(source_fragments, count)
    if key_column is None and UID not in mapping.others:
        key = _fingerprints(values_json, source_json, digest)
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
        uid=_texts(layer, mapping, UID),
        key=key,
        stated_source=_texts(layer, mapping, "source"),
        geometry=placed.geometry,
        geometry_digest=digest,
        values_json=values_json,
        source_json=source_json,
        refused=refused,
        issues=issues,
        key_column=key_column,
    )


def _raw(column: pa.ChunkedArray) -> ObjectColumn:
    cells, index = values.distinct(column)
    return cells[index]


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
    return raw if isinstance(raw, (int, float, bool)) else values.plain_text(raw)[:200]


def _keep_unknown_codes(converted: ConvertedColumn, column: str, fragments: dict[str, ObjectColumn]) -> None:
    """A code the catalogue lacks stays with the source's own data, verbatim."""
    lacking = np.array([problem == CODE_UNKNOWN for problem in converted.problems], dtype=bool)
    if lacking.any():
        kept = converted.raw.copy()
        kept[~lacking] = None
        fragments[column] = _fragments(column, kept, _verbatim)


def _complete_status(fields: dict[str, ObjectColumn]) -> None:
    """A status that the file leaves open is said to be unknown: the asset must have one."""
    if "status" in fields:
        open_ = np.array([value is None for value in fields["status"]], dtype=bool)
        fields["status"][open_] = STATUS_UNKNOWN


def _condition(
    layer: Layer, mapping: FieldMapping, refused: Mask, issues: list[Issue]
) -> tuple[GradingScale | None, ObjectColumn | None, ObjectColumn | None]:
    if mapping.condition is None:
        return None, None, None
    column, scale_name = mapping.condition
    if scale_name not in SCALES:
        raise UsageError("scale_unknown", scale=scale_name, scales=sorted(SCALES))
    scale = SCALES[scale_name]
    unknown = mapping.unknown.get(column, frozenset())
    graded = values.convert_column(layer.table[column], values.grade_converter(scale, unknown))
    _report(layer, graded, column, {"target": CONDITION, "scale": scale.name}, refused, issues)
    inspected_on = None
    if INSPECTED_ON in mapping.others:
        name = mapping.others[INSPECTED_ON]
        days = values.convert_column(layer.table[name], values.date_converter(mapping.unknown.get(name, frozenset())))
        _report(layer, days, name, {"target": INSPECTED_ON}, refused, issues)
        inspected_on = days.values
    return scale, graded.values, inspected_on


def _texts(layer: Layer, mapping: FieldMapping, target: str) -> ObjectColumn | None:
    if target not in mapping.others:
        return None
    return values.convert_column(layer.table[mapping.others[target]], values.text_converter()).values


def _keys(layer: Layer, mapping: FieldMapping, refused: Mask, issues: list[Issue]) -> tuple[str | None, ObjectColumn]:
    column = propose_key(layer.table.column_names, mapping)
    count = len(layer.row_numbers)
    if column is None:
        return None, np.full(count, None, dtype=object)
    key = values.convert_column(layer.table[column], values.text_converter()).values
    said = mapping.others.get(KEY) == column
    names = [value for value in key if value is not None]
    if not said and len(set(names)) <= MOSTLY * count and count > 1:
        issues.append(Issue(WARNING, "key_column_passed_over", field=column))
        return None, np.full(count, None, dtype=object)
    if not said:
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


def _fingerprints(values_json: ObjectColumn, source_json: ObjectColumn, digests: ObjectColumn) -> ObjectColumn:
    """A key for rows that have none: what the row says and where it lies."""
    found = np.empty(len(values_json), dtype=object)
    found[:] = [
        "fp:" + row_digest(mapped, unmapped, place).hex()
        for mapped, unmapped, place in zip(values_json, source_json, digests, strict=True)
    ]
    return found


def row_digest(values_json: str, source_json: str, geometry_digest: bytes | None) -> bytes:
    """16 bytes over all that a row delivers."""
    text = f"{values_json}\x1f{source_json}\x1f".encode()
    return hashlib.blake2b(text + (geometry_digest or b""), digest_size=16).digest()


def _refuse_duplicates(layer: Layer, key: ObjectColumn, column: str | None, refused: Mask, issues: list[Issue]) -> None:
    """Which of several copies is right cannot be known: all are refused."""
    keys = pd.Series(key, dtype=object)
    repeated = keys.duplicated(keep=False) & keys.notna()
    if not repeated.any():
        return
    code = "duplicate_key" if column is not None else "duplicate_row"
    for value, group in keys[repeated].groupby(keys[repeated], sort=False):
        places = group.index.to_numpy()
        rows = layer.row_numbers[places].tolist()
        details = {"rows": rows[:10], "count": len(rows)}
        shown = value if column is not None else None
        for place in places[~refused[places]]:
            row = int(layer.row_numbers[place])
            issues.append(Issue(ERROR, code, row=row, field=column, value=shown, details=details))
            refused[place] = True


_VERBATIM = json.JSONEncoder(ensure_ascii=False, default=values.plain_text)
_VALUE = json.JSONEncoder(ensure_ascii=False, default=lambda value: value.isoformat())


def _verbatim(cell: Any) -> str:
    return _VERBATIM.encode(cell)


def _value_text(cell: Any) -> str:
    return _VALUE.encode(cell)


def _fragments(name: str, column: ObjectColumn, text: Text) -> ObjectColumn:
    """Each cell as `"name":value`, None where it is unknown; distinct cells are written once."""
    head = json.dumps(name, ensure_ascii=False) + ":"
    written: dict[Any, str] = {}
    found: list[str | None] = []
    for cell in column.tolist():
        if cell is None:
            found.append(None)
            continue
        identity = (cell.__class__, cell)
        fragment = written.get(identity)
        if fragment is None:
            fragment = written[identity] = head + text(cell)
        found.append(fragment)
    return _objects(found)


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
