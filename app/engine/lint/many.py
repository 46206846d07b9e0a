"""What is done for each item of a list says which list, and no list is known to be too long."""

from __future__ import annotations

from app import feel
from app.engine.lint.report import Report
from app.engine.many import MOST
from app.engine.model import Many, Node, ProcessModel
from app.errors import Invalid, words


def check_many(model: ProcessModel, report: Report) -> None:
    """Every activity of a process that is done for each item of a list."""
    for node in model.nodes():
        if node.many is not None:
            _check_collection(node, node.many, report)
            _check_names(node, node.many, report)


def _check_collection(node: Node, many: Many, report: Report) -> None:
    text = many.attributes.get("collection", "")
    if not feel.is_expression(text):
        report.at("many.collection", words("What is done for each item needs duban:collection, an expression"), node)
        return
    items = _constant(feel.expression_text(text))
    if isinstance(items, list) and len(items) > MOST:
        report.at(
            "many.limit", words("The list has {count} items, more than {most}", count=len(items), most=MOST), node
        )
    elif items is not None and not isinstance(items, list):
        report.at("many.collection", words("{text} is no list", text=text[:80]), node)


def _check_names(node: Node, many: Many, report: Report) -> None:
    if ("output" in many.attributes) != ("result" in many.attributes):
        report.at("many.output", words("duban:output and duban:result go together"), node)
    names = many.names("item", "index", "result")
    if len(set(names)) < len(names):
        report.at("many.names", words("The item, its number and the result need different names"), node)
    if many.until == "":
        report.at("many.condition", words("The completion condition is empty"), node)


def _constant(text: str) -> object:
    """The value of an expression that reads nothing; None where it reads something or cannot be evaluated."""
    try:
        expression = feel.compile(text)
        return None if expression.names or expression.calls else expression({})
    except Invalid:
        return None
