"""Faults of files: one sentence that says what is wrong and what to do, under a rule's name."""

from __future__ import annotations

from app.errors import Finding, Invalid, Words, words

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"


def fault(text: Words, rule: str) -> Invalid:
    """The refusal of a file under that rule."""
    return Invalid(text, [Finding(text, rule=rule)])


def damaged() -> Invalid:
    """The structure cannot be read to its end."""
    return fault(
        words("This file is damaged or not complete. Open it on your computer, save it anew and upload that."),
        "file.damaged",
    )


def encrypted() -> Invalid:
    """Nobody could read it without its password."""
    return fault(
        words("This file is protected by a password. Remove the protection, save it and upload it again."),
        "file.encrypted",
    )


def macros() -> Invalid:
    """Programs that run when the file is opened."""
    return fault(
        words("This file holds macros. Save it without macros (as .docx or .xlsx) and upload that."), "file.macros"
    )


def objects() -> Invalid:
    """Other files inside, which nobody has looked at."""
    return fault(
        words("This file has other files or controls embedded. Remove them, and upload those files on their own."),
        "file.objects",
    )


def outside() -> Invalid:
    """Something that would be fetched from elsewhere when the file is opened."""
    return fault(
        words(
            "This file fetches a template, picture or data from elsewhere when it is opened. "
            "Break the links in your office program, or save it as PDF."
        ),
        "file.external",
    )


def commands() -> Invalid:
    """Fields that start programs (DDE)."""
    return fault(
        words("This file holds a field that can start other programs. Remove the field, or save the file as PDF."),
        "file.commands",
    )


def bomb() -> Invalid:
    """Small here, enormous where it is unpacked."""
    return fault(
        words("Unpacked, this file would become far too large. Send its parts as separate files."), "file.bomb"
    )


def two_faced() -> Invalid:
    """One file that is two: it would be read otherwise elsewhere."""
    return fault(
        words("This file is two kinds of file at once. Save its content anew with a program of its kind."),
        "file.polyglot",
    )


def active() -> Invalid:
    """A PDF that does something."""
    return fault(
        words("This PDF runs scripts or starts something when it is opened. Print it into a new PDF and upload that."),
        "file.active",
    )


def virus(name: str) -> Invalid:
    """What the scanner or the built-in check has found."""
    return fault(
        words("A virus was found in this file ({name}). Have your computer checked; the file was not kept.", name=name),
        "file.virus",
    )


def refuse_test_virus(data: bytes) -> None:
    """Refuse the file with which scanners are tried."""
    if EICAR in data:
        raise virus("EICAR-Test")
