"""The language itself: operators, forms, names, null and three-valued logic."""

from __future__ import annotations

import pytest

from tests.feel.tables import check, rows, value

TABLE = """
# numbers
1 + 2 * 3 => 7
(1 + 2) * 3 => 9
2 ** 3 ** 2 => 64
-2 ** 2 => 4
10 / 4 => 2.5
1 / 3 => 0.3333333333333333333333333333333333
0.1 + 0.2 => 0.3
1 / 0 => null
1 + "a" => null
1 + null => null
.5 + 1.5e1 => 15.5
# text
"a" + "b" => "ab"
"\\u4e2d\\n\\"" => "中\\n\\""
"\\uD83D\\uDE00" => "😀"
# comparison
1 = 1.0 => true
1 = "1" => null
null = null => true
1 != null => true
null < 1 => null
"a" < "b" => true
@"2026-02-01" < @"2026-02-02" => true
[1, {a: 2}] = [1, {a: 2}] => true
5 between 1 and 5 => true
5 between null and 6 => null
5 in [1..5) => false
5 in (1..5] => true
5 in ]1..5[ => false
5 in (1, >= 5) => true
5 in [1, 5] => true
# logic
true and null => null
false and null => false
true or null => true
null or false => null
not("x") => null
if null then 1 else 2 => 2
# lists
[1, 2, 3][1] => 1
[1, 2, 3][-1] => 3
[1, 2, 3][4] => null
[1, 2, 3][item > 1] => [2, 3]
[{a: 1}, {a: 2}][a = 2].a => [2]
[{a: 1}, {b: 2}].a => [1, null]
5[1] => 5
# contexts
{a: 1, b: a + 1}.b => 2
{"中 文": 1}.中 文 => 1
{a b: 1, c: a b + 1}.c => 2
{a: 1, a: 2} => null
{a: 1}.b => null
# loops
for i in 1..3 return i * 2 => [2, 4, 6]
for i in 3..1 return i => [3, 2, 1]
for i in [1, 2], j in [i, 10] return i * j => [1, 10, 4, 20]
for i in 1..4 return if i = 1 then 1 else i * partial[-1] => [1, 2, 6, 24]
for d in @"2026-01-30"..@"2026-02-01" return d.day => [30, 31, 1]
for i in [1..3] return i => [1, 2, 3]
some i in [1, 2] satisfies i > 1 => true
every i in [1, 2] satisfies i > 1 => false
every i in [] satisfies false => true
some i in [1, null] satisfies i > 5 => null
# functions
(function(a, b) a - b)(3, 1) => 2
(function(a: number) a)("x") => null
{f: function(n) if n = 0 then 0 else n + f(n - 1), r: f(4)}.r => 10
substring(start position: 2, string: "abc") => "bc"
substring(string: "abc", begin: 2) => null
nothing(1) => null
{f: function(a) external {java: {class: "x", method signature: "y()"}}, r: f(1)}.r => null
# types
(function(a: string) a) instance of function<number> -> string => false
1 instance of number => true
null instance of number => false
[1, "a"] instance of list<number> => false
{a: 1} instance of context<a: number> => true
[1..2] instance of range<number> => true
(function(a) a) instance of function<Any> -> Any => true
@"P1D" instance of days and time duration => true
# literals and comments
@"2026-02-01T08:00:00@Asia/Shanghai".timezone => "Asia/Shanghai"
1 /* one */ + 1 // two => 2
"""


@pytest.mark.parametrize(("source", "expected"), rows(TABLE))
def test_table(source: str, expected: str) -> None:
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "context", "expected"),
    [
        ("a b + 1", {"a b": 1}, 2),
        ("a  b", {"a b": "x"}, "x"),
        ("a-b", {"a-b": 3, "a": 1, "b": 1}, 3),
        ("监督 意见.编号", {"监督 意见": {"编号": "2026-B-0001"}}, "2026-B-0001"),
        ("是否（已）采纳 = true", {"是否（已）采纳": True}, True),
        ("order + 1", {"order": 1}, 2),
        ("in force", {"in force": True}, True),
        ("date", {"date": "2026-02-01"}, "2026-02-01"),
        ('date(date) = @"2026-02-01"', {"date": "2026-02-01"}, True),
        ("count", {"count": 5}, 5),
        ("a.b c", {"a": {"b c": 7}}, 7),
    ],
)
def test_names(source: str, context: dict[str, object], expected: object) -> None:
    assert value(source, **context) == expected


def test_white_space_of_any_kind_is_one_blank_in_a_name() -> None:
    assert value("a\u3000b", **{"a b": True}) is True
