"""Lists as CSV for the office's spreadsheet: with a byte-order mark, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the full-width twins are meant
"""Beginnings that make a spreadsheet read a text as a formula, or a line break that hides one."""
BOM = "\ufeff"

Cell = str | int | float | None


@dataclass(frozen=True)
class CsvFile:
    """A list to be downloaded: its file name (ASCII) and its text."""

    name: str
    text: str


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> CsvFile:
    """A file of that name with one line a row."""
    return CsvFile(name, csv_text(head, rows))


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The file's text: every text cell defused, numbers as they are."""
    target = io.StringIO()
    target.write(BOM)
    sheet = csv.writer(target, lineterminator="\r\n")
    sheet.writerow([defused(one) for one in head])
    sheet.writerows([defused(one) for one in row] for row in rows)
    return target.getvalue()


def defused(cell: Cell) -> Cell:
    """A text that begins like a formula gets an apostrophe before it; blanks before the sign do not hide it."""
    if isinstance(cell, str) and (cell.startswith(DANGEROUS) or cell.lstrip().startswith(DANGEROUS)):
        return f"'{cell}"
    return cell
