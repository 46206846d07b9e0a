"""The engine's face: BPMN and DMN files to a diagram, a diagram to running cases. All others import only this."""

from app.engine.diagram import Diagram, check, read
from app.engine.errors import Fault, StepBudgetExceeded
from app.engine.instance import Instance
from app.engine.state import dump, load
from app.engine.values import (
    Changes,
    Due,
    Host,
    Message,
    OperationCall,
    Process,
    Start,
    Step,
    Subscription,
    Timer,
    Visit,
    Work,
)
from app.engine.xml import parse as parse_xml

__all__ = [
    "Changes",
    "Diagram",
    "Due",
    "Fault",
    "Host",
    "Instance",
    "Message",
    "OperationCall",
    "Process",
    "Start",
    "Step",
    "StepBudgetExceeded",
    "Subscription",
    "Timer",
    "Visit",
    "Work",
    "check",
    "dump",
    "load",
    "parse_xml",
    "read",
]
