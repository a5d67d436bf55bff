"""Alembic's way in: the migrations run in the transaction that `migrating` began."""

from __future__ import annotations

from alembic import context

# render_as_batch: SQLite changes a column by making the table anew.
context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
