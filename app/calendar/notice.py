"""The State Council's yearly notice, pasted as it is: which days are rest, which are worked instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendar.given import MOST_LINES, MOST_RUN, Given, Line, Named, judged
from app.calendar.named import STATUTORY
from app.errors import Words, words

_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?!期)(?:\(([^)]*)\))?")
_SPAN = re.compile(rf"{_DATE.pattern}\s*(?:至|到|-|—|–|~)\s*{_DATE.pattern}")
_ITEM = re.compile(r"(?=[一二三四五六七八九]、[^、。:]{0,4}(?:节|元旦)[^。:]{0,8}:)")
_YEAR = re.compile(r"(\d{4})年(?:部分|全年)?节假日|关于(\d{4})年|^\W*(\d{4})年\D{0,12}(?:放假|节假日|安排)")
_COUNT = re.compile(r"共(\d{1,2})天|放假(\d{1,2})天")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
WEEKDAYS = "一二三四五六日"
MOST_SIGNS = 20_000
_PLAIN = str.maketrans("０１２３４５６７８９：，；（）．～\u3000\r", "0123456789:,;().~ \n")
"""Sign for sign, so that what is shown is cut from the text as it was given."""


class _Unclear(Exception):
    """A part of the text that could not be understood; `args[0]` says why."""

    @property
    def said(self) -> Words:
        found: Words = self.args[0]
        return found


@dataclass
class _At:
    """Where the reading stands: a date without year or month goes on from the one before."""

    year: int
    holiday: str
    month: int | None = None
    own_year: int | None = None

    def read(self, found: tuple[str | None, ...]) -> date:
        year, month, day, note = found
        self.own_year = int(year) if year else self.own_year
        if month:
            if self.month == 12 and int(month) == 1 and not year and self.own_year:
                self.own_year += 1
            self.month = int(month)
        if self.month is None:
            raise _Unclear(words('"{text}" lacks its month.', text=f"{day}日"))
        try:
            read = date(self.own_year or self._usual_year(), self.month, int(day or 0))
        except ValueError:
            raise _Unclear(words('There is no day "{text}".', text=f"{self.month}月{day}日")) from None
        _check_weekday(read, note or "")
        return read

    def _usual_year(self) -> int:
        """New Year's Day may begin in the December before."""
        return self.year - 1 if self.month == 12 and self.holiday == "元旦" else self.year


def read_notice(text: str, year: int | None) -> Given:
    """The notice line by line. `year`: used where the text names none; a year that the text names must agree."""
    if len(text) > MOST_SIGNS:
        return Given(year, (), (words("{count} characters are more than a notice has.", count=len(text)),))
    named = _year_in(text.translate(_PLAIN))
    if named and year and named != year:
        said = words("The notice is about {found}, not about {year}.", found=named, year=year)
        return Given(year, (), (said,))
    year = named or year
    if year is None:
        return Given(None, (), (words("The notice names no year; choose one."),))
    parts = [part for part in _parts(text) if part.strip()]
    if len(parts) > MOST_LINES:
        return Given(year, (), (words("{count} lines are more than a notice has.", count=len(parts)),))
    lines = [_line(number, part.strip(), year) for number, part in enumerate(parts, 1)]
    return judged(year, lines, whole=True)


def _parts(text: str) -> Iterator[str]:
    """The text by lines, and a line by the holidays in it."""
    for line in text.replace("\r", "\n").split("\n"):
        start = 0
        for part in _ITEM.split(line.translate(_PLAIN)):
            yield line[start : start + len(part)]
            start += len(part)


def _year_in(text: str) -> int | None:
    found = next((found for line in text.split("\n") if (found := _YEAR.search(line))), None)
    return int(next(group for group in found.groups() if group)) if found else None


def _line(number: int, text: str, year: int) -> Line:
    """One holiday; a line that speaks of none is shown as passed over."""
    plain = text.translate(_PLAIN)
    head, colon, rest = plain.partition(":")
    names = [name for name in STATUTORY if name.removesuffix("节") in head] if colon else []
    about = bool(names) or ("放假" in plain or "上班" in plain) and bool(_DATE.search(plain))
    if not about:
        return Line(number, text, said=words("names no holiday and is passed over"))
    if not names:
        return Line(number, text, fault=words("No statutory holiday is named before a colon."))
    try:
        days = dict(_days(rest, _At(year, names[0]), "、".join(names)))
    except _Unclear as unclear:
        return Line(number, text, fault=unclear.said)
    if not any(not named.worked for named in days.values()):
        return Line(number, text, fault=words("It is not clear which days are free."))
    return Line(number, text, days, _said(days))


def _days(text: str, at: _At, name: str) -> Iterator[tuple[date, Named]]:
    given: dict[date, bool] = {}
    for sentence in re.split(r"[。;]", text):
        if "鼓励" in sentence or not _DATE.search(sentence):
            continue
        for day, worked in _sentence(sentence, at):
            if given.setdefault(day, worked) != worked:
                raise _Unclear(words("{day} is both a holiday and worked.", day=day))
            yield day, Named(worked, name)


def _sentence(sentence: str, at: _At) -> Iterator[tuple[date, bool]]:
    """`…放假…` gives days of rest, `…上班` days of work; one sentence may hold both, parted by commas."""
    if "上班" not in sentence and "放假" not in sentence and "休息" not in sentence:
        raise _Unclear(
            words('"{text}" says neither that days are free nor that they are worked.', text=sentence.strip())
        )
    rest, _, worked = sentence.partition("放假") if "放假" in sentence else ("", "", sentence)
    if "放假" not in sentence and "上班" not in sentence:
        rest, worked = sentence, ""
    free = list(_dates(rest, at))
    promised = _COUNT.search(sentence)
    if promised and free and int(promised[1] or promised[2]) != len(free):
        count = int(promised[1] or promised[2])
        raise _Unclear(words("The notice says {count} days, the dates make {found}.", count=count, found=len(free)))
    yield from ((day, False) for day in free)
    if "上班" in worked:
        yield from ((day, True) for day in _dates(worked, at))


def _dates(text: str, at: _At) -> Iterator[date]:
    position = 0
    while found := _DATE.search(text, position):
        span = _SPAN.match(text, found.start())
        if span is None:
            position = found.end()
            yield at.read(found.groups())
            continue
        position = span.end()
        first, last = at.read(span.groups()[:4]), at.read(span.groups()[4:])
        if not first <= last <= first + timedelta(days=MOST_RUN):
            raise _Unclear(words("{first} to {last} is no holiday.", first=first, last=last))
        yield from (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _check_weekday(day: date, note: str) -> None:
    found = _WEEKDAY.search(note)
    if found and WEEKDAYS.index(found[1].replace("天", "日")) != day.weekday():
        raise _Unclear(words("{day} is not the weekday that the notice says ({said}).", day=day, said=found[0]))


def _said(days: dict[date, Named]) -> Words:
    rest = [day for day, named in days.items() if not named.worked]
    worked = [day for day, named in days.items() if named.worked]
    if not worked:
        return words("free {first} to {last}, {count} days", first=rest[0], last=rest[-1], count=len(rest))
    return words(
        "free {first} to {last}, {count} days; worked: {worked}",
        first=rest[0], last=rest[-1], count=len(rest), worked=worked,
    )  # fmt: skip
