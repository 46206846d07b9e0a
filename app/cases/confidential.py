"""Confidential authors: from whom the pack keeps whose matter it is, and the day in place of the instant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from app import feel
from app.clock import in_office
from app.definitions.manifest import Confidential
from app.definitions.pack import Pack

AUTHOR = "author"
UNSAID = Confidential.model_validate({})


def knows_author(pack: Pack, facts: Mapping[str, Any], roles: Collection[str]) -> bool:
    """Whether these roles may know whom the matter comes from: as the pack says; unsaid, agencies may not."""
    kept = pack.manifest.confidential.get(AUTHOR, UNSAID)
    return bool(frozenset(roles) - {*kept.hidden_from}) or (kept.when is not None and _is_false(kept.when, facts))


def day_of(at: datetime) -> date:
    """The day of an instant, all that leaves: the second may say who was at a desk then."""
    return in_office(at).date()


def _is_false(when: str, facts: Mapping[str, Any]) -> bool:
    """Only a plain no lifts the rule; what cannot be told keeps it."""
    return feel.compile(feel.expression_text(when))(facts) is False
