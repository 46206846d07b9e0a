"""What may come in and what may not: told by content, opened, refused in words of both languages."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import files, languages
from app.errors import Invalid, Unavailable
from app.files import Upload, faults
from tests.files import made
from tests.files.hostile import HOSTILE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", made.GOOD)
def test_good_files_of_each_kind_are_taken(name: str) -> None:
    checked = files.check(Upload(name, made.GOOD[name]))
    assert (checked.name, checked.data) == (name, made.GOOD[name])
    assert name.rpartition(".")[2].lower() in checked.kind.endings


def test_every_kind_has_a_good_file() -> None:
    assert {files.check(Upload(name, data)).kind.name for name, data in made.GOOD.items()} == set(files.KINDS)


@pytest.mark.parametrize("about", HOSTILE)
def test_hostile_files_are_refused_with_the_reason_and_what_to_do(about: str) -> None:
    name, data, rule = HOSTILE[about]
    with pytest.raises(Invalid) as refused:
        files.check(Upload(name, data))
    assert [one.rule for one in refused.value.findings] == [rule], str(refused.value)
    chinese, english = (languages.say(refused.value.words, one) for one in ("zh", "en"))
    assert any("一" <= one <= "鿿" for one in chinese) and english.isascii()
    assert len(english) > len("This file is empty") and "{" not in chinese + english


def test_there_are_hostile_files_enough() -> None:
    assert len(HOSTILE) >= 42
    rules = "active bomb commands damaged empty encrypted external kind macros names objects pixels polyglot text virus"
    assert {rule for _, _, rule in HOSTILE.values()} == {f"file.{rule}" for rule in rules.split()}


def test_a_pack_may_take_less() -> None:
    with pytest.raises(Invalid, match="pdf"):
        files.check(Upload("a.zip", made.GOOD["材料.zip"]), ("pdf",))


def test_a_name_never_becomes_a_path_nor_turns_a_line_round() -> None:
    odd = "../../etc/p\u202efdp.s\u200ds\nwd.pdf"
    assert files.check(Upload(odd, made.pdf())).name == "pfdp.sswd.pdf"


class Scanner:
    """A clamd that answers what it was told."""

    def __init__(self, path: Path, answer: bytes) -> None:
        self.heard = b""
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        self._socket.listen(1)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        came, _ = self._socket.accept()
        with came:
            while not self.heard.endswith(b"\0\0\0\0"):
                self.heard += came.recv(65536)
            came.sendall(self._answer)

    def close(self) -> None:
        self._thread.join(timeout=5)
        self._socket.close()


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("s") / "clamd"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"stream: OK\0", None),
        (b"stream: Win.Test.EICAR FOUND\0", Invalid),
        (b"INSTREAM size limit exceeded. ERROR\0", Unavailable),
        (b"", Unavailable),
    ],
)
def test_the_scanner_is_asked_with_the_bytes(place: Path, answer: bytes, error: type[Exception] | None) -> None:
    scanner = Scanner(place, answer)
    try:
        if error is None:
            assert files.take_in(Upload("a.pdf", made.pdf()), virus_scanner=f"unix:{place}").name == "a.pdf"
        else:
            with pytest.raises(error, match="Win.Test.EICAR" if error is Invalid else "scanner"):
                files.take_in(Upload("a.pdf", made.pdf()), virus_scanner=f"unix:{place}")
    finally:
        scanner.close()
    assert scanner.heard.startswith(b"zINSTREAM\0") and made.pdf() in scanner.heard


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd", "tcp:127.0.0.1:1", "tcp:", "odd"])
def test_nothing_comes_in_unscanned(address: str) -> None:
    with pytest.raises(Unavailable, match="scanner"):
        files.take_in(Upload("a.pdf", made.pdf()), virus_scanner=address)


def test_the_test_virus_lies_in_no_file_of_the_repository() -> None:
    """Else a scanner of the office takes our own code away."""
    for path in (*ROOT.glob("app/files/*.py"), *ROOT.glob("tests/files/*.py")):
        assert faults.EICAR not in path.read_bytes()
