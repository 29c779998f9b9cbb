"""The door through which everything is written: one transaction, its change records and its link in the
municipality's chain.

A digest is SHA-256. A link's digest covers the previous link's digest, who, when, why and the digest of its rows in
order; `verify_chain` recomputes all of it. Values of fields marked personal stand in `personal_value`; the row that
is hashed holds a keyed digest in their place, so that a value can lawfully be disposed of while the chain still
verifies.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.engine import Connection

from assetmgr.changes import Change, canonical_json
from assetmgr.ids import RandomBytes, new_uids
from assetmgr.store import bulk, tables
from assetmgr.store.access import Actor
from assetmgr.store.engine import WRITES

Clock = Callable[[], datetime]
ChangeValues = tuple[str, int, str, str | None, str | None]
"""Object type, id, uid, and the canonical JSON of its old and new values."""
GENESIS = "0" * 64
CHUNK = 20_000
"""Change rows are written this many at a time, so that a million of them need not stand in memory."""


def utc_now() -> datetime:
    """The present moment, to the whole millisecond."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True)
class Occasion:
    """Why something is written: from where, with which words, by which import, job or request."""

    origin: str
    reason: str = ""
    import_id: int | None = None
    job_id: int | None = None
    request_id: str = ""


@dataclass
class Writing:
    """A write transaction under way. Services put rows and changes into it; whoever opened it commits, once."""

    connection: Connection
    actor: Actor
    at: datetime
    occasion: Occasion
    random_bytes: RandomBytes = secrets.token_bytes
    _pending: list[ChangeValues] = field(default_factory=list)
    _transaction_id: int | None = None
    _row_count: int = 0
    _rows_digest: Any = field(default_factory=hashlib.sha256)

    def new_uids(self, count: int) -> list[str]:
        """Identifiers of this transaction's moment."""
        return new_uids(count, self.at, self.random_bytes)

    def moment(self) -> Any:
        """This transaction's moment as the database stores it, for bulk rows."""
        if self.connection.dialect.name == "sqlite":
            return self.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return self.at

    def record(self, changes: Iterable[Change], personal_fields: frozenset[str] = frozenset()) -> None:
        """Put changes on record; they are sealed when the transaction ends."""
        for change in changes:
            old, new = (
                values and self.apart(change.object_type, change.object_id, values, personal_fields)
                for values in (change.old, change.new)
            )
            self._pending.append(
                (change.object_type, change.object_id, change.object_uid, canonical_json(old), canonical_json(new))
            )
        self._write_pending(CHUNK)

    def record_columns(
        self,
        object_type: str,
        ids: Sequence[int],
        uids: Sequence[str],
        old_json: Sequence[str | None],
        new_json: Sequence[str | None],
    ) -> None:
        """Put many changes on record, given as columns of canonical JSON. Personal fields must not be among them."""
        self._pending.extend(zip([object_type] * len(ids), ids, uids, old_json, new_json, strict=True))
        self._write_pending(CHUNK)

    def apart(
        self, object_type: str, object_id: int, values: Mapping[str, Any], personal_fields: frozenset[str]
    ) -> Mapping[str, Any]:
        """The values with each personal one replaced by a keyed digest, under which it is kept beside the change
        records.
        """
        if personal_fields.isdisjoint(values):
            return values
        kept = dict(values)
        for name in personal_fields & kept.keys():
            if kept[name] is None:
                continue
            secret = self.random_bytes(32)
            value = str(kept[name])
            digest = hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()
            self.connection.execute(
                insert(tables.personal_value).values(
                    digest=digest,
                    municipality_id=self.actor.municipality_id,
                    object_type=object_type,
                    object_id=object_id,
                    field=name,
                    value=value,
                    secret=secret.hex(),
                )
            )
            kept[name] = {"personal": digest}
        return kept

    def seal(self) -> int | None:
        """Write what is pending and this transaction's link; None where nothing changed."""
        self._write_pending(1)
        if self._transaction_id is None:
            return None
        number, digest = self._chain_head()
        link = {
            "municipality_id": self.actor.municipality_id,
            "number": number + 1,
            "at": self.at,
            "actor_id": self.actor.user_id,
            "actor_name": self.actor.name,
            "origin": self.occasion.origin,
            "reason": self.occasion.reason,
            "import_id": self.occasion.import_id,
            "job_id": self.occasion.job_id,
            "request_id": self.occasion.request_id,
            "row_count": self._row_count,
            "rows_digest": self._rows_digest.hexdigest(),
            "previous_digest": digest,
        }
        self.connection.execute(
            insert(tables.change_transaction).values(id=self._transaction_id, digest=_link_digest(link), **link)
        )
        sealed, self._transaction_id = self._transaction_id, None
        return sealed

    def _write_pending(self, at_least: int) -> None:
        """Write the pending rows once there are enough. Their link comes last: the foreign key waits for the commit."""
        count = len(self._pending)
        if count < at_least:
            return
        if self._transaction_id is None:
            self._transaction_id = bulk.reserve_ids(self.connection, tables.change_transaction, 1)[0]
        _digest_rows(self._rows_digest, self._pending)
        kinds, ids, uids, olds, news = zip(*self._pending, strict=True)
        bulk.insert_columns(
            self.connection,
            tables.change_row,
            {
                "id": bulk.reserve_ids(self.connection, tables.change_row, count),
                "municipality_id": [self.actor.municipality_id] * count,
                "transaction_id": [self._transaction_id] * count,
                "object_type": kinds,
                "object_id": ids,
                "object_uid": stored_uids(self.connection, uids),
                "old_json": olds,
                "new_json": news,
            },
        )
        self._row_count += count
        self._pending.clear()

    def _chain_head(self) -> tuple[int, str]:
        if self.connection.dialect.name == "postgresql":
            # One writer at a time may extend a municipality's chain, whatever the isolation level.
            self.connection.execute(
                text("SELECT pg_advisory_xact_lock(7391, :municipality)"), {"municipality": self.actor.municipality_id}
            )
        head = chain_head(self.connection, self.actor.municipality_id)
        return head.number, head.digest


