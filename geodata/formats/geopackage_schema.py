"""What a GeoPackage may contain besides tables. A GeoPackage is a program: views, triggers and virtual tables run when
it is used.

Layers must be tables. Triggers must be those the GeoPackage standard and GDAL write: they keep the spatial index and
the row count,
or refuse values with RAISE. Their text is judged by the words in it, since programs space and quote it differently.
"""

import re
import sqlite3
from dataclasses import dataclass

from geodata.errors import LayerError

SYSTEM_TABLES = (
    "gpkg_contents",
    "gpkg_geometry_columns",
    "gpkg_spatial_ref_sys",
    "gpkg_extensions",
    "gpkg_ogr_contents",
)
TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | \[[^\]]*\] | `[^`]*` | [A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]* |
    \d+(?:\.\d+)?
        | <= | >= | <> | != | == | \|\| | --[^\n]* | /\*.*?\*/ | \s+ | .""",
    re.VERBOSE | re.DOTALL,
)
RTREE_NAME = re.compile(r"rtree_.+_(insert|delete|update\d?)", re.DOTALL)
COUNT_NAME = re.compile(r"trigger_(insert|delete)_feature_count_.+", re.DOTALL)
CHECK_NAME = re.compile(
    r"""gpkg_(tile_matrix|metadata|metadata_reference|geometry_columns|data_column_constraints|data_columns|extensions)_.+
        | .+_(zoom|tile_column|tile_row)_(insert|update)""",
    re.VERBOSE | re.DOTALL,
)


def vocabulary(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


HEAD_WORDS = vocabulary(
    """create trigger if not exists temp after before insert update delete of on for each row when begin end and or null
    notnull isnull is new old st_isempty ( ) . , = != <> ;"""
)
RTREE_WORDS = HEAD_WORDS | vocabulary(
    "replace into values from where in set id minx maxx miny maxy st_minx st_maxx st_miny st_maxy"
)
COUNT_WORDS = HEAD_WORDS | vocabulary("gpkg_ogr_contents set feature_count + - 1 where lower table_name")
CHECK_WORDS = HEAD_WORDS | vocabulary(
    """select raise abort rollback fail where in from like glob strftime lower name type sql sqlite_master
    table_name column_name zoom_level matrix_width matrix_height pixel_x_size pixel_y_size tile_column tile_row
    tile_data gpkg_tile_matrix gpkg_metadata gpkg_metadata_reference gpkg_geometry_columns gpkg_data_columns
    gpkg_data_column_constraints gpkg_extensions md_scope reference_scope row_id_value timestamp z m constraint_type
    constraint_name value min max < > <= >= + - * / || 0 1 2"""
)


@dataclass(frozen=True)
class FeatureTable:
    """A layer: its table, primary key column, and geometry where it has one."""

    name: str
    row_id: str | None
    geometry_column: str | None
    geometry_type: str
    srs_id: int | None


def check_schema(connection: sqlite3.Connection) -> None:
    """Raise LayerError("hostile_file") for anything in the schema that runs foreign code when the layers are read."""
    objects = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    kinds = {str(name).lower(): kind for kind, name, _, _ in objects if kind in ("table", "view")}
    if "gpkg_contents" not in kinds:
        raise LayerError("format_mismatch", expected="GeoPackage")
    for name in SYSTEM_TABLES:
        if kinds.get(name) == "view":
            refuse("system_table_is_view", name)
    layers = {name.lower() for name in layer_names(connection)}
    for kind, name, table, sql in objects:
        if kind == "view" and str(name).lower() in layers:
            refuse("layer_is_view", name)
        if kind == "table" and is_virtual(sql):
            if str(name).lower() in layers:
                refuse("layer_is_virtual", name)
            if not is_rtree(name, sql):
                refuse("virtual_table", name)
        if kind == "trigger" and not is_standard_trigger(str(name), str(table), str(sql or "")):
            refuse("foreign_trigger", name)
    for name in sorted(layers & set(kinds)):
        for column in connection.execute(f"PRAGMA table_xinfo({quoted(name)})").fetchall():
            if column[6] in (2, 3):  # computed as it is read, or as it was written
                refuse("computed_column", f"{name}.{column[1]}")


def refuse(reason: str, name: object) -> None:
    raise LayerError("hostile_file", reason=reason, name=str(name)[:200])


def layer_names(connection: sqlite3.Connection) -> list[str]:
    """Names the file declares as layers of features or attributes, whether or not such a table exists."""
    rows = connection.execute(
        "SELECT table_name FROM gpkg_contents WHERE lower(data_type) IN ('features', 'attributes', 'aspatial')"
    ).fetchall()
    names = [str(name) for (name,) in rows]
    has_geometry = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND lower(name) = 'gpkg_geometry_columns'"
    ).fetchone()
    if has_geometry:
        names += [
            str(name) for (name,) in connection.execute("SELECT table_name FROM gpkg_geometry_columns").fetchall()
        ]
    return list(dict.fromkeys(names))


def feature_tables(connection: sqlite3.Connection) -> list[FeatureTable]:
    """The layers that exist, in the order the file lists them. Call after `check_schema`."""
    tables = {
        str(name).lower(): str(name)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    }
    geometry: dict[str, tuple[str, str, int]] = {}
    if "gpkg_geometry_columns" in tables:
        rows = connection.execute(
            "SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns"
        ).fetchall()
        geometry = {str(name).lower(): (str(column), str(kind), int(srs)) for name, column, kind, srs in rows}
    found = []
    for (name,) in connection.execute(
        "SELECT table_name FROM gpkg_contents WHERE lower(data_type) IN ('features', 'attributes', 'aspatial')"
    ).fetchall():
        lowered = str(name).lower()
        if lowered not in tables:
            continue
        columns = connection.execute(f"PRAGMA table_info({quoted(tables[lowered])})").fetchall()
        keys = [str(column[1]) for column in columns if column[5] and str(column[2]).upper() == "INTEGER"]
        column_name, kind, srs_id = geometry.get(lowered, (None, "", None))
        found.append(FeatureTable(str(name), keys[0] if len(keys) == 1 else None, column_name, kind, srs_id))
    return found


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def is_virtual(sql: object) -> bool:
    return words(str(sql or ""))[:2] == ["create", "virtual"]


def is_rtree(name: object, sql: object) -> bool:
    """The standard's spatial index, the only virtual table a GeoPackage needs."""
    parts = words(str(sql))
    return str(name).lower().startswith("rtree_") and "using" in parts and parts[parts.index("using") + 1] == "rtree"


def is_standard_trigger(name: str, table: str, sql: str) -> bool:
    """Whether name and text are what the standard or GDAL writes."""
    lowered, parts = name.lower(), words(sql)
    if "begin" not in parts:
        return False
    body = statements(parts)
    if RTREE_NAME.fullmatch(lowered):
        own = spatial_index_names(lowered, table, parts)
        return only(parts, RTREE_WORDS, own) and all(targets_own_index(statement, lowered) for statement in body)
    if COUNT_NAME.fullmatch(lowered):
        own = {lowered, table.lower(), "'" + table.lower().replace("'", "''") + "'"}
        return only(parts, COUNT_WORDS, own) and all(
            statement[:2] == ["update", "gpkg_ogr_contents"] for statement in body
        )
    if CHECK_NAME.fullmatch(lowered):
        own = {lowered, table.lower()}
        return only(parts, CHECK_WORDS, own, texts=True) and all(
            statement[:3] == ["select", "raise", "("] for statement in body
        )
    return False


def spatial_index_names(trigger: str, table: str, parts: list[str]) -> set[str]:
    """The names an index trigger may use: itself, its table and index, and the columns it reads as NEW.x or OLD.x."""
    index = trigger.rsplit("_", 1)[0]
    columns = {parts[at + 2] for at, word in enumerate(parts[:-2]) if word in ("new", "old") and parts[at + 1] == "."}
    return {trigger, table.lower(), index} | columns


def targets_own_index(statement: list[str], trigger: str) -> bool:
    """Whether a statement writes the R-tree the trigger is named for, and nothing else."""
    index = trigger.rsplit("_", 1)[0]
    if statement[0] == "insert":
        return "into" in statement and statement[statement.index("into") + 1] == index
    if statement[:2] == ["delete", "from"]:
        return statement[2] == index
    return statement[0] == "update" and (statement[1] == index or statement[1:4] == ["or", "replace", index])


def only(parts: list[str], allowed: frozenset[str], own: set[str], texts: bool = False) -> bool:
    """Whether every word is allowed or one of the trigger's own names; `texts` lets quoted texts pass."""
    return all(part in allowed or part in own or (texts and part.startswith("'")) for part in parts)


def words(sql: str) -> list[str]:
    """SQL as words in lower case, without blanks, comments and quotes around names. Texts keep a leading quote unless
    they are names.
    """
    found = []
    for token in TOKEN.findall(sql):
        if token.isspace() or token.startswith(("--", "/*")):
            continue
        if token[0] in '"`[':
            found.append(token[1:-1].replace('""', '"').lower())
        elif token[0] == "'" and len(token) > 1:
            found.append(token.lower())
        else:
            found.append(token.lower())
    return unquote_names(found)


def unquote_names(parts: list[str]) -> list[str]:
    """SQLite takes 'name' for a name where only a name can stand; older programs write triggers that way."""
    names_follow = {"trigger", "on", "of", "into", "from", "update", "table", "exists"}
    return [
        part[1:-1].replace("''", "'") if part.startswith("'") and at and parts[at - 1] in names_follow else part
        for at, part in enumerate(parts)
    ]


def statements(parts: list[str]) -> list[list[str]]:
    """The statements between the outermost BEGIN and END."""
    inner = parts[parts.index("begin") + 1 :]
    inner = inner[: len(inner) - 1 - inner[::-1].index("end")] if "end" in inner else inner
    found: list[list[str]] = [[]]
    for part in inner:
        if part == ";":
            found.append([])
        else:
            found[-1].append(part)
    return [statement for statement in found if statement]
