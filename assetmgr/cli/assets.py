"""Looking at assets: types, lists, one asset, its inspections and its history."""

from collections.abc import Sequence
from typing import Any

import click

from assetmgr.cli.session import json_option, session, shared_options
from assetmgr.cli.words import _, language


@click.command("types", help=_("The asset types of the catalogue."))
@shared_options
@json_option
def types() -> None:
    """All types with their attributes."""
    from assetmgr.catalogue.description import describe_types

    found = describe_types()
    label = "label_en" if language() == "en" else "label_sv"
    session().answer(found, lambda: table([(entry["name"], entry[label]) for entry in found]))


@click.group("assets", help=_("List and show assets."))
@shared_options
def assets() -> None:
    """Assets."""


@assets.command("list", help=_("List assets of a type."))
@click.option("--type", "asset_type", required=True, metavar="TYPE", help=_("The asset type."))
@shared_options
@json_option
def list_(asset_type: str) -> None:
    """Every asset of a type that the actor may see."""
    from assetmgr.catalogue import ASSET_TYPES
    from assetmgr.errors import UsageError
    from assetmgr.services.assets import described
    from assetmgr.store import assets as store
    from assetmgr.store.writing import reading

    run = session()
    if asset_type not in ASSET_TYPES:
        raise UsageError("asset_type_unknown", type=asset_type, types=sorted(ASSET_TYPES))
    with reading(run.engine) as connection:
        rows = store.rows(connection, run.actor, store.AssetFilter(asset_type=asset_type))
        found = [described(row, run.actor) for row in rows]
    columns = ("uid", "source", "key", "designation", "status", "built_year", "health_index")
    run.answer(found, lambda: table([[row[name] for name in columns] for row in found], columns))


@assets.command("show", help=_("Show one asset, named by uid or SOURCE:KEY."))
@click.argument("identity", metavar="ID")
@shared_options
@json_option
def show(identity: str) -> None:
    """One asset with everything that is known of it."""
    from assetmgr.services.assets import show as show_asset
    from assetmgr.store.writing import reading

    run = session()
    with reading(run.engine) as connection:
        found = show_asset(connection, run.actor, run.register, identity)
    run.answer(found, lambda: table([(name, value) for name, value in found.items() if name != "geometry"]))


@click.group("inspections", help=_("Inspections of assets."))
@shared_options
def inspections() -> None:
    """Inspections."""


@inspections.command("list", help=_("The inspections of one asset."))
@click.option("--asset", "identity", required=True, metavar="ID", help=_("uid or SOURCE:KEY"))
@shared_options
@json_option
def list_inspections(identity: str) -> None:
    """An asset's inspections, the latest first."""
    from assetmgr.services.assets import inspections_of
    from assetmgr.store.writing import reading

    run = session()
    with reading(run.engine) as connection:
        found = inspections_of(connection, run.actor, identity)
    columns = ("inspected_on", "kind", "scale", "native_grade", "health_index", "check", "approved", "note")
    run.answer(found, lambda: table([[row[name] for name in columns] for row in found], columns))


@click.command("history", help=_("Everything that happened to one asset."))
@click.argument("identity", metavar="ID")
@shared_options
@json_option
def history(identity: str) -> None:
    """An asset's change records, the latest first."""
    from assetmgr.services.assets import history_of
    from assetmgr.store.writing import reading

    run = session()
    with reading(run.engine) as connection:
        found = history_of(connection, run.actor, identity)
    columns = ("at", "actor", "origin", "reason", "old", "new")
    run.answer(found, lambda: table([[entry[name] for name in columns] for entry in found], columns))


def table(rows: Sequence[Sequence[Any]], heading: Sequence[str] = ()) -> str:
    """Rows as text in columns, for people at a terminal."""
    texts = [[_cell(value) for value in row] for row in ([heading] if heading else []) + list(rows)]
    if not texts:
        return _("Nothing.")
    widths = [min(max(len(row[place]) for row in texts), 60) for place in range(len(texts[0]))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in texts
    )


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
