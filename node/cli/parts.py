"""Lists that may be long: the first 50 unless asked, with how many there are in all.

`--limit N` shows N, `--all` everything; with `--json` the answer has `total` beside the list, so that a program sees
whether it has it all. What is shown is cut, and what is there counted, by the database.
"""

from typing import Annotated

import typer

from node.kit.i18n import gettext as _
from node.kit.i18n import language

SHOWN = 50

LimitOption = Annotated[int, typer.Option("--limit", min=1, help=_("How many to show."))]
AllOption = Annotated[bool, typer.Option("--all", help=_("Show them all."))]


def grouped(number: int) -> str:
    """A number for people, its thousands apart."""
    return f"{number:,}".replace(",", "\u202f" if language() == "fr" else ",")
