"""FEEL, the one expression language of diagrams, forms and decision tables (DMN 1.5, chapter 10). Pure."""

from .expression import Expression, UnaryTests, compile, compile_tests, expression_text, is_expression
from .json import json_text, to_fact, to_json

__all__ = [
    "Expression",
    "UnaryTests",
    "compile",
    "compile_tests",
    "expression_text",
    "is_expression",
    "json_text",
    "to_fact",
    "to_json",
]
