"""The corpus of bad diagrams: each a name, the file, the rule that must be broken."""

from . import by_hand, by_program, events, many

CORPUS: dict[str, tuple[bytes, str]] = {
    **by_hand.BAD,
    **{f"many: {name}": case for name, case in many.BAD.items()},
    **{f"events: {name}": case for name, case in events.BAD.items()},
    **{f"made: {name}": case for name, case in by_program.BAD.items()},
}
