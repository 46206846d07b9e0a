"""Several agencies in one case: what one of them has sent is for the bureau and for itself, not for the others."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.cases import evidence, lifecycle
from app.cases.models import Case
from app.errors import NotFound
from app.files.models import File
from app.people.models import Organisation
from tests.builders import NOW, Office

AGENCIES = ("bureau-market", "bureau-urban")


def sent(db: Session, office: Office, readers: str) -> str:
    """A file that the market's liaison has sent in a case with two agencies; its ref."""
    lifecycle.start(db, "loop", {"title": "标题"}, by=office.actor("sup1"), at=NOW)
    ids = {ref: db.scalars(select(Organisation.id).where(Organisation.ref == ref)).one() for ref in AGENCIES}
    parties = {ref: {"id": key, "kind": "organisation", "role": "agency"} for ref, key in ids.items()}
    db.execute(update(Case).values(parties=parties))
    uploaded = {"bureau_id": office.bureau_id, "uploader_id": office.people["market_liaison"], "uploaded_at": NOW}
    about = {"ref": "evidence", "name": "照片.png", "media_type": "image/png", "size": 1, "sha256": "0" * 64}
    db.execute(insert(File).values(**uploaded, **about, case_id=db.scalars(select(Case.id)).one(), readers=readers))
    return "evidence"


@pytest.mark.parametrize(
    ("readers", "may"),
    [
        ("bureau own_agency", {"clerk", "market_liaison"}),
        ("bureau agency", {"clerk", "market_liaison", "urban_liaison"}),
        ("bureau", {"clerk"}),
    ],
)
def test_a_file_of_one_agency(office: Office, readers: str, may: set[str]) -> None:
    with office.database.transaction() as db:
        ref = sent(db, office, readers)
        for person in ("clerk", "market_liaison", "urban_liaison", "sup2"):
            if person in may:
                assert evidence.file(db, ref, by=office.actor(person)).file.ref == ref
            else:
                with pytest.raises(NotFound):
                    evidence.file(db, ref, by=office.actor(person))
