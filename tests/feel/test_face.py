"""The face of the room: what compile gives, what the host lends, what becomes JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.errors import Finding, Invalid, NotFound, words
from app.feel import compile, compile_tests, expression_text, is_expression, json_text, to_fact, to_json


def test_free_names_and_calls() -> None:
    found = compile("working days after(due, 3) > x.y and count(list[item.z = k]) = f(for i in 1..2 return i)")
    assert found.names == {"due", "x", "list", "k"}
    assert found.calls == {"working days after", "f"}


def test_the_host_lends_functions_with_blanks_in_their_names() -> None:
    def after(start: str, days: Decimal) -> date:
        return date(2026, 2, int(days))

    found = compile("working days after(due, 3)", ["working days after"])
    assert found({"due": "2026-02-01"}, functions={"working days after": after}) == date(2026, 2, 3)
    warnings: list[Finding] = []
    assert found({"due": "2026-02-01"}, warnings=warnings) is None
    assert "working days after" in str(warnings[0].words)


def test_the_host_overrides_now_and_with_it_today() -> None:
    instant = datetime(2026, 2, 1, 8, tzinfo=UTC)
    assert compile("today()")({}, functions={"now": lambda: instant}) == date(2026, 2, 1)
    assert compile("now()")({}, functions={"now": lambda: instant}) == instant


def test_a_refusal_of_the_host_stays_readable_and_a_slip_becomes_null() -> None:
    def refuses() -> object:
        raise NotFound(words("no policy {id}", id="P-07"))

    with pytest.raises(Invalid, match="no policy P-07"):
        compile("f()")({}, functions={"f": refuses})
    assert compile("f(1)")({}, functions={"f": lambda text: text.upper()}) is None


def test_a_variable_that_holds_a_function_goes_before_a_built_in_one() -> None:
    assert compile("{abs: function(x) 42, r: abs(1)}.r")({}) == 42


def test_warnings_say_why_and_where() -> None:
    warnings: list[Finding] = []
    assert compile("1 + missing")({}, warnings=warnings) is None
    assert [(finding.position, finding.severity) for finding in warnings] == [(4, "warning"), (2, "warning")]


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ("< 5, > 10", 7, False),
        ("[1..5)", 1, True),
        ("? > 3 and ? < limit", 5, True),
        ("limit", 10, True),
        ("null", None, True),
        ("> 3", None, False),
        ("not(> 3)", None, False),
        ('starts with(?, "a")', "abc", True),
        ("true", True, True),
        ("[1, 2]", 2, True),
    ],
)
def test_cells(cell: str, value: object, expected: bool) -> None:
    assert compile_tests(cell)(value, {"limit": 10}) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1.0", 1),
        ("1.5", 1.5),
        ("0.1 + 0.2", 0.3),
        ("10000000000000000000001 + 1", 10000000000000000000002),
        ("-(2 ** 100)", -(2**100)),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("0.12345678901234567890", Decimal("0.1234567890123456789")),
        ("[1 / 8, {a: 9007199254740993}]", [0.125, {"a": 9007199254740993}]),
        ('@"2026-02-01"', "2026-02-01"),
        ('@"2026-02-01T10:00:00+08:00"', "2026-02-01T10:00:00+08:00"),
        ('@"P1Y2M"', "P1Y2M"),
        ('@"PT36H"', "P1DT12H"),
        ('{a: [1, null, true, "x"]}', {"a": [1, None, True, "x"]}),
    ],
)
def test_json(source: str, expected: object) -> None:
    found = to_json(compile(source)({}))
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("source", ["[1..2]", "function(a) a", "abs", "10 ** 400"])
def test_what_json_cannot_hold_is_refused(source: str) -> None:
    with pytest.raises(Invalid):
        to_json(compile(source)({}))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("9007199254740993", "9007199254740993"),
        ("2 / 3", "0.6666666666666666666666666666666667"),
        ("1.10", "1.1"),
        ('{"a b": [1e20, 0.5, true, null, "字"]}', '{"a b": [100000000000000000000, 0.5, true, null, "字"]}'),
    ],
)
def test_json_text_has_every_digit(source: str, text: str) -> None:
    assert json_text(to_json(compile(source)({}))) == text


def test_a_fact_is_a_number_that_databases_and_browsers_hold() -> None:
    assert to_fact(compile("1 / 3")({})) == 1 / 3
    assert to_fact(compile("2 ** 62")({})) == 2**62
    with pytest.raises(Invalid, match="too large to be kept in a case"):
        to_fact(compile("2 ** 63")({}))


def test_equal_sign_in_diagrams_and_forms() -> None:
    assert is_expression("=a")
    assert is_expression(" =a")
    assert not is_expression("a")
    assert not is_expression(None)
    assert expression_text("=a + 1") == "a + 1"
    assert expression_text("a = 1") == "a = 1"


def test_compiled_once() -> None:
    assert compile("a + 1", ["x"]) is compile("a + 1", ["x"])


def test_a_literal_that_is_no_date_is_null_and_doubted() -> None:
    found = compile('@"2026-13-01"')
    assert found({}) is None
    assert found.doubts[0].position == 0
