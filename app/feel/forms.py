"""The larger forms of FEEL's grammar: if, for, some, every, functions, contexts, lists, intervals and types."""

from __future__ import annotations

from app.errors import Finding, words

from .lexer import match_name, unquote
from .reader import Reader
from .tree import Binding, ContextOf, Entry, For, FunctionOf, If, ListOf, Literal, Node, Parameter, Quantified, RangeOf
from .types import ANY, NAMES, ContextType, FunctionType, ListType, RangeType, Type, named

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_BARE = {"list": ListType("list", ANY), "context": ContextType("context", ())}


class Forms(Reader):
    """Grammar rules 44 to 60 (10.3.1.2); `Parser` adds operators and operands."""

    def expression(self) -> Node:
        """Read an expression."""
        raise NotImplementedError

    def endpoint(self) -> Node:
        """Read the end of an interval."""
        raise NotImplementedError

    def if_form(self) -> Node:
        """`if … then … else …`."""
        at = self.advance().start
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return If(at, condition, then, self.expression())

    def for_form(self) -> Node:
        """`for … in … return …`."""
        at = self.advance().start
        bindings = self._bindings()
        self.expect("return")
        self.know("partial")
        return For(at, bindings, self.expression())

    def quantified_form(self) -> Node:
        """`some|every … in … satisfies …`."""
        first = self.advance()
        bindings = self._bindings()
        self.expect("satisfies")
        return Quantified(first.start, first.text, bindings, self.expression())

    def _bindings(self) -> tuple[Binding, ...]:
        found = [self._binding()]
        while self.accept(","):
            found.append(self._binding())
        return tuple(found)

    def _binding(self) -> Binding:
        at = self.token.start
        name = self.declared_name("in")
        self.expect("in")
        source = self.expression()
        return Binding(at, name, source, self.expression() if self.accept("..") else None)

    def function_form(self) -> Node:
        """`function(a: number, b) body`; code outside FEEL is never run."""
        at = self.advance().start
        self.expect("(")
        parameters = []
        while not self.sees(")"):
            start, name = self.token.start, self.declared_name(":", ",", ")")
            parameters.append(Parameter(start, name, self.type() if self.accept(":") else None))
            if not self.accept(","):
                break
        self.expect(")")
        outside = self.accept("external")
        body = self.expression()
        if outside:  # its value is null, by 10.3.2.13.2 as of any function that cannot be run
            text = words("Functions outside FEEL are not run")
            self.doubts.append(Finding(text, rule="feel.external", severity="warning", position=body.at))
            body = Literal(body.at, None)
        return FunctionOf(at, tuple(parameters), body)

    def context_form(self) -> Node:
        """`{key: value, "any text": value}`."""
        at = self.advance().start
        entries: list[Entry] = []
        while not self.sees("}"):
            start, key = self.token.start, self._key()
            self.expect(":")
            entries.append(Entry(start, key, self.expression()))
            if not self.accept(","):
                break
        self.expect("}")
        return ContextOf(at, tuple(entries))

    def _key(self) -> str:
        if self.token.kind != "string":
            return self.declared_name(":")
        token = self.advance()
        key = unquote(token.text, token.start)
        self.know(key)
        return key

    def bracket_form(self) -> Node:
        """A list `[a, b]` or an interval `[a..b]`."""
        at = self.advance().start
        items: list[Node] = []
        while not self.sees("]"):
            items.append(self.expression())
            if len(items) == 1 and self.sees(".."):
                return self.interval(at, items[0], low_closed=True)
            if not self.accept(","):
                break
        self.expect("]")
        return ListOf(at, tuple(items))

    def parenthesis_form(self) -> Node:
        """`(a)`, `(a..b)`, or a test as a value `(< a)`."""
        at = self.advance().start
        if self.sees(*COMPARISONS):
            operator = self.advance().text
            operand = self.endpoint()
            self.expect(")")
            return unary_range(at, operator, operand)
        inner = self.expression()
        if self.sees(".."):
            return self.interval(at, inner, low_closed=False)
        self.expect(")")
        return inner

    def interval(self, at: int, low: Node, *, low_closed: bool) -> Node:
        """`..b]` and its kin, after the lower end."""
        self.expect("..")
        high = self.endpoint()
        high_closed = self.sees("]")
        if not self.accept("]", ")", "["):
            self.fail(words("{wanted} is missing before {found}", wanted="]", found=self.found()))
        return RangeOf(at, low, high, low_closed, high_closed)

    def type(self) -> Type:
        """Read the name of a type: `number`, `list<string>`, `context<a: date>`, `function<number> -> string`, …."""
        self.enter()
        name = self._type_name()
        result = self._generic(name) if self.sees("<") else _BARE.get(name) or named(name)
        self.leave()
        return result

    def _type_name(self) -> str:
        for name in NAMES:
            end = match_name(self.text, self.token.start, name)
            if end is not None:
                self.before = end
                self.back_to(end)
                return name
        name = self.known_name() or self.plain_name()
        while self.accept("."):
            name += "." + self.plain_name()
        return name

    def _generic(self, name: str) -> Type:
        if name not in ("list", "range", "context", "function"):
            self.fail(words("{name} takes no types in angle brackets", name=name))
        self.expect("<")
        inner: list[tuple[str, Type]] = []
        while not self.sees(">"):
            key = self.declared_name(":") if name == "context" else ""
            self.accept(":")
            inner.append((key, self.type()))
            if not self.accept(","):
                break
        self.expect(">")
        return self._assemble(name, inner)

    def _assemble(self, name: str, inner: list[tuple[str, Type]]) -> Type:
        if name == "context":
            return ContextType(name, tuple(inner))
        types = tuple(item for _, item in inner)
        if name == "function":
            self.expect("->")
            return FunctionType(name, types, self.type())
        if len(types) != 1:
            self.fail(words("{name} takes one type in angle brackets", name=name))
        return ListType(name, types[0]) if name == "list" else RangeType(name, types[0])


def unary_range(at: int, operator: str, operand: Node) -> RangeOf:
    """Return the interval that `(< operand)` and its kin mean."""
    low = operand if operator in (">", ">=", "=", "!=") else None
    high = operand if operator in ("<", "<=", "=", "!=") else None
    return RangeOf(at, low, high, operator in (">=", "="), operator in ("<=", "="), operator)