def stored_uids(connection: Connection, uids: Sequence[str]) -> Sequence[str]:
    """Uids as the database keeps them in bulk rows: SQLite without dashes."""
    if connection.dialect.name == "sqlite":
        return [uid.replace("-", "") for uid in uids]
    return uids


def snapshot(engine: Engine) -> Connection:
    """A consistent snapshot to read from, however many queries it takes, until it is closed."""
    # SQLite reads a snapshot anyway; PostgreSQL's own default would show each query what was committed meanwhile.
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.connect().execution_options(**options)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A snapshot, closed when the block ends."""
    with snapshot(engine) as connection:
        yield connection


@contextmanager
def writing(
    engine: Engine,
    actor: Actor,
    occasion: Occasion,
    *,
    clock: Clock = utc_now,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> Iterator[Writing]:
    """A write transaction: committed with its change records when the block ends well, else undone whole."""
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        work = Writing(connection, actor, clock(), occasion, random_bytes)
        yield work
        work.seal()


def _digest_rows(digest: Any, rows: Iterable[ChangeValues]) -> int:
    count = 0
    for kind, object_id, uid, old, new in rows:
        digest.update(f"{kind}\x1f{object_id}\x1f{uid}\x1f{old or ''}\x1f{new or ''}\x1e".encode())
        count += 1
    return count


def _link_digest(link: Mapping[Any, Any]) -> str:
    covered = {name: link[name] for name in _COVERED} | {"at": link["at"].astimezone(UTC).isoformat()}
    return hashlib.sha256(json.dumps(covered, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


_COVERED = (
    "municipality_id",
    "number",
    "actor_id",
    "actor_name",
    "origin",
    "reason",
    "import_id",
    "job_id",
    "request_id",
    "row_count",
    "rows_digest",
    "previous_digest",
)


@dataclass(frozen=True)
class ChainHead:
    """The latest link of a chain. Kept outside the database, it shows whether the chain was cut short since."""

    number: int
    digest: str


def chain_head(connection: Connection, municipality_id: int) -> ChainHead:
    """The latest link of a municipality's chain; number 0 where there is none."""
    link = tables.change_transaction.c
    head = connection.execute(
        select(link.number, link.digest)
        .where(link.municipality_id == municipality_id)
        .order_by(link.number.desc())
        .limit(1)
    ).one_or_none()
    return ChainHead(head.number, head.digest) if head else ChainHead(0, GENESIS)


@dataclass(frozen=True)
class ChainBreak:
    """Where a chain stops agreeing with its rows, and how: "link", "previous", "rows", "number" or "head"."""

    number: int
    what: str


def verify_chain(
    connection: Connection, municipality_id: int, known_head: ChainHead | None = None
) -> ChainBreak | None:
    """Recompute a municipality's chain; None where every link and row agrees.

    Only an earlier head that was kept elsewhere, `known_head`, shows that links are missing at the end.
    """
    links = connection.execute(
        select(tables.change_transaction)
        .where(tables.change_transaction.c.municipality_id == municipality_id)
        .order_by(tables.change_transaction.c.number)
    ).mappings()
    previous = GENESIS
    for place, link in enumerate(links.all(), start=1):
        if link["number"] != place:
            return ChainBreak(place, "number")
        if link["previous_digest"] != previous:
            return ChainBreak(place, "previous")
        rows = connection.execute(
            select(
                tables.change_row.c.object_type,
                tables.change_row.c.object_id,
                tables.change_row.c.object_uid,
                tables.change_row.c.old_json,
                tables.change_row.c.new_json,
            )
            .where(
                tables.change_row.c.transaction_id == link["id"],
                tables.change_row.c.municipality_id == municipality_id,
            )
            .order_by(tables.change_row.c.id)
        )
        digest = hashlib.sha256()
        count = _digest_rows(digest, (tuple(row) for row in rows))
        if digest.hexdigest() != link["rows_digest"] or count != link["row_count"]:
            return ChainBreak(place, "rows")
        if _link_digest(link) != link["digest"]:
            return ChainBreak(place, "link")
        previous = link["digest"]
        if known_head is not None and place == known_head.number:
            if previous != known_head.digest:
                return ChainBreak(place, "head")
            known_head = None
    if known_head is not None and known_head.number > 0:
        return ChainBreak(known_head.number, "head")
    return None


def touch(work: Writing, table: Any, row_id: int, version: int, values: Mapping[str, Any]) -> bool:
    """Save values over the version that was read; False where somebody saved in between."""
    done = work.connection.execute(
        update(table)
        .where(table.c.id == row_id, table.c.municipality_id == work.actor.municipality_id, table.c.version == version)
        .values(**values, version=version + 1)
    )
    return done.rowcount == 1
