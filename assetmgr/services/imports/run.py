"""One import from file to register, read top to bottom."""

import hashlib
import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, insert, select

from assetmgr.catalogue import ASSET_TYPES
from assetmgr.catalogue.model import AssetType
from assetmgr.changes import Change
from assetmgr.errors import ImportRefused, UsageError
from assetmgr.services.imports import apply, coincidence
from assetmgr.services.imports.mapping import KEY, FieldMapping, check_usage, decide
from assetmgr.services.imports.options import ImportOptions, ImportResult, refusal
from assetmgr.services.imports.parents import find_parents
from assetmgr.services.imports.placement import place
from assetmgr.services.imports.prepare import Prepared, choose_key, prepare
from assetmgr.services.imports.reconcile import Difference, reconcile
from assetmgr.store import bulk, registers, tables
from assetmgr.store.access import Actor, permit, require
from assetmgr.store.writing import Clock, Occasion, Writing, reading, utc_now, writing
from geodata import crs
from geodata.errors import LayerError
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import Layer
from geodata.sandbox import Sandbox, read_layer

_ISSUES_KEPT = 1_000
"""How many issues an import's own row keeps for later readers; all are in the answer."""


class _NothingKeptError(Exception):
    """Leaves the write transaction without a trace: a dry run, or a file refused at the last check."""

    def __init__(self, result: ImportResult) -> None:
        self.result = result


def run_import(
    engine: Engine,
    actor: Actor,
    options: ImportOptions,
    *,
    clock: Clock = utc_now,
    sandbox: Sandbox = "auto",
    read: Callable[[], Layer] | None = None,
    origin: str = "import",
    request_id: str = "",
) -> ImportResult:
    """Import one layer: every accepted row in one transaction, or nothing.

    A row error refuses its row; a file-level error refuses all. Raises UsageError for what the asker got wrong
    whatever the file holds, NotAllowed for an actor without the right. `read` gives the layer where its reading has
    begun already; it is not asked where a profile may name another layer.
    """
    require(actor, "import.run")
    asset_type = ASSET_TYPES.get(options.asset_type)
    if asset_type is None:
        raise UsageError("asset_type_unknown", type=options.asset_type, types=sorted(ASSET_TYPES))
    check_usage(asset_type, options)
    with bulk.uncollected():
        reader = read if read is not None and options.profile is None else None
        occasion = Occasion(origin, request_id=request_id)
        return _import_file(engine, actor, options, asset_type, clock, sandbox, reader, occasion)


def _import_file(
    engine: Engine,
    actor: Actor,
    options: ImportOptions,
    asset_type: AssetType,
    clock: Clock,
    sandbox: Sandbox,
    read: Callable[[], Layer] | None,
    occasion: Occasion,
) -> ImportResult:
    try:
        options, source_said = _with_profile(engine, actor, options)
        register = _register(engine, actor)
        if options.crs:
            crs.parse_crs(options.crs)
        layer = read() if read is not None else read_layer(options.file, layer=options.layer, sandbox=sandbox)
        layer = _with_row_ids(layer, options)
        mapping = decide(layer.table.column_names, asset_type, options, has_geometry=layer.geometry is not None)
        if options.strict:
            _refuse_unmapped(layer, mapping, asset_type)
        placed = place(layer, mapping, asset_type, register, options)
        prepared = prepare(layer, placed, mapping, asset_type, clock().date())
    except LayerError as error:
        return refusal([], error.code, **error.details)
    except ImportRefused as error:
        return refusal([], error.code, **error.details)
    source = unicodedata.normalize("NFC", (options.source or "").strip() or Path(os.path.abspath(options.file)).stem)
    occasion = replace(occasion, reason=options.file.name)
    try:
        with writing(engine, actor, occasion, clock=clock) as work:
            find_parents(work, prepared, asset_type, source)
            difference = reconcile(work, prepared, asset_type, source, options)
            if not source_said:
                coincidence.check(work, prepared, asset_type, source, difference.new)
            result = _result(layer, prepared, difference, source)
            if options.all_or_nothing and result.refused:
                raise _NothingKeptError(refusal(result.issues, "all_or_nothing", count=result.refused))
            if options.dry_run or not result.accepted:
                raise _NothingKeptError(result)
            import_id = _open_run(work, options, source, layer, result)
            work.occasion = replace(occasion, import_id=import_id)
            apply.apply(work, prepared, difference, asset_type, source, register, import_id)
            _save_profile(work, options)
    except _NothingKeptError as nothing:
        return nothing.result
    except ImportRefused as error:
        return refusal(prepared.issues, error.code, **error.details)
    return replace(result, import_id=import_id)


