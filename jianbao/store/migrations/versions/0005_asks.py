"""The table of letters that ask readers to confirm."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jianbao.store.tables import Moment

revision = "0005_asks"
down_revision = "0004_jobs"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "asks",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reader", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
        sa.ForeignKeyConstraint(["reader"], ["readers.id"], name="fk_asks_reader"),
    )
    op.create_index("ix_asks_reader", "asks", ["reader"])
