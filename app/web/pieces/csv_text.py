"""Lists as CSV for the office's spreadsheet: with a byte-order mark, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the full-width twins are meant
"""What makes a spreadsheet read a text as a formula, or a line break that hides one."""
BOM = "\ufeff"

Cell = str | int | float | None


def answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A download of that file name (ASCII) with one line a row."""
    response = Response(written(head, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def written(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
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
