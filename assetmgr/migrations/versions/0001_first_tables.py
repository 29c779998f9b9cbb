"""The first tables: register, people, assets, imports, history, plans and jobs."""

import sqlalchemy as sa
from alembic import op

from assetmgr.models.types import BigId, Json, Uid, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPLICATION_ID = 0x41534D47
"""What an SQLite file of ours calls itself: "ASMG"."""


def upgrade() -> None:
    """Make everything from nothing."""
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _create_bounds_index()
        op.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _create_tables() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "municipality",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("boundary", sa.LargeBinary(), nullable=True),
        sa.Column("display_crs_epsg", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crs_epsg", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("demo_as_of", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "app_user",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "name"),
    )
    op.create_table(
        "asset",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", Uid, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("designation", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("from_node_id", BigId, nullable=True),
        sa.Column("to_node_id", BigId, nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("protection_class", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("built_year", sa.Integer(), nullable=True),
        sa.Column("material", sa.Text(), nullable=True),
        sa.Column("dimension_mm", sa.Float(), nullable=True),
        sa.Column("length_m", sa.Float(), nullable=True),
        sa.Column("area_m2", sa.Float(), nullable=True),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("replacement_value_sek", BigId, nullable=True),
        sa.Column("consequence_grade", sa.Integer(), nullable=True),
        sa.Column("guarantee_until", sa.Date(), nullable=True),
        sa.Column("liability_until", sa.Date(), nullable=True),
        sa.Column("health_index", sa.Float(), nullable=True),
        sa.Column("health_source", sa.Text(), nullable=True),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("native_scale", sa.Text(), nullable=True),
        sa.Column("native_grade", sa.Text(), nullable=True),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("geometry", sa.LargeBinary(), nullable=True),
        sa.Column("geometry_digest", sa.LargeBinary(), nullable=True),
        sa.Column("min_x", sa.Float(), nullable=True),
        sa.Column("min_y", sa.Float(), nullable=True),
        sa.Column("max_x", sa.Float(), nullable=True),
        sa.Column("max_y", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_node_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_node_id"],
            ["asset.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "source", "type", "key"),
        sa.UniqueConstraint("municipality_id", "uid"),
    )
    op.create_index("ix_asset_list", "asset", ["municipality_id", "type", "designation", "id"], unique=False)
    op.create_index(
        "ix_asset_parent",
        "asset",
        ["parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_table(
        "import_profile",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asset_type", sa.Text(), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "name"),
    )
    op.create_table(
        "import_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", Uid, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("asset_type", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("issues", Json, nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "uid"),
    )
    op.create_table(
        "job",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", Uid, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("run_key", sa.Text(), nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("message", Json, nullable=False),
        sa.Column("result", Json, nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_key"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("ix_job_list", "job", ["municipality_id", "id"], unique=False)
    op.create_index("ix_job_queue", "job", ["status", "id"], unique=False)
    op.create_table(
        "personal_value",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", BigId, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "plan",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", Uid, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("price_level", sa.Text(), nullable=False),
        sa.Column("budgets", Json, nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("inputs_digest", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("refreshed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "name"),
        sa.UniqueConstraint("municipality_id", "uid"),
    )
    op.create_table(
        "reference_override",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("mid", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "name"),
    )
    op.create_table(
        "scheduled_job",
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_run_at", UtcDateTime(), nullable=True),
        sa.Column("last_status", sa.Text(), nullable=True),
        sa.Column("last_result", Json, nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("municipality_id", "name"),
    )
    op.create_table(
        "change_transaction",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("import_id", BigId, nullable=True),
        sa.Column("job_id", BigId, nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("rows_digest", sa.Text(), nullable=False),
        sa.Column("previous_digest", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["app_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["job.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "number"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("asset_id", BigId, nullable=False),
        sa.Column("asset_type", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("import_id", BigId, nullable=False),
        sa.Column("values_json", sa.Text(), nullable=False),
        sa.Column("source_json", sa.Text(), nullable=False),
        sa.Column("geometry_digest", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "source", "asset_type", "key"),
    )
    op.create_index("ix_delivery_asset", "delivery", ["asset_id"], unique=False)
    op.create_table(
        "inspection",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", Uid, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("asset_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("scale", sa.Text(), nullable=True),
        sa.Column("native_grade", sa.Text(), nullable=True),
        sa.Column("health_index", sa.Float(), nullable=True),
        sa.Column("check_name", sa.Text(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("import_id", BigId, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("municipality_id", "uid"),
    )
    op.create_index("ix_inspection_asset", "inspection", ["asset_id", "inspected_on"], unique=False)
    op.create_table(
        "planned_action",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("plan_id", BigId, nullable=False),
        sa.Column("asset_id", BigId, nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=False),
        sa.Column("row_class", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("booking", sa.Text(), nullable=False),
        sa.Column("booking_rule", sa.Text(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("cost_sek", BigId, nullable=False),
        sa.Column("price_verified", sa.Boolean(), nullable=False),
        sa.Column("explanation", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_planned_action_asset", "planned_action", ["asset_id"], unique=False)
    op.create_index("ix_planned_action_plan", "planned_action", ["plan_id", "funded", "year"], unique=False)
    op.create_table(
        "user_role",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
        ),
        sa.PrimaryKeyConstraint("user_id", "role"),
    )
    op.create_table(
        "user_session",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_in_attempt_subject", "sign_in_attempt", ["subject", "at"], unique=False)
    op.create_table(
        "change_row",
        sa.Column("id", BigId, nullable=False),
        sa.Column("municipality_id", BigId, nullable=False),
        sa.Column("transaction_id", BigId, nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", BigId, nullable=False),
        sa.Column("object_uid", Uid, nullable=False),
        sa.Column("old_json", sa.Text(), nullable=True),
        sa.Column("new_json", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
        ),
        sa.ForeignKeyConstraint(["transaction_id"], ["change_transaction.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_change_row_object", "change_row", ["object_type", "object_id"], unique=False)
    op.create_index("ix_change_row_transaction", "change_row", ["transaction_id"], unique=False)


BOUNDS_TRIGGERS = (
    """CREATE TRIGGER asset_bounds_insert AFTER INSERT ON asset WHEN NEW.min_x IS NOT NULL BEGIN
    INSERT INTO asset_bounds VALUES (NEW.id, NEW.min_x, NEW.max_x, NEW.min_y, NEW.max_y); END""",
    """CREATE TRIGGER asset_bounds_update AFTER UPDATE OF min_x, max_x, min_y, max_y ON asset BEGIN
    DELETE FROM asset_bounds WHERE id = OLD.id;
    INSERT INTO asset_bounds SELECT NEW.id, NEW.min_x, NEW.max_x, NEW.min_y, NEW.max_y WHERE NEW.min_x IS NOT NULL;
    END""",
    """CREATE TRIGGER asset_bounds_delete AFTER DELETE ON asset BEGIN
    DELETE FROM asset_bounds WHERE id = OLD.id; END""",
)


def _create_bounds_index() -> None:
    """SQLite's spatial index. PostGIS gets its geometry column when the register's coordinate system is chosen."""
    op.execute("CREATE VIRTUAL TABLE asset_bounds USING rtree(id, min_x, max_x, min_y, max_y)")
    for trigger in BOUNDS_TRIGGERS:
        op.execute(trigger)
