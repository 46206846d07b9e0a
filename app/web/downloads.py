"""Files handed to the browser to be kept, never to be shown by it."""

from __future__ import annotations

from flask import Response

from app.web.pieces.csv_text import CsvFile


def csv(file: CsvFile) -> Response:
    """A list for the office's spreadsheet."""
    response = Response(file.text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def attachment(data: bytes, path: str) -> Response:
    """A file that is never shown by the browser itself, whatever is in it."""
    response = Response(data, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=path.rpartition("/")[2])
    return response
