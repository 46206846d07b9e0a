"""A step over HTTP against the same statements without rules, and against one commit, all behind the same sign-in.

    python -m bench.http [--rounds 100]

One run asks for the three in turn, with as many clients as there are processes, so that a change of the machine's
speed meets all. Read ratios, not times.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, jsonify
from sqlalchemy import select, text, update
from waitress import serve

from app.cases.models import Case, Task
from app.clock import VirtualClock
from app.db import Database
from app.people import accounts
from app.web import guard
from app.web.factory import create_app
from bench.engine import ratio, rounded
from bench.floor import WORKS, Completed, Started, Statement, play, recorded
from bench.results import keep
from bench.stores import fsync_ms
from tests.builders import NOW, found_office
from tests.databases import PostgresServer, sqlite_database
from tests.prove import clients
from tests.web.world import HASH, Browser, settings_for

KEY = "bench-recorded-key"
STEP, BEGIN = {"outcome": "again"}, {"title": "关于占道经营检查程序的意见"}
GOALS = {"step_to_statements": 1.5, "step_to_one_commit": 4, "start_to_statements": 1.5, "start_to_one_commit": 4}


class Steady(clients.Browser):
    """A browser whose cookie stays as it was after sign-in: pages that would show the messages are not asked for."""

    def __init__(self, port: int, who: str) -> None:
        super().__init__(port, who)
        self._kept: str | None = None
        self.sign_in()
        self._kept = self._cookie

    def _ask(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        answer = super()._ask(method, address, body, headers)
        self._cookie = self._kept or self._cookie
        return answer

    def _seen(self, answer: http.client.HTTPResponse) -> None:
        self.cost = float(answer.getheader("X-Milliseconds") or 0)


def opened(database: Database, folder: Path) -> Flask:
    """The application over a small office, with the two floors beside the real thing."""
    office = found_office(database)
    with database.transaction() as db:
        for ref in ("clerk", "sup1"):
            accounts.add_account(db, office.people[ref], ref, HASH)
    app, other = (create_app(settings_for(folder), database, VirtualClock(NOW)) for _ in range(2))
    step, start = _record(other, database)
    for address, view in (
        ("/bench/step", lambda: _step_floor(step)),
        ("/bench/start", lambda: _start_floor(start)),
        ("/bench/commit", _one_commit),
    ):
        view.audience = "workers"  # type: ignore[attr-defined]
        app.add_url_rule(address, address, view, methods=["POST"])
    database.close()
    return app


def _record(app: Flask, database: Database) -> tuple[list[Statement], list[Statement]]:
    """The statements of a completion and of a start, without the reading of the account, which the floors do too."""
    supervisor, clerk = Browser(app.test_client()), Browser(app.test_client())
    supervisor.sign_in("sup1")
    clerk.sign_in("clerk")
    supervisor.send("/start/loop", {"answers": BEGIN, "key": "first"})
    token = supervisor.token()
    with recorded(database) as start:
        begun = _sent(supervisor, token, "/start/loop", {"answers": BEGIN, "key": KEY})
    ref = open_ref(database, str(begun).rpartition("/")[2])
    token = clerk.token()
    with recorded(database) as step:
        _sent(clerk, token, f"/tasks/{ref}/complete", {"answers": STEP, "revision": 1, "key": KEY})
    return step[1:], start[1:]


def _sent(browser: Browser, token: str, address: str, body: dict[str, Any]) -> str:
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    answer = browser.client.post(address, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json["location"])


def _step_floor(statements: Sequence[Statement]) -> Any:
    given = guard.body()
    with guard.writing() as (db, _by):
        play(db, statements, Completed(KEY, int(given["case"]), int(given["number"]), [0]))
    return jsonify({"location": "/", "sent": ""})


def _start_floor(statements: Sequence[Statement]) -> Any:
    guard.body()
    with guard.writing() as (db, _by):
        play(db, statements, Started(KEY))
    return jsonify({"location": "/", "sent": ""})


def _one_commit() -> Any:
    guard.body()
    with guard.writing() as (db, by):
        db.execute(text("UPDATE account SET failures = 0 WHERE person_id = :id"), {"id": by.id})
    return jsonify({"location": "/", "sent": ""})


@contextmanager
def served(app: Flask, database: Database, processes: int) -> Iterator[int]:
    """So many processes behind one door; the port."""
    database.close()
    door = socket.create_server(("127.0.0.1", 0), backlog=64)
    children = [child for child in (_forked(app, door) for _ in range(processes)) if child]
    try:
        yield int(door.getsockname()[1])
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        door.close()
        database.close()


class Metered:
    """A WSGI application that tells, in a header, how much processor time its answer has cost."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        begun, heads = time.thread_time(), list[Any]()
        body = b"".join(self._app(environ, lambda *head: heads.append(head)))
        status, headers, *_rest = heads[0]
        start_response(status, [*headers, ("X-Milliseconds", f"{(time.thread_time() - begun) * 1000:.3f}")])
        return [body]


def _forked(app: Flask, door: socket.socket) -> int:
    child = os.fork()
    if child == 0:
        try:
            serve(Metered(app), sockets=[door], threads=2, ident=None, _quiet=True)
        finally:
            os._exit(1)
    return child


