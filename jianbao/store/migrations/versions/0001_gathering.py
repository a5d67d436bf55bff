"""The tables of gathering. Written out: a migration stays what it was when tables move on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jianbao.store.tables import Moment

revision = "0001_gathering"
down_revision = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Five tables."""
    op.create_table(
        "candidates",
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("address", "source", "url", "title", "published", "summary"),
        sa.Column("found", Moment, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *_texts("section"),
        sa.Column("score", sa.Integer, nullable=False),
        *_texts("why"),
        sa.Column("twin_of", sa.Integer),
        *_texts("state", "issue", "reason", "note"),
        sa.PrimaryKeyConstraint("number", name="pk_candidates"),
        sa.UniqueConstraint("address", name="uq_candidates_address"),
        sa.ForeignKeyConstraint(["twin_of"], ["candidates.number"], name="fk_candidates_twin_of"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_candidates_state_section_score", "candidates", ["state", "section", "score"]
    )
    op.create_index("ix_candidates_day", "candidates", ["day"])
    op.create_index("ix_candidates_twin_of", "candidates", ["twin_of"])
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        *_texts("by", "verb"),
        sa.Column("undoes", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_acts"),
        sa.UniqueConstraint("undoes", name="uq_acts_undoes"),
        sa.ForeignKeyConstraint(["undoes"], ["acts.id"], name="fk_acts_undoes"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "decisions",
        sa.Column("act", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("state_before", "issue_before", "reason_before", "note_before"),
        *_texts("state_after", "issue_after", "reason_after", "note_after"),
        sa.PrimaryKeyConstraint("act", "number", name="pk_decisions"),
        sa.ForeignKeyConstraint(["act"], ["acts.id"], name="fk_decisions_act"),
        sa.ForeignKeyConstraint(["number"], ["candidates.number"], name="fk_decisions_number"),
    )
    op.create_index("ix_decisions_number", "decisions", ["number"])
    op.create_table(
        "source_states",
        *_texts("source", "address"),
        sa.Column("since", Moment, nullable=False),
        sa.Column("polled", Moment, nullable=False),
        *_texts("outcome", "detail", "etag", "last_modified", "recipe"),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("empties", sa.Integer, nullable=False),
        sa.Column("next_due", Moment, nullable=False),
        sa.Column("last_new", Moment),
        sa.Column("brought", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("source", "address", name="pk_source_states"),
    )
    op.create_index("ix_source_states_next_due", "source_states", ["next_due"])
    op.create_table(
        "robots",
        *_texts("origin", "text"),
        sa.Column("asked", Moment, nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_robots"),
    )
