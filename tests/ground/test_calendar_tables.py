"""Holiday tables from files: CSV, JSON, YAML; what is absurd, doubled or unreadable is refused by its line."""

from __future__ import annotations

import pytest
from hypothesis import given as tried
from hypothesis import strategies as st

from app.calendar.given import Given, faults_of
from app.calendar.table import MOST_BYTES, read_date, read_file

GOOD = {
    "a.csv": "日期,类型,名称\n2027-01-01,休,元旦\n2027/1/9,班\n",
    "b.csv": "2027-01-01,holiday\r\n2027-01-09,workday\r\n",
    "c.tsv": "date\tkind\n2027-01-01\t放假\n2027-01-09\t上班\n",
    "d.json": '{"calendar": [{"2027-01-01": "holiday"}, {"2027-01-09": "workday"}], "year": 2027}',
    "e.json": '[{"date": "2027-01-01", "kind": "holiday", "name": "元旦"}, {"date": "2027-01-09", "worked": true}]',
    "f.yaml": "calendar: [2027-01-01: holiday, 2027-01-09: workday]\nyear: 2027\n",
    "g.yml": "2027-01-01: holiday\n2027-01-09: workday\n",
    "h.txt": "元旦：1月1日放假。1月9日上班。",
}
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
"""Aliases of aliases: a few hundred bytes that would be written out as 9 to the 29th."""


def faults(found: Given) -> str:
    return " | ".join(str(one) for one in (*found.faults, *(line.fault for line in found.lines if line.fault)))


@pytest.mark.parametrize("name", GOOD)
def test_each_form_of_file_gives_the_same_days(name: str) -> None:
    found = read_file(GOOD[name].encode(), name, 2027)
    assert found.sound, faults(found)
    assert {day.isoformat(): named.worked for day, named in found.days.items()} == {
        "2027-01-01": False,
        "2027-01-09": True,
    }


def test_a_file_of_an_older_office_program_is_read() -> None:
    assert read_file("日期,类型\n2027-01-01,休\n".encode("gb18030"), "x.csv", None).sound


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.csv", "2027-01-01,holiday\n2027-01-01,workday", "both a holiday and worked"),
        ("x.csv", "2027-01-01,holiday\n2027-01-01,holiday", "line 1 and in line 2"),
        ("x.csv", "2027-13-01,holiday", "is no date"),
        ("x.csv", "2027-01-01,party", 'neither "holiday" nor "workday"'),
        ("x.csv", "0000-01-01,holiday", "is no date"),
        ("x.csv", "9999-12-31,holiday", "not between"),
        ("x.csv", "1999-12-31,holiday", "not between"),
        ("x.csv", "2027-01-04,workday", "a weekday is worked anyway"),
        ("x.csv", "", "no day in it"),
        ("x.csv", "\n".join(f"2027-01-{day:02},holiday" for day in range(1, 21)), "in a row"),
        ("x.csv", "2027-01-01,holiday\n" * 401, "more than a holiday table has"),
        ("x.json", "{", "JSON"),
        ("x.json", "[" * 100_000, "JSON"),
        ("x.yaml", "a: [", "YAML"),
        ("x.yaml", "&a [*a]", "is no date"),
        ("x.yaml", "year: 9999\ncalendar: [2027-01-01: holiday]", "not between"),
        ("x.csv", "\x00\x01", "no text"),
        ("x.yaml", BOMB, "is no date"),
    ],
)
def test_what_cannot_be_a_table_is_refused(name: str, text: str, said: str) -> None:
    found = read_file(text.encode(), name, None)
    assert not found.sound
    assert said in faults(found)


def test_a_large_or_binary_file_is_refused_before_it_is_read() -> None:
    assert "larger than" in faults(read_file(b"x" * (MOST_BYTES + 1), "x.csv", None))
    assert "no text" in faults(read_file(b"\xff\xfe\xff\x80\x81", "x.csv", None))


@tried(st.binary(max_size=400), st.sampled_from(["x.csv", "x.json", "x.yaml", "x.txt"]))
def test_any_bytes_are_understood_or_refused(data: bytes, name: str) -> None:
    found = read_file(data, name, 2027)
    assert found.sound or found.faults or any(line.fault for line in found.lines)


def test_an_absurd_year_is_refused_whatever_the_days() -> None:
    assert [str(one) for one in faults_of({}, 9999)] == ["The year 9999 is not between 2004 and 2099."]
    assert list(faults_of({}, 2027)) == []


@pytest.mark.parametrize(("text", "read"), [("2027-1-1", "2027-01-01"), ("2027/02/03", "2027-02-03"), ("2027", None)])
def test_dates_as_people_type_them(text: str, read: str | None) -> None:
    found = read_date(text)
    assert (found.isoformat() if found else None) == read
