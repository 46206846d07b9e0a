"""Pages that stay open: two windows on one draft, a task that goes, a session that ends."""

from __future__ import annotations

from typing import Any

import pytest

from app.cases import drafts
from tests.web.test_task import complete, signing
from tests.web.world import PASSWORD, Browser, World


class TestTwoWindows:
    """Two windows on one draft: the older is told what the newer has kept, and nothing is wiped."""

    def test_a_stale_draft_is_refused_with_what_is_kept(self, world: World) -> None:
        address = f"/tasks/{signing(world)}/draft"
        window = world.as_("urban_liaison")
        first = window.send(address, {"answers": {"reason": "甲"}, "revision": 0}, method="PUT")
        assert (first.status_code, first.json["revision"]) == (200, 1)
        stale = window.send(address, {"answers": {"reason": "乙"}, "revision": 0}, method="PUT")
        assert stale.status_code == 409
        assert stale.json["draft"] == {
            "answers": {"reason": "甲"}, "revision": 1, "saved_at": "2024-12-16T10:00:00+08:00",
        }  # fmt: skip
        laid = window.send(address, {"answers": {"reason": "甲乙"}, "revision": 1}, method="PUT")
        assert laid.json["revision"] == 2
        assert window.send(address, {"answers": {"reason": "丙"}, "revision": 1}, method="PUT").status_code == 409
        with world.database.reading() as db:
            assert list(drafts.texts_of(db, world.people["urban_liaison"])) == ["甲乙"]

    def test_the_same_once_more_is_no_conflict(self, world: World) -> None:
        address = f"/tasks/{signing(world)}/draft"
        same = {"answers": {"reason": "甲"}, "revision": 0}
        answers = [world.as_("urban_liaison").send(address, same, method="PUT") for _ in range(2)]
        assert [(one.status_code, one.json["revision"]) for one in answers] == [(200, 1), (200, 1)]

    @pytest.mark.parametrize("revision", ["1", True, -1, 2**31, 1.5])
    def test_a_revision_is_a_number_of_savings(self, world: World, revision: Any) -> None:
        address = f"/tasks/{signing(world)}/draft"
        given = {"answers": {}, "revision": revision}
        assert world.as_("urban_liaison").send(address, given, method="PUT").status_code == 422

    def test_the_page_knows_the_revision_that_it_shows(self, world: World) -> None:
        ref = signing(world)
        window = world.as_("urban_liaison")
        assert '"draft": 0' in window.get(f"/tasks/{ref}").text
        window.send(f"/tasks/{ref}/draft", {"answers": {"reason": "甲"}, "revision": 0}, method="PUT")
        assert '"draft": 1' in window.get(f"/tasks/{ref}").text


class TestStanding:
    """What an open page hears of its task: open, or in whose hands and since when."""

    def test_an_open_task_stands(self, world: World) -> None:
        answer = world.as_("urban_liaison").get(f"/tasks/{signing(world)}/standing").json
        assert answer == {"open": True, "words": "", "person": "urban_liaison", "name": "程立言"}

    def test_a_task_that_somebody_did_names_them(self, world: World) -> None:
        ref = signing(world)
        complete(world, "urban_liaison", ref, {"outcome": "accept"})
        answer = world.as_("urban_liaison").get(f"/tasks/{ref}/standing").json
        assert not answer["open"] and "程立言" in answer["words"] and "10:00" in answer["words"]

    def test_whoever_may_not_see_the_case_hears_of_nothing(self, world: World) -> None:
        assert world.as_("sup2").get(f"/tasks/{signing(world)}/standing").status_code == 404

    def test_asking_does_not_keep_a_session_alive(self, world: World) -> None:
        """A page left open on a desk asks for ever; the session of whoever went home still ends."""
        ref = signing(world)
        window = world.as_("urban_liaison")
        assert "Set-Cookie" in window.get(f"/tasks/{ref}").headers
        assert "Set-Cookie" not in window.get(f"/tasks/{ref}/standing").headers


class TestSessionHere:
    """A page that outlived its session learns who is signed in now, and gets the token of that session."""

    def test_nobody(self, world: World) -> None:
        answer = Browser(world.app.test_client()).get("/session").json
        assert (answer["person"], answer["name"]) == ("", "") and answer["token"]

    def test_signing_in_on_the_page_gives_a_token_that_counts(self, world: World) -> None:
        address = f"/tasks/{signing(world)}/draft"
        window = Browser(world.app.test_client())
        token = window.get("/session").json["token"]
        script = {"Accept": "application/json"}
        given = {"username": "urban_liaison", "password": "不对的口令", "csrf_token": token}
        wrong = window.client.post("/sign-in", data=given, headers=script)
        assert wrong.status_code == 422 and "密码" in wrong.json["detail"]
        here = window.client.post("/sign-in", data=given | {"password": PASSWORD}, headers=script).json
        assert here["person"] == "urban_liaison"
        old, new = ({**script, "X-CSRFToken": one} for one in (token, here["token"]))
        body = {"answers": {"reason": "写了很久"}, "revision": 0}
        refused = window.client.put(address, json=body, headers=old)
        assert (refused.status_code, refused.json["kind"]) == (400, "forged")
        assert window.client.put(address, json=body, headers=new).status_code == 200
