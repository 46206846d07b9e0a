"""A scenario file read strictly: each wrong key, type or name is a fault with its document, step and key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.clock import OFFICE_ZONE
from app.definitions.marked import documents
from app.errors import Finding, Invalid, words
from app.registers.catalogue import REGISTERS
from app.rehearsal import values
from app.rehearsal.cast import AGENCIES, STANDARD
from app.rehearsal.scenario import Member, Scenario, Step
from app.rehearsal.stepping import read_step
from app.rehearsal.values import Sheet

EPOCH = datetime(2004, 1, 1, tzinfo=OFFICE_ZONE)
KNOWN_LANES = frozenset({
    "supervisor", "applicant", "recommending_unit", "public", "bureau_clerk", "bureau_head", "bureau_leader",
    "bureau_meeting", "agency_liaison", "agency_handler", "agency_leader", "investigation_team", "archivist",
    "process_owner", "manager", "auditor", "sys_admin",
})  # fmt: skip


def read_file(path: Path) -> list[Scenario]:
    """The scenarios of a file. Raises Invalid with every fault of every document."""
    try:
        source = path.read_bytes()
    except OSError as error:
        fault = Finding(words("This file cannot be opened: {reason}", reason=error.strerror or ""), file=str(path))
        raise Invalid(words("The scenario file is wrong."), [fault]) from None
    return read(source, str(path))


def read(source: bytes, file: str = "scenario.yaml") -> list[Scenario]:
    """The scenarios of a text. Raises Invalid with every fault of every document."""
    findings: list[Finding] = []
    scenarios = []
    for number, document in enumerate(documents(source, file, rule="scenario.yaml"), start=1):
        if not isinstance(document, Mapping):
            text = words("A scenario has keys with values: title, pack, clock, steps.")
            findings.append(Finding(text, "scenario", file=file, element=f"document {number}"))
            continue
        scenarios.append(_scenario(document, number, findings, file))
    if not scenarios and not findings:
        findings.append(Finding(words("The file holds no scenario."), "scenario", file=file))
    if findings:
        raise Invalid(words("The scenario file is wrong."), findings)
    return scenarios


def _scenario(document: Mapping[Any, Any], number: int, findings: list[Finding], file: str) -> Scenario:
    sheet = Sheet(document, f"document {number}", findings, file=file, line=1)
    people = _people(sheet)
    known = {member.id for member in (*STANDARD, *people)}
    scenario = Scenario(
        file=file,
        document=number,
        line=sheet.line,
        title=sheet.take("title", values.text, "", required=True),
        pack=sheet.take("pack", values.text, "", required=True),
        clock=sheet.take("clock", values.instant, EPOCH, required=True),
        strict=sheet.take("strict", values.flag, default=False),
        days=sheet.take("calendar", values.holidays, {}),
        settings=sheet.take("settings", values.answers, {}),
        people=people,
        register=_register(sheet, known),
        steps=_steps(sheet, known),
    )
    sheet.close()
    return scenario


def _people(sheet: Sheet) -> tuple[Member, ...]:
    people = []
    standard = {member.id for member in STANDARD}
    for row in sheet.take("people", lambda value: list(values.rows(value)), []):
        one = Sheet(row, f"{sheet.place}, people", sheet.findings, file=sheet.file, line=sheet.line)
        member = Member(
            id=one.take("id", values.text, "", required=True),
            name=one.take("name", values.text, "", required=True),
            lanes=one.take("lanes", values.text_or_texts, ()),
            agency=one.take("agency", values.text),
            unit=one.take("unit", values.text),
            born=one.take("born", values.day, date(1980, 1, 1)),
        )
        _check_member(one, member, taken=standard)
        standard.add(member.id)
        people.append(member)
        one.close()
    return tuple(people)


def _check_member(sheet: Sheet, member: Member, *, taken: set[str]) -> None:
    if member.id in taken:
        sheet.wrong("id", words('somebody is called "{value}" already', value=member.id))
    for lane in member.lanes:
        if lane not in KNOWN_LANES:
            sheet.wrong("lanes", words('there is no lane "{value}"', value=lane))
    if member.agency is not None and member.agency not in AGENCIES:
        sheet.wrong("agency", words('there is no agency "{value}"', value=member.agency))
    if member.agency is None and any(lane.startswith("agency_") for lane in member.lanes):
        sheet.wrong("agency", words("a lane of an agency wants its agency"))


def _register(sheet: Sheet, known: set[str]) -> dict[str, tuple[Mapping[str, Any], ...]]:
    source = sheet.take("register", values.mapping, {})
    register = {}
    place = Sheet(source, f"{sheet.place}, register", sheet.findings, file=sheet.file, line=sheet.line)
    for name in source:
        if name not in REGISTERS:
            place.wrong(name, words('there is no register "{value}"', value=str(name)))
            continue
        found = place.take(name, lambda value: tuple(values.answers(row) for row in values.rows(value)), ())
        for row in found:
            _check_row(place, name, row, known)
        register[str(name)] = found
    return register


ROW_KEYS: Mapping[str, frozenset[str]] = {
    "supervisors": frozenset({"person"}),
    "interests": frozenset({"agency", "relation"}),
    "agencies": frozenset({"agency"}),
}
"""The keys that a row of these registers must have."""
NAMES = frozenset({"id", "key", "person", "agency"})
"""What a row may be called by, whatever its columns."""


def _check_row(sheet: Sheet, register: str, row: Mapping[str, Any], known: set[str]) -> None:
    must, may = ROW_KEYS.get(register, frozenset[str]()), NAMES | REGISTERS[register].columns.keys()
    for key in (*must - set(row), *set(row) - may):
        sheet.wrong(register, words('a row of {register} is wrong at "{key}"', register=register, key=key))
    person, agency = row.get("person"), row.get("agency")
    if person is not None and person not in known:
        sheet.wrong(register, words('nobody is called "{value}"', value=str(person)))
    if agency is not None and agency not in AGENCIES:
        sheet.wrong(register, words('there is no agency "{value}"', value=str(agency)))
    if register == "supervisors" and not {"person", "agency"} & set(row):
        sheet.wrong(register, words("a row of supervisors wants a person"))


def _steps(sheet: Sheet, known: set[str]) -> tuple[Step, ...]:
    found = []
    for number, row in enumerate(sheet.take("steps", lambda value: list(values.listing(value)), [], required=True), 1):
        place = f"{sheet.place}, step {number}"
        if not isinstance(row, Mapping):
            text = words("a step has keys with values, not {value}", value=repr(row))
            sheet.findings.append(Finding(text, "scenario", file=sheet.file, line=sheet.line, element=place))
            continue
        one = Sheet(row, place, sheet.findings, file=sheet.file, line=sheet.line)
        step = read_step(one, number, known)
        if step is not None:
            found.append(step)
    return tuple(found)
