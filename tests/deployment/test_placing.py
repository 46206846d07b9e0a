"""Uploads find their place by what they hold; what cannot be taken in is refused in words, all of it at once."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.deployment.placing import placed, places_of_forms
from app.deployment.unpacking import MOST_BYTES, MOST_FILES, Upload, is_plain
from app.errors import Invalid
from tests.builders import LOOP, bpmn, form, small_pack, text
from tests.deployment.conftest import BETTER, CHECK, FORM, PATH

NEW = bpmn("fresh", "<bpmn:startEvent id='start'/>")
TABLES = '<definitions id="d" name="d"><decision id="{0}" name="{0}"/><decision id="more" name="more"/></definitions>'


def zipped(**files: bytes) -> bytes:
    """An archive of files, their names with `__` for a slash and `_dot_` for a dot."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return kept.getvalue()


def place(*uploads: tuple[str, bytes], chosen: str = "") -> dict[str, bytes]:
    return placed([Upload(*one) for one in uploads], small_pack(), chosen)


def rules(*uploads: tuple[str, bytes]) -> list[str]:
    with pytest.raises(Invalid) as refused:
        place(*uploads)
    return [one.rule for one in refused.value.findings]


def test_the_id_inside_decides_and_the_name_does_not() -> None:
    assert place(("whatever.bpmn", BETTER), ("other.bpmn", NEW)) == {PATH: BETTER, "processes/fresh.bpmn": NEW}
    assert place(("x.dmn", TABLES.format("pick").encode())).keys() == {"processes/pick.dmn"}
    assert place(("pack.yaml", b"id: small")).keys() == {"pack.yaml"}


def test_forms_find_their_task_by_name_by_folder_or_by_choice() -> None:
    assert place(("check.form", FORM)) == {CHECK: FORM}
    assert place(("anything.form", FORM), chosen="loop/check") == {CHECK: FORM}
    assert rules(("anything.form", FORM)) == ["file.place"]
    two = small_pack() | {"forms/other/check.form": FORM}
    assert placed([Upload("forms/other/check.form", FORM)], two, "").keys() == {"forms/other/check.form"}
    with pytest.raises(Invalid):
        placed([Upload("check.form", FORM)], two, "")


def test_a_form_may_come_with_the_diagram_that_needs_it() -> None:
    fresh = bpmn("fresh", "<bpmn:userTask id='ask' name='ask'/>")
    assert place(("a.form", FORM), ("f.bpmn", fresh), chosen="fresh/ask").keys() == {
        "processes/fresh.bpmn",
        "forms/fresh/ask.form",
    }
    assert ("fresh", "ask") in places_of_forms({"processes/fresh.bpmn": fresh})


def test_an_archive_is_taken_whole_or_not_at_all() -> None:
    assert place(("all.zip", zipped(x__y_dot_bpmn=BETTER, check_dot_form=FORM))) == {PATH: BETTER, CHECK: FORM}
    assert rules(("all.zip", zipped(good_dot_bpmn=BETTER, bad_dot_exe=b"MZ"))) == ["file.kind"]


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("a.bpmn", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "xml.doctype"),
        ("a.bpmn", b"no xml at all", "xml.syntax"),
        ("a.bpmn", b" " * 10, "file.empty"),
        ("a.bpmn", LOOP + b" " * MOST_BYTES, "file.size"),
        ("a.bpmn", b"<definitions/>", "file.processes"),
        ("a.bpmn", bpmn("../../etc/passwd", ""), "id.unfit"),
        ("a.bpmn", bpmn("a..b", ""), "id.unfit"),
        ("a.bpmn", bpmn("名称", ""), "id.unfit"),
        ("a.dmn", b"<definitions/>", "file.decisions"),
        ("a.dmn", TABLES.format("../x").encode(), "id.unfit"),
        ("a.svg", b"<svg/>", "file.kind"),
        ("a.yaml", b"id: x", "file.kind"),
        ("check.form", b"[]", "form.json"),
        ("check.form", b"{", "form.json"),
        ("check.form", b"[" * 100_000, "form.json"),
        ("nobody.form", FORM, "file.place"),
        ("nobody.rows.yaml", b"rows: []", "file.place"),
        ("../check.form", FORM, "file.name"),
        ("/etc/check.form", FORM, "file.name"),
        ("C:\\check.form", FORM, "file.name"),
        ("check\x00.form", FORM, "file.name"),
        ("check\u202emrof.form", FORM, "file.name"),
        ("broken.zip", b"PK\x03\x04 no archive", "zip.broken"),
        ("up.zip", zipped(__________dot_bpmn=BETTER), "file.name"),
        ("nested.zip", zipped(inner_dot_zip=zipped()), "zip.nested"),
        ("bomb.zip", zipped(a_dot_bpmn=b" " * 4_000_000), "zip.size"),
        ("huge.zip", zipped(**{f"f{n}_dot_bpmn": b"x" * 900_000 for n in range(12)}), "zip.size"),
        ("many.zip", zipped(**{f"f{n}_dot_bpmn": b"x" for n in range(MOST_FILES + 1)}), "zip.size"),
    ],
)  # fmt: skip
def test_what_is_refused(name: str, data: bytes, rule: str) -> None:
    assert rule in rules((name, data))


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    data = bytearray(zipped(a_dot_bpmn=b" " * 100_000))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place_of = data.index(mark) + at
        data[place_of : place_of + 4] = (50).to_bytes(4, "little")
    assert rules(("liar.zip", bytes(data)))[0] in ("zip.size", "zip.broken")


def test_everything_wrong_is_said_at_once() -> None:
    found = rules(("a.exe", b"MZ"), ("b.bpmn", b"no"), ("nobody.form", FORM))
    assert sorted(found) == ["file.kind", "file.place", "xml.syntax"]


def test_two_files_of_one_definition_are_refused_and_the_same_twice_is_not() -> None:
    assert rules(("a.bpmn", BETTER), ("b.bpmn", LOOP)) == ["file.twice"]
    assert place(("a.bpmn", BETTER), ("b.bpmn", BETTER)) == {PATH: BETTER}


def test_nothing_chosen_is_said() -> None:
    with pytest.raises(Invalid, match="at least one"):
        place()


def test_names_that_people_can_read_are_plain() -> None:
    assert is_plain("forms/办理/签收 2.form") and not is_plain("a//b") and not is_plain(" a")
    assert form(text("a"))
