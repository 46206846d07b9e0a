"""What the register of interests knows of somebody and an agency, for those who decide on recusal (W-13-2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.registers.kept.interests import Interest


def tie_of_person(db: Session, bureau_id: int, person: str, agency: str, *, on: date) -> str | None:
    """The relation of a person, by ref, to an agency on that day; None where none is known."""
    return _tie(db, bureau_id, Interest.person == person, agency, on)


def tie_of_officer(db: Session, bureau_id: int, name: str, card_no: str, agency: str, *, on: date) -> str | None:  # noqa: PLR0913
    """The same for an officer, by name and enforcement card number."""
    return _tie(db, bureau_id, and_(Interest.name == name, Interest.card_no == card_no), agency, on)


def _tie(db: Session, bureau_id: int, who: ColumnElement[bool], agency: str, on: date) -> str | None:
    """Ties that have ended on an earlier day no longer count."""
    lasting = or_(Interest.ended_on.is_(None), Interest.ended_on >= on)
    query = select(Interest.relation).where(Interest.bureau_id == bureau_id, who, Interest.agency == agency, lasting)
    return db.scalar(query.order_by(Interest.id.desc()).limit(1))
