"""Every text for people has its Chinese words: the catalogue is compared with what the source says now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app import languages
from app.errors import words
from app.forms import Said
from tests.web import story
from tests.web.world import World

ROOT = Path(__file__).resolve().parents[2]
SOURCE = languages.FOLDER / "zh_CN" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"words": None, "_": None, "gettext": None}


def texts() -> set[str]:
    """All msgids of the source: `words("…")` in Python, `_("…")` in templates."""
    with (ROOT / "babel.cfg").open() as file:
        method_map, options = parse_mapping_cfg(file)
    found: Iterator[tuple] = extract_from_dir(str(ROOT), method_map, options, keywords=KEYWORDS)
    return {one[2] for one in found if isinstance(one[2], str) and one[2]}


@pytest.fixture(scope="module")
def entries() -> dict:
    with SOURCE.open("rb") as file:
        return {entry.id: entry for entry in read_po(file) if entry.id}


def test_no_text_lacks_its_chinese(entries: dict) -> None:
    assert sorted(texts() - {key for key, entry in entries.items() if entry.string}) == []


def test_no_entry_is_doubtful_or_left_over(entries: dict) -> None:
    assert [entry.id for entry in entries.values() if entry.fuzzy] == []
    assert sorted(set(entries) - texts()) == []


def test_the_chinese_names_the_same_parameters(entries: dict) -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"(?<!\{)\{(\w+)\}", text))

    assert [key for key, entry in entries.items() if names(key) != names(entry.string)] == []


def test_the_extraction_sees_concatenated_texts_and_templates() -> None:
    found = texts()
    assert any(text.startswith("User name or password is not right") for text in found)
    assert "Why this date?" in found and "This field is required." in found


def test_words_dates_and_bilingual_texts_are_said_in_one_language() -> None:
    text = words("{who} completed this step at {when}.", who=Said("程立言", "Cheng"), when=date(2026, 2, 12))
    assert languages.say(text, "zh") == "程立言已于 2026-02-12(周四) 办结本环节。"
    assert languages.say(text, "en") == "Cheng completed this step at 2026-02-12 (Thu)."
    assert languages.say(words("{who}: {said}", who="a", said=words("due today")), "zh") == "a 今日到期"


def test_the_catalogue_works_without_being_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_bytes(SOURCE.read_bytes())
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    languages.catalogue.cache_clear()
    assert languages.translated("To do", "zh") == "待办"
    languages.catalogue.cache_clear()


def test_the_reader_switches_the_language_by_a_form(world: World) -> None:
    browser = world.as_("clerk")
    assert 'lang="zh-CN"' in browser.get("/inbox/todo").text
    assert browser.post("/preferences", {"language": "en", "next": "/inbox/todo"}).headers["Location"] == "/inbox/todo"
    assert '<html lang="en"' in browser.get("/inbox/todo").text
    assert browser.post("/preferences", {"theme": "dark", "next": "/inbox/todo"}).status_code == 303
    assert 'data-theme="dark"' in browser.get("/inbox/todo").text


@pytest.mark.parametrize("address", ["/inbox/todo", "/cases", "/start", "/sign-in", "/no-such-page"])
def test_english_pages_hold_no_chinese_but_names(world: World, address: str) -> None:
    browser = world.as_("sup1")
    browser.client.set_cookie("language", "en")
    page = re.sub(r"<script.*?</script>", "", browser.get(address).text, flags=re.DOTALL)
    left = set(re.findall(r"[一-鿿]+", page)) - {"中文", "督", "北碚区司法局", "苏映雪"}
    assert left == set()


def test_a_refusal_is_said_in_the_readers_language(world: World) -> None:
    story.begin(world)
    (ref,) = story.tasks_of(world, "urban_liaison")
    browser = world.as_("urban_liaison")
    browser.client.set_cookie("language", "en")
    refused = browser.send(f"/tasks/{ref}/complete", {"answers": {}})
    assert refused.json["findings"][0]["words"] == "This field is required."
