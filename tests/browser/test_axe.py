"""Every page that a role can reach by links, in light and dark: nothing serious for people who cannot see or point."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.browser.desk import DESKTOP, PHONE, Office
from tests.web import story
from tests.web.world import PASSWORD

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
SERIOUS = ("serious", "critical")
EACH = 1  # pages of one kind that are looked at
LOOK = "() => axe.run(document, {resultTypes: ['violations'], elementRef: false})"
OFFICES = [("clerk", "head", "manager"), ("urban_liaison", "sup1", "owner", "admin", "auditor", "public")]
FADED = 200  # milliseconds in which a button has taken its other colour


def signed_in(office: Office, who: str, **context: Any) -> Page:
    page = office.chromium.new_context(viewport=DESKTOP, locale="zh-CN", **context).new_page()
    page.goto(f"{office.address}/sign-in")
    page.get_by_label("账号").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state("networkidle")
    return page


def kind(office: Office, address: str) -> str | None:
    """The view behind an address of this house."""
    try:
        endpoint, _ = office.world.app.url_map.bind("localhost").match(urlsplit(address).path)
    except HTTPException:
        return None
    return str(endpoint)


def reachable(office: Office, page: Page) -> Iterator[str]:
    """Walk along the links, a page of each kind; the page stands open while it is looked at."""
    seen: dict[str, int] = {}
    waiting = deque([page.url, f"{office.address}/no-such-page"])
    known = set(waiting)
    while waiting:
        address = waiting.popleft()
        answer = page.context.request.get(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(address)
        page.wait_for_load_state("networkidle")
        yield address
        for found in page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
            following = urldefrag(urljoin(address, found)).url
            view = kind(office, following) if following.startswith(office.address) else None
            if view is None or following in known or seen.get(view, 0) >= EACH:
                continue
            seen[view] = seen.get(view, 0) + 1
            known.add(following)
            waiting.append(following)


@cache
def axe() -> str:
    """The program that looks."""
    assert AXE.is_file(), "axe-core is missing: run `npm ci` in frontend/ (make frontend does)"
    return AXE.read_text("utf-8")


def faults(page: Page) -> list[str]:
    """What axe finds serious on the page as it stands."""
    page.evaluate(axe())
    found = page.evaluate(LOOK)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize("people", OFFICES)
def test_nothing_serious_on_any_page(office: Office, people: tuple[str, ...]) -> None:
    assert axe()
    office.expected |= {403, 404}
    story.play(office.world, "review_conclusion")
    story.begin(office.world, "sup2", title="关于处罚告知的意见")
    told: dict[str, list[str]] = {}
    for who in people:
        looked = look_round(office, who, told)
        assert len(looked) >= 3, looked
    assert told == {}


def look_round(office: Office, who: str, told: dict[str, list[str]]) -> list[str]:
    """Look at every page that this person reaches; the addresses, and in `told` what is wrong with them."""
    page, looked = signed_in(office, who), []
    for address in reachable(office, page):
        looked.append(address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(FADED)
            if wrong := faults(page):
                told[f"{who} {urlsplit(address).path} {scheme}"] = wrong
    page.context.close()
    return looked


def test_axe_does_find_what_is_wrong(office: Office) -> None:
    page = signed_in(office, "clerk")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.evaluate("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x.png\">')")
    assert any(one.startswith("image-alt") for one in faults(page))
    office.expected.add(404)
    page.context.close()
