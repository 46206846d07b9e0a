"""Uploaded files: what may come in, where its bytes lie, and who may have it back."""

from app.files.intake import MOST_BYTES, Upload
from app.files.store import bind, found, keep, names_of, of_case, path_of

__all__ = ["MOST_BYTES", "Upload", "bind", "found", "keep", "names_of", "of_case", "path_of"]
