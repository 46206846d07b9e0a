"""FEEL, the one expression language of diagrams, forms and decision tables (DMN 1.5, chapter 10). Pure."""

from .expression import Expression, UnaryTests, compile, compile_tests, expression_text, is_expression
from .json import to_json

__all__ = ["Expression", "UnaryTests", "compile", "compile_tests", "expression_text", "is_expression", "to_json"]
