"""What each command starts with: its configuration and its node, and the options that all share.

`--config` is taken before or after the command's name, then from MAILLON_CONFIG, then from ./config.toml. A command
module defines `register(app)` and imports what is heavy inside its functions. Read next: any command, such as sync.py.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.kit.clean_text import is_line
from node.kit.i18n import gettext as _
from node.kit.i18n import set_language

if TYPE_CHECKING:
    from node.config import Config
    from node.services.node import Node

MAX_LINE = 200
"""Of a reason."""
UNSET = Path()
"""What a `--config` option holds when it was not given (an empty path is no file)."""


def _chosen(context: typer.Context, value: Path) -> Path:
    """The command's own option, else the one before the command's name, else ./config.toml."""
    if value != UNSET:
        return value
    above = context.find_root().params.get("config", UNSET)
    return above if isinstance(above, Path) and above != UNSET else Path("config.toml")


ConfigOption = Annotated[
    Path,
    typer.Option(
        "--config",
        metavar=_("FILE"),
        help=_("The node's configuration (else MAILLON_CONFIG, else ./config.toml)."),
        callback=_chosen,
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("Answer in JSON on the standard output."))]


BecauseOption = Annotated[
    str,
    typer.Option(
        "--because",
        metavar=_("TEXT"),
        help=_("Why you do this on the server: the head of mission and the person read it. Asked for at a terminal."),
    ),
]


def reason(because: str) -> str:
    """Why a command opens somebody's file or makes a way to one: as given, else asked for at a terminal. A usage error
    (exit 2) when nobody can be asked."""
    said = because.strip()
    if not said and sys.stdin.isatty():
        said = typer.prompt(_("Why? The head of mission and the person read it"), err=True).strip()
    if not said:
        raise typer.BadParameter(_("say why."), param_hint="--because")
    if len(said) > MAX_LINE or not is_line(said):
        raise typer.BadParameter(
            _("at most {limit} characters, on one line.").format(limit=MAX_LINE), param_hint="--because"
        )
    return said


def load_config(path: Path) -> "Config":
    """The configuration, with this process's language and log set up by it."""
    from node.config import load
    from node.kit.logging import configure_command

    config = load(path)
    set_language(config.locale.language)
    configure_command(config.log.level)
    return config


@contextmanager
def opened(path: Path) -> Iterator["Node"]:
    """The node of a configuration file, closed at the end of the block."""
    from node.app import open_node

    node = open_node(load_config(path))
    try:
        yield node
    finally:
        node.close()
