"""The built-in functions of FEEL, one module a family (DMN 1.5, 10.3.4)."""

from . import contexts, conversion, days, lists, numbers, order, ranges, statistics, strings
from .registry import BUILTINS

_FAMILIES = (contexts, conversion, days, lists, numbers, order, ranges, statistics, strings)

__all__ = ["BUILTINS"]