class Desk:
    """One client: a clerk and a supervisor with a case of their own, and a scratch case for the floor."""

    def __init__(self, port: int, database: Database) -> None:
        self._database = database
        self._clerk, self._supervisor = Steady(port, "clerk"), Steady(port, "sup1")
        self._case, self._scratch = self._begin(), self._begin()
        self._number = 0
        self._prepare()
        self.spent: dict[str, list[tuple[float, float]]] = defaultdict(list)
        """Milliseconds of each request: by the clock here, and of the processor there."""

    def round(self, number: int) -> None:
        """Each of them once, beginning with another one each time."""
        acts = [self._step, self._step_floor, self._commit, self._start, self._start_floor]
        turn = number % len(acts)
        for act in acts[turn:] + acts[:turn]:
            act()

    def _step(self) -> None:
        ref = open_ref(self._database, self._case)
        key = os.urandom(8).hex()
        body = {"answers": STEP, "revision": 1, "key": key}
        self._timed("step", lambda: self._clerk.send(f"/tasks/{ref}/complete", body))
        written = open_ref(self._database, self._case)
        self._supervisor.send(f"/tasks/{written}/complete", {"answers": BEGIN, "revision": 1, "key": key + "w"})

    def _step_floor(self) -> None:
        body = {"case": self._scratch_id, "number": self._number, "answers": STEP, "revision": 1}
        self._timed("step_statements", lambda: self._clerk.send("/bench/step", body))
        self._number += 1

    def _commit(self) -> None:
        self._timed("one_commit", lambda: self._clerk.send("/bench/commit", {"answers": STEP, "revision": 1}))

    def _start(self) -> None:
        body = {"answers": BEGIN, "key": os.urandom(8).hex()}
        self._timed("start", lambda: self._supervisor.send("/start/loop", body))

    def _start_floor(self) -> None:
        self._timed("start_statements", lambda: self._supervisor.send("/bench/start", {"answers": BEGIN, "key": KEY}))

    def _timed(self, name: str, act: Callable[[], tuple[int, Any]]) -> None:
        begun = time.perf_counter()
        status, answer = act()
        who = self._supervisor if name.startswith("start") else self._clerk
        self.spent[name].append(((time.perf_counter() - begun) * 1000, who.cost))
        assert status == 200, (name, status, answer)

    def _begin(self) -> str:
        _, answer = self._supervisor.send("/start/loop", {"answers": BEGIN, "key": os.urandom(8).hex()})
        return str(answer["location"]).rpartition("/")[2]

    def _prepare(self) -> None:
        """Number the scratch case as the floor's statements will find it."""
        with self._database.transaction() as db:
            case = db.scalars(select(Case).where(Case.ref == self._scratch)).one()
            self._scratch_id = case.id
            db.execute(update(Case).where(Case.id == case.id).values(version=0))
            names = {"ref": f"bench-{case.id}-0", "work_id": WORKS}
            db.execute(update(Task).where(Task.case_id == case.id, Task.closed_at.is_(None)).values(**names))


def open_ref(database: Database, case_ref: str) -> str:
    """The only open task of a case."""
    with database.reading() as db:
        query = select(Task.ref).join(Case, Case.id == Task.case_id).where(Case.ref == case_ref)
        return str(db.scalar(query.where(Task.closed_at.is_(None))))


def measured(app: Flask, database: Database, processes: int, rounds: int) -> dict[str, Any]:
    """Medians of a desk a process, all at once, and their ratios."""
    with served(app, database, processes) as port:
        desks = [Desk(port, database) for _ in range(processes)]
        for number in range(5):
            desks[0].round(number)
        for desk in desks:
            desk.spent.clear()
        threads = [threading.Thread(target=_rounds, args=(desk, rounds)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    spent = {name: [one for desk in desks for one in desk.spent[name]] for name in desks[0].spent}
    return {
        "rounds": len(spent["step"]),
        "by_the_clock": _ratios({name: median(clock for clock, _ in found) for name, found in spent.items()}),
        "processor": _ratios({name: median(cost for _, cost in found) for name, found in spent.items()}),
    }


def _ratios(times: dict[str, float]) -> dict[str, Any]:
    return {
        "step_to_statements": ratio(times["step"], times["step_statements"]),
        "step_to_one_commit": ratio(times["step"], times["one_commit"]),
        "start_to_statements": ratio(times["start"], times["start_statements"]),
        "start_to_one_commit": ratio(times["start"], times["one_commit"]),
        "milliseconds": rounded(times),
    }


def _rounds(desk: Desk, rounds: int) -> None:
    for number in range(rounds):
        desk.round(number)


def measure(rounds: int) -> dict[str, Any]:
    """Both databases, with one process and with two."""
    figures: dict[str, Any] = {"fsync_ms": round(fsync_ms(), 3), "goals": GOALS}
    with tempfile.TemporaryDirectory() as name:
        server = PostgresServer(Path(name) / "pg")
        for kind, database in (("sqlite", sqlite_database(Path(name))), ("postgresql", server.database())):
            app = opened(database, Path(name))
            figures[kind] = {f"{count}_process": measured(app, database, count, rounds) for count in (1, 2)}
    return figures


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=100)
    made = measure(options.parse_args().rounds)
    print(keep("http", made).read_text())
