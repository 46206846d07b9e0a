"""A holiday table from a file: CSV, or JSON and YAML as rehearsals write it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from app.calendar.given import MOST_LINES, Given, Line, Named, judged
from app.calendar.notice import read_notice
from app.errors import Words, words

MOST_BYTES = 256 * 1024
WORDS_OF = {
    "holiday": False, "rest": False, "休": False, "假": False, "放假": False, "节假日": False,
    "0": False, "false": False,
    "workday": True, "makeup": True, "班": True, "上班": True, "调休上班": True, "1": True, "true": True,
}  # fmt: skip
"""How a file may say that a day is free or worked."""
HEADS = frozenset({"date", "day", "日期", "日子"})


def read_file(data: bytes, name: str, year: int | None) -> Given:
    """A file as it was understood; anything else than text of a reasonable size is refused in words."""
    if len(data) > MOST_BYTES:
        return _refused(
            year, words("The file is larger than a holiday table can be ({most} KB).", most=MOST_BYTES // 1024)
        )
    text = _text_of(data)
    if text is None or "\x00" in text:
        return _refused(year, words("The file is no text in UTF-8 or GB 18030."))
    ending = name.rpartition(".")[2].lower()
    if ending in ("yaml", "yml", "json"):
        return _structured(text, year, as_json=ending == "json")
    if ending == "txt":
        return read_notice(text, year)
    return _csv(text, year)


def _text_of(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _csv(text: str, year: int | None) -> Given:
    """Rows of date, word and, if wanted, name; a head is passed over."""
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(cell.strip() for cell in row)]
    except csv.Error:
        return _refused(year, words("The file is no table."))
    if rows and rows[0][0].strip().lower() in HEADS:
        rows = rows[1:]
    if len(rows) > MOST_LINES:
        return _refused(year, words("{count} lines are more than a holiday table has.", count=len(rows)))
    cells = ([cell.strip() for cell in row] + ["", ""] for row in rows)
    return judged(year, [_row(number, *row[:3]) for number, row in enumerate(cells, 1)])


def _structured(text: str, year: int | None, *, as_json: bool) -> Given:
    """`{calendar: [{2027-01-01: holiday}], year: 2027}`, its list alone, or one mapping of days."""
    try:
        read = json.loads(text) if as_json else yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError):
        return _refused(
            year, words("The file is not written as {format} wants it.", format="JSON" if as_json else "YAML")
        )
    own = read.get("year") if isinstance(read, dict) else None
    if isinstance(own, int) and not isinstance(own, bool):
        year = own
    rows = list(_rows(read))
    if len(rows) > MOST_LINES:
        return _refused(year, words("{count} lines are more than a holiday table has.", count=len(rows)))
    return judged(year, [_row(number, *row) for number, row in enumerate(rows, 1)], whole=own is not None)


def _rows(read: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(read, dict):
        inner = next((read[key] for key in ("calendar", "days") if key in read), None)
        plain = {key: value for key, value in read.items() if key != "year"}
        yield from _rows(inner) if inner is not None else _pairs(plain)
    elif isinstance(read, list):
        for row in read:
            yield from _pairs(row) if isinstance(row, dict) else [(_plain(row), "", "")]
    elif read is not None:
        yield _plain(read), "", ""


def _pairs(row: dict[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """`2027-01-01: holiday`, or `{date: 2027-01-01, kind: holiday, name: 元旦}`."""
    lowered = {_plain(key).lower(): value for key, value in row.items()}
    day = next((lowered[key] for key in HEADS if key in lowered), None)
    if day is not None:
        kind = next((lowered[key] for key in ("kind", "worked", "类型") if key in lowered), "")
        yield _plain(day), _plain(kind), _plain(lowered.get("name", ""))
        return
    yield from ((_plain(key), _plain(value), "") for key, value in row.items())


def _plain(value: Any) -> str:
    """A single value as text; what is nested is none, however small it was written (aliases of aliases)."""
    return str(value) if isinstance(value, str | int | float | date) else "?"


def read_date(text: str) -> date | None:
    """A date as 2027-01-01 or 2027/1/1; None for anything else."""
    try:
        year, month, day = (int(part) for part in text.strip().replace("/", "-").split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def _row(number: int, day: str, word: str, name: str) -> Line:
    text = "  ".join(part for part in (day, word, name) if part)[:200]
    worked = WORDS_OF.get(word.lower())
    read = read_date(day)
    if read is None:
        return Line(number, text, fault=words('"{value}" is no date; dates are written 2027-01-01.', value=day[:40]))
    if worked is None:
        return Line(number, text, fault=words('"{value}" is neither "holiday" nor "workday".', value=word[:40]))
    said = words("worked: {day}", day=read) if worked else words("free: {day}", day=read)
    return Line(number, text, {read: Named(worked, name[:40])}, said)


def _refused(year: int | None, said: Words) -> Given:
    return Given(year, (), (said,))
