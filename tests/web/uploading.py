"""Files sent to the studio as its page sends them, and changes of the shipped diagrams to try it with."""

from __future__ import annotations

import io
from pathlib import Path

from werkzeug.test import TestResponse

from app.definitions import library
from tests.web.world import World

ROOT = Path(__file__).resolve().parents[2]
FILES = library.read_folder(ROOT, "beibei_2024")
BPMN = "processes/agency_handling.bpmn"
NASTY = "<img src=x onerror=alert(1)>\"'</script>"
NAME = 'id="agency_sign" name="签收"'.encode()
assert NAME in FILES[BPMN]


def kept(path: str) -> bytes:
    """A file of the release that every world begins with."""
    return FILES[path]


def path_of(path: str) -> str:
    """Where that file can be fetched."""
    return f"/studio/releases/1/files/{path}"


def replaced(name: str) -> bytes:
    """The agency's diagram with another name of its first task, and another name of the process."""
    escaped = (name + "改").replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    changed = FILES[BPMN].replace(NAME, f'id="agency_sign" name="{escaped}"'.encode())
    return changed.replace('name="执法机关办理" '.encode(), f'name="{escaped}" '.encode(), 1)


def upload(world: World, by: str, *files: tuple[str, bytes], **more: str) -> TestResponse:
    """The form of the upload page, sent."""
    browser = world.as_(by)
    sent = [(io.BytesIO(data), name) for name, data in files]
    return browser.client.post("/studio/upload", data={"csrf_token": browser.token(), "files": sent, **more})


def drafted(world: World, by: str, data: bytes, **more: str) -> str:
    """The ref of a draft."""
    answer = upload(world, by, ("any.bpmn", data), **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2]


def handed_on(world: World, by: str, data: bytes, note: str = "") -> str:
    """The ref of a proposal that waits for the second owner."""
    ref = drafted(world, by, data)
    answer = world.as_(by).post(f"/studio/proposals/{ref}/submit", {"note": note})
    assert answer.status_code == 303, answer.text
    return ref
