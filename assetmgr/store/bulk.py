"""Many rows at once: one multi-row statement on SQLite, COPY on PostgreSQL."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.engine import Connection

Columns = Mapping[str, Sequence[Any]]


def reserve_ids(connection: Connection, table: Table, count: int) -> range:
    """`count` new row identities that nobody else will get; the caller holds the write transaction.

    On PostgreSQL every insertion into such a table must come by here.
    """
    if count == 0:
        return range(0)
    if connection.dialect.name == "postgresql":
        sequence = f"{table.name}_id_seq"
        # Let go at once: a sequence stands outside transactions, and a lock held to the commit would make the writers
        # of all municipalities wait for each other.
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": sequence})
        first = connection.execute(text(f"SELECT nextval('{sequence}')")).scalar_one()
        connection.execute(text("SELECT setval(:name, :last)"), {"name": sequence, "last": first + count - 1})
        connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": sequence})
        return range(first, first + count)
    last = connection.execute(select(func.max(table.c.id))).scalar_one() or 0
    return range(last + 1, last + 1 + count)


@contextmanager
def uncollected() -> Iterator[None]:
    """Around the making of very many rows: the cycle collector would go through all of them again and again in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def insert_columns(connection: Connection, table: Table, columns: Columns) -> int:
    """Insert rows given as equally long columns of database-ready values (JSON as text, moments as the dialect stores
    them).

    Columns are written in chunks, so that memory stays level however many there are. Returns the number of rows.
    """
    names = list(columns)
    count = len(columns[names[0]]) if names else 0
    if count == 0:
        return 0
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, zip(*columns.values(), strict=True))
        return count
    varying = {name: values for name, values in columns.items() if not _is_constant(values)}
    marks = ", ".join("?" if name in varying else _literal(connection, columns[name][0]) for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    cursor = connection.connection.cursor()
    try:
        rows: Any = zip(*varying.values(), strict=True)  # an iterable serves the driver, whose stubs ask for a list
        cursor.executemany(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})', rows)
    finally:
        cursor.close()
    return count


def _is_constant(values: Sequence[Any]) -> bool:
    """Whether each row says the same: then it is written into the statement, which binds fewer values."""
    first = values[0]
    return len(values) > 1 and isinstance(values, list) and values.count(first) == len(values)


def _literal(connection: Connection, value: Any) -> str:
    """A value as SQLite itself writes it in SQL."""
    return str(connection.exec_driver_sql("SELECT quote(?)", (value,)).scalar_one())


def _copy(connection: Connection, table: Table, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    quoted = ", ".join(f'"{name}"' for name in names)
    psycopg_connection: Any = connection.connection
    with (
        psycopg_connection.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)


def update_columns(
    connection: Connection, table: Table, municipality_id: int, ids: Sequence[int], columns: Columns
) -> None:
    """Set columns of a municipality's rows with these ids, row by row with its own values."""
    if not len(ids):
        return
    names = list(columns)
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    assignments = ", ".join(f'"{name}" = {mark}' for name in names)
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(
            f'UPDATE "{table.name}" SET {assignments} WHERE id = {mark} AND municipality_id = {mark}',
            list(zip(*columns.values(), ids, repeat(municipality_id, len(ids)), strict=True)),
        )
    finally:
        cursor.close()
