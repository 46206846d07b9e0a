"""What runs now by each limit: how many open tasks have a date from it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Case, Task
from app.definitions.releases import open_release
from app.limits.policies import limit_of


def running_by_limit(db: Session, bureau_id: int) -> dict[str, int]:
    """How many open tasks of a bureau have a date from each limit; one statement, whatever their number."""
    here = Case.bureau_id == bureau_id, Task.closed_at.is_(None), Task.due.is_not(None)
    query = select(Case.release_id, Task.process, Task.element, func.count(Task.id)).join(Case, Case.id == Task.case_id)
    counted: dict[str, int] = {}
    for release_id, process, element, number in db.execute(
        query.where(*here).group_by(Case.release_id, Task.process, Task.element)
    ):
        policy = limit_of(open_release(db, release_id), process, element)
        if policy is not None:
            counted[policy.id] = counted.get(policy.id, 0) + number
    return counted
