"""Runs migrations on the connection that the schema module hands over."""

from alembic import context

from assetmgr.models import metadata

HAND_MADE = ("asset_bounds", "spatial_ref_sys")


def include_object(_thing: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Leave out what is written by hand: the spatial index and its shadow tables, and the generated geometry column."""
    if kind == "table":
        return not (name or "").startswith(HAND_MADE)
    return not (kind == "column" and name == "geom") and not (kind == "index" and name == "ix_asset_geom")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=include_object,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
