"""FEEL text → syntax tree: operators by binding power, operands, and unary tests (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import Finding, words

from .forms import COMPARISONS, Forms
from .lexer import unquote
from .reader import NameIndex
from .temporal import literal
from .tree import (
    Between,
    Binary,
    Call,
    Compare,
    Filter,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    Tests,
    height,
)
from .values import NoValue, number, refuse

MAX_TEXT = 2_000
MAX_HEIGHT = 150
_POWERS = {"or": 1, "and": 2, "between": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_POWERS.update(dict.fromkeys(COMPARISONS, 3))
_ARITHMETIC = 4
_ENDS_INTERVAL = frozenset(
    ("", ")", "]", "}", ",", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**", "..", "and", "or", "in")
    + ("then", "else", "return", "satisfies", "between", "instance")
)
_CONSTANTS = {"true": True, "false": False, "null": None}


Parsed = tuple[Node, tuple[Finding, ...]]


def parse(text: str, names: NameIndex, functions: NameIndex) -> Parsed:
    """Return the tree of an expression, and doubts about it; raises Invalid with the position of a fault."""
    return _whole(text, names, functions, Parser.expression)


def parse_tests(text: str, names: NameIndex, functions: NameIndex) -> Parsed:
    """Return the tree of the unary tests of a decision table's cell, and doubts; raises Invalid."""
    return _whole(text, names, functions, Parser.tests)


def _whole(text: str, names: NameIndex, functions: NameIndex, rule: Callable[[Parser], Node]) -> Parsed:
    if len(text) > MAX_TEXT:
        raise refuse(words("The expression is longer than {limit} characters", limit=MAX_TEXT), position=MAX_TEXT)
    parser = Parser(text, names, functions)
    tree = rule(parser)
    if parser.token.kind != "end":
        parser.fail(words("{found} is not expected here", found=parser.found()))
    if height(tree) > MAX_HEIGHT:
        raise refuse(words("The expression chains more than {limit} operations", limit=MAX_HEIGHT), position=0)
    return tree, tuple(parser.doubts)


