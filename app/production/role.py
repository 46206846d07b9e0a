"""The database's role as it really is: whether it could change what the application may only add to."""

from __future__ import annotations

from sqlalchemy import Engine, text

from app.errors import Finding, Invalid, words
from app.production.setup import finding

ROLE = text(
    "SELECT rolname, rolsuper, rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication AS mighty, "
    "EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') "
    "AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owns "
    "FROM pg_roles WHERE rolname = current_user"
)


def refuse_mighty_role(engine: Engine) -> None:
    """Refuse to work as a superuser or as the owner of the tables: the journal is append-only for others alone.

    Raises Invalid; SQLite knows no roles.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        found = connection.execute(ROLE).one()
    faults: list[Finding] = []
    if found.rolsuper or found.mighty:
        text_ = words(
            "DUBAN_DATABASE_URL signs in as {role}, who may do anything: use a role that owns nothing.",
            role=found.rolname,
        )
        faults.append(finding("database.superuser", text_))
    if found.owns and not found.rolsuper:
        text_ = words(
            "The database's role {role} owns its tables and could change the journal: "
            "let DUBAN_MIGRATE_URL sign in as the owner, DUBAN_DATABASE_URL as another role.",
            role=found.rolname,
        )
        faults.append(finding("database.owner", text_))
    if faults:
        raise Invalid(words("These settings are not safe for production."), faults)
