"""`maillon network`: the signed directory of members, from both sides. Its renewal is in network_renewal.py."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli import network_renewal
from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import moment, print_json, say, say_table
from node.kit.errors import BadInput, ExitCode
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from federation.membership.repository import Keys
    from node.services.network.coordinating import PendingView

MemberArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The member's id."))]
_KEYS = re.compile(r"([1-9])/([1-9])")


class BadThreshold(BadInput):
    """Not "M/N"."""

    exit_code = ExitCode.USAGE


class NoFingerprint(BadInput):
    """Nobody can be asked for it here."""

    exit_code = ExitCode.USAGE


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("The network's directory: create, join, admit, suspend, list."))
    family.command("create", help=_("Coordinator: found a network, this node its first member."))(_create)
    family.command("join", help=_("Ask the coordinator to admit this node."))(_join)
    family.command("admit", help=_("Coordinator: take a waiting node into the directory."))(_admit)
    family.command("refuse", help=_("Coordinator: drop a waiting request, so that its name is free again."))(_refuse)
    family.command("suspend", help=_("Coordinator: shut a member out until it is activated again."))(_suspend)
    family.command("activate", help=_("Coordinator: end a suspension."))(_activate)
    family.command("list", help=_("Show members, and on the coordinator those who wait."))(_list)
    family.command("refresh", help=_("Fetch and verify the directory now."))(_refresh)
    network_renewal.register(family)
    app.add_typer(family, name="network")


def _create(
    name: Annotated[
        str, typer.Option("--name", help=_("The network's name for people."))
    ] = "Réseau des missions emploi",
    root_keys: Annotated[
        str, typer.Option("--root-keys", help=_("How many root keys must sign, of how many: 3/5."))
    ] = "1/1",
    targets_keys: Annotated[
        str, typer.Option("--targets-keys", help=_("The same for the keys that sign the list of members: 2/5."))
    ] = "1/1",
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    from federation.membership.repository import Thresholds
    from node.services.network.coordinating import create

    thresholds = Thresholds(root=_keys(root_keys), targets=_keys(targets_keys))
    with opened(config) as node:
        network = create(node, name, thresholds)
        keys = node.config.registry_dir / "keys"
    if as_json:
        print_json(network)
        return
    say(_("The network “{name}” exists, with this node as its first member.").format(name=network.network))
    say()
    say(_("Say this root fingerprint over the phone to each node that joins:"))
    say("  " + " ".join(re.findall(".{8}", network.root_sha256)))
    say()
    say(_("A member joins with:"))
    say(f"  maillon network join --coordinator {network.coordinator_url} --root-sha256 {network.root_sha256}")
    say(_("Take the root keys out of “{path}” to a safe place: they are needed once a year.").format(path=keys))


def _keys(text: str) -> "Keys":
    from federation.membership.repository import Keys

    found = _KEYS.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise BadThreshold(_("“{text}” is not of the form 3/5, at most 9 keys.").format(text=text))
    return Keys(threshold=int(found[1]), count=int(found[2]))


def _join(
    coordinator: Annotated[str, typer.Option("--coordinator", help=_("The coordinator's base URL."))] = "",
    root_sha256: Annotated[
        str, typer.Option("--root-sha256", help=_("The root fingerprint that the coordinator said over the phone."))
    ] = "",
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    from node.services.network.coordinating import grouped
    from node.services.network.membership import join

    root = "".join(root_sha256.lower().split())
    with opened(config) as node:
        configured = node.config.network
        asked = join(node, (coordinator or configured.coordinator_url).rstrip("/"), root or configured.root_sha256)
    if as_json:
        print_json({"member": asked.member, "request": "sent", "fingerprint": asked.fingerprint})
        return
    if asked.member:
        say(_("The directory names this node already; the coordinator was sent its present address and keys."))
    else:
        say(_("The root is the one expected, and the request to join was sent."))
        say(
            _("Next: the coordinator runs “maillon network admit {id}”; this node then finds out by itself.").format(
                id=node.config.node.id
            )
        )
    say(_("Say this fingerprint of the request to the coordinator over the phone:"))
    say("  " + grouped(asked.fingerprint))


def _admit(
    member: MemberArgument,
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help=_("The request's fingerprint, as the node said it over the phone."))
    ] = "",
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    from node.services.network.coordinating import admit, pending

    with opened(config) as node:
        if not fingerprint and any(one.id == member for one in pending(node)):
            fingerprint = _ask_fingerprint(member)
        admitted = admit(node, member, fingerprint)
    if as_json:
        print_json(admitted)
    else:
        say(_("{name} ({id}) is a member.").format(name=admitted.name, id=admitted.id))


def _ask_fingerprint(member: str) -> str:
    """Never taken from the request itself: whoever sent that may be somebody else."""
    if not sys.stdin.isatty():
        raise NoFingerprint(_("--fingerprint is missing: ask {id} for it over the phone.").format(id=member))
    question = _("Fingerprint that {id} says over the phone").format(id=member)
    return str(typer.prompt(question, err=True))


def _refuse(member: MemberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
    from node.services.network.coordinating import refuse

    with opened(config) as node:
        refuse(node, member)
    if as_json:
        print_json({"id": member, "request": "refused"})
    else:
        say(_("The request of {id} is dropped; the node may ask again.").format(id=member))


def _suspend(member: MemberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
    from node.services.network.coordinating import suspend

    with opened(config) as node:
        suspended = suspend(node, member)
    if as_json:
        print_json(suspended)
    else:
        say(
            _("{name} ({id}) is suspended: nobody answers it once they have refreshed the directory.").format(
                name=suspended.name, id=suspended.id
            )
        )


def _activate(member: MemberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
    from node.services.network.coordinating import activate

    with opened(config) as node:
        activated = activate(node, member)
    if as_json:
        print_json(activated)
    else:
        say(_("{name} ({id}) is active again.").format(name=activated.name, id=activated.id))


def _list(config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
    from node.kit import labels
    from node.services.network.coordinating import grouped, pending
    from node.services.network.membership import members

    with opened(config) as node:
        listed = members(node.federation)
        waiting = pending(node)
    if as_json:
        print_json({"members": listed, "pending": waiting})
        return
    if not listed:
        say(_("No directory yet: join a network first (maillon network join)."))
    else:
        say_table(
            (_("Member"), _("Name"), _("Role"), _("Address"), _("State"), _("Since")),
            [
                (
                    one.id,
                    one.name,
                    labels.role(one.role),
                    one.base_url,
                    labels.member_status(one.status),
                    moment(one.joined),
                )
                for one in listed
            ],
            title=_("Members"),
        )
    if waiting:
        say_table(
            (_("Node"), _("Name"), _("Role"), _("Address"), _("Asked"), _("Fingerprint"), _("Remarks")),
            [
                (
                    one.id,
                    one.name,
                    labels.role(one.role),
                    one.base_url,
                    moment(one.at),
                    grouped(one.fingerprint),
                    _remark(one),
                )
                for one in waiting
            ],
            title=_("Waiting to be admitted (maillon network admit ID --fingerprint …)"),
        )


def _remark(one: "PendingView") -> str:
    from node.kit import labels

    if not one.member or one.problem:
        return one.problem
    if not one.changes:
        return _("already a member: nothing would change but the dates of its keys")
    return _("already a member: would change {what}").format(what=", ".join(map(labels.member_change, one.changes)))


def _refresh(config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
    from node.kit import labels
    from node.services.network.membership import refresh

    with opened(config) as node:
        directory = refresh(node)
    status = directory.status
    if as_json:
        print_json(status)
    elif status.degraded:
        say(
            _("Not verified ({why}): version {version} of {when} stays in use.").format(
                why=labels.trouble(status.reason), version=status.version, when=moment(status.verified_at)
            )
        )
    else:
        say(
            _("Verified: version {version}, {count} members.").format(
                version=status.version, count=len(directory.members.members)
            )
        )
    if status.degraded:
        raise typer.Exit(ExitCode.PARTIAL)
