"""Quiet hours, the digest, and how pauses grow; all by the office's clock."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from app.calendar import state_council
from app.clock import OFFICE_ZONE
from app.notify.outbox import Notice
from app.notify.quiet import Quiet, next_digest, pause_after
from tests.notify.desk import TEN, Desk
from tests.notify.receivers import webhook


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-03T20:59", "2026-03-03T20:59"),
        ("2026-03-03T21:00", "2026-03-04T08:00"),
        ("2026-03-03T23:59", "2026-03-04T08:00"),
        ("2026-03-04T00:00", "2026-03-04T08:00"),
        ("2026-03-04T07:59", "2026-03-04T08:00"),
        ("2026-03-04T08:00", "2026-03-04T08:00"),
    ],
)
def test_the_usual_quiet_hours_go_over_midnight(moment: str, opens: str) -> None:
    assert Quiet().open_at(at(moment)) == at(opens)


def test_quiet_hours_of_the_day_and_none_at_all() -> None:
    assert Quiet(12, 14).open_at(at("2026-03-03T12:30")) == at("2026-03-03T14:00")
    assert Quiet(12, 14).open_at(at("2026-03-03T14:00")) == at("2026-03-03T14:00")
    assert Quiet(0, 0).open_at(at("2026-03-03T03:00")) == at("2026-03-03T03:00")


def test_a_digest_comes_on_the_next_working_day() -> None:
    works = state_council().is_working_day
    assert next_digest(at("2026-03-03T08:59"), 9, works=works) == at("2026-03-03T09:00")
    assert next_digest(at("2026-03-03T09:00"), 9, works=works) == at("2026-03-04T09:00")
    assert next_digest(at("2026-03-06T12:00"), 9, works=works) == at("2026-03-09T09:00")


def test_pauses_double_to_six_hours_with_some_luck() -> None:
    dice = random.Random(1)  # noqa: S311
    pauses = [pause_after(tries, chance=dice) for tries in range(1, 11)]
    assert timedelta(minutes=1) <= pauses[0] <= timedelta(minutes=1.2)
    assert timedelta(hours=6) <= pauses[-1] <= timedelta(hours=7.2)
    assert pauses[3] != pause_after(4, chance=dice)


def test_what_comes_at_night_goes_out_in_the_morning(desk: Desk) -> None:
    night = at("2026-03-03T22:30")
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk", "supervised", at=night)
        assert desk.send(night) == 0
        assert desk.send(at("2026-03-04T07:59")) == 0
        assert desk.send(at("2026-03-04T08:00")) == 1
    assert desk.states() == ["sent"]


def test_what_was_due_before_the_night_and_comes_late_waits_too(desk: Desk) -> None:
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk")
        desk.choose("clerk", quiet=Quiet(9, 12))
        assert desk.send(TEN) == 0
        assert desk.send(at("2026-03-03T12:00")) == 1
        assert hook.asked == 1
    (row,) = desk.deliveries()
    assert row.tries == 1


def test_a_digest_is_one_message_a_day_with_numbers(desk: Desk) -> None:
    import json  # noqa: PLC0415

    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.choose("clerk", modes={"webhook": {"result": "digest", "urged": "digest", "alert": "off"}}, digest_hour=14)
        for about in ("result", "result", "urged", "alert"):
            desk.tell_person("clerk", about)
        desk.tell_person("head", "result")
        assert desk.send() == 1
        assert desk.send(at("2026-03-03T13:59")) == 0
        assert desk.send(at("2026-03-03T14:00")) == 1
        assert desk.send(at("2026-03-03T15:00")) == 0
    told = json.loads(hook.bodies[-1])
    assert told["type"] == "notice.digest" and told["data"]["counts"] == {"result": 2, "urged": 1}
    assert desk.states() == ["sent"] * 4


def test_who_switches_it_off_meanwhile_gets_nothing(desk: Desk) -> None:
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.choose("clerk", modes={"webhook": {"result": "digest"}})
        desk.tell_person("clerk")
        desk.send()
        desk.choose("clerk", modes={"webhook": {"result": "off"}})
        desk.send(at("2026-03-04T09:00"))
    assert hook.asked == 0 and desk.states() == ["void"]


def test_a_robot_is_told_what_its_house_is_told(desk: Desk) -> None:
    import json  # noqa: PLC0415

    place = desk.office.bureau_id
    with webhook(answer=lambda number: (200, {}, b'{"errcode":0}')) as hook:
        desk.open("dingtalk", address=f"{hook.address}?access_token=t", secret="SECx")
        desk.tell(Notice("alert", lane="bureau_clerk", organisation_id=place))
        desk.tell(Notice("alert", lane="supervisor", organisation_id=place))
        desk.tell_person("sup1")
        desk.tell_person("market_liaison")
        desk.tell_person("head", "urged")
        desk.send()
    texts = [json.loads(body)["text"]["content"].splitlines()[0] for body in hook.bodies]
    assert texts == ["【督办】提示", "【督办】催办"]
    assert all("timestamp=" in path and "sign=" in path for path in hook.paths)
