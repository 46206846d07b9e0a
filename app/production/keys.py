"""Keys and secrets: missing, short, samples, patterns, guessable, or one for two purposes."""

from __future__ import annotations

import base64
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.errors import Finding, words
from app.production.setup import Setup, finding

SAMPLES = ("change", "sample", "example", "secret", "password", "default", "qwerty", "test", "123456")
KEY_BYTES = 32
LEAST = {"secret_key": 32, "password_salt": 16, "journal_key": 32, "metrics_token": 24}
"""Characters of each secret."""
LEAST_ENTROPY = 2.5
"""Bits a character; hexadecimal digits drawn at random have about 3.5, a word said again and again has less."""
LEAST_BYTES = 16
"""Different bytes in a key of 32; drawn at random there are about 30."""
LEAST_PART = 8
"""Characters from which on a secret that is a part of another one is not so by chance."""
WAY = "openssl rand -base64 48"
KEY_WAY = "openssl rand -base64 32"


def weak_secrets(setup: Setup) -> Iterator[Finding]:
    """Secrets that are missing, short, samples or guessable."""
    for name, least in LEAST.items():
        value = getattr(setup, name).get_secret_value()
        if name == "metrics_token" and not value:
            continue  # /metrics is closed then
        params = {"name": name.upper(), "least": least}
        if len(value) < least:
            text = words(
                "DUBAN_{name} is missing or has fewer than {least} characters: make one with `{way}`.",
                **params,
                way=WAY,
            )
            yield finding(f"{name}.short", text)
        elif is_sample(value):
            text = words("DUBAN_{name} is a sample that everybody can read: make one with `{way}`.", **params, way=WAY)
            yield finding(f"{name}.sample", text)
        elif is_guessable(value):
            text = words("DUBAN_{name} repeats itself and can be guessed: make one with `{way}`.", **params, way=WAY)
            yield finding(f"{name}.guessable", text)


def is_sample(value: str) -> bool:
    """Whether a secret holds a word that stands in examples."""
    return any(sample in value.lower() for sample in SAMPLES)


def is_guessable(value: str) -> bool:
    """Whether a secret says itself again, counts up or down, or has few different characters."""
    return _repeats(value) or _counts(list(map(ord, value))) or _entropy(value) < LEAST_ENTROPY


def _repeats(value: str | bytes) -> bool:
    return any(value == (value[:period] * len(value))[: len(value)] for period in range(1, len(value) // 2 + 1))


def _counts(numbers: list[int]) -> bool:
    steps = Counter(second - first for first, second in pairwise(numbers))
    return any(count > len(numbers) / 2 for count in steps.values())


def _entropy(value: str) -> float:
    """Shannon's entropy in bits a character."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())


def field_keys(setup: Setup) -> dict[str, bytes] | None:
    """The keys of personal fields by id; None where they cannot be read."""
    try:
        listed = json.loads(setup.field_keys.get_secret_value() or "{}")
        return {name: base64.b64decode(key, validate=True) for name, key in listed.items()}
    except (ValueError, AttributeError, TypeError):
        return None


def weak_keys(keys: Mapping[str, bytes] | None) -> Iterator[Finding]:
    """Keys of personal fields that are missing or were not drawn at random."""
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        text = words(
            "DUBAN_FIELD_KEYS must be JSON of key ids and base64 keys of 32 bytes: make one with `{way}`.", way=KEY_WAY
        )
        yield finding("field_keys.missing", text)
        return
    for name, key in keys.items():
        if len(set(key)) < LEAST_BYTES or _repeats(key) or _counts(list(key)):
            text = words(
                "The key {name} of DUBAN_FIELD_KEYS is zeros or a pattern: make one with `{way}`.",
                name=name,
                way=KEY_WAY,
            )
            yield finding("field_keys.pattern", text)
        elif key.isascii() and key.decode().isprintable():
            text = words(
                "The key {name} of DUBAN_FIELD_KEYS is a text, not drawn at random: make one with `{way}`.",
                name=name,
                way=KEY_WAY,
            )
            yield finding("field_keys.text", text)


def shared(setup: Setup, keys: Mapping[str, bytes] | None) -> Iterator[Finding]:
    """One key for two purposes: whoever learns one knows the other; a part of it counts too."""
    held = {f"DUBAN_{name.upper()}": getattr(setup, name).get_secret_value() for name in LEAST}
    for name, key in (keys or {}).items():
        held[f"DUBAN_FIELD_KEYS ({name})"] = base64.b64encode(key).decode()
    for name, url in (("DUBAN_DATABASE_URL", setup.database_url), ("DUBAN_MIGRATE_URL", setup.migrate_url)):
        if name == "DUBAN_DATABASE_URL" or url != setup.database_url:
            held[name] = _password(url)
    for (one, first), (other, second) in combinations(held.items(), 2):
        if min(len(first), len(second)) >= LEAST_PART and (first in second or second in first):
            text = words(
                "{one} and {other} are the same: each purpose needs a secret of its own.", one=one, other=other
            )
            yield finding("secrets.shared", text)


def _password(url: str) -> str:
    try:
        return str(make_url(url).password or "")
    except ArgumentError:
        return ""
