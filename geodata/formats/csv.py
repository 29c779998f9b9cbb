"""Text with delimiters, as spreadsheet programs write it. Values stay text exactly as in the file."""

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from geodata.encoding import text_encoding
from geodata.errors import LayerError
from geodata.formats.format import Format, head_of
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import LayerSummary
from geodata.limits import Limits
from geodata.row_stream import RawLayer

DELIMITERS = (";", ",", "\t", "|")
SAMPLE_RECORDS = 50
RECORDS_PER_BATCH = 20_000
BINARY_STARTS = (b"SQLite format 3", b"PK\x03\x04", b"\x00\x00\x27\x0a", b"%PDF", b"<", b"{", b"[")


def recognises(path: Path) -> bool:
    """Whether the file could be delimited text: not markup, JSON, an archive or a database under another name."""
    head = head_of(path).removeprefix(b"\xef\xbb\xbf")
    return not head.lstrip().startswith(BINARY_STARTS)


def summaries(path: Path, limits: Limits) -> list[LayerSummary]:
    layer = read(path, None, limits)
    return [LayerSummary(layer.name, None, layer.table.num_rows, None, tuple(layer.table.column_names))]


def read(path: Path, layer: str | None, limits: Limits) -> RawLayer:
    """All records below the header. Row numbers are those a spreadsheet shows: the header is 1, a cell with line breaks
    is one row.
    """
    if layer is not None and layer != path.stem:
        raise LayerError("layer_not_found", layer=layer, layers=[path.stem])
    content = path.read_bytes()
    encoding = text_encoding(content)
    if encoding is None:
        raise LayerError("wrong_encoding", expected="UTF-8", row=first_bad_row(content))
    text = content.decode(encoding.name)
    del content
    stated = stated_delimiter(text)
    skipped = 1 if stated else 0
    delimiter = stated or likely_delimiter(text)
    records = numbered_records(text, delimiter, limits)
    for _ in range(skipped):
        next(records, None)
    header_row, header = next(((row, record) for row, record in records if any(record)), (0, []))
    if not header:
        raise LayerError("no_columns")
    names, issues = column_names(header, header_row)
    if len(names) > limits.columns:
        raise LayerError("limit_exceeded", limit="columns", maximum=limits.columns)
    if not encoding.declared and encoding.name != "utf-8":
        issues.append(Issue(WARNING, "encoding_guessed", details={"encoding": encoding.name}))
    table, rows = read_records(records, names, issues, limits)
    return RawLayer(
        name=path.stem,
        driver="CSV",
        table=table,
        wkb=None,
        crs=None,
        row_numbers=rows,
        encoding={"utf-8-sig": "utf-8"}.get(encoding.name, encoding.name),
        issues=tuple(issues),
    )


def numbered_records(text: str, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every record, blank ones included. Quotes that do not close are refused: they swallow
    rows.
    """
    csv.field_size_limit(limits.cell_characters)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for record in reader:
            row += 1
            yield row, record
    except csv.Error as error:
        reason = "cell_too_long" if "field limit" in str(error) else "quotes"
        raise LayerError("malformed_row", row=row + 1, reason=reason) from error


def read_records(
    records: Iterator[tuple[int, list[str]]], names: Sequence[str], issues: list[Issue], limits: Limits
) -> tuple[pa.Table, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Records into columns of text, a batch at a time; appends to `issues` what is wrong with single rows."""
    width, blank = len(names), 0
    schema = pa.schema([(name, pa.string()) for name in names])
    batches: list[pa.RecordBatch] = []
    numbers: list[int] = []
    while batch := list(itertools.islice(records, RECORDS_PER_BATCH)):
        kept = []
        for row, record in batch:
            if len(record) == width and any(record):
                kept.append(record)
                numbers.append(row)
            elif not any(record):
                blank += 1
            elif len(record) > width and not any(record[width:]):
                kept.append(record[:width])
                numbers.append(row)
            else:
                issues.append(Issue(ERROR, "ragged_row", row=row, details={"expected": width, "found": len(record)}))
        if len(numbers) > limits.rows:
            raise LayerError("limit_exceeded", limit="rows", maximum=limits.rows)
        if kept:
            columns = [pa.array(column, type=pa.string()) for column in zip(*kept, strict=True)]
            batches.append(pa.RecordBatch.from_arrays(columns, schema=schema))
    if blank:
        issues.append(Issue(WARNING, "blank_rows", details={"count": blank}))
    return pa.Table.from_batches(batches, schema=schema), np.array(numbers, dtype=np.int64)


def column_names(header: Sequence[str], row: int) -> tuple[list[str], list[Issue]]:
    """Names of the columns. One without a name gets its number; two with the same name cannot be told apart and are
    refused.
    """
    last = max(index for index, name in enumerate(header) if name.strip())
    stripped = [name.strip() for name in header[: last + 1]]
    names = [name or f"column_{index}" for index, name in enumerate(stripped, 1)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise LayerError("duplicate_columns", columns=doubled)
    unnamed = [index for index, name in enumerate(stripped, 1) if not name]
    return names, [
        Issue(WARNING, "unnamed_column", row=row, field=f"column_{index}", details={"column": index})
        for index in unnamed
    ]


def stated_delimiter(text: str) -> str | None:
    """The delimiter of a first line like "sep=;", which some spreadsheet programs write and read."""
    first = text[:10].splitlines()[0] if text else ""
    return first[4:5] if len(first) == 5 and first.lower().startswith("sep=") else None


def likely_delimiter(text: str) -> str:
    """The delimiter under which most of the first records have as many cells as the header, and then the one with most
    cells.
    """
    return max(DELIMITERS, key=lambda delimiter: delimiter_fit(text, delimiter))


def delimiter_fit(text: str, delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter explains the first records: (more than one column, share as wide as the header, columns)."""
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
    try:
        sample = [record for record in itertools.islice(reader, SAMPLE_RECORDS) if any(record)]
    except csv.Error:
        return False, 0.0, 0
    if not sample:
        return False, 0.0, 0
    width = len(sample[0])
    return width > 1, round(sum(len(record) == width for record in sample) / len(sample), 1), width


def first_bad_row(content: bytes) -> int | None:
    """The line of the first byte that no text has, None if it cannot be told."""
    place = content.find(b"\x00")
    if place < 0:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            place = error.start
    return content.count(b"\n", 0, place) + 1 if place >= 0 else None


CSV = Format(
    name="CSV",
    suffixes=(".csv", ".txt", ".tsv"),
    driver=None,
    recognises=recognises,
    summaries=summaries,
    read=read,
)
