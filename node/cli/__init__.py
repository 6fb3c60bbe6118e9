"""The command `maillon`: one module a family of commands, each with `register(app)`.

Read first: frame.py (what each command starts with), output.py (how it speaks). A new family is one module and one line
in `FAMILIES`. Of a command line only the family that it names is imported.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from node.cli.frame import UNSET
from node.kit.i18n import gettext as _

FAMILIES: dict[str, tuple[str, ...]] = {
    "demo": ("demo",),
    "init": ("init",),
    "serve": ("serve",),
    "status": ("status",),
    "check": ("check",),
    "network": ("network",),
    "keys": ("keys",),
    "account": ("account",),
    "imports": ("import",),
    "read": ("read",),
    "candidate": ("candidate",),
    "offer": ("offer",),
    "release": ("release",),
    "sync": ("sync",),
    "search": ("search",),
    "match": ("match",),
    "occupation": ("occupation",),
    "forward": ("forward", "answer", "erase"),
    "sending": ("sending",),
    "journal": ("journal",),
    "audit": ("audit",),
}
"""The modules of this package that hold commands, in the order of `maillon --help`, and the commands of each."""


def _root(
    config: Annotated[
        Path,
        typer.Option(
            "--config",
            metavar=_("FILE"),
            envvar="MAILLON_CONFIG",
            show_default=False,
            help=_("The node's configuration."),
        ),
    ] = UNSET,
) -> None:
    """Options that stand before the command's name; `frame.ConfigOption` reads them."""


def build(arguments: Sequence[str] = ()) -> typer.Typer:
    """The commands that these arguments may call: the families that they name, the whole tree when they name none."""
    app = typer.Typer(
        name="maillon",
        help=_("A node of the network of municipal employment missions."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root)
    named = [family for family, commands in FAMILIES.items() if not set(commands).isdisjoint(arguments)]
    for family in named or FAMILIES:
        import_module(f"node.cli.{family}").register(app)
    return app
