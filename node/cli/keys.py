"""`maillon keys`: this node's own keys, and new ones in their place."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import moment, print_json, say, say_table
from node.kit.errors import ExitCode
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from node.services.network.keys import Rotated


class PurposeWord(StrEnum):
    """What `--purpose` takes."""

    HTTP = "http"
    JOURNAL = "journal"
    GUARANTEE = "guarantee"
    WITNESS = "witness"
    SEALING = "sealing"
    ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("This node's own keys: list them, replace them."))
    family.command("list", help=_("Show the keys that are held here, what they are for and until when."))(_list)
    family.command("rotate", help=_("Replace keys: make new ones, have them listed, retire the old ones in time."))(
        _rotate
    )
    app.add_typer(family, name="keys")


def _list(config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
    from node.kit.labels import key_purpose, key_state
    from node.services.network.keys import held_keys

    with opened(config) as node:
        keys = held_keys(node)
    if as_json:
        print_json({"keys": keys})
        return
    say_table(
        (_("For"), _("Key"), _("State"), _("Valid until"), _("Destroyed on")),
        [
            (
                key_purpose(one.purpose),
                one.key_id.partition("#")[2],
                key_state(one.state),
                moment(one.not_after),
                moment(one.destroyed),
            )
            for one in keys
        ],
    )


def _rotate(
    purpose: Annotated[
        list[PurposeWord], typer.Option("--purpose", help=_("Which keys; may be repeated."), show_default=True)
    ] = [PurposeWord.ALL],  # noqa: B006  # typer copies it
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    from node.services.network.keys import rotate
    from protocol.keys import Purpose

    wanted = [one for one in Purpose if PurposeWord.ALL in purpose or one.value in purpose]
    with opened(config) as node:
        rotated = rotate(node, wanted)
    if as_json:
        print_json(rotated)
    else:
        _show(rotated)
    if not rotated.listed:
        raise typer.Exit(ExitCode.PARTIAL)


def _show(rotated: "Rotated") -> None:
    from node.kit.labels import key_purpose, trouble

    say_table(
        (_("For"), _("New key"), _("Valid until")),
        [(key_purpose(one.purpose), one.key_id.partition("#")[2], moment(one.not_after)) for one in rotated.keys],
    )
    if rotated.listed and rotated.backup is not None:
        say(_("The directory lists them. The former keys go on signing for six days, so that everybody follows."))
    elif rotated.listed:
        say(_("The directory lists it. What was sealed to the former key opens for 45 days more."))
    elif rotated.problem:
        say(
            _("They are not listed yet ({why}): the node asks again by itself while it serves.").format(
                why=trouble(rotated.problem)
            )
        )
    else:
        say(_("The coordinator was asked and must decide: until then the former keys stay in use."))
    if rotated.backup is not None:
        say()
        say(_("New key backup: {path}").format(path=rotated.backup))
        say(_("Its passphrase, shown this once: {passphrase}").format(passphrase=rotated.backup_passphrase))
        say(_("It takes the place of the former backup: keep both away from this machine, apart from each other."))