class Parser(Forms):
    """Reads operators and operands; the larger forms stand in `Forms`."""

    ends_interval = False  # inside the upper end of an interval, where `[` may close it

    def expression(self) -> Node:
        """Read an expression of any kind."""
        outer, self.ends_interval = self.ends_interval, False
        self.enter()
        forms = {
            "if": self.if_form,
            "for": self.for_form,
            "some": self.quantified_form,
            "every": self.quantified_form,
        }
        form = forms.get(self.token.text) if self.token.kind == "name" else None
        position = self.token.start
        known = self.known_name() if form else None
        if known:
            self.back_to(position)
            form = None
        result = form() if form else self.operation(0)
        self.leave()
        self.ends_interval = outer
        return result

    def endpoint(self) -> Node:
        """Read the upper end of an interval."""
        outer, self.ends_interval = self.ends_interval, True
        result = self.operation(_ARITHMETIC)
        self.ends_interval = outer
        return result

    def operation(self, least: int) -> Node:
        """Read operands joined by operators that bind at least so tightly."""
        left = self.operand()
        while self.token.kind in ("operator", "name"):
            operator, at = self.token.text, self.token.start
            power = _POWERS.get(operator, -1)
            if power < max(least, 0):
                break
            self.advance()
            left = self.joined(left, operator, at, power)
        return left

    def joined(self, left: Node, operator: str, at: int, power: int) -> Node:
        """Read what follows an operator."""
        if operator == "between":
            low = self.operation(_ARITHMETIC)
            self.expect("and")
            return Between(at, left, low, self.operation(_ARITHMETIC))
        if operator == "in":
            if self.sees("not") and self.peek().text == "(":  # `in not(1, 2)`: not in the grammar, but all expect it
                negation = Name(self.advance().start, "not")
                return Call(at, negation, (In(at, left, self.tests_of_in()),))
            return In(at, left, self.tests_of_in())
        right = self.operation(power + 1)
        if operator not in ("and", "or"):
            return Binary(at, operator, left, right)
        chain = left.operands if isinstance(left, Logic) and left.operator == operator else (left,)
        return Logic(at, operator, (*chain, right))

    def operand(self) -> Node:
        """Read an operand with its sign, paths, filters, arguments and type test."""
        if self.sees("-"):
            self.enter()
            at = self.advance().start
            result: Node = Negate(at, self.operand())
            self.leave()
            return result
        result = self.primary()
        while self.token.kind in ("operator", "name"):
            following = self.after(result)
            if following is None:
                break
            result = following
        return result

    def after(self, source: Node) -> Node | None:
        """Read one path step, filter, argument list or type test after an operand."""
        at = self.token.start
        if self.accept("."):
            return Path(at, source, self.known_name(property_of=True) or self.step_name())
        if self.sees("[") and not self.closes_interval(source):
            self.advance()
            condition = self.expression()
            self.expect("]")
            return Filter(at, source, condition)
        if self.sees("("):
            return self.call(source)
        if self.sees("instance"):
            self.advance()
            self.expect("of")
            return InstanceOf(at, source, self.type())
        return None

    def step_name(self) -> str:
        """Take the name after a dot; it may be a keyword."""
        return self.advance().text if self.token.kind == "name" and self.sees("function", "in") else self.plain_name()

    def closes_interval(self, source: Node) -> bool:
        """Tell whether the `[` here ends an interval such as `[1..10[`."""
        if not self.ends_interval:
            return False
        return isinstance(source, Literal | Call) or self.peek().text in _ENDS_INTERVAL

    def call(self, callee: Node) -> Node:
        """Read the arguments, all positional or all named."""
        at = self.advance().start
        names: list[str] = []
        arguments: list[Node] = []
        while not self.sees(")"):
            name = self.argument_name()
            if name:
                names.append(name)
            arguments.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")")
        if names and len(names) != len(arguments):
            self.fail(words("Either all arguments are named or none"), at)
        return Call(callee.at, callee, tuple(arguments), tuple(names))

    def argument_name(self) -> str:
        """Take `name:` when it stands here."""
        start, before = self.token.start, self.before
        while self.token.kind == "name":
            self.advance()
        if self.sees(":") and self.token.start > start:
            name = " ".join(self.text[start : self.before].split())
            self.advance()
            return name
        self.before = before
        self.back_to(start)
        return ""

    def primary(self) -> Node:
        """Read an operand that stands by itself."""
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "string":
            return Literal(self.advance().start, unquote(token.text, token.start))
        if token.kind == "name":
            return self.named()
        brackets = {"(": self.parenthesis_form, "[": self.bracket_form, "{": self.context_form}
        if token.text in brackets:
            outer, self.ends_interval = self.ends_interval, False
            self.enter()
            result = brackets[token.text]()
            self.leave()
            self.ends_interval = outer
            return result
        if token.text == "]":
            at = self.advance().start
            return self.interval(at, self.expression(), low_closed=False)
        if token.text == "@":
            return self.at_literal()
        self.fail(words("A name or value is missing before {found}", found=self.found()))

    def number(self) -> Node:
        """Read a number; it may have a fraction and an exponent."""
        token = self.advance()
        try:
            return Literal(token.start, number(token.text))
        except ArithmeticError:
            self.fail(words("The number {number} is too large", number=token.text[:40]), token.start)

    def named(self) -> Node:
        """Read a variable, a constant or a function literal."""
        token = self.token
        name = self.known_name()
        if name is None and token.text in _CONSTANTS:
            return Literal(self.advance().start, _CONSTANTS[token.text])
        if name is None and token.text == "function" and self.peek().text == "(":
            return self.function_form()
        return Name(token.start, name if name is not None else self.plain_name())

    def at_literal(self) -> Node:
        """Read `@"2026-02-01"` and its kin."""
        at = self.advance().start
        token = self.token
        if token.kind != "string":
            self.fail(words("A date, time or duration in quotes is missing after @"))
        self.advance()
        try:
            return Literal(at, literal(unquote(token.text, token.start)))
        except NoValue as reason:  # null by the standard, but certainly a slip of the pen
            self.doubts.append(Finding(reason.words, rule="feel.literal", severity="warning", position=at))
            return Literal(at, None)

    def tests_of_in(self) -> tuple[Node, ...]:
        """Read what stands after `in`: one test, or several in parentheses."""
        if not self.sees("("):
            return (self.test(_ARITHMETIC),)
        at = self.advance().start
        tests = [self.test(0)]
        if self.sees(".."):
            return (self.interval(at, tests[0], low_closed=False),)
        while self.accept(","):
            tests.append(self.test(0))
        self.expect(")")
        return tuple(tests)

    def test(self, least: int) -> Node:
        """Read one positive unary test: `< 5`, or an expression."""
        at = self.token.start
        if self.sees(*COMPARISONS):
            operator = self.advance().text
            return Compare(at, operator, self.operation(_ARITHMETIC))
        return self.operation(least) if least else self.expression()

    def tests(self) -> Node:
        """Read the unary tests of a cell: `-`, `not(…)`, or tests with commas between (rule 15 to 17)."""
        at = self.token.start
        if self.sees("-") and self.peek().kind == "end":
            self.advance()
            return Tests(at, (), negated=False)
        negated = self.sees("not") and self.peek().text == "("
        if negated:
            self.advance()
            self.advance()
        tests = [self.test(0)]
        while self.accept(","):
            tests.append(self.test(0))
        if negated:
            self.expect(")")
        return Tests(at, tuple(tests), negated)
