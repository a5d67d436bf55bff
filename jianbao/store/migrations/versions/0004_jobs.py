"""Campaigns that workers send, and what tells a process from the one before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_jobs"
down_revision = "0003_bounces"


def upgrade() -> None:
    """Two columns."""
    op.add_column(
        "campaigns", sa.Column("queued", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("senders", sa.Column("born", sa.Text, nullable=False, server_default=""))
