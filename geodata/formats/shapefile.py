"""Shapefile: one layer in three files or more (.shp, .shx, .dbf; .prj and .cpg if the program was kind)."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from geodata.encoding import DBF_LANGUAGES, Encoding, known_codec, text_encoding
from geodata.errors import LayerError
from geodata.formats.format import Format, head_of
from geodata.formats.gdal_rows import layer_rows
from geodata.gdal import check_driver
from geodata.issues import WARNING, Issue
from geodata.layer import LayerSummary
from geodata.limits import Limits
from geodata.row_stream import RawLayer

DRIVER = "ESRI Shapefile"
MAGIC = b"\x00\x00\x27\x0a"
KINDS = {0: None, 1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint", 31: "MultiPatch"}
DBF_TEXT, DBF_HEADER, DBF_FIELD = frozenset("CM"), 32, 32


def recognises(path: Path) -> bool:
    return head_of(path, 4) == MAGIC


def summaries(path: Path, limits: Limits) -> list[LayerSummary]:
    check_parts(path)
    header = dbf_header(path.with_suffix(".dbf"))
    kind = KINDS.get(struct.unpack("<i", head_of(path, 36)[32:36])[0] % 10, "Unknown")
    names = tuple(raw_name.decode(encoding_of(path, header)[0].name, "replace") for raw_name, _, _ in header["fields"])
    return [LayerSummary(path.stem, kind, header["rows"], projection_of(path), names)]


def read(path: Path, layer: str | None, limits: Limits) -> RawLayer:
    """All records, the order of the file; row n is record n. The encoding is the file's own word if the bytes bear it
    out.
    """
    # Loaded by now with this one driver; hidden here because importing it earlier would let in all drivers.
    from pyogrio import raw

    if layer is not None and layer != path.stem:
        raise LayerError("layer_not_found", layer=layer, layers=[path.stem])
    check_parts(path)
    header = dbf_header(path.with_suffix(".dbf"))
    encoding, issues = encoding_of(path, header)
    check_driver(raw_info(path)["driver"], DRIVER)
    rows = layer_rows(raw, path, None, limits, encoding=encoding.name)
    if len(rows.row_ids) > header["rows"]:
        raise LayerError("unreadable", reason="damaged")
    return RawLayer(
        name=path.stem,
        driver=DRIVER,
        table=rows.table,
        wkb=rows.wkb,
        crs=projection_of(path),
        row_numbers=np.asarray(rows.row_ids + 1, dtype=np.int64),
        encoding=encoding.name,
        issues=(*issues, *rows.issues),
    )


def raw_info(path: Path) -> Mapping[str, Any]:
    import pyogrio  # as in `read`

    return dict(pyogrio.read_info(str(path)))


def check_parts(path: Path) -> None:
    """All three files there, and as long as they say they are."""
    for part in (".shx", ".dbf"):
        if not path.with_suffix(part).is_file():
            raise LayerError("missing_part", part=part)
    for file in (path, path.with_suffix(".shx")):
        head = head_of(file, 100)
        if len(head) < 100 or struct.unpack(">i", head[24:28])[0] * 2 > file.stat().st_size:
            raise LayerError("unreadable", reason="truncated")
    if not head_of(path.with_suffix(".shx"), 4) == MAGIC:
        raise LayerError("unreadable", reason="damaged")


def dbf_header(path: Path) -> dict[str, Any]:
    """Rows, language byte and fields (name, type, offset and width in a record) of a dBASE table."""
    head = head_of(path, 70_000)
    if len(head) < DBF_HEADER:
        raise LayerError("unreadable", reason="truncated")
    rows, header_length, record_length = struct.unpack("<IHH", head[4:12])
    if header_length < DBF_HEADER or record_length < 1:
        raise LayerError("unreadable", reason="damaged")
    if header_length + rows * record_length > path.stat().st_size:
        raise LayerError("unreadable", reason="truncated")
    fields, place, offset = [], DBF_HEADER, 1
    while place + DBF_FIELD <= header_length and head[place] != 0x0D:
        field = head[place : place + DBF_FIELD]
        name, kind, width = field[:11].split(b"\x00")[0], chr(field[11]), field[16]
        if kind == "C":
            width += field[17] << 8
        fields.append((name, kind, (offset, width)))
        place, offset = place + DBF_FIELD, offset + width
    return {
        "rows": rows,
        "header_length": header_length,
        "record_length": record_length,
        "language": head[29],
        "fields": fields,
    }


def encoding_of(path: Path, header: Mapping[str, Any]) -> tuple[Encoding, list[Issue]]:
    """What the text of the table is written in: the .cpg file's word, then the language byte's, then what the bytes
    look like.
    """
    declared = declared_encoding(path, header)
    found = text_encoding(text_bytes(path.with_suffix(".dbf"), header), declared)
    if found is None:
        raise LayerError("wrong_encoding", expected=declared or "UTF-8", row=None)
    if found.declared or (found.name == "utf-8" and declared is None):
        return found, []
    if declared is not None:
        return found, [Issue(WARNING, "encoding_mismatch", details={"declared": declared, "encoding": found.name})]
    return found, [Issue(WARNING, "encoding_guessed", details={"encoding": found.name})]


def declared_encoding(path: Path, header: Mapping[str, Any]) -> str | None:
    cpg = path.with_suffix(".cpg")
    if cpg.is_file():
        written = known_codec(head_of(cpg, 64).decode("ascii", "replace"))
        if written:
            return written
    return DBF_LANGUAGES.get(header["language"])


def text_bytes(path: Path, header: Mapping[str, Any]) -> bytes:
    """All text cells and field names of the table, joined by line breaks."""
    content = path.read_bytes()[header["header_length"] :]
    rows, width = header["rows"], header["record_length"]
    table = np.frombuffer(content[: rows * width], dtype=np.uint8).reshape(rows, width)
    names = b"\n".join(name for name, _, _ in header["fields"])
    parts = [names]
    for _, kind, (offset, length) in header["fields"]:
        if kind in DBF_TEXT and offset + length <= width:
            cells = np.full((rows, length + 1), 0x0A, dtype=np.uint8)
            cells[:, :length] = table[:, offset : offset + length]
            cells[cells == 0] = 0x20  # some programs fill up with zeros instead of blanks
            parts.append(cells.tobytes())
    return b"\n".join(parts)


def projection_of(path: Path) -> str | None:
    """The text of the .prj file, as it stands."""
    prj = path.with_suffix(".prj")
    text = head_of(prj, 50_000).decode("utf-8", "replace").strip("\ufeff \r\n\t\x00") if prj.is_file() else ""
    return text or None


SHAPEFILE = Format(
    name="Shapefile",
    suffixes=(".shp",),
    driver=DRIVER,
    recognises=recognises,
    summaries=summaries,
    read=read,
    companions=(".shx", ".dbf", ".prj", ".cpg"),
)
