"""Deployment: what owners propose over the current release, checked, decided by a second owner, and made current."""

from app.deployment.proposing import Proposed, approve, proposals, propose, reject
from app.deployment.shelf import Definition, definitions

__all__ = ["Definition", "Proposed", "approve", "definitions", "proposals", "propose", "reject"]
