"""All registers by name, in the order in which people find them: the one place that lists them."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import NotFound, words
from app.registers.kept import (
    activities,
    agencies,
    applications,
    attendance,
    campaigns,
    certificates,
    clues,
    correction_orders,
    deadline_reviews,
    documents,
    evaluations,
    inquiries,
    insurance,
    interests,
    measures,
    objections,
    opinions,
    publicities,
    recommendations,
    supervisors,
    support,
    transfers,
    violations,
)
from app.registers.register import Register

KEPT = (
    supervisors,
    certificates,
    interests,
    agencies,
    opinions,
    measures,
    documents,
    correction_orders,
    recommendations,
    clues,
    deadline_reviews,
    campaigns,
    applications,
    publicities,
    objections,
    activities,
    attendance,
    inquiries,
    transfers,
    evaluations,
    violations,
    insurance,
    support,
)
REGISTERS: Mapping[str, Register] = {kept.REGISTER.name: kept.REGISTER for kept in KEPT}


def register_named(name: str) -> Register:
    """The register of that name. Raises NotFound."""
    found = REGISTERS.get(name)
    if found is None:
        raise NotFound(words('There is no register "{name}".', name=name))
    return found
