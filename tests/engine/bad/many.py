"""Bad diagrams made by hand: what is wrong with an activity that is done for each item of a list."""

from __future__ import annotations

from .by_hand import GATES, plain, task

MANY = '<multiInstanceLoopCharacteristics duban:collection="=x"/>'


def many(attributes: str, inside: str = "") -> bytes:
    """A task done for each item of a list."""
    return task(f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>")


# Each: a name, the file, the rule that must be broken.
BAD = {
    "many of nothing": (task("<multiInstanceLoopCharacteristics/>"), "many.collection"),
    "many of a text": (many('duban:collection="places"'), "many.collection"),
    "many of a number": (many('duban:collection="=1 + 1"'), "many.collection"),
    "many of 501": (many('duban:collection="=for n in 1..501 return n"'), "many.limit"),
    "many with a bad collection": (many('duban:collection="=["'), "feel.syntax"),
    "many with a bad item": (many('duban:collection="=x" duban:item="1a"'), "fact.name"),
    "many with a name twice": (many('duban:collection="=x" duban:item="a" duban:index="a"'), "many.names"),
    "many without an output": (many('duban:collection="=x" duban:result="a"'), "many.output"),
    "many without a result": (many('duban:collection="=x" duban:output="=a"'), "many.output"),
    "many with an empty condition": (
        many('duban:collection="=x"', "<completionCondition/>"),
        "many.condition",
    ),
    "many with a bad condition": (
        many('duban:collection="=x"', "<completionCondition>=</completionCondition>"),
        "feel.syntax",
    ),
    "many with a cardinality": (
        many('duban:collection="=x"', "<loopCardinality>3</loopCardinality>"),
        "element.unknown",
    ),
    "many with a data input": (
        many('duban:collection="=x"', "<loopDataInputRef>x</loopDataInputRef>"),
        "element.unknown",
    ),
    "many, a behaviour": (many('duban:collection="=x" behavior="None"'), "attribute.unknown"),
    "many, perhaps in turn": (many('duban:collection="=x" isSequential="maybe"'), "attribute.value"),
    "many of a service task": (
        plain(f'<serviceTask id="A" duban:operation="other">{MANY}</serviceTask>'),
        "element.unknown",
    ),
    "many of a rule task": (plain(f'<businessRuleTask id="A">{MANY}</businessRuleTask>'), "element.unknown"),
    "a loop of many": (
        plain(GATES + f'<userTask id="A">{MANY}</userTask>', "S > G\nG > A\nA > H\nH > G ? x\nH > E *"),
        "loop.endless",
    ),
}
