"""The rows of one layer on their way out of the child: an Arrow stream with a description, checked anew on arrival."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geodata.errors import LayerError
from geodata.issues import ERROR, ISSUE_CODES, WARNING, Issue
from geodata.limits import Limits

DESCRIPTION = b"geodata.layer"
ROW, ROW_ID, WKB, ATTRIBUTE = "row", "row_id", "wkb", "a:"
LONGEST_DESCRIPTION = 20_000_000
LONGEST_CRS = 50_000


@dataclass(frozen=True)
class RawLayer:
    """n rows as a format reads them. `wkb` is an (n,) binary array or None; the rest as in `Layer`."""

    name: str
    driver: str
    table: pa.Table
    wkb: pa.Array | None
    crs: str | None
    row_numbers: npt.NDArray[np.int64]
    encoding: str | None = None
    issues: tuple[Issue, ...] = field(default=())
    row_ids: npt.NDArray[np.int64] | None = None
    row_id_name: str | None = None


def write_stream(layer: RawLayer, target: BinaryIO) -> None:
    """Child's side: attributes, geometry and row numbers as one stream; what concerns the whole layer as JSON in its
    schema.
    """
    names, columns = [ROW], [pa.chunked_array([pa.array(layer.row_numbers, type=pa.int64())])]
    if layer.row_ids is not None:
        names.append(ROW_ID)
        columns.append(pa.chunked_array([pa.array(layer.row_ids, type=pa.int64())]))
    if layer.wkb is not None:
        names.append(WKB)
        columns.append(pa.chunked_array([layer.wkb]))
    names += [ATTRIBUTE + name for name in layer.table.column_names]
    columns += layer.table.columns
    description = {
        "name": layer.name,
        "driver": layer.driver,
        "crs": layer.crs,
        "encoding": layer.encoding,
        "row_id_name": layer.row_id_name,
        "issues": [issue_record(issue) for issue in layer.issues],
    }
    table = pa.table(columns, names=names)
    table = table.replace_schema_metadata({DESCRIPTION: json.dumps(description).encode()})
    with pa.ipc.new_stream(target, table.schema) as writer:
        writer.write_table(table)


def read_stream(content: bytes, limits: Limits) -> RawLayer:
    """Parent's side: nothing here is believed because the child said so. A stream out of form is `reader_failed`."""
    try:
        with pa.ipc.open_stream(io.BytesIO(content)) as reader:
            metadata = reader.schema.metadata or {}
            table = reader.read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise LayerError("reader_failed", reason="protocol") from error
    if table.num_rows > limits.rows:
        raise LayerError("limit_exceeded", limit="rows", maximum=limits.rows)
    if table.num_columns > limits.columns + 3:
        raise LayerError("limit_exceeded", limit="columns", maximum=limits.columns)
    description = read_description(metadata.get(DESCRIPTION, b""))
    return RawLayer(
        name=expect_text(description.get("name")),
        driver=expect_text(description.get("driver")),
        table=attributes_of(table),
        wkb=geometry_of(table),
        crs=optional_text(description.get("crs")),
        row_numbers=integers_of(table, ROW),
        encoding=optional_text(description.get("encoding")),
        issues=tuple(read_issue(record) for record in expect_list(description.get("issues"))[: limits.issues]),
        row_ids=integers_of(table, ROW_ID) if ROW_ID in table.column_names else None,
        row_id_name=optional_text(description.get("row_id_name")),
    )


def attributes_of(table: pa.Table) -> pa.Table:
    """The attribute columns under their own names, of plain types only."""
    names = [name for name in table.column_names if name.startswith(ATTRIBUTE)]
    own = [name.removeprefix(ATTRIBUTE) for name in names]
    if len(set(own)) != len(own) or not all(is_plain(table.schema.field(name).type) for name in names):
        raise LayerError("reader_failed", reason="protocol")
    if not names:
        return pa.table({"": pa.nulls(table.num_rows)}).select([])
    return table.select(names).rename_columns(own).replace_schema_metadata(None)


def is_plain(kind: pa.DataType) -> bool:
    """The types a row may hand over: text, numbers, yes/no, dates, times and bytes."""
    types = pa.types
    checks = (
        types.is_string,
        types.is_large_string,
        types.is_integer,
        types.is_floating,
        types.is_boolean,
        types.is_date,
    )
    more = (types.is_timestamp, types.is_time, types.is_binary, types.is_large_binary, types.is_null, types.is_decimal)
    return any(check(kind) for check in (*checks, *more))


def geometry_of(table: pa.Table) -> pa.Array | None:
    if WKB not in table.column_names:
        return None
    column = table.column(WKB).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], type=pa.binary())
    if not (pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)):
        raise LayerError("reader_failed", reason="protocol")
    return column


def integers_of(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    if table.column_names.count(name) != 1:
        raise LayerError("reader_failed", reason="protocol")
    column = table.column(name)
    if column.type != pa.int64() or column.null_count:
        raise LayerError("reader_failed", reason="protocol")
    return np.array(column.to_numpy(), dtype=np.int64)


def read_description(text: bytes) -> Mapping[str, Any]:
    if len(text) > LONGEST_DESCRIPTION:
        raise LayerError("reader_failed", reason="protocol")
    try:
        description = json.loads(text)
    except ValueError as error:
        raise LayerError("reader_failed", reason="protocol") from error
    if not isinstance(description, dict):
        raise LayerError("reader_failed", reason="protocol")
    return description


def issue_record(issue: Issue) -> dict[str, Any]:
    return {
        "severity": issue.severity,
        "code": issue.code,
        "row": issue.row,
        "field": issue.field,
        "value": issue.value,
        "details": dict(issue.details),
    }


def read_issue(record: Any) -> Issue:
    """One issue of the child's: known code and severity, plain values."""
    if (
        not isinstance(record, dict)
        or record.get("code") not in ISSUE_CODES
        or record.get("severity") not in (ERROR, WARNING)
    ):
        raise LayerError("reader_failed", reason="protocol")
    row, details = record.get("row"), record.get("details")
    if not isinstance(row, int | None) or not isinstance(details, dict):
        raise LayerError("reader_failed", reason="protocol")
    known = {name: plain(details[name]) for name in ISSUE_CODES[record["code"]] if name in details}
    return Issue(
        record["severity"], record["code"], row, optional_text(record.get("field")), plain(record.get("value")), known
    )


def plain(value: Any) -> Any:
    """A number, yes/no, nothing, short text, or a list of these; anything else is refused."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value[:1_000]
    if isinstance(value, list) and len(value) <= 10_000:
        return [plain(part) for part in value if not isinstance(part, list)]
    raise LayerError("reader_failed", reason="protocol")


def expect_text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_CRS:
        raise LayerError("reader_failed", reason="protocol")
    return value


def optional_text(value: Any) -> str | None:
    return None if value is None else expect_text(value)


def expect_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise LayerError("reader_failed", reason="protocol")
    return value