def _with_row_ids(layer: Layer, options: ImportOptions) -> Layer:
    """The layer with its format's own row numbers as a column, where they were asked for as key."""
    asked, name = options.key or options.mapping.get(KEY), layer.row_id_name
    if name is None or asked is None or asked.casefold() != name.casefold() or asked in layer.table.column_names:
        return layer
    return replace(layer, table=layer.table.append_column(asked, pa.array(layer.row_ids)))


def _refuse_unmapped(layer: Layer, mapping: FieldMapping, asset_type: AssetType) -> None:
    key, *_ = choose_key(layer, mapping, asset_type)
    unmapped = [name for name in mapping.unmapped if name != key]
    if unmapped:
        raise ImportRefused("unmapped_columns", columns=unmapped)


def _register(engine: Engine, actor: Actor) -> registers.RegisterInfo:
    with reading(engine) as connection:
        return registers.info_of(connection, actor)


def _with_profile(engine: Engine, actor: Actor, options: ImportOptions) -> tuple[ImportOptions, bool]:
    """The options over those of their saved profile, and whether anybody said which source this is."""
    if options.profile is None:
        return options, options.source is not None
    profile = tables.import_profile
    with reading(engine) as connection:
        saved = connection.execute(
            permit(actor, "import.run", select(profile), [profile]).where(profile.c.name == options.profile)
        ).one_or_none()
    if saved is None:
        if not options.saved():
            raise ImportRefused("profile_unknown", profile=options.profile)
        return options, options.source is not None
    if saved.asset_type != options.asset_type:
        raise ImportRefused("profile_of_other_type", profile=options.profile, asset_type=saved.asset_type)
    merged = options.over(saved.options)
    return merged, merged.source is not None


def _save_profile(work: Writing, options: ImportOptions) -> None:
    """Keep what was said under the profile's name, where that name is new."""
    if options.profile is None:
        return
    profile = tables.import_profile
    taken = work.connection.execute(
        permit(work.actor, "import.run", select(profile.c.id), [profile]).where(profile.c.name == options.profile)
    ).scalar_one_or_none()
    if taken is not None:
        return
    kept = {"name": options.profile, "asset_type": options.asset_type, "options": options.saved()}
    profile_id: int = work.connection.execute(
        insert(profile)
        .values(municipality_id=work.actor.municipality_id, created_at=work.at, **kept)
        .returning(profile.c.id)
    ).scalar_one()
    work.record([Change("import_profile", profile_id, work.new_uids(1)[0], None, kept)])


def _result(layer: Layer, prepared: Prepared, difference: Difference, source: str) -> ImportResult:
    unread = sum(1 for issue in layer.issues if issue.severity == ERROR and issue.row is not None)
    issues = [*layer.issues, *prepared.issues, *difference.issues]
    if difference.gone:
        details = {"source": source, "count": len(difference.gone), "keys": difference.gone[:10]}
        issues.append(Issue(WARNING, "gone", value=len(difference.gone), details=details))
    return ImportResult(
        read=len(prepared.row_numbers) + unread,
        new=len(difference.new),
        changed=len(difference.changed),
        unchanged=difference.unchanged,
        refused=int(prepared.refused.sum()) + unread,
        gone=len(difference.gone),
        issues=tuple(issues),
    )


def _open_run(work: Writing, options: ImportOptions, source: str, layer: Layer, result: ImportResult) -> int:
    return int(
        work.connection.execute(
            insert(tables.import_run)
            .values(
                uid=work.new_uids(1)[0],
                municipality_id=work.actor.municipality_id,
                asset_type=options.asset_type,
                source=source,
                file_name=options.file.name,
                file_sha256=_sha256(options.file),
                layer=layer.name,
                mode=options.mode,
                options=options.saved(),
                counts=result.counts(),
                issues=[plain_issue(issue) for issue in result.issues[:_ISSUES_KEPT]],
                actor_name=work.actor.name,
                created_at=work.at,
            )
            .returning(tables.import_run.c.id)
        ).scalar_one()
    )


def plain_issue(issue: Issue) -> dict[str, Any]:
    """An issue as data for storage and answers, without its words."""
    return {
        "severity": issue.severity,
        "code": issue.code,
        "row": issue.row,
        "field": issue.field,
        "value": issue.value,
        "details": _plain(issue.details),
    }


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, (tuple, set, frozenset)) else value for name, value in details.items()
    }


def _sha256(path: Path) -> str:
    """The digest of a file, or of a folder's files in order of name."""
    digest = hashlib.sha256()
    files: Sequence[Path] = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            with file.open("rb") as content:
                while block := content.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()
