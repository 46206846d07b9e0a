"""The command line: one group, a room of commands each."""

from __future__ import annotations

import click

from app.cli import checking, deciding, packing, people, rehearsing, serving, upkeep, working

HELP = """Duban (督办): the case system of administrative law-enforcement supervisors.

Exit codes: 0 done, 1 refused or something is wrong with what was checked, 2 wrong usage or an unreadable file.
"""


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run a command."""


main.add_command(serving.serve)
main.add_command(working.worker)
main.add_command(working.wake)
main.add_command(checking.check)
main.add_command(packing.load)
main.add_command(packing.export)
main.add_command(deciding.feel_command)
main.add_command(deciding.decide)
main.add_command(rehearsing.rehearse)
main.add_command(people.user)
main.add_command(upkeep.migrate)
main.add_command(upkeep.verify)
