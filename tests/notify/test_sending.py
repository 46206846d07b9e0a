"""Sending: each once, again after failures, never inside a transaction, never to who may not know."""

from __future__ import annotations

import json
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from sqlalchemy import delete, update
from standardwebhooks import Webhook

from app.notify import claiming, sending, wire
from app.notify.models import Channel, Delivery
from app.notify.outbox import Notice
from app.notify.quiet import Quiet
from app.people.models import Account, Membership
from tests.notify.desk import SECRET, TEN, Desk
from tests.notify.receivers import GOOD, failing, free_port, mail_server, silent_server, webhook


def test_a_notice_goes_out_once_by_webhook(desk: Desk) -> None:
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk")
        assert (desk.send(), desk.send(), desk.after(hours=2)) == (1, 0, 0)
    assert desk.states() == ["sent"]
    (body,) = hook.bodies
    told = json.loads(body)
    assert told["type"] == "notice.result" and told["data"]["to"] == "clerk"
    headers = {name.lower(): value for name, value in hook.headers[0].items()}
    stamp = headers["webhook-timestamp"]
    assert stamp == str(int(TEN.timestamp()))
    signed = Webhook(SECRET).sign(told["id"], TEN.astimezone(), body.decode())
    assert headers["webhook-id"] == told["id"]
    assert signed.startswith("v1,") and headers["webhook-signature"].startswith("v1,")


def test_mail_has_a_chinese_subject_and_the_deliverys_id(desk: Desk) -> None:
    with mail_server() as box:
        desk.open_mail(box.port)
        desk.choose("clerk", mail="jingban@bureau.example")
        desk.tell_person("clerk")
        desk.tell_person("head")
        assert desk.send() == 1
    mail = message_from_bytes(box.contents[0])
    assert box.to == ["jingban@bureau.example"]
    assert str(make_header(decode_header(mail["Subject"]))) == "【督办】办理结果"
    assert mail["Message-ID"] == f"<{desk.deliveries()[0].ref}@bureau.example>"
    assert mail.get_content_type() == "text/plain"


def test_a_lane_is_told_person_by_person(desk: Desk) -> None:
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.tell(Notice("copied", lane="bureau_clerk", organisation_id=desk.office.bureau_id))
        for who in ("clerk", "clerk2"):
            desk.choose(who, modes={"webhook": {"copied": "now"}})
        desk.send()
    assert sorted(json.loads(body)["data"]["to"] for body in hook.bodies) == ["clerk", "clerk2"]


def test_failures_wait_longer_each_time_and_end_after_ten(desk: Desk) -> None:
    with webhook(answer=lambda number: (500, {}, b"")) as hook:
        desk.open_hook(hook.address)
        desk.choose("clerk", quiet=Quiet(0, 0))
        desk.tell_person("clerk")
        waits: list[float] = []
        while desk.states() != ["dead"]:
            assert desk.send() == 1
            (row,) = desk.deliveries()
            waits.append((row.next_try - desk.now).total_seconds() / 60)
            desk.now = max(row.next_try, desk.channel().resting_until or desk.now) + timedelta(seconds=1)
    assert hook.asked == 10 and len(waits) == 10
    doubled = [min(2**number, 360) for number in range(9)]
    spent = 0.5  # minutes of the machine's own, which count from the beginning of a run
    assert all(least <= waited <= least * 1.2 + spent for least, waited in zip(doubled, waits[:9], strict=True))
    assert desk.deliveries()[0].fault == "status:500"


def test_a_receiver_that_fails_now_and_then_gets_all_of_them_once(desk: Desk) -> None:
    with webhook(answer=failing(0.3, seed=4)) as hook:
        desk.open_hook(hook.address)
        for _ in range(40):
            desk.tell_person("clerk")
        for _ in range(40):
            desk.after(minutes=6)
            if set(desk.states()) == {"sent"}:
                break
    assert desk.states() == ["sent"] * 40
    assert len(hook.taken) == 40 and set(hook.taken.values()) == {1}


