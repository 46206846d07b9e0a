"""The law list: what a regulation demands of a pack, as data beside the regulation's text that no upload can change."""

from app.definitions.law.checks import Covered, breaches, broken, covered
from app.definitions.law.rules import LawList, Line, law_of

__all__ = ["Covered", "LawList", "Line", "breaches", "broken", "covered", "law_of"]
