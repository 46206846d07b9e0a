"""`duban user`: accounts made, listed, given a new password, locked and opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import journal
from app.cases import absence
from app.cli.installation import bureau_of, opened
from app.cli.saying import as_json, print_json, spoken, tell
from app.clock import SystemClock
from app.config import Settings, read_settings
from app.errors import Conflict, NotFound, words
from app.people import accounts, directory, posts, tokens
from app.people.models import Account, Membership, Organisation, Person

in_bureau = click.option("--bureau", default=None, help="Ref of the bureau; not needed where there is only one.")
hidden = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for where it is left out."
)


@click.group()
def user() -> None:
    """People who sign in, and their accounts."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--lane", "lanes", multiple=True, help="A lane, or lane@organisation; may be given more than once.")
@in_bureau
@hidden
@spoken
def add(username: str, name: str, lanes: tuple[str, ...], bureau: str | None, password: str) -> None:
    """Add a person with an account."""
    settings = read_settings()
    with opened(settings) as database, database.transaction() as db:
        office = bureau_of(db, bureau)
        if _account(db, username) is not None:
            raise Conflict(words('There is an account "{username}" already.', username=username))
        given = [posts.read_post(db, office.id, lane) for lane in lanes]
        posts.refuse_united(lane for _, lane in given)
        person = directory.add_person(db, office.id, name, posts=given)
        accounts.add_account(db, person, username, _hashed(settings, password))
        _note(db, office.id, username, "added")
    tell(words('The account "{username}" can sign in now.', username=username))


@user.command("password")
@click.argument("username")
@hidden
@spoken
def set_password(username: str, password: str) -> None:
    """Give an account a new password; its sessions end."""
    settings = read_settings()
    _change(
        settings, username, "password", {"password": _hashed(settings, password), "failures": 0, "locked_until": None}
    )
    tell(words('The account "{username}" has a new password.', username=username))


@user.command()
@click.argument("username")
@click.option("--open", "opening", is_flag=True, help="Open a locked account again.")
@spoken
def lock(username: str, *, opening: bool) -> None:
    """Lock an account, or open it again; its sessions and tokens end, held tasks go back to their lanes."""
    change: dict[str, Any] = {"active": opening, "failures": 0, "locked_until": None}
    returned = _change(read_settings(), username, "opened" if opening else "locked", change)
    text = words('The account "{username}" is open.') if opening else words('The account "{username}" is locked.')
    tell(words(text.msgid, username=username))
    if returned:
        tell(words("Tasks given back: {count}", count=returned))


@user.command("post")
@click.argument("username")
@click.option("--give", "given", multiple=True, help="A lane, or lane@organisation; may be given more than once.")
@click.option("--take", "taken", multiple=True, help="A post to take away, written alike.")
@spoken
def change_posts(username: str, given: tuple[str, ...], taken: tuple[str, ...]) -> None:
    """Give a person posts, or take some away; what was held in a post taken away goes back."""
    returned, at = 0, SystemClock().now()
    with opened(read_settings()) as database, database.transaction() as db:
        account, bureau_id = _known(db, username)
        person = account.person_id
        for text in taken:
            place, lane = posts.read_post(db, bureau_id, text)
            posts.take(db, person, (place, lane))
            returned += len(absence.leave(db, person, by=None, at=at, post=(place, lane)))
        posts.give(db, person, [posts.read_post(db, bureau_id, text) for text in given])
        if not posts.lanes_of(db, person):
            tokens.end_all(db, person, at=at)
        _note(db, bureau_id, username, "posts")
    tell(words('The posts of "{username}" are changed.', username=username))
    if returned:
        tell(words("Tasks given back: {count}", count=returned))


@user.command("list")
@in_bureau
@as_json
@spoken
def list_all(bureau: str | None, *, as_json: bool) -> None:
    """List accounts with names and lanes; never passwords."""
    with opened() as database, database.reading() as db:
        found = _listed(db, bureau_of(db, bureau).id)
    if as_json:
        print_json(found)
        return
    for row in found:
        state = "" if row["active"] else "×"
        click.echo(f"{row['username']:20} {row['name']:10} {' '.join(row['lanes'])} {state}".rstrip())


def _listed(db: Session, bureau_id: int) -> list[dict[str, Any]]:
    query = (
        select(Account.username, Account.active, Person.name, Membership.lane, Organisation.ref)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.bureau_id == bureau_id)
        .order_by(Account.username, Membership.id)
    )
    rows: dict[str, dict[str, Any]] = {}
    for username, active, name, lane, place in db.execute(query):
        row = rows.setdefault(username, {"username": username, "name": name, "active": active, "lanes": []})
        row["lanes"] += [f"{lane}@{place}"] if lane else []
    return list(rows.values())


def _account(db: Session, username: str) -> Account | None:
    return db.scalar(select(Account).where(Account.username == accounts.named(username)))


def _known(db: Session, username: str) -> tuple[Account, int]:
    """The account and its bureau. Raises NotFound."""
    account = _account(db, username)
    if account is None:
        raise NotFound(words('There is no account "{username}".', username=username))
    return account, db.scalar(select(Person.bureau_id).where(Person.id == account.person_id)) or 0


def _change(settings: Settings, username: str, what: str, change: dict[str, Any]) -> int:
    """Change the account, end its sessions and tokens, give back its tasks where it is locked; how many those were."""
    with opened(settings) as database, database.transaction() as db:
        account, bureau_id = _known(db, username)
        at, person = SystemClock().now(), account.person_id
        db.execute(update(Account).where(Account.id == account.id).values(**change))
        accounts.end_sessions(db, account.id)
        tokens.end_all(db, person, at=at)
        returned = absence.leave(db, person, by=None, at=at) if change.get("active") is False else []
        _note(db, bureau_id, username, what)
        return len(returned)


def _hashed(settings: Settings, password: str) -> str:
    accounts.refuse_weak(password)
    return accounts.Passwords(settings.password_salt.get_secret_value()).hash(password)


def _note(db: Session, bureau_id: int, username: str, what: str) -> None:
    now: datetime = SystemClock().now()
    note = journal.Note("account.changed", data={"username": username, "what": what})
    journal.record_outside(db, bureau_id, [note], at=now, by=None)
