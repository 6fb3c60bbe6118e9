"""`maillon network renew` and `sign`: a year more for the directory, by whoever holds its keys."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import UNSET, ConfigOption, JsonOption, load_config, opened
from node.cli.output import moment, print_json, say, say_table
from node.kit.errors import BadInput, ExitCode
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from federation.membership.renewal import Standing
    from node.services.network.renewal import DraftView


class BadOptions(BadInput):
    """Options that do not go together."""

    exit_code = ExitCode.USAGE


def register(family: typer.Typer) -> None:
    """Add both commands to the family `network`."""
    family.command(
        "renew", help=_("Coordinator: a year more for the root and the list, by those who hold their keys.")
    )(_renew)
    family.command("sign", help=_("Add a key holder's signature to a renewal: on any machine, without a node."))(_sign)


def _renew(
    more: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar=_("FILE"),
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
            help=_("Further files after --with."),
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar=_("FILE"), show_default=False, help=_("Write what is to be signed to this new file.")
        ),
    ] = UNSET,
    signed: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            metavar=_("FILE"),
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
            help=_("Publish what holders have signed in this file; copies of one file add up."),
        ),
    ] = None,
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    from node.services.network import renewal

    files = [*(signed or []), *(more or [])]
    if out != UNSET and files:
        raise BadOptions(_("Give --out before the holders sign, and --with afterwards: not both."))
    if files and not signed:
        raise BadOptions(_("Files that holders have signed come after --with."))
    with opened(config) as node:
        if out != UNSET:
            view = renewal.write_draft(node, out)
        else:
            renewed = renewal.publish(node, files) if files else renewal.renew(node)
    if out == UNSET:
        _show_renewed(renewed, as_json)
    elif as_json:
        print_json(view)
    else:
        say(_("“{path}” holds what is to be signed.").format(path=view.file))
        _show(view)
        say(_("Give the file, or a copy, to each holder of a key, who signs it on any machine:"))
        say(f"  maillon network sign {view.file.name} --key …")
        say(_("Then publish here what came back:"))
        say(f"  maillon network renew --with {view.file.name} …")


def _sign(
    file: Annotated[
        Path,
        typer.Argument(
            metavar=_("FILE"),
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
            help=_("What “network renew --out” wrote."),
        ),
    ],
    key: Annotated[
        list[Path] | None,
        typer.Option(
            "--key",
            metavar=_("FILE"),
            exists=True,
            dir_okay=False,
            show_default=False,
            help=_("A root or list key (else those in the coordinator's folder)."),
        ),
    ] = None,
    fingerprint: Annotated[
        str,
        typer.Option("--fingerprint", help=_("Sign only what has this fingerprint, as it was said over the phone.")),
    ] = "",
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    from node.services.network import renewal

    if not key and not config.is_file():
        raise BadOptions(_("Give the file of your key: --key FILE."))
    keys = key or renewal.own_keys(load_config(config).registry_dir)
    view = renewal.sign(file, keys, datetime.now(UTC), fingerprint)
    if as_json:
        print_json(view)
        return
    say(_("“{path}” is signed.").format(path=view.file))
    _show(view)
    if view.complete:
        say(_("All signatures are there: give the file back. The coordinator publishes with:"))
    else:
        say(_("Signatures are still missing: give the file on, or back. The coordinator publishes with:"))
    say(f"  maillon network renew --with {view.file.name}")


def _show(view: "DraftView") -> None:
    """What a holder looks at before the phone is put down."""
    from node.kit import labels
    from node.services.network.coordinating import grouped

    say_table(
        (_("What"), _("Version"), _("Until"), _("Keys that must sign"), _("Signed"), _("Missing")),
        [
            (
                labels.signing_role(one.role),
                f"{one.version - 1} → {one.version}",
                moment(one.until),
                _("{threshold} of {keys}").format(threshold=one.threshold, keys=one.keys),
                one.signed,
                one.missing,
            )
            for one in view.roles
        ],
        title=_("Nothing else changes"),
    )
    say(_("The network's root fingerprint, as every node was told it:"))
    say("  " + " ".join(re.findall(".{8}", view.root_sha256)))
    say(_("The fingerprint of what is signed; all holders and the coordinator must read the same over the phone:"))
    say("  " + grouped(view.fingerprint))


def _show_renewed(roles: "Sequence[Standing]", as_json: bool) -> None:
    from node.kit import labels

    if as_json:
        print_json({"renewed": [{"what": one.role, "version": one.version, "until": one.until} for one in roles]})
        return
    say_table(
        (_("What"), _("Version"), _("Until")),
        [(labels.signing_role(one.role), one.version, moment(one.until)) for one in roles],
        title=_("The directory is renewed"),
    )
    say(_("Members take it in by themselves at their next refresh."))
