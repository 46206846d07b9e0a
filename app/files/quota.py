"""Quotas: how much one person may upload in a day, and how much a case may hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import in_office
from app.errors import words
from app.files import faults
from app.files.models import File

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Quota:
    """Bounds of an installation: files and megabytes of a person in a calendar day, megabytes of a case."""

    files_a_day: int = 200
    megabytes_a_day: int = 500
    megabytes_a_case: int = 1000


def refuse_person(db: Session, quota: Quota, *, by: int, size: int, at: datetime) -> None:
    """Refuse an upload beyond what this person may send in a day; one statement. Raises Invalid."""
    morning = in_office(at).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = select(func.count(), func.coalesce(func.sum(File.size), 0))
    count, used = db.execute(sent.where(File.uploader_id == by, File.uploaded_at >= morning)).one()
    if count >= quota.files_a_day:
        raise faults.fault(
            words("You have uploaded {count} files today, the most for one day. Go on tomorrow.", count=count),
            "file.quota",
        )
    if used + size > quota.megabytes_a_day * MEGABYTE:
        raise faults.fault(
            words(
                "With this file you would upload more than {count} MB today. Send smaller files, or go on tomorrow.",
                count=quota.megabytes_a_day,
            ),
            "file.quota",
        )


def case_is_full(db: Session, quota: Quota, case_id: int) -> bool:
    """Whether the files of a case are more than it may hold; one statement."""
    used = db.scalar(select(func.coalesce(func.sum(File.size), 0)).where(File.case_id == case_id)) or 0
    return int(used) > quota.megabytes_a_case * MEGABYTE
