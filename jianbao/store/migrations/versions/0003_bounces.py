"""The table of mail that came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jianbao.store.tables import Moment

revision = "0003_bounces"
down_revision = "0002_delivery"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "bounces",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("reader", sa.Integer),
        sa.Column("delivery", sa.Integer),
        sa.Column("forgiven", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_bounces"),
        sa.UniqueConstraint("digest", "reader", name="uq_bounces_digest_reader"),
        sa.ForeignKeyConstraint(["reader"], ["readers.id"], name="fk_bounces_reader"),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_bounces_delivery"),
    )
    op.create_index("ix_bounces_reader", "bounces", ["reader"])