def test_no_transaction_is_open_while_sending(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ones = []
    real = sending._Run._send  # noqa: SLF001 - the moment is inside

    def watched(run, claimed, parcel):
        open_ones.append(desk.database.engine.pool.checkedout())
        return real(run, claimed, parcel)

    monkeypatch.setattr(sending._Run, "_send", watched)  # noqa: SLF001
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk")
        desk.tell_person("head")
        desk.send()
    assert open_ones == [0, 0]


def test_a_mail_server_that_never_answers_holds_nobody_up_and_loses_nothing(desk: Desk) -> None:
    with silent_server() as port, webhook() as hook:
        desk.open_mail(port)
        desk.choose("clerk", mail="a@bureau.example")
        desk.open_hook(hook.address)
        for _ in range(3):
            desk.tell_person("clerk")
        attempts = desk.send()
        assert len(hook.taken) == 3
        assert attempts == 4  # three webhooks, and one look at the mail server
    with desk.database.reading() as db:
        mail = db.query(Channel).filter_by(kind="mail").one()
    assert mail.fault == "timeout" and mail.failures == 1
    assert sorted(desk.states()) == ["sent"] * 3 + ["waiting"] * 3


def test_who_is_silent_twice_is_left_alone_and_all_go_out_once_it_is_back(desk: Desk) -> None:
    port = free_port()
    desk.open_mail(port)
    desk.choose("clerk", mail="a@bureau.example")
    for _ in range(12):
        desk.tell_person("clerk")
    assert (desk.send(), desk.after(seconds=5), desk.after(seconds=5)) == (1, 1, 0)
    for _ in range(20):
        desk.after(minutes=5)
    rest = desk.channel().resting_until
    assert rest is not None and rest - desk.now <= timedelta(minutes=5, seconds=9)
    assert set(desk.states()) == {"waiting"}
    with mail_server(port=port) as box:
        desk.after(minutes=6)
        desk.after(seconds=5)
    assert desk.states() == ["sent"] * 12 and len(box.contents) == 12


def test_a_connection_cut_after_the_data_is_tried_again_with_the_same_id(desk: Desk) -> None:
    with mail_server(drop=lambda number: number == 1) as box:
        desk.open_mail(box.port)
        desk.choose("clerk", mail="a@bureau.example")
        desk.tell_person("clerk")
        desk.send()
        assert desk.states() == ["waiting"]
        desk.after(minutes=5)
    ids = [message_from_bytes(content)["Message-ID"] for content in box.contents]
    assert desk.states() == ["sent"] and len(ids) == 2 and ids[0] == ids[1]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((302, {"Location": "http://127.0.0.1:1/other"}, b""), "status:302"),
        ((200, {}, b"x" * (wire.MOST_READ + 1)), "huge"),
        ((404, {}, b""), "status:404"),
    ],
)
def test_what_is_no_good_answer_is_a_failure(desk: Desk, answer, fault: str) -> None:
    with webhook(answer=lambda number: answer) as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk")
        desk.send()
    assert hook.asked == 1
    assert [(row.state, row.fault) for row in desk.deliveries()] == [("waiting", fault)]


def test_a_hanging_webhook_is_given_up(desk: Desk) -> None:
    with webhook(hang=30) as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk")
        desk.tell_person("head")
        assert desk.send() == 1
    assert {row.fault for row in desk.deliveries()} == {"", "timeout"}


def test_who_has_lost_the_lane_or_the_account_is_not_told(desk: Desk) -> None:
    with webhook() as hook:
        desk.open_hook(hook.address)
        place = desk.office.bureau_id
        desk.tell(Notice("alert", lane="bureau_clerk", organisation_id=place))
        sending.spread(desk.database, desk.now)
        with desk.database.transaction() as db:
            mine = Membership.person_id == desk.office.people["clerk"]
            db.execute(delete(Membership).where(mine))
            db.execute(update(Account).where(Account.person_id == desk.office.people["clerk2"]).values(active=False))
        desk.send()
    assert hook.asked == 0
    assert [(row.state, row.fault) for row in desk.deliveries()] == [("void", "right")] * 2


def test_a_sender_that_was_thought_dead_marks_nothing(desk: Desk) -> None:
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk")
        sending.spread(desk.database, desk.now)
        (channel,) = claiming.due_channels(desk.database, desk.now)
        zombie = claiming.claim(desk.database, channel, desk.channels, at=desk.now, most=1)
        assert desk.after(minutes=1) == 0
        assert desk.after(minutes=2) == 1
        run = sending._Run(desk.database, desk.channels, desk.now, 1)  # noqa: SLF001
        run._mark(zombie, zombie.parcels[0], wire.Failed("late"), 0)  # noqa: SLF001
    (row,) = desk.deliveries()
    assert (row.state, row.fault, hook.asked) == ("sent", "", 1)


def test_what_was_told_before_the_channel_opened_stays_inside(desk: Desk) -> None:
    desk.tell_person("clerk", at=TEN - timedelta(hours=2))
    with webhook() as hook:
        desk.open_hook(hook.address)
        desk.tell_person("clerk")
        assert desk.send() == 1
    assert hook.answer(0) == GOOD


def test_with_no_channel_a_notice_is_dealt_out_to_nobody(desk: Desk) -> None:
    desk.tell_person("clerk")
    assert desk.send() == 0
    with desk.database.reading() as db:
        assert db.query(Delivery).count() == 0
