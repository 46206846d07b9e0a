"""People at their desks: signing in, opening a task, filling its form as the screen shows it, sending it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from app import jobs
from tests.web import story
from tests.web.world import PASSWORD, World

PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Office:
    """The server, the browser, and whatever the pages complained of."""

    world: World
    chromium: Browser
    address: str
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=lambda: {422})
    """Statuses that the story brings about on purpose; the browser logs them."""
    desks: dict[str, Desk] = field(default_factory=dict)

    def at(self, moment: str) -> None:
        """Move the clock and let happen what is due."""
        self.world.clock.move(story.at(moment))
        jobs.sweep(self.world.database, self.world.clock.now())

    def desk(self, who: str, **context: Any) -> Desk:
        """The desk of a person who signs in as anybody would; kept for the whole test."""
        key = f"{who} {sorted(context)}"
        if key not in self.desks:
            settings = {"viewport": DESKTOP, "locale": "zh-CN", **context}
            page = self.chromium.new_context(**settings).new_page()
            page.set_default_timeout(20_000)
            page.on("console", lambda message: self._complain(who, message))
            page.on("pageerror", lambda error: self.complaints.append(f"{who}: {error}"))
            self.desks[key] = Desk(self, page, self.world.names[who])
            self.desks[key].sign_in(who)
        return self.desks[key]

    def phone(self, who: str) -> Desk:
        """The same person with a phone."""
        return self.desk(who, viewport=PHONE, is_mobile=True, has_touch=True)

    def _complain(self, who: str, message: ConsoleMessage) -> None:
        foreseen = any(f"responded with a status of {status}" in message.text for status in self.expected)
        if message.type in ("error", "warning") and not foreseen:
            self.complaints.append(f"{who}: {message.text} ({message.location.get('url')})")

    def close(self) -> None:
        """Close every desk."""
        for desk in self.desks.values():
            desk.page.context.close()


@dataclass
class Desk:
    """One person's browser window."""

    office: Office
    page: Page
    name: str

    def sign_in(self, who: str) -> None:
        self.page.goto(f"{self.office.address}/sign-in")
        self.page.get_by_label("账号").fill(who)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url("**/inbox/todo")

    def open(self, step: str) -> None:
        """Open the first task of that name in the inbox, and wait until its form stands."""
        self.page.goto(f"{self.office.address}/inbox/todo")
        self.page.locator(".queue-item > a").filter(
            has=self.page.locator(".queue-step", has_text=_exactly(step))
        ).first.click()
        expect(self.page.locator("#work h2")).to_have_text(step)
        self.ready()

    def ready(self) -> None:
        """Wait until the form can be filled."""
        self.page.locator(".form-bar").wait_for()

    def send(self, button: str) -> None:
        """Press the form's button and wait for the next page with the words of where it went."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator(".sent")).to_be_visible()

    def field(self, label: str) -> Locator:
        """The field with that label."""
        named = self.page.locator("label, legend").filter(has_text=_exactly(label))
        return self.page.locator(".fjs-form-field").filter(has=named).last

    def write(self, label: str, text: str) -> None:
        """Type, and leave the field as people do: form-js takes the last letters then."""
        place = self.field(label).locator("input, textarea").first
        place.fill(text)
        place.blur()

    def choose(self, label: str, option: str) -> None:
        """A radio, a tick among several, or an entry of a list."""
        place = self.field(label)
        if place.locator("select").count():
            place.locator("select").select_option(label=option)
        else:
            place.get_by_label(option, exact=True).check()

    def tick(self, label: str) -> None:
        self.field(label).locator("input[type=checkbox]").check()

    def sign(self) -> None:
        """Type one's name and password under a paper."""
        inputs = self.page.locator(".duban-sign input")
        inputs.nth(0).fill(self.name)
        inputs.nth(1).fill(PASSWORD)
        inputs.nth(1).blur()

    def attach(self, label: str, path: Path) -> None:
        self.field(label).locator("input[type=file]").set_input_files(path)
        expect(self.field(label).locator("li")).to_contain_text(path.name)

    def picture(self, name: str, *, full: bool = False) -> None:
        """Keep what the screen shows; var/ is not part of the repository."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=full)

    def case(self, title: str, *, linked: bool = False) -> None:
        """Open the page of a case by its title, from the list; the linked case that came of it stands above it."""
        self.page.goto(f"{self.office.address}/cases")
        links = self.page.get_by_role("link", name=title)
        (links.first if linked else links.last).click()
        expect(self.page.locator(".case-sentence")).to_be_visible()


def _exactly(label: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
