"""A real browser over a real server with a clock that the test moves; nothing is skipped where a browser is missing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.desk import Office
from tests.databases import sqlite_database
from tests.web.world import make_world

ROOT = Path(__file__).resolve().parents[2]


class Quiet(WSGIRequestHandler):
    """A server that does not log each request."""

    def log_request(self, *_args: object, **_more: object) -> None:
        """Say nothing."""


def run(script: str) -> str:
    """The output of one of the project's scripts; whoever lacks a browser or Node.js is told so by a failure."""
    done = subprocess.run([sys.executable, f"scripts/{script}"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"scripts/{script}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    run("build_frontend.py")
    path = run("find_browser.py").splitlines()[-1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def office(chromium: Browser, tmp_path: Path) -> Iterator[Office]:
    """Beibei's bureau on a port of this machine; at its end no page has complained of anything."""
    database = sqlite_database(tmp_path)
    world = make_world(database, tmp_path)
    server = make_server("127.0.0.1", 0, world.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made = Office(world, chromium, f"http://127.0.0.1:{server.server_port}")
    yield made
    made.close()
    server.shutdown()
    database.close()
    assert made.complaints == []
