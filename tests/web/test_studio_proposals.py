"""Uploading, reviewing, publishing and going back, as two owners do it on their pages."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.web.uploading import BPMN, FILES, drafted, handed_on, replaced, upload
from tests.web.world import World

BAD = FILES[BPMN].replace(b'duban:notSameAs="investigate_and_draft"', b'duban:notSameAs="nobody_at_all"')
LIMIT = FILES[BPMN].replace(b'duban:deadline="P-03"', b'duban:deadline="P-99"')
assert BAD != FILES[BPMN] != LIMIT


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bpmn", b" " * 5_000_000)
    return kept.getvalue()


def test_two_owners_publish_a_release(world: World) -> None:
    ref = handed_on(world, "owner", replaced("签收"), note="名称更清楚")
    owner, other = world.as_("owner"), world.as_("owner2")
    address = f"/studio/proposals/{ref}"
    assert "待复核" in owner.get("/studio").text and "批准并发布" not in owner.get(address).text
    page = other.get(address).text
    for said in ("名称更清楚", "批准并发布", "签收改", "欧阳澈", "第 1 次发布"):
        assert said in page
    assert owner.post(f"{address}/approve").status_code == 403
    assert other.post(f"{address}/approve").status_code == 303
    assert "已发布：第 2 次发布" in owner.get("/studio").text
    assert other.post(f"{address}/approve").status_code == 409
    diff = owner.get("/studio/processes/agency_handling?from=1&to=2").text
    assert "<del>签收</del><ins>签收改</ins>" in diff and "v2 现行" in diff
    assert owner.get(f"/studio/releases/2/files/{BPMN}").data == replaced("签收")


def test_going_back_to_an_earlier_release(world: World) -> None:
    world.as_("owner2").post(f"/studio/proposals/{handed_on(world, 'owner', replaced('签收'))}/approve")
    answer = world.as_("owner2").post("/studio/releases", {"number": "1"})
    address = answer.headers["Location"]
    assert world.as_("owner2").post(f"{address}/submit").status_code == 303
    assert world.as_("owner2").post(f"{address}/approve").status_code == 403
    assert world.as_("owner").post(f"{address}/approve").status_code == 303
    assert "已发布：第 1 次发布" in world.as_("owner").get("/studio").text
    assert world.as_("owner").post("/studio/releases", {"number": "1"}).status_code == 409
    assert {world.as_("owner").post("/studio/releases", {"number": n}).status_code for n in ("7", "x", "")} == {404}


def test_errors_are_listed_with_file_element_and_line_and_block(world: World) -> None:
    ref = drafted(world, "owner", BAD)
    page = world.as_("owner").get(f"/studio/proposals/{ref}").text
    for said in ("nobody_at_all", BPMN, 'data-element="agency_approve"', "1 处错误", "不能提请复核"):
        assert said in page
    assert "提请复核</button>" not in page
    assert world.as_("owner").post(f"/studio/proposals/{ref}/submit").status_code == 422
    assert "P-99" in world.as_("owner").get(f"/studio/proposals/{drafted(world, 'owner', LIMIT)}").text


def test_a_file_is_taken_away_by_a_proposal_that_says_what_still_needs_it(world: World) -> None:
    answer = world.as_("owner").post("/studio/remove", {"path": BPMN})
    page = world.as_("owner").get(answer.headers["Location"]).text
    assert "删去" in page and "agency_handling" in page and "处错误" in page and "提请复核</button>" not in page
    free = world.as_("owner").post("/studio/remove", {"path": "processes/absence_trigger.rows.yaml"})
    assert "提请复核</button>" in world.as_("owner").get(free.headers["Location"]).text
    lawful = world.as_("owner").post("/studio/remove", {"path": "processes/absence_trigger.dmn"})
    said = world.as_("owner").get(lawful.headers["Location"]).text
    assert "B-17-3 要求：" in said and "提请复核</button>" not in said
    for path in ("", "../x", "processes/none.bpmn", "pack.yaml"):
        assert world.as_("owner").post("/studio/remove", {"path": path}).status_code == 422
    assert world.as_("clerk").post("/studio/remove", {"path": BPMN}).status_code == 403


def test_a_rejection_comes_back_with_its_reason(world: World) -> None:
    ref = handed_on(world, "owner", replaced("签收"))
    assert world.as_("owner2").post(f"/studio/proposals/{ref}/reject", {"why": " "}).status_code == 422
    assert world.as_("owner2").post(f"/studio/proposals/{ref}/reject", {"why": "依据不足"}).status_code == 303
    assert "依据不足" in world.as_("owner").get(f"/studio/proposals/{ref}").text


def test_a_proposal_over_an_older_release_says_so(world: World) -> None:
    first, second = handed_on(world, "owner", replaced("甲")), handed_on(world, "owner", replaced("乙"))
    world.as_("owner2").post(f"/studio/proposals/{first}/approve")
    page = world.as_("owner2").get(f"/studio/proposals/{second}").text
    assert "现行发布已经变更" in page and "批准并发布" not in page
    answer = world.as_("owner2").post(f"/studio/proposals/{second}/approve")
    assert answer.status_code == 409 and "现行发布" in answer.text


def test_a_draft_is_taken_back_and_put_away_by_its_maker_only(world: World) -> None:
    ref = handed_on(world, "owner", replaced("签收"))
    assert world.as_("owner2").post(f"/studio/proposals/{ref}/take-back").status_code == 403
    assert world.as_("owner").post(f"/studio/proposals/{ref}/put-away").status_code == 409
    assert world.as_("owner").post(f"/studio/proposals/{ref}/take-back").status_code == 303
    assert world.as_("owner").post(f"/studio/proposals/{ref}/put-away").status_code == 303
    assert world.as_("owner").get(f"/studio/proposals/{ref}").status_code == 404


def test_nobody_but_owners_sends_anything(world: World) -> None:
    ref = handed_on(world, "owner", replaced("签收"))
    for role in ("clerk", "head", "admin", "manager", "sup1"):
        assert upload(world, role, ("a.bpmn", replaced("甲"))).status_code == 403
        for act in ("submit", "approve", "reject", "take-back", "put-away"):
            assert world.as_(role).post(f"/studio/proposals/{ref}/{act}", {"why": "x"}).status_code == 403
        assert world.as_(role).post("/studio/releases", {"number": "1"}).status_code == 403
    assert "第 1 次发布" in world.as_("owner").get("/studio").text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.bpmn", b"<!DOCTYPE x><x/>", "DOCTYPE"),
        ("a.bpmn", b"<x>" + b" " * 3_000_000 + b"</x>", "超过 2 MB"),
        ("a.bpmn", b"hello", "XML"),
        ("bomb.zip", bomb(), "过大"),
        ("a.exe", b"MZ", "只接受"),
        ("a.bpmn.html", FILES[BPMN], "只接受"),
        ("../../a.bpmn", FILES[BPMN], "文件名不合要求"),
        ("agency_sign.form", b"[1]", "表单"),
        ("<img src=x>.form", b"{}", "不能确定唯一的环节"),
        ("a.bpmn", FILES[BPMN], "没有差异"),
        ("pack.yaml", b"id: other\nregulation: W", "不得改变"),
        ("pack.yaml", b"a: [", "YAML"),
    ],
)
def test_bad_uploads_are_refused_in_words_and_nothing_is_kept(world: World, name: str, data: bytes, said: str) -> None:
    answer = upload(world, "owner", (name, data), note="我的说明")
    assert answer.status_code == 422
    refused = answer.text.partition('id="refused"')[2].partition("</div>")[0]
    assert said in refused and "未保存任何文件" in refused and "<img" not in answer.text
    assert "我的说明" in answer.text
    assert "/studio/proposals/" not in world.as_("owner").get("/studio").text


def test_no_file_and_far_too_much(world: World) -> None:
    assert upload(world, "owner").status_code == 422
    assert upload(world, "owner", ("a.bpmn", b"x" * 21_000_000)).status_code == 413
