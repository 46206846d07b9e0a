"""Workers: when a timer is ready, tries and dead letters, heartbeats; on PostgreSQL the queue that wakes them."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
STOPPED = sa.text("incident IS NOT NULL")

QUEUE = "wakeups"
SOON = f"""
CREATE FUNCTION {QUEUE}.timer_is_soon() RETURNS trigger LANGUAGE plpgsql SET search_path = {QUEUE}, pg_temp AS $$
BEGIN
    PERFORM procrastinate_defer_jobs_v1(ARRAY[
        ROW('duban', 'look', 0, NULL, NULL, '{{}}'::jsonb, NULL)
    ]::procrastinate_job_to_defer_v1[]);
    RETURN NULL;
END
$$
"""
ON_TIMER = f"""
CREATE TRIGGER timer_is_soon AFTER INSERT ON timer FOR EACH ROW
WHEN (NEW.ready BETWEEN now() - interval '1 minute' AND now() + interval '1 hour')
EXECUTE FUNCTION {QUEUE}.timer_is_soon()
"""


def upgrade():
    op.add_column("case", sa.Column("failure", JSON, nullable=True))
    op.execute('UPDATE "case" SET failure = incident')
    op.create_index(
        "ix_case_incident", "case", ["bureau_id"], unique=False, sqlite_where=STOPPED, postgresql_where=STOPPED
    )
    _make_ready()
    _make_tries()
    op.create_table(
        "worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("name", name=op.f("uq_worker_name")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _make_queue()


def _make_ready():
    op.add_column("timer", sa.Column("ready", Instant(), nullable=True))
    op.execute('UPDATE timer SET ready = due WHERE case_id IN (SELECT id FROM "case" WHERE incident IS NULL)')
    op.drop_index("ix_timer_due", "timer")
    op.create_index("ix_timer_ready", "timer", ["ready", "due", "case_id"], unique=False)


def _make_tries():
    op.add_column("letter", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("letter", sa.Column("next_try", Instant(), nullable=True))
    op.add_column("letter", sa.Column("cause", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("dead_at", Instant(), nullable=True))
    op.add_column("letter", sa.Column("discarded_at", Instant(), nullable=True))


def _make_queue():
    """The queue's tables stand in a schema of their own: they are the library's, not the models'."""
    bind = op.get_bind()
    bind.exec_driver_sql(f"CREATE SCHEMA {QUEUE}")
    bind.exec_driver_sql(f"SET LOCAL search_path = {QUEUE}, public")
    with bind.connection.cursor() as cursor:
        cursor.execute(SchemaManager.get_schema())  # many statements: only the driver itself takes them at once
    bind.exec_driver_sql("SET LOCAL search_path = public")
    bind.exec_driver_sql(SOON)
    bind.exec_driver_sql(ON_TIMER)


def downgrade():
    raise NotImplementedError("There is no way back from here; restore a backup instead.")
