"""The box, reminders by hand, one's own choices and password, the administrator's channels: through their pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.notify.models import Channel, Preference
from app.notify.outbox import NoticeRow
from app.people.models import Account, Membership
from tests.databases import counted
from tests.web import story
from tests.web.world import PASSWORD, World

NEW = "另一个够长的全新口令哦"
MAIL = {
    "name": "市政务邮箱", "host": "127.0.0.1", "port": "2525", "security": "none", "sender": "duban@bureau.example",
    "username": "duban", "password": "geheim-7788",
}  # fmt: skip
CHOSEN = {"quiet_from": "21", "quiet_to": "8", "digest_hour": "9"}


@pytest.fixture
def inner(world: World) -> World:
    """Where messages may go to this machine."""
    world.app.extensions["duban"].settings.inner_hosts = "127.0.0.1"
    return world


def unread(world: World, who: str) -> int:
    found = re.search(r"消息，(\d+) 条未读", world.as_(who).get("/notices").text)
    return int(found.group(1)) if found else 0


def notices_of(world: World, who: str) -> list[str]:
    return re.findall(r"/notices/(\d+)/read", world.as_(who).get("/notices").text)


def test_a_lane_reads_each_for_themselves(world: World) -> None:
    story.begin(world)
    assert (unread(world, "clerk"), unread(world, "clerk2")) == (1, 1)
    (number,) = notices_of(world, "clerk")
    gone = world.as_("clerk").post(f"/notices/{number}/read")
    assert gone.status_code == 303 and "/cases/" in gone.location
    assert (unread(world, "clerk"), unread(world, "clerk2")) == (0, 1)


def test_a_notice_of_a_task_leads_to_the_task_while_it_is_open(world: World) -> None:
    story.begin(world)
    page = world.as_("urban_liaison").get("/notices").text
    assert "2024-B-0001 号监督意见办理有新待办“签收”，期限 2024-12-18(周三)。" in page and "还剩 2 个工作日" in page
    (number,) = notices_of(world, "urban_liaison")
    assert "/tasks/" in world.as_("urban_liaison").post(f"/notices/{number}/read").location
    story.complete(world, "urban_liaison", {"outcome": "accept"})
    assert "/cases/" in world.as_("urban_liaison").post(f"/notices/{number}/read").location


def test_all_are_read_up_to_what_the_page_showed(world: World) -> None:
    for number in range(3):
        story.begin(world, title=f"关于检查的意见之{number}")
    newest = max(map(int, notices_of(world, "clerk")))
    story.begin(world, title="关于检查的后来意见")
    assert world.as_("clerk").post("/notices/read", {"newest": str(newest)}).status_code == 303
    assert unread(world, "clerk") == 1
    assert "关于检查的后来意见" in world.as_("clerk").get("/notices?show=unread").text


@pytest.mark.parametrize("number", ["0", "99999", "x", "1%27", "９"])
def test_what_is_not_mine_is_not_there(world: World, number: str) -> None:
    story.begin(world)
    (mine,) = notices_of(world, "urban_liaison")
    assert world.as_("market_liaison").post(f"/notices/{mine}/read").status_code == 404
    assert world.as_("clerk").post(f"/notices/{number}/read").status_code == 404


def test_a_matter_that_is_no_longer_open_to_the_reader_is_not_named(world: World) -> None:
    case = story.begin(world)
    with world.database.transaction() as db:
        row = db.scalars(select(NoticeRow).where(NoticeRow.lane == "bureau_clerk")).one()
        row.person_id, row.lane, row.organisation_id = world.people["market_liaison"], None, None
    page = world.as_("market_liaison").get("/notices").text
    assert "该事项已不在您的可见范围内" in page
    assert "2024-B-0001" not in page and case not in page and "占道经营" not in page


def test_the_bell_costs_no_statement_more(world: World) -> None:
    world.as_("clerk").get("/inbox/todo")
    with counted(world.database) as none:
        world.as_("clerk").get("/inbox/todo")
    for number in range(5):
        story.begin(world, title=f"关于检查的意见之{number}")
    with counted(world.database) as five:
        page = world.as_("clerk").get("/inbox/todo").text
    assert "消息，5 条未读" in page and len(none) == len(five) <= 5


@pytest.mark.parametrize("who", ["auditor", "admin", "owner", "sup3"])
def test_everybody_has_a_box(world: World, who: str) -> None:
    assert "暂无消息" in world.as_(who).get("/notices").text


def test_completing_costs_no_statement_more_for_a_channel(inner: World) -> None:
    def cost() -> int:
        story.begin(inner, title=f"关于检查的意见之{len(notices_of(inner, 'clerk'))}")
        (ref, *_), token = story.tasks_of(inner, "urban_liaison"), inner.as_("urban_liaison").token()
        with counted(inner.database) as seen:
            headers = {"X-CSRFToken": token, "Accept": "application/json"}
            address = f"/tasks/{ref}/complete"
            body = {"answers": {"outcome": "accept"}}
            assert inner.as_("urban_liaison").client.post(address, json=body, headers=headers).status_code == 200
        return len(seen)

    without = cost()
    assert inner.as_("admin").post("/channels/new/mail", MAIL).status_code == 303
    assert cost() == without


def test_a_reminder_is_sent_once_a_day_and_says_who_was_first(world: World) -> None:
    case = story.begin(world)
    (task,) = story.tasks_of(world, "urban_liaison")
    before = unread(world, "urban_liaison")
    assert world.as_("manager").post(f"/tasks/{task}/urge").status_code == 303
    assert unread(world, "urban_liaison") == before + 1
    again = world.as_("clerk").post(f"/tasks/{task}/urge")
    assert again.status_code == 409 and "马知远已于今日 10:00 催办，每日限一次。" in again.text
    page = world.as_("manager").get(f"/cases/{case}").text
    assert "催办与督办" in page and "马知远已于今日 10:00 催办" in page and f"/tasks/{task}/urge" not in page
    theirs = world.as_("urban_liaison").get(f"/cases/{case}").text
    assert "催办与督办" in theirs and "发出催办" not in theirs
    assert "催办与督办" not in world.as_("sup1").get(f"/cases/{case}").text
    assert world.as_("sup1").post(f"/tasks/{task}/urge").status_code == 403
    world.clock.move(world.clock.now() + timedelta(days=1))
    assert world.as_("clerk").post(f"/tasks/{task}/urge").status_code == 303


def test_the_password_is_changed_by_who_knows_it(world: World) -> None:
    form = {"password": PASSWORD, "new_password": NEW, "again": NEW}
    other = world.as_("clerk2")
    mine = world.as_("clerk")
    for wrong, said in (
        ({"password": "falsch falsch"}, "密码不正确"),
        ({"new_password": "kurz", "again": "kurz"}, "至少"),
        ({"new_password": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "过于简单"),
        ({"again": "又一个不同的全新口令"}, "不一致"),
    ):
        answer = mine.post("/own/password", {**form, **wrong})
        assert answer.status_code == 422 and said in answer.text, answer.text[-600:]
    copied = mine.client.get_cookie("duban")
    assert mine.post("/own/password", form).status_code == 303
    same = mine.post("/own/password", {"password": NEW, "new_password": NEW, "again": NEW})
    assert same.status_code == 422 and "相同" in same.text
    assert mine.get("/own").status_code == 200 and other.get("/own").status_code == 200
    stolen = world.app.test_client()
    stolen.set_cookie("duban", copied.value)
    assert stolen.get("/own").status_code == 303
    fresh = type(mine)(world.app.test_client())
    assert fresh.sign_in("clerk", PASSWORD).status_code == 422
    assert fresh.sign_in("clerk", NEW).status_code == 303


def test_wrong_passwords_lock_the_account_as_at_sign_in(world: World) -> None:
    mine = world.as_("clerk")
    for _ in range(5):
        mine.post("/own/password", {"password": "falsch", "new_password": NEW, "again": NEW})
    assert mine.post("/own/password", {"password": PASSWORD, "new_password": NEW, "again": NEW}).status_code == 422
    with world.database.reading() as db:
        assert db.scalar(select(Account.locked_until).where(Account.username == "clerk")) is not None


def test_the_mail_address_wants_the_password_and_is_encrypted(world: World) -> None:
    mine, chosen = world.as_("clerk"), {**CHOSEN, "mail": "chen@bureau.example"}
    assert mine.post("/own/notices", chosen).status_code == 422
    assert mine.post("/own/notices", {**chosen, "password": PASSWORD, "mail": "kein"}).status_code == 422
    assert mine.post("/own/notices", {**chosen, "password": PASSWORD}).status_code == 303
    assert 'value="chen@bureau.example"' in mine.get("/own").text
    with world.database.reading() as db:
        assert "chen" not in db.scalars(select(Preference.mail)).one()
    assert mine.post("/own/notices", {**chosen, "quiet_from": "22"}).status_code == 303


@pytest.mark.parametrize(
    "change", [{"quiet_from": "24"}, {"digest_hour": "3"}, {"quiet_to": "x"}, {"mail.urged": "sms"}]
)
def test_choices_outside_what_is_offered_are_refused(world: World, change: dict[str, str]) -> None:
    assert world.as_("clerk").post("/own/notices", {**CHOSEN, **change}).status_code == 422


def test_channels_are_the_administrators_and_show_no_secret(inner: World) -> None:
    admin = inner.as_("admin")
    assert admin.post("/channels/new/mail", MAIL).status_code == 303
    assert admin.post("/channels/new/mail", {**MAIL, "host": "evil.example"}).status_code == 422
    assert admin.post("/channels/new/mail", {**MAIL, "security": "starttls", "port": "0"}).status_code == 422
    bare = admin.post("/channels/new/dingtalk", {"name": "群", "address": "https://oapi.dingtalk.com/robot/send?x=1"})
    assert bare.status_code == 422 and "签名密钥" in bare.text
    page = admin.get("/channels").text
    (ref,) = set(re.findall(r'href="/channels/([\w-]{16})"', page))
    form = admin.get(f"/channels/{ref}").text
    assert "duban@bureau.example" in form and "geheim" not in form + page
    assert admin.post(f"/channels/{ref}", {**MAIL, "name": "新名称", "password": ""}).status_code == 303
    assert admin.post(f"/channels/{ref}/switch", {"on": "no"}).status_code == 303
    assert "已停用" in admin.get("/channels").text and "新名称" in admin.get("/channels").text
    with inner.database.reading() as db:
        row = db.scalars(select(Channel)).one()
        assert "geheim" not in row.target and not row.active


def test_a_trial_says_in_words_what_went_wrong(inner: World) -> None:
    admin = inner.as_("admin")
    admin.post("/channels/new/mail", {**MAIL, "port": "1"})
    (ref,) = set(re.findall(r'href="/channels/([\w-]{16})"', admin.get("/channels").text))
    assert admin.post(f"/channels/{ref}/trial", {"to": "x"}).status_code == 422
    assert admin.post(f"/channels/{ref}/trial", {"to": "a@b.example"}).status_code == 303
    assert "测试消息未送达：无法连接或连接中断（ConnectionRefusedError）。" in admin.get("/channels").text


def test_who_leaves_a_lane_has_no_part_in_its_notices(world: World) -> None:
    story.begin(world)
    assert unread(world, "clerk2") == 1
    with world.database.transaction() as db:
        db.execute(delete(Membership).where(Membership.person_id == world.people["clerk2"]))
    assert unread(world, "clerk2") == 0
