"""SpiffWorkflow's task tree and workflows as Duban runs them: tokens only, flat, in logical time.

Nothing of SpiffWorkflow is patched; these subclasses override what `docs/engine.md` lists as faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from app.engine.turn import Turn

ROOT = 0
# Every id has as many digits as the first, so that a case's state does not grow with its age.
FIRST_ID = 1_000_000
# Where a token that does one item of many keeps its item's number, counted from 1.
INSTANCE = "i"


class Token(Task):  # type: ignore[misc]
    """A task of the tree. Completed ones leave it at once, so that the tree is the tokens and nothing else.

    `marks` says at which write of the case each variable of the branch was written; joins merge by it.
    """

    def __init__(self, workflow: Any, task_spec: Any, parent: Token | None = None, state: int = 4, id: int = -1):
        # Not Task.__init__: its ids are random and its times the wall clock's, so no two runs would be equal.
        self.id = id if id >= 0 else workflow.top_workflow.next_id()
        self.workflow = workflow
        self.task_spec = task_spec
        self.data: dict[str, object] = {}
        self.marks: dict[str, int] = {}
        self.internal_data: dict[str, Any] = {}
        self.triggered = False
        self.thread_id = 0
        self._state = state
        self._parent = parent.id if parent is not None else None
        self._children: list[int] = []
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    @property
    def turn(self) -> Turn:
        """The run under way."""
        turn: Turn = self.workflow.top_workflow.turn
        return turn

    @property
    def is_alive(self) -> bool:
        """Whether the token still stands in its scope."""
        return self.workflow.tasks.get(self.id) is self

    @property
    def is_standing(self) -> bool:
        """Whether the token only waits for an event sub-process to begin; it has no variables of its own."""
        return bool(self.task_spec.standing and self._state == TaskState.WAITING)

    @property
    def host(self) -> Token | None:
        """The activity whose inside this token's scope is."""
        host: Token | None = self.workflow.around
        return host

    def run(self) -> None:
        """Execute. A token that its own element cancelled (an escalation that interrupts) goes no further."""
        self.task_spec._run(self)
        if self.is_alive:
            self.complete()
            self.forget()

    def cancel(self) -> None:
        """Cancel this token, all that runs inside it and what is armed on it, and take them out of the tree."""
        inside = self.workflow.top_workflow.subprocesses.pop(self.id, None)
        if inside is not None:
            for token in inside.tokens():
                if token.is_alive:
                    token.cancel()
        for child in self.children:
            child.cancel()
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)
        self.forget()

    def forget(self) -> None:
        """Leave the tree; children that go on hang on the scope's root from now on."""
        tasks = self.workflow.tasks
        root = tasks[ROOT]
        for child in self.children:
            child._parent = ROOT
            root._children.append(child.id)
        if self._parent is not None and self.id in tasks[self._parent]._children:
            tasks[self._parent]._children.remove(self.id)
        tasks.pop(self.id, None)
        self.workflow.last_task = None

    def take(self, other: Token) -> None:
        """Merge another branch in: of each variable the value written last."""
        for name, value in other.data.items():
            mark = other.marks.get(name, 0)
            if name not in self.data or mark > self.marks.get(name, 0):
                self.data[name] = value
                self.marks[name] = mark

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        self._state = value

    def _inherit_data(self) -> None:
        # Values are never changed in place (app.engine.facts), so branches may share them.
        if self._parent == ROOT:
            return
        parent = self.parent
        self.data = dict(parent.data)
        self.marks = dict(parent.marks)


class _Tokens:
    """What the case and the insides of its activities share: flat scans, no depth limit."""

    tasks: dict[int, Token]
    around: Token | None = None
    """The activity whose inside this scope is; None for the case's own."""

    def tokens(self) -> list[Token]:
        """The tokens of this scope in the order they came, without the root."""
        return [token for id, token in self.tasks.items() if id != ROOT]

    def branches(self) -> list[Token]:
        """The tokens that have variables or run something; what is armed on another or stands by is left out."""
        return [token for token in self.tokens() if token._parent == ROOT and not token.is_standing]

    def _task_completed_notify(self, task: Token) -> None:
        # Stock re-examines every waiting task at each step; Turn.settle does it once nothing else can move.
        return None


