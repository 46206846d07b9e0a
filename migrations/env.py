"""Alembic's entrance: runs the numbered migrations on the database that the command hands over."""

from alembic import context

from app.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
