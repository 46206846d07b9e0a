"""The turns of a case as its journal tells them: what came in, when, and what the world answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.engine import Host, OperationCall
from app.journal import Entry

VISITED = "visited"
INPUTS = frozenset({"case.started", "task.completed", "message.received", "case.acted"})
MOVED = "deadline.changed"
STOPPED, RESUMED = "clock.stopped", "clock.resumed"


@dataclass
class Recorded:
    """The entries of one turn; the first of them carries its trace."""

    entries: list[Entry]
    _counted: list[list[Any]] = field(default_factory=list)
    _returned: list[list[Any]] = field(default_factory=list)
    _pending: bool = False

    def __post_init__(self) -> None:
        trace = self.entries[0].data
        self.visited: list[str] = list(trace[VISITED])
        self._counted, self._returned = list(trace.get("counted", ())), list(trace.get("returned", ()))

    @property
    def logical(self) -> datetime:
        """The instant that the engine saw: that of the timers where nothing else came in, however late they fired."""
        kinds = {entry.kind for entry in self.entries}
        dues = [entry.data["due"] for entry in self.entries if entry.kind == "timer.fired"]
        fired = [datetime.fromisoformat(due) for due in dues if due]
        return max(fired) if fired and not kinds & {*INPUTS, MOVED, STOPPED, RESUMED} else self.entries[0].at

    def waits_before(self, entry: Entry) -> bool:
        """Whether the case ran on to its next wait before this came in, within the same turn.

        A start runs to its first task, which is then completed; an operation moves deadlines once it has been run;
        a clock stops when what was due has happened, and the deadlines that move when it runs on move with it.
        """
        if entry.kind in {STOPPED, RESUMED}:
            self._pending = False
            return entry.kind == STOPPED
        follows, self._pending = self._pending, self._pending or entry.kind in INPUTS
        if follows and entry.kind in {"task.completed", MOVED}:
            self._pending = entry.kind != MOVED
            return True
        return False

    def host(self, functions: Mapping[str, Callable[..., object]]) -> Host:
        """A world that answers as it did then."""
        return Host(functions=functions, operations=_Answered(self._give), deadline=self._due)

    def _give(self, called: OperationCall) -> Mapping[str, object]:
        element, facts = self._returned.pop(0)
        if element != called.element:
            raise LookupError(f"{called.element} asks for what {element} was given")
        return dict(facts)

    def _due(self, policy: str, _start: object, _at: datetime, _facts: Mapping[str, object]) -> str:
        counted, _amount, _first, due = self._counted.pop(0)
        if counted != policy:
            raise LookupError(f"{policy} asks for what {counted} was counted to")
        return str(due)


class _Answered(dict[str, Callable[[OperationCall], Mapping[str, object]]]):
    """Every operation, whatever its name."""

    def __init__(self, give: Callable[[OperationCall], Mapping[str, object]]) -> None:
        super().__init__()
        self._give = give

    def get(self, _name: object, _default: object = None) -> Any:
        return self._give


def turns_of(entries: Iterable[Entry]) -> Iterator[Recorded]:
    """The turns in order; what happens to a case outside its turns (taken, given back, refused, failed) is no part."""
    open_: list[Entry] = []
    for entry in entries:
        if VISITED in entry.data:
            if open_:
                yield Recorded(open_)
            open_ = [entry]
        elif open_ and entry.at == open_[0].at and open_[-1].kind != "case.closed":
            open_.append(entry)
    if open_:
        yield Recorded(open_)
