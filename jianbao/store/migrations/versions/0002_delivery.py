"""The tables of delivery. Written out: a migration stays what it was when tables move on."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  (ruff takes the annotation of a migration for nothing else)

import sqlalchemy as sa
from alembic import op

from jianbao.store.tables import Moment

revision = "0002_delivery"
down_revision = "0001_gathering"


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _moments(*names: str) -> list[sa.Column[datetime]]:
    return [sa.Column(name, Moment, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def upgrade() -> None:
    """Twelve tables."""
    _readers()
    _imports()
    _campaigns()


def _readers() -> None:
    op.create_table(
        "readers",
        *_numbers("id"),
        sa.Column("key", sa.Text),
        sa.Column("address", sa.Text),
        *_texts("domain", "name"),
        sa.Column("attributes", sa.JSON, nullable=False),
        *_texts("digest"),
        *_moments("added"),
        sa.Column("erased", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_readers"),
        sa.UniqueConstraint("key", name="uq_readers_key"),
        sa.UniqueConstraint("digest", name="uq_readers_digest"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lists",
        *_numbers("id"),
        *_texts("name"),
        sa.Column("opt_in", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lists"),
        sa.UniqueConstraint("name", name="uq_lists_name"),
    )
    op.create_table(
        "subscriptions",
        *_numbers("reader", "list"),
        *_texts("state"),
        *_moments("changed"),
        sa.PrimaryKeyConstraint("reader", "list", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(["reader"], ["readers.id"], name="fk_subscriptions_reader"),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name="fk_subscriptions_list"),
    )
    op.create_index("ix_subscriptions_list_state", "subscriptions", ["list", "state"])
    op.create_table(
        "tags",
        *_numbers("reader"),
        *_texts("tag"),
        sa.PrimaryKeyConstraint("reader", "tag", name="pk_tags"),
        sa.ForeignKeyConstraint(["reader"], ["readers.id"], name="fk_tags_reader"),
    )
    op.create_index("ix_tags_tag", "tags", ["tag"])
    op.create_table(
        "consents",
        *_numbers("id", "reader"),
        *_texts("given", "how", "evidence"),
        *_moments("recorded"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.ForeignKeyConstraint(["reader"], ["readers.id"], name="fk_consents_reader"),
    )
    op.create_index("ix_consents_reader", "consents", ["reader"])
    op.create_table(
        "suppressions",
        *_texts("digest"),
        sa.Column("address", sa.Text),
        *_texts("reason", "note"),
        *_moments("at"),
        sa.PrimaryKeyConstraint("digest", name="pk_suppressions"),
    )


def _imports() -> None:
    op.create_table(
        "imports",
        *_numbers("id"),
        *_moments("at"),
        *_texts("by", "file", "sha256"),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("undone", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_changes",
        *_numbers("import", "reader"),
        sa.Column("before", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("import", "reader", name="pk_import_changes"),
        sa.ForeignKeyConstraint(["import"], ["imports.id"], name="fk_import_changes_import"),
    )
    op.create_table(
        "delivery_acts",
        *_numbers("id"),
        *_moments("at"),
        *_texts("by", "verb", "detail"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_acts"),
        sqlite_autoincrement=True,
    )


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        *_numbers("id"),
        *_texts("issue", "content", "state", "why"),
        sa.Column("audience", sa.JSON, nullable=False),
        *_numbers("frozen"),
        *_moments("started"),
        sa.Column("not_before", Moment),
        *_moments("watched_from"),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.UniqueConstraint("issue", name="uq_campaigns_issue"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "senders",
        *_numbers("id", "campaign"),
        *_texts("host"),
        *_numbers("pid"),
        *_moments("until"),
        sa.PrimaryKeyConstraint("id", name="pk_senders"),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_senders_campaign"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "deliveries",
        *_numbers("id", "campaign", "reader"),
        *_texts("domain", "state"),
        *_numbers("attempt"),
        sa.Column("due", Moment),
        sa.Column("sender", sa.Integer),
        *_texts("message_id", "reply", "queue_id"),
        *_moments("changed"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("campaign", "reader", name="uq_deliveries_campaign_reader"),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_deliveries_campaign"),
        sa.ForeignKeyConstraint(["reader"], ["readers.id"], name="fk_deliveries_reader"),
        sa.ForeignKeyConstraint(["sender"], ["senders.id"], name="fk_deliveries_sender"),
    )
    op.create_index("ix_deliveries_campaign_state_id", "deliveries", ["campaign", "state", "id"])
    op.create_index("ix_deliveries_reader", "deliveries", ["reader"])
    op.create_table(
        "buckets",
        *_texts("name"),
        sa.Column("tokens", sa.Float, nullable=False),
        *_moments("at"),
        sa.Column("paused_until", Moment),
        sa.PrimaryKeyConstraint("name", name="pk_buckets"),
    )
