"""The standard cast: invented people and agencies that every scenario of every pack can name by stable ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from app.people import directory
from app.people.access import AGENCY_LANES
from app.registers import standing
from app.rehearsal.scenario import Member

BUREAU = "bureau"
AGENCIES: Mapping[str, tuple[str, str]] = {
    "urban": ("城市管理综合行政执法支队", "Urban Management"),
    "market": ("市场监督管理局", "Market Regulation"),
    "transport": ("交通运输综合行政执法支队", "Transport"),
}
STAFF = (
    Member("clerk", "陈静姝", ("bureau_clerk",)),
    Member("clerk2", "罗以安", ("bureau_clerk",)),
    Member("head", "贺长明", ("bureau_head",)),
    Member("leader", "梁守正", ("bureau_leader",)),
    Member("meeting", "孟令辉", ("bureau_meeting",)),
    Member("archivist", "安若兰", ("archivist",)),
    Member("owner", "欧阳澈", ("process_owner",)),
    Member("owner2", "吴允诚", ("process_owner",)),
    Member("manager", "马知远", ("manager",)),
    Member("auditor", "沈鉴秋", ("auditor",)),
    Member("admin", "管一鸣", ("sys_admin",)),
    Member("public", "公众甲", ("public",)),
)
OF_AGENCIES = (
    Member("urban_liaison", "程立言", ("agency_liaison",), agency="urban"),
    Member("urban_handler", "程思齐", ("agency_handler",), agency="urban"),
    Member("urban_leader", "程建章", ("agency_leader",), agency="urban"),
    Member("market_liaison", "石文澜", ("agency_liaison",), agency="market"),
    Member("market_handler", "石予墨", ("agency_handler",), agency="market"),
    Member("market_leader", "石敬之", ("agency_leader",), agency="market"),
    Member("transport_liaison", "焦同舟", ("agency_liaison",), agency="transport"),
    Member("transport_handler", "焦亦行", ("agency_handler",), agency="transport"),
    Member("transport_leader", "焦致远", ("agency_leader",), agency="transport"),
)
SUPERVISORS = (
    Member("sup1", "苏映雪", ("supervisor",)),
    Member("sup2", "宋知微", ("supervisor",)),
    Member("sup3", "孙望舒", ("supervisor",)),
)
APPLICANTS = (
    Member("app1", "应采薇", ("applicant",)),
    Member("app2", "尹怀瑾", ("applicant",)),
    Member("app3", "于听澜", ("applicant",)),
)
STANDARD = (*STAFF, *OF_AGENCIES, *SUPERVISORS, *APPLICANTS)


@dataclass(frozen=True)
class Places:
    """Where people of the story serve: ids of the bureau, its agencies and its units, by ref."""

    bureau_id: int
    others: Mapping[str, int]

    def posts(self, member: Member) -> list[tuple[int, str]]:
        """A person's lanes, each in the organisation that it belongs to."""
        return [(self._place(member, lane), lane) for lane in member.lanes]

    def _place(self, member: Member, lane: str) -> int:
        if lane in AGENCY_LANES and member.agency:
            return self.others[member.agency]
        if lane == "recommending_unit" and member.unit:
            return self.others[member.unit]
        return self.bureau_id


def add_agencies(db: Session, bureau_id: int, extra: Iterable[str] = ()) -> Places:
    """The three agencies of the standard cast, and units that a scenario names."""
    agencies = {
        ref: directory.add_organisation(db, bureau_id, ref, name, name_en=name_en)
        for ref, (name, name_en) in AGENCIES.items()
    }
    units = {ref: directory.add_organisation(db, bureau_id, ref, ref, kind="unit") for ref in dict.fromkeys(extra)}
    return Places(bureau_id, {**agencies, **units})


def add_people(db: Session, places: Places, members: Iterable[Member]) -> dict[str, int]:
    """The people with their lanes; ids by ref."""
    return {
        member.id: directory.add_person(
            db,
            places.bureau_id,
            member.name,
            ref=member.id,
            name_en=member.id,
            born=member.born,
            posts=places.posts(member),
        )
        for member in members
    }


def appoint_all(db: Session, bureau_id: int, starts: Mapping[str, date], *, usual: date) -> None:
    """Enter supervisors in office: the standard three from `usual` on, others from the day that `starts` names."""
    starting = {member.id: usual for member in SUPERVISORS} | dict(starts)
    for number, (ref, start) in enumerate(starting.items(), start=1):
        standing.appoint(db, bureau_id, ref, start=start, number=number)


def usual_term(day: date, in_force: date) -> date:
    """One year before that day, but not before the regulation is in force."""
    return max(day - relativedelta(years=1), in_force)
