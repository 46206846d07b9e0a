"""Idempotency-Key on both databases: one effect and one answer, whether a request comes again, later or at once."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.db import Database
from app.keyring import KeyRing
from app.people import receipts
from tests.databases import counted
from tests.web import story
from tests.web.api.scripts import PLENTY, Script, first_task, script
from tests.web.world import World, make_world

START = {"process": "opinion_beibei", "answers": story.OPINION}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[World]:
    """The bureau with its application, on each kind of database."""
    yield make_world(database, tmp_path, api_calls_a_minute=PLENTY)


def count(world: World, table: str) -> int:
    with world.database.reading() as db:
        return db.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0  # noqa: S608 - a name of this file


def at_once(ask: Callable[[], TestResponse], times: int) -> list[TestResponse]:
    """The same request from several threads, let go together."""
    barrier, answers = threading.Barrier(times), []

    def run() -> None:
        barrier.wait()
        answers.append(ask())

    threads = [threading.Thread(target=run) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def test_ten_times_the_same_request_starts_one_case(office: World) -> None:
    one = script(office, "sup1")
    answers = [one.post("cases", START, key="a-1") for _ in range(10)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.text, answer.headers["Location"]) for answer in answers}) == 1
    assert count(office, "case") == 1
    assert one.get(answers[0].headers["Location"]).json["ref"] == answers[0].json["case"]


def test_of_many_at_once_one_starts_the_case(office: World) -> None:
    one = script(office, "sup1")
    answers = at_once(lambda: Script(office, one.token).post("cases", START, key="a-1"), 6)
    assert [answer.status_code for answer in answers] == [201] * 6, [answer.text for answer in answers]
    assert len({answer.text for answer in answers}) == 1
    assert count(office, "case") == 1


def test_of_many_at_once_one_completes_the_task(office: World) -> None:
    story.begin(office)
    one = script(office, "urban_liaison")
    ref = first_task(one)
    body = {"answers": {"outcome": "accept"}}
    answers = at_once(lambda: Script(office, one.token).post(f"tasks/{ref}/complete", body, key="b-1"), 6)
    assert [answer.status_code for answer in answers] == [200] * 6, [answer.text for answer in answers]
    assert len({answer.text for answer in answers}) == 1
    with office.database.reading() as db:
        completed = "SELECT count(*) FROM journal_entry WHERE kind = 'task.completed' AND element = 'agency_sign'"
        assert db.scalar(text(completed)) == 1


def test_two_people_at_once_and_the_slower_is_told_who_was_faster(office: World) -> None:
    """Without a key, and with different ones: one winner, the others 409 in Chinese."""
    story.play(office, until="register_review")
    first, second = (script(office, who) for who in ("clerk", "clerk2"))
    ref = first_task(first)
    given = {"answers": {"author_status": "在任", "opinion_signed": True}}
    tokens = iter([first.token, second.token] * 3)
    lock = threading.Lock()

    def ask() -> TestResponse:
        with lock:
            token = next(tokens)
        return Script(office, token, language="zh").post(f"tasks/{ref}/complete", given)

    answers = at_once(ask, 6)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "办结" in late.json["detail"] and "01-13" in late.json["detail"], late.json


def test_a_key_belongs_to_one_request_and_one_person(office: World) -> None:
    story.begin(office)
    one, other = script(office, "urban_liaison"), script(office, "urban_handler")
    ref = first_task(one)
    assert one.post(f"tasks/{ref}/claim", key="k").status_code == 200
    refused = one.post(f"tasks/{ref}/release", key="k")
    assert refused.status_code == 422 and refused.json["findings"][0]["field"] == "Idempotency-Key"
    assert one.post(f"tasks/{ref}/claim", {"x": 1}, key="k").status_code == 422, "another body"
    assert other.post(f"tasks/{ref}/claim", key="k").status_code in (403, 409), "somebody else's key is their own"


def test_a_kept_answer_is_for_the_person_who_asked(office: World) -> None:
    """Beside the rule: the same key and the same request of another person find nothing."""
    with office.database.transaction() as db:
        mine, theirs = (receipts.Request(office.people[who], "k", "0" * 64) for who in ("sup1", "sup2"))
        assert receipts.claim(db, mine, at=office.clock.now()) is None
        receipts.keep(db, mine, receipts.Kept(200, None, "mine"))
        assert receipts.found(db, theirs) is None
        assert receipts.claim(db, theirs, at=office.clock.now()) is None, "a request of their own"
        receipts.keep(db, theirs, receipts.Kept(200, None, "theirs"))
        assert receipts.found(db, mine) == receipts.Kept(200, None, "mine")


def test_no_digest_of_a_body_can_be_tried_by_who_lacks_the_key(world: World) -> None:
    """A body may hold a signature's password: no digest that is kept can be made from it alone."""
    one = script(world, "sup1")
    sent = one.post("cases", START, key="k")
    body = orjson.dumps(START, option=orjson.OPT_SORT_KEYS)
    address = b"POST\n/api/v1/cases?\n" + body
    plain = {hashlib.sha256(text).hexdigest() for text in (body, address, b"k " + body)}
    plain.add(hashlib.sha256(f"k {hashlib.sha256(address).hexdigest()}".encode()).hexdigest())
    assert sent.status_code == 201
    with world.database.reading() as db:
        digest = db.execute(text("SELECT digest FROM receipt")).scalar_one()
    assert digest == world.database.keys.request_digest(address) and digest not in plain
    other = KeyRing({"k1": b"1" * 32}, journal_key=b"j", index_key=b"another index")
    assert other.request_digest(address) != digest


