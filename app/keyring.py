"""Keys: personal fields are encrypted, the journal is sealed, look-ups go by a blind index."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import Invalid, words

NONCE_BYTES = 12


class KeyRing:
    """AES-256-GCM keys by id, the first of them for writing, and two HMAC keys.

    `place` (table.column) is bound into each token, so that a value copied to another column does not open.
    """

    def __init__(self, field_keys: Mapping[str, bytes], *, journal_key: bytes, index_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in field_keys.items()}
        self._writing = next(iter(field_keys))
        self._journal_key = journal_key
        self._index_key = index_key

    def encrypt(self, plain: str, place: str) -> str:
        """A token `key id.base64` that only this ring opens."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._ciphers[self._writing].encrypt(nonce, plain.encode(), place.encode())
        return f"{self._writing}.{base64.urlsafe_b64encode(sealed).decode()}"

    def decrypt(self, token: str, place: str) -> str:
        """The text of a token; a foreign, moved or damaged one is Invalid."""
        key_id, _, body = token.partition(".")
        try:
            sealed = base64.urlsafe_b64decode(body)
            cipher = self._ciphers[key_id]
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
        except (KeyError, ValueError, InvalidTag):
            raise Invalid(words("A protected value cannot be opened with the keys of this system.")) from None

    def seal(self, text: bytes) -> str:
        """The journal's keyed digest, 64 hexadecimal digits."""
        return hmac.new(self._journal_key, text, hashlib.sha256).hexdigest()

    def request_digest(self, content: bytes) -> str:
        """The keyed digest of a request: it may hold a password, so that nobody without the key may try guesses."""
        return hmac.new(self._index_key, b"request\0" + content, hashlib.sha256).hexdigest()

    def blind_index(self, value: str) -> str:
        """A digest that finds equal values without showing them."""
        return hmac.new(self._index_key, value.strip().upper().encode(), hashlib.sha256).hexdigest()
