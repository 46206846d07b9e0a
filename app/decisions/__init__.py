"""DMN decision models: `read(xml)` gives a Model, `Model.decide` an Outcome. Pure; uses FEEL."""

from .answers import answers
from .explain import Explanation, TriedRule, TriedTable, explain
from .model import Decision, Info, Model, Outcome
from .read import read

__all__ = [
    "Decision",
    "Explanation",
    "Info",
    "Model",
    "Outcome",
    "TriedRule",
    "TriedTable",
    "answers",
    "explain",
    "read",
]
