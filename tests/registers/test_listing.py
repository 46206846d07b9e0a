"""Lists of registers: filters and orders that a reader is offered, and pages by keyset that miss and repeat nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.errors import Invalid
from app.registers import patching
from app.registers.catalogue import register_named
from app.registers.listing import RegisterQuery, Sorting, filters_of, rows_listed, sorts_of
from tests.builders import NOW, Office

CERTIFICATES = register_named("certificates")
STATES = ("valid", "void", None, "lost")


@pytest.fixture
def full(office: Office) -> Office:
    """23 certificates more, alike in many of their values, some empty."""
    with office.database.transaction() as db:
        for number in range(23):
            holder = "sup1" if number % 2 else "sup2"
            day = NOW.date().replace(day=1 + number % 3) if number % 5 else None
            values = {"person": holder, "kind": "card", "state": STATES[number % 4], "term_end": day}
            writing = patching.Writing(office.bureau_id, office.people["clerk"], NOW)
            patching.enter(db, "certificates", f"证 {number:02d}", values, writing)
    return office


def walked(office: Office, sorts: Sequence[Sorting], size: int, role: str = "clerk", **filters: str) -> list[str]:
    """The keys of all pages, one after the other."""
    keys: list[str] = []
    after, by = "", office.actor(role)
    with office.database.reading() as db:
        for _ in range(40):
            asked = RegisterQuery(filters, tuple(sorts), after)
            found = rows_listed(db, CERTIFICATES, by, asked, size=size)
            keys += [row.key for row in found.rows]
            after = found.next
            if not after:
                return keys
    raise AssertionError("the pages never end")


@pytest.mark.parametrize(
    "sorts",
    [
        (),
        (Sorting("key"),),
        (Sorting("key", falling=True),),
        (Sorting("term_end"),),
        (Sorting("term_end", falling=True),),
        (Sorting("state"), Sorting("term_end", falling=True)),
        (Sorting("state", falling=True), Sorting("term_end"), Sorting("key")),
    ],
)
@pytest.mark.parametrize("size", [1, 4])
def test_pages_miss_nothing_and_repeat_nothing(full: Office, sorts: tuple[Sorting, ...], size: int) -> None:
    whole = walked(full, sorts, 100)
    assert len(whole) == len(set(whole)) == 27
    assert walked(full, sorts, size) == whole


def test_several_keys_sort_one_after_the_other_and_nothing_comes_last(full: Office) -> None:
    keys = walked(full, (Sorting("state", falling=True), Sorting("term_end")), 100)
    with full.database.reading() as db:
        rows = [patching.find(db, full.bureau_id, "certificates", key) for key in keys]
    states = [row.state for row in rows]
    assert [one for number, one in enumerate(states) if one not in states[:number]] == ["void", "valid", "lost", None]
    ends = [row.term_end for row in rows if row.state == "void"]
    assert ends == sorted((one for one in ends if one), key=str) + [one for one in ends if one is None]


def test_a_list_is_narrowed_by_name_choice_and_day(full: Office) -> None:
    assert len(walked(full, (), 100, person="sup1")) == 13
    assert len(walked(full, (), 100, state="lost")) == 5
    narrowed = walked(full, (), 100, **{"term_end.from": "2026-03-02", "term_end.to": "2026-03-02"})
    assert narrowed == ["证 22", "证 19", "证 16", "证 13", "证 07", "证 04", "证 01"]
    assert walked(full, (), 100, person="%") == []


def test_no_filter_and_no_order_says_anything_of_rows_that_are_closed(full: Office) -> None:
    assert len(walked(full, (Sorting("state"),), 3, role="sup1")) == 13
    assert walked(full, (), 3, role="sup1", person="sup2") == []
    assert walked(full, (), 3, role="admin") == []


def test_internal_and_personal_columns_are_neither_filter_nor_order(full: Office) -> None:
    for name in ("supervisors", "clues", "objections", "campaigns"):
        register = register_named(name)
        offered = set(filters_of(register, full.actor("sup1"))) | sorts_of(register, full.actor("sup1"))
        closed = {one.name for one in register.columns.values() if one.personal or one.internal}
        assert not offered & closed


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (RegisterQuery({}, (Sorting("condition"),)), "sort"),
        (RegisterQuery({}, (Sorting("bureau_id"),)), "sort"),
        (RegisterQuery({}, (Sorting("state"), Sorting("state"))), "sort"),
        (RegisterQuery({}, (), "!!"), "after"),
        (RegisterQuery({}, (), "WyJ4Il0"), "after"),
        (RegisterQuery({}, (Sorting("term_end"),), "WyJ4IiwxXQ"), "after"),
        (RegisterQuery({}, (Sorting("key"),), "W3t9LDFd"), "after"),
        (RegisterQuery({}, (), "bnVsbA"), "after"),
        (RegisterQuery({"term_end.from": "soon"}), "term_end.from"),
        (RegisterQuery({"state": "green"}), "state"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(office: Office, asked: RegisterQuery, field: str) -> None:
    with office.database.reading() as db, pytest.raises(Invalid) as refused:
        rows_listed(db, CERTIFICATES, office.actor("clerk"), asked)
    assert list(refused.value.fields) == [field]
