"""Deployments, definitions and instances in the words that a Camunda 7 client reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.deployment import Proposed
from app.deployment.outline import outline_or_none
from app.deployment.shelf import Issue
from app.web.api.shapes import Shape

SPOKEN = "7.22.0"
"""The version whose addresses and answers these are; the product itself is none."""
SOURCE = "duban"
MARK = "proposal"


class Version(Shape):
    """The version that a modeler compares its diagram with."""

    version: str


class Listing(BaseModel):
    """Which part of the list; what else a client asks is passed over, as Camunda does."""

    firstResult: int = Field(0, ge=0, le=100_000)
    maxResults: int = Field(100, ge=0, le=1_000)


class Deployment(Shape):
    """A release, or a proposal for one."""

    id: str
    name: str
    source: str
    deploymentTime: str
    tenantId: None = None
    links: list[dict[str, str]] = Field(default_factory=list)


class Definition(Shape):
    """A process of a deployment. Version 0: not in force until a second process owner has approved it."""

    id: str
    key: str
    name: str | None
    version: int
    resource: str
    deploymentId: str
    category: None = None
    description: None = None
    diagram: None = None
    suspended: bool = False
    tenantId: None = None
    versionTag: None = None
    historyTimeToLive: None = None
    startableInTasklist: bool = True


class Deployed(Deployment):
    """What has become of a deployment; without definitions where nothing differs from what is in force."""

    deployedProcessDefinitions: dict[str, Definition] | None
    deployedDecisionDefinitions: None = None
    deployedDecisionRequirementsDefinitions: None = None
    deployedCaseDefinitions: None = None


class Variable(BaseModel):
    """A value with its type, as Camunda writes it; only the value is read."""

    model_config = ConfigDict(extra="ignore")

    value: Any = None


class Starting(BaseModel):
    """What a client sends to start; `variables` are answers to the first form, none leave a draft."""

    model_config = ConfigDict(extra="ignore")

    businessKey: str | None = Field(None, max_length=200, description="Not kept: a case gets its own number.")
    variables: dict[str, Variable] | None = None


class Started(Shape):
    """A started case as an instance."""

    id: str
    definitionId: str
    businessKey: None = None
    caseInstanceId: None = None
    ended: bool
    suspended: bool = False
    tenantId: None = None
    links: list[dict[str, str]]


def deployment_of(issue: Issue) -> Deployment:
    """A release."""
    return Deployment(id=release_id(issue), name=str(issue.number), source=SOURCE, deploymentTime=_time(issue.made_at))


def unchanged(issue: Issue) -> Deployed:
    """The release in force, where a deployment brings nothing else."""
    return Deployed(**deployment_of(issue).model_dump(), deployedProcessDefinitions=None)


def release_id(issue: Issue) -> str:
    """How a release is named as a deployment."""
    return f"release-{issue.number}"


def deployed(made: Proposed, files: Iterable[tuple[str, bytes]]) -> Deployed:
    """A proposal with the processes that it brings."""
    found = [definition for path, data in files if (definition := _definition(made, path, data))]
    return Deployed(
        id=made.ref,
        name=made.note,
        source=SOURCE,
        deploymentTime=_time(made.made_at),
        deployedProcessDefinitions={one.id: one for one in found},
    )


def _definition(made: Proposed, path: str, data: bytes) -> Definition | None:
    seen = outline_or_none(data, path) if path.endswith(".bpmn") else None
    if seen is None:
        return None
    key = seen.ids[0]
    name = path.rpartition("/")[2]
    return Definition(
        id=f"{key}:{MARK}:{made.ref}", key=key, name=seen.name, version=0, resource=name, deploymentId=made.ref
    )


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000%z")
