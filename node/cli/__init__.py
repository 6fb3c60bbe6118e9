"""The command `maillon`: one module a family of commands, each with `register(app)`.

Read first: frame.py (what each command starts with), output.py (how it speaks). A new family is one module and one name
in `FAMILIES`.
"""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from node.cli.frame import UNSET
from node.i18n import gettext as _

FAMILIES = (
    "demo",
    "init",
    "serve",
    "status",
    "check",
    "network",
    "keys",
    "account",
    "imports",
    "candidate",
    "offer",
    "release",
    "sync",
    "search",
    "match",
    "forward",
    "journal",
    "audit",
)
"""The modules of this package that hold commands, in the order of `maillon --help`."""


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


def build() -> typer.Typer:
    """The whole command tree."""
    app = typer.Typer(
        name="maillon",
        help=_("A node of the network of municipal employment missions."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root)
    for family in FAMILIES:
        import_module(f"node.cli.{family}").register(app)
    return app
