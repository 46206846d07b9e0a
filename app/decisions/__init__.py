"""DMN decision models: `read(xml)` gives a Model, `Model.decide` an Outcome. Pure; uses FEEL."""

from .model import Decision, Info, Model, Outcome
from .read import read

__all__ = ["Decision", "Info", "Model", "Outcome", "read"]