class Body(_Tokens, BpmnSubWorkflow):  # type: ignore[misc]
    """The inside of a running sub-process or call activity."""

    def __init__(self, spec: Any, host: Token) -> None:
        super().__init__(spec, host.id, host.workflow.top_workflow, deserializing=True)
        self.around = host
        self.task_tree = Token(self, spec.start, None, TaskState.COMPLETED, ROOT)


class Case(_Tokens, BpmnWorkflow):  # type: ignore[misc]
    """A running case: the root scope and what belongs to all scopes.

    `clock` counts writes. Waiting for the next run: `pending`, what was completed or received; `amended`, the names
    of the facts amended, `amended_within` those amended in one branch; `written`, the facts written since the last.
    `dues`: the deadlines of the case's own branch. `held`: branches whose clock stands still, and since when.
    """

    def __init__(self, spec: Any, specs: dict[str, Any], engine: Any) -> None:
        self.ids = FIRST_ID
        self.clock = 0
        self.sequence = 0
        self.facts: dict[str, object] = {}
        self.written: dict[str, object] = {}
        self.pending: list[tuple[int, dict[str, object]]] = []
        self.amended: list[str] = []
        self.amended_within: list[tuple[int, str]] = []
        self.dues: dict[str, list[Any]] = {}
        self.held: dict[int, str] = {}
        self.turn: Turn | None = None
        super().__init__(spec, specs, script_engine=engine, deserializing=True)
        self.task_tree = Token(self, spec.start, None, TaskState.COMPLETED, ROOT)

    def next_id(self) -> int:
        """The next token's id, never used again in this case."""
        self.ids += 1
        return self.ids

    def scopes(self) -> Iterator[Any]:
        """Every running scope, the innermost first, of the same depth the eldest."""
        yield from sorted(self.subprocesses.values(), key=lambda body: (-body.depth, body.parent_task_id))
        yield self

    def token(self, id: int) -> Token | None:
        """The token of that id, in whichever scope it stands."""
        for scope in (self, *self.subprocesses.values()):
            if id != ROOT and id in scope.tasks:
                found: Token = scope.tasks[id]
                return found
        return None

    def get_task_from_id(self, task_id: int) -> Token | None:
        return self.token(task_id)

    def settle_marks(self) -> None:
        """Forget the marks that can decide no merge and number the rest from 1, so that they never add up."""
        tokens = [(token, branch_of(token)) for scope in self.scopes() for token in scope.tokens()]
        seen: dict[tuple[int, str], set[int]] = {}
        for token, shared in tokens:
            for name in token.data if self.has_facts(token) else ():
                seen.setdefault((shared, name), set()).add(token.marks.get(name, 0))
        split = {key: marks for key, marks in seen.items() if len(marks) > 1}
        in_order = sorted({mark for marks in split.values() for mark in marks if mark})
        ranks = {mark: rank for rank, mark in enumerate(in_order, 1)}
        for token, shared in tokens:
            kept = token.marks if self.has_facts(token) else {}
            token.marks = {name: ranks[mark] for name, mark in kept.items() if mark and (shared, name) in split}
        self.clock = len(ranks)

    def has_facts(self, token: Token) -> bool:
        """Whether a token's variables are its own: those of an armed event are its host's, of a sub-process inside."""
        body = self.subprocesses.get(token.id)
        return token._parent == ROOT and not token.is_standing and (body is None or not token.task_spec.shares)

    def write(self, token: Token, facts: dict[str, object]) -> None:
        """Write facts in a branch; `facts` must be the engine's own copy."""
        for name, value in facts.items():
            self.clock += 1
            token.data[name] = value
            token.marks[name] = self.clock
            self.facts[name] = value
            self.written[name] = value


def branch_of(token: Token) -> int:
    """Whose variables a token's may be merged with: those inside a call or an instance of many; 0 the case's own."""
    inside, host = token, token.host
    while host is not None and host.task_spec.shares:
        inside, host = host, host.host
    if host is None:
        return ROOT
    return inside.id if INSTANCE in inside.internal_data else host.id
