"""The built-in functions, one table a family."""

from __future__ import annotations

import pytest

from tests.feel.tables import check, rows

STRINGS = """
substring("foobar", 3) => "obar"
substring("foobar", -2, 1) => "a"
substring("foobar", 0) => null
string length("中文😀") => 3
upper case("aBc4") => "ABC4"
lower case("aBc4") => "abc4"
substring before("foobar", "bar") => "foo"
substring before("foobar", "x") => ""
substring after("foobar", "ob") => "ar"
replace("banana", "a(.)", "$1-") => "bn-n-a"
replace("abc", "(", "x") => null
contains("foobar", "of") => false
starts with("foobar", "fo") => true
ends with("foobar", "r") => true
matches("foobar", "^Fo*b", "i") => true
matches("foobar", "a{1001}") => null
split("a;b;;c", ";") => ["a", "b", "", "c"]
string join(["a", null, "c"], "-") => "a-c"
string join(["a"], "-", "<", ">") => "<a>"
matches("hello world", "hello[ ]world", "x") => true
matches("abc", "[a-z-[aeiou]]+") => null
matches("中文", "^\\p{IsCJKUnifiedIdeographs}+$") => true
matches("a1", "^[\\p{IsBasicLatin}]+$") => true
matches("a", "\\p{IsNowhere}") => null
matches("a-1", "^\\i\\c*$") => true
matches("1", "\\i") => false
replace("abc", "x*", "-") => null
replace("abc", "b", "\\x") => null
replace("abc", "(b)", "<$12>") => "a<b2>c"
replace("abc", "(b)", "\\$1") => "a$1c"
replace("a.c", ".", "$", "q") => "a$c"
"""
NUMBERS = """
decimal(2.5, 0) => 2
decimal(1/3, 2) => 0.33
floor(-1.5) => -2
floor(1.56, 1) => 1.5
ceiling(1.2) => 2
round up(-5.5, 0) => -6
round down(-5.5, 0) => -5
round half up(5.5, 0) => 6
round half down(5.5, 0) => 5
round half up(5.125, 2) => 5.13
decimal(1, 6177) => null
abs(-1) => 1
abs(@"-P1D") => @"P1D"
modulo(-12, 5) => 3
modulo(12, -5) => -3
modulo(1, 0) => null
sqrt(16) => 4
sqrt(-1) => null
log(0) => null
exp(0) => 1
odd(-3) => true
even(2.5) => false
"""
LISTS = """
list contains([1, null], null) => true
count([]) => 0
min([3, 1]) => 1
max("a", "b") => "b"
min([]) => null
max([1, "a"]) => null
sum(1, 2, 3) => 6
sum([]) => null
product([2, 3]) => 6
mean([1, 2]) => 1.5
median([8, 2, 5, 3]) => 4
stddev([2, 4, 7, 5]) => 2.081665999466132735282297706979931
stddev([1]) => null
mode([6, 3, 9, 6, 6, 3, 3]) => [3, 6]
all([true, null]) => null
all([]) => true
any([true, null]) => true
any([false, 0]) => null
sublist([4, 5, 6], 1, 2) => [4, 5]
append([1], 2, 3) => [1, 2, 3]
concatenate([1], [2, [3]]) => [1, 2, [3]]
insert before([1, 3], 1, 2) => [2, 1, 3]
remove([1, 2, 3], -1) => [1, 2]
list replace([1, 2], 2, 9) => [1, 9]
reverse([1, 2]) => [2, 1]
index of([1, 2, 1], 1) => [1, 3]
union([1, 2], [2, 3]) => [1, 2, 3]
distinct values([1, "1", 1]) => [1, "1"]
flatten([[1, [2]], 3]) => [1, 2, 3]
sort([3, 1, 2], function(a, b) a > b) => [3, 2, 1]
sort([3, 1, 2]) => [1, 2, 3]
"""
CONTEXTS = """
get value({a: 1}, "a") => 1
get value({a: {b: 2}}, ["a", "b"]) => 2
get value({a: 1}, "x") => null
get entries({a: 1}) => [{key: "a", value: 1}]
context([{key: "a", value: 1}]) => {a: 1}
context([{key: "a"}]) => null
context put({a: 1}, "b", 2) => {a: 1, b: 2}
context put({a: {b: 1}}, ["a", "b"], 2) => {a: {b: 2}}
context merge([{a: 1}, {a: 2, b: 3}]) => {a: 2, b: 3}
"""
TIMES = """
date("2026-02-30") => null
date(2026, 2, 1) => @"2026-02-01"
date(@"2026-02-01T10:00:00") => @"2026-02-01"
date and time("2026-02-01T24:00:00") => @"2026-02-02T00:00:00"
date and time(@"2026-02-01", @"10:00:00") => @"2026-02-01T10:00:00"
time(10, 30, 0, @"PT8H") => @"10:30:00+08:00"
number("1 000,5", " ", ",") => 1000.5
number("abc") => null
string(1.50) => "1.5"
string(@"2026-02-01T10:00:00+08:00") => "2026-02-01T10:00:00+08:00"
string([1, "a", null]) => "[1, \\"a\\", null]"
string(@"P1DT2H") => "P1DT2H"
duration("P14M") => @"P1Y2M"
years and months duration(@"2025-12-31", @"2026-12-30") => @"P11M"
@"2026-01-31" + @"P1M" => @"2026-02-28"
@"2026-02-01" + @"P5D" => @"2026-02-06"
@"2026-02-06" - @"2026-02-01" => @"P5D"
@"10:00:00" + @"PT15H" => @"01:00:00"
@"P1D" * 1.5 => @"P1DT12H"
@"P1Y" / @"P1M" => 12
@"2026-02-01T00:00:00Z" = @"2026-02-01T08:00:00+08:00" => true
@"2026-02-01T00:00:00Z" < @"2026-02-01T08:00:00" => null
@"2026-02-01".weekday => 7
@"-P1DT2H".hours => -2
@"2026-02-01T10:00:00+08:00".time offset => @"PT8H"
day of week(@"2026-02-01") => "Sunday"
day of year(@"2026-02-01") => 32
week of year(@"2026-01-01") => 1
month of year(@"2026-02-01") => "February"
is(@"10:00:00Z", @"10:00:00+00:00") => true
is(@"10:00:00Z", @"18:00:00+08:00") => false
@"-2021-01-01" < @"2021-01-01" => true
string(@"9999-12-31" + @"P1D") => "10000-01-01"
(@"9999-12-31" + @"P1D") - @"P1D" => @"9999-12-31"
@"10000-01-01" - @"9999-12-31" => @"P1D"
string(@"0000-02-29" + @"P1Y") => "0001-02-28"
@"10000-01-01T00:00:00Z" = @"10000-01-01T08:00:00+08:00" => true
@"12345-01-01T10:00:00" in [@"12345-01-01T00:00:00"..@"12345-01-02T00:00:00"] => true
@"10000-01-01T00:00:00Z" < @"10000-01-01T00:00:00" => null
@"-999999999-01-01" - @"P1D" => null
day of week(@"-2021-01-01") => "Monday"
string(date and time(@"-0044-03-15", @"12:00:00")) => "-0044-03-15T12:00:00"
date(@"-0044-03-15T12:00:00").year => -44
time(@"12345-01-01T10:00:00Z") => @"10:00:00Z"
string(sort([@"12345-01-01", @"2021-01-01", @"-0044-03-15"])) => "[-0044-03-15, 2021-01-01, 12345-01-01]"
"""
RANGES = """
before(1, [2..3]) => true
before([1..2), 2) => true
after([5..6], [1..5)) => true
meets([1..5], [5..9]) => true
met by([5..9], [1..5]) => true
overlaps([1..5], [5..9]) => true
overlaps([1..5), [5..9]) => false
overlaps before([1..5], [3..9]) => true
overlaps after([3..9], [1..5]) => true
finishes(5, [1..5]) => true
finished by([1..5], [3..5]) => true
includes([1..9], 5) => true
during([2..3], [1..9]) => true
starts([1..3], [1..9]) => true
started by([1..9], 1) => true
coincides(3, 3) => true
range("[18..28)") => [18..28)
range("[1..x]") => null
[1..3].start included => true
(< 5).end => 5
5 in (!= 5) => false
includes(range: [1..5], point: 3) => true
before(range: [1..2], point: 5) => true
after(range: [2..3], point: 1) => true
5 in not(1, 2) => true
1 in not([1..3], > 7) => false
"""


@pytest.mark.parametrize(("source", "expected"), rows(STRINGS + NUMBERS + LISTS + CONTEXTS + TIMES + RANGES))
def test_table(source: str, expected: str) -> None:
    check(source, expected)
