"""The worlds of the web tests, for files on their way out."""

from tests.web.conftest import base, shared, world

__all__ = ["base", "shared", "world"]
