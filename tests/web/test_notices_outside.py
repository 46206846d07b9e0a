"""What leaves the house says nothing of anybody: a whole story with canaries in it, every outgoing byte looked at."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from sqlalchemy import update

from app import jobs
from app.notify import administration, choices
from app.notify.addresses import Walls
from app.notify.channels import Channels
from app.notify.choices import Choices
from app.notify.quiet import Quiet
from app.notify.sending import send_due
from app.people.access import actor_by_ref
from app.people.models import Person
from tests.notify.desk import SECRET
from tests.notify.receivers import mail_server, webhook
from tests.web import story
from tests.web.world import World

NAME, TITLE = "独孤金丝雀", "关于金丝雀路段检查程序的意见"
FACTS = "金丝雀事实：当事人身份证号110101199003071234，电话13912345678，执法人员未出示证件。"
CANARIES = ("金丝雀", "110101199003071234", "13912345678", NAME)
WALLS = Walls(inner=frozenset({"127.0.0.1"}), strict=False)
TOLD = ("sup1", "urban_liaison", "urban_handler", "urban_leader", "clerk", "head", "leader", "manager")


def text_of(content: bytes) -> str:
    """A mail as its reader sees it: every header and the body, decoded."""
    mail: Message = message_from_bytes(content)
    heads = [f"{name}: {make_header(decode_header(value))}" for name, value in mail.items()]
    body = mail.get_payload(decode=True)
    return "\n".join([*heads, body.decode() if isinstance(body, bytes) else ""])


def opened(world: World, mail_port: int, hook: str, robot: str) -> None:
    """Three channels, and everybody wants everything by mail, at any hour."""
    with world.database.transaction() as db:
        by, at = actor_by_ref(db, world.bureau_id, "admin"), world.clock.now()
        mail = {"name": "m", "host": "127.0.0.1", "port": str(mail_port), "security": "none", "sender": "a@b.example"}
        administration.add(db, "mail", mail, WALLS, by=by, at=at)
        administration.add(db, "webhook", {"name": "w", "address": hook, "secret": SECRET}, WALLS, by=by, at=at)
        chat = {"name": "f", "address": robot, "secret": "s", "organisation": "urban"}
        administration.add(db, "feishu", chat, WALLS, by=by, at=at)
        for who in TOLD:
            modes = {"mail": {"copied": "now"}, "webhook": {"copied": "now"}}
            choices.keep(db, world.people[who], Choices(f"{who}@b.example", modes, 9, Quiet(0, 0)))
        db.execute(update(Person).where(Person.id == world.people["sup1"]).values(name=NAME))


def test_no_byte_that_leaves_the_house_names_anybody(world: World) -> None:
    channels = Channels(WALLS, "https://duban.bureau.example")
    with mail_server() as box, webhook() as hook, webhook(answer=lambda number: (200, {}, b'{"code":0}')) as chat:
        opened(world, box.port, hook.address, chat.address)
        world.names["sup1"] = NAME
        case = story.begin(world, title=TITLE, facts=FACTS)
        send_due(world.database, world.clock.now(), channels, limit=500)
        for moment, who, task, answers in story.S14[:11]:
            world.clock.move(story.at(moment))
            jobs.sweep(world.database, world.clock.now())
            sent = story.complete(world, who, story.answers_of(world, who, answers))
            assert sent.status_code == 200, (task, sent.text)
            send_due(world.database, world.clock.now(), channels, limit=500)
    mails, others = [text_of(one) for one in box.contents], [one.decode() for one in hook.bodies + chat.bodies]
    assert len(mails) > 10 and len(hook.bodies) > 10 and chat.bodies
    assert "2024-B-0001 号" in "".join(mails) and f"/cases/{case}" in "".join(mails)
    for text in (*mails, *others):
        assert not [one for one in CANARIES if one in text], text
    to_urban = [text for text in mails if "To: urban" in text] + [one.decode() for one in chat.bodies]
    assert to_urban and not [text for text in to_urban if "sup1" in text]


def test_the_canaries_would_be_seen() -> None:
    """The look into mail finds what a base64 body and an encoded subject hide."""
    from app.notify.mail import composed  # noqa: PLC0415
    from app.notify.robots import OutgoingMessage as Parcel  # noqa: PLC0415

    at = story.at("2025-01-06T09:00")
    raw = composed("a@b.example", Parcel("r", "c@d.example", f"题目{NAME}", TITLE, {}, at)).as_bytes()
    assert NAME.encode() not in raw
    assert NAME in text_of(raw) and TITLE in text_of(raw)
