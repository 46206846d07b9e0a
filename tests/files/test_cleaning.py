"""Copies that leave: no canary of any place of any kind, and still the same picture, page and text."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from app import files
from app.errors import Invalid
from app.files import Upload, copies
from tests.files import made
from tests.files.planted import PLANTED, Canaries


def planted(name: str) -> tuple[bytes, Canaries]:
    mark = Canaries()
    return PLANTED[name](mark), mark


@pytest.mark.parametrize("name", PLANTED)
def test_no_canary_leaves(name: str) -> None:
    data, mark = planted(name)
    kind = files.check(Upload(name, data)).kind.name
    before = mark.found_in(data)
    assert len(mark.all) > 10
    if kind in ("jpg", "pdf", "docx", "xlsx", "png"):
        assert before == mark.all, sorted(set(mark.all) - set(before))
    else:
        assert len(before) > 10
    cleaned, as_kind = copies.cleaned(data, kind)
    assert mark.found_in(cleaned) == []
    ending = files.KINDS[as_kind].endings[0]
    assert files.check(Upload(f"a.{ending}", cleaned)).kind.name == as_kind, "the copy is a good file itself"


@pytest.mark.parametrize("name", PLANTED)
def test_a_copy_of_the_same_bytes_is_the_same(name: str) -> None:
    data, _ = planted(name)
    kind = files.check(Upload(name, data)).kind.name
    assert copies.cleaned(data, kind) == copies.cleaned(data, kind)


def test_a_picture_is_turned_upright() -> None:
    data, _ = planted("照片.jpg")
    cleaned, _ = copies.cleaned(data, "jpg")
    assert Image.open(BytesIO(data)).size == (24, 16) and Image.open(BytesIO(cleaned)).size == (16, 24)


def test_a_picture_of_a_phone_becomes_one_that_everybody_opens() -> None:
    cleaned, kind = copies.cleaned(made.picture("HEIF"), "heic")
    assert kind == "jpg" and Image.open(BytesIO(cleaned)).format == "JPEG"


def test_a_page_keeps_its_remark_and_its_picture() -> None:
    data, _ = planted("报告.pdf")
    with pikepdf.open(BytesIO(copies.cleaned(data, "pdf")[0])) as document:
        page = document.pages[0]
        assert str(page.obj.Annots[0].Contents) == "remark"
        assert Image.open(BytesIO(page.obj.Resources.XObject.Im0.read_raw_bytes())).size == (24, 16)


def test_a_text_keeps_its_words_and_names_no_part_that_is_gone() -> None:
    data, _ = planted("说明.docx")
    with zipfile.ZipFile(BytesIO(copies.cleaned(data, "docx")[0])) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = package.read("word/document.xml").decode()
        assert "增" in text and "删" in text and "批注" in package.read("word/comments.xml").decode()
        assert "docProps" not in package.read("[Content_Types].xml").decode() + package.read("_rels/.rels").decode()


def test_a_part_that_nobody_can_vouch_for_holds_the_file() -> None:
    with pytest.raises(Invalid):
        copies.cleaned(made.docx(parts={"word/media/image1.emf": b"x"}), "docx")


@pytest.mark.parametrize("kind", sorted(set(files.KINDS) - files.CLEANABLE))
def test_other_kinds_are_held(kind: str) -> None:
    assert kind in ("doc", "wps", "ofd", "mp4", "m4a", "zip")
