"""`maillon occupation`: the look-up of the pages, from a command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, load_config
from node.cli.output import print_json, say_table
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from node.referential import Referential

_FOUND = 8
"""As many as the pages show."""


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("Occupations and their ROME codes."))

    @family.callback()
    def group() -> None:
        """Makes `find` a command of its own, the only one so far."""

    @family.command("find", help=_("Find an occupation by what people call it."))
    def find(
        text: Annotated[list[str], typer.Argument(metavar=_("WORDS"), help=_("Everyday words, or the official name."))],
        limit: Annotated[int, typer.Option(min=1, max=50, help=_("How many at most."))] = _FOUND,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        hits = _referential(config).lookup.occupations(" ".join(text), limit)
        if as_json:
            # A program asks how many there are; a script of a person, whether there is one.
            print_json([{"code": hit.code, "label": hit.label} for hit in hits])
        elif hits:
            columns = (_("Code"), _("Occupation"), _("Known as, or part of"))
            say_table(columns, [(hit.code, hit.label, hit.detail) for hit in hits])
        else:
            raise NotFound(_("No occupation is called so: try other words, or fewer."))

    app.add_typer(family, name="occupation")


def _referential(config: Path) -> "Referential":
    """The node's tables; those that every node carries where no configuration was named and none is at hand."""
    from node.referential import load
    from node.referential.source import ReferentialSource

    if config == Path("config.toml") and not config.exists():
        return load()
    return ReferentialSource(load_config(config).referential_dir)()
