"""`maillon account`: who signs in on the pages. A link that gives access is printed once, and kept nowhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from node.cli.frame import BecauseOption, ConfigOption, JsonOption, opened, reason
from node.cli.output import moment, print_json, say, say_table
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from node.mission.accounts.account import Account, LinkPurpose
    from node.mission.accounts.roles import Role
    from node.services.node import Node

AccountArgument = Annotated[str, typer.Argument(metavar=_("E-MAIL"), help=_("The account's e-mail or number."))]
RolesOption = Annotated[
    list[str],
    typer.Option(
        "--role",
        metavar=_("ROLE"),
        help=_("counsellor, head, coordinator, employer, administrator; may be repeated."),
    ),
]


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("Who signs in on the pages."))

    @family.command("create", help=_("Create an account, and print the link where its holder chooses a password."))
    def create(
        email: Annotated[str, typer.Argument(metavar=_("E-MAIL"), help=_("What the person signs in with."))],
        name: Annotated[str, typer.Option(metavar=_("NAME"), help=_("The person's name."))],
        role: RolesOption,
        employer: Annotated[str, typer.Option(metavar=_("NAME"), help=_("The company, for an employer."))] = "",
        because: BecauseOption = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.account import LinkPurpose
        from node.mission.accounts.roles import Role
        from node.services.accounts.accounts import open_account

        roles = _roles(role)
        if Role.EMPLOYER in roles and not employer.strip():
            raise typer.BadParameter(_("say which company."), param_hint="--employer")
        why = _why(roles, because)
        with opened(config) as node:
            account = open_account(node.desk, name=name, email=email, roles=roles, employer=employer)
            _say_link(node, account, LinkPurpose.INVITATION, as_json, why)

    @family.command("list", help=_("List the accounts."))
    def list_(config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        with opened(config) as node, node.database.read() as uow:
            found = uow.accounts.all()
        if as_json:
            print_json({"accounts": [_plain(one) for one in found]})
            return
        say_table(
            (_("E-mail"), _("Name"), _("Roles"), _("State"), _("Since"), _("Number")),
            [
                (
                    one.email,
                    one.name,
                    ", ".join(sorted(role.label for role in one.roles)),
                    _("open") if one.state.value == "active" else _("closed"),
                    moment(one.created),
                    one.id,
                )
                for one in found
            ],
        )

    @family.command("reset", help=_("Take password and second factor away, and print a link to begin anew."))
    def reset(
        account: AccountArgument,
        because: BecauseOption = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.account import LinkPurpose
        from node.services.accounts.accounts import find_account, reset_account

        with opened(config) as node:
            with node.database.read() as uow:
                found = find_account(uow, account)
            why = _why(found.roles, because)
            _say_link(node, reset_account(node.desk, found.id), LinkPurpose.INVITATION, as_json, why)

    @family.command("close", help=_("Close an account: nobody signs in with it any more."))
    def close(account: AccountArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.services.accounts.accounts import close_account, find_account

        with opened(config) as node:
            with node.database.read() as uow:
                found = find_account(uow, account)
            closed = close_account(node.desk, found.id)
        if as_json:
            print_json(_plain(closed))
        else:
            say(_("The account of {name} is closed.").format(name=closed.name))

    @family.command("link", help=_("Print a link that opens one session, for 30 minutes."))
    def link(
        account: Annotated[str, typer.Argument(metavar=_("E-MAIL"), help=_("The account's e-mail or number."))] = "",
        role: Annotated[
            str,
            typer.Option(
                metavar=_("ROLE"), help=_("Instead of an account: any one of that role, made when there is none.")
            ),
        ] = "",
        because: BecauseOption = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.account import LinkPurpose
        from node.services.accounts.accounts import account_of_role, find_account

        if bool(account) == bool(role):
            raise BadInput(_("Give either an account or --role."))
        with opened(config) as node:
            if role:
                (wanted,) = _roles([role])
                why = _why([wanted], because)
                found = account_of_role(node.desk, wanted)
            else:
                with node.database.read() as uow:
                    found = find_account(uow, account)
                why = _why(found.roles, because)
            _say_link(node, found, LinkPurpose.SIGN_IN, as_json, why)

    @family.command(
        "token", help=_("Make a new token for the mission's programs; the one before opens nothing any more.")
    )
    def token(because: BecauseOption = "", config: ConfigOption = Path()) -> None:
        from node.mission.accounts.trail import COMMAND, OpenedFor
        from node.services.accounts import trail

        why = reason(because)
        with opened(config) as node:
            trail.renew_token(node.desk, node.config.token_file, COMMAND)
            trail.by_command(node.desk, [trail.NOBODYS], OpenedFor.ACCESS, why)
            say(
                _("The new token is in “{path}”. Restart the node: it knows the old one alone until then.").format(
                    path=node.config.token_file
                )
            )

    app.add_typer(family, name="account")


def _roles(given: list[str]) -> "list[Role]":
    from node.mission.accounts.roles import ACCOUNT_ROLES

    known = {role.value: role for role in ACCOUNT_ROLES}
    unknown = [word for word in given if word not in known]
    if unknown:
        raise BadInput(_("“{role}” is no role: choose among {roles}.").format(role=unknown[0], roles=", ".join(known)))
    return [known[word] for word in given]


def _why(roles: "Iterable[Role]", because: str) -> str:
    """The reason, where the roles open people's files."""
    from node.mission.accounts.roles import opens_files

    return reason(because) if opens_files(roles) else ""


def _say_link(node: "Node", account: "Account", purpose: "LinkPurpose", as_json: bool, why: str) -> None:
    from node.mission.accounts.trail import OpenedFor
    from node.services.accounts import links, trail

    if why:
        trail.by_command(node.desk, [trail.NOBODYS], OpenedFor.ACCESS, f"{account.name}\u00a0: {why}")
    url = links.link_url(node.desk, links.new_link(node.desk, purpose, account.id))
    if as_json:
        print_json({**_plain(account), "url": url})
    else:
        say(_("Link for {name}, to be opened once:").format(name=account.name))
        say(url)


def _plain(account: "Account") -> dict[str, Any]:
    """What a program is told: no hash, no secret."""
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "roles": sorted(role.value for role in account.roles),
        "employer": account.employer,
        "state": account.state.value,
        "second_factor": bool(account.totp),
        "created": account.created,
    }