@pytest.mark.parametrize("key", ["", "x" * 101, "mit Leerzeichen", "\u00e9"])
def test_a_key_is_short_and_plain(world: World, key: str) -> None:
    answer = script(world, "sup1").post("cases", START, key=key)
    assert answer.status_code == 422 and answer.json["findings"][0]["field"] == "Idempotency-Key"


def test_the_order_of_the_fields_does_not_matter(world: World) -> None:
    one = script(world, "sup1")
    turned = dict(reversed(START.items()))
    assert one.post("cases", START, key="k").text == one.post("cases", turned, key="k").text


def test_a_refused_request_keeps_nothing_and_may_come_again(world: World) -> None:
    one = script(world, "sup1")
    assert one.post("cases", {"process": "opinion_beibei", "answers": {}}, key="k").status_code == 422
    assert count(world, "receipt") == 0
    assert one.post("cases", START, key="k").status_code == 201


def test_an_answer_is_kept_encrypted_and_for_thirty_days(world: World) -> None:
    one = script(world, "sup1", days=365)
    case = one.post("cases", START, key="k").json["case"]
    with world.database.reading() as db:
        assert case not in str(db.execute(text("SELECT body FROM receipt")).scalar())
    world.clock.move(world.clock.now() + receipts.KEPT + timedelta(days=1))
    again = one.post("cases", START, key="k")
    assert (again.status_code, again.json["repeated"], again.json["case"]) == (201, True, case)
    assert count(world, "case") == 1, "the task itself remembers the request"


def test_a_lost_receipt_is_not_lost_without_its_effect(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer and the effect are one transaction: where keeping the answer fails, nothing has happened."""
    one = script(world, "sup1")
    monkeypatch.setattr(receipts, "keep", lambda *_: 1 / 0)
    assert one.post("cases", START, key="k").status_code == 500
    assert count(world, "case") == 0 and count(world, "receipt") == 0


def test_a_key_costs_three_statements(world: World) -> None:
    story.begin(world)
    one = script(world, "urban_liaison")
    ref = first_task(one)
    with counted(world.database) as plain:
        one.post(f"tasks/{ref}/claim")
    one.post(f"tasks/{ref}/release")
    with counted(world.database) as keyed:
        one.post(f"tasks/{ref}/claim", key="k")
    assert len(keyed) - len(plain) == 3, keyed
    with counted(world.database) as again:
        one.post(f"tasks/{ref}/claim", key="k")
    assert len(again) == 5, again
