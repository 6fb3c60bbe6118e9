"""`maillon offer`: the town's own offers, and all that peers published."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.offer_edit import KeyArgument, edit
from node.cli.offer_merge import merge, unmerge
from node.cli.output import print_json, say, say_table
from node.cli.parts import SHOWN, AllOption, LimitOption, grouped
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.mission.offers.offer import Offer
    from node.referential import Referential
    from node.schemas.offers import SiteOut


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("Offers, of this node and of the network."))

    @family.command("list", help=_("List the open offers."))
    def list_(
        own: Annotated[bool, typer.Option("--own", help=_("Only this node's offers, closed ones too."))] = False,
        limit: LimitOption = SHOWN,
        everything: AllOption = False,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.services.offers.offers import first_offers

        with opened(config) as node:
            found = first_offers(node.desk, None if everything else limit, own=own)
            show_offers(found.rows, node.desk.referential(), as_json, total=found.count)
        if not as_json and len(found.rows) < found.count:
            said = ngettext(
                "{shown} offer of {total}: --all shows them all",
                "{shown} offers of {total}: --all shows them all",
                len(found.rows),
            )
            say(said.format(shown=grouped(len(found.rows)), total=grouped(found.count)))

    @family.command("show", help=_("Show one offer."))
    def show(key: KeyArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.mission.terms import Contract
        from node.schemas.offers import OfferOut
        from node.services.offers.finding import one_offer

        with opened(config) as node:
            offer = one_offer(node.desk, key)
            shown = OfferOut.of(offer, node.desk.referential())
            occupation = node.desk.referential().occupations.label(shown.rome) or shown.rome
        if as_json:
            print_json(shown.model_dump(mode="json"))
            return
        say_table(
            (_("Field"), _("Value")),
            [
                (_("Name"), shown.key),
                (_("Title"), shown.title),
                (_("Employer"), shown.employer),
                (_("Occupation"), occupation),
                (_("Contract"), getattr(Contract.read(shown.contract), "label", shown.contract)),
                (_("Salary"), shown.salary),
                (_("Closes"), shown.closes),
                (_("State"), offer.state.label),
                (_("Answer expected within (days)"), shown.answer_days),
                (_("Applications at a time, at most"), shown.cap),
                (_("Description"), shown.description),
                *((_("Site"), _site(s)) for s in shown.sites),
            ],
        )

    family.command("edit", help=_("Correct one of this node's offers; peers get the new revision."))(edit)

    @family.command("close", help=_("Close one of this node's offers; peers are told."))
    def close(
        key: KeyArgument,
        reason: Annotated[str, typer.Option(help=_("filled, cancelled or expired."))] = "filled",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.trail import COMMAND
        from node.schemas.offers import OfferOut
        from node.services.offers.publishing import close_offer

        if reason not in ("filled", "cancelled", "expired"):
            raise typer.BadParameter(_("filled, cancelled or expired."), param_hint="--reason")
        with opened(config) as node:
            offer = close_offer(node.desk, key, reason, COMMAND)
            if as_json:
                print_json(OfferOut.of(offer, node.desk.referential()).model_dump(mode="json"))
            else:
                say(_("Closed."))

    family.command("merge", help=_("Two of this node's offers are the same: hide the second behind the first."))(merge)
    family.command("unmerge", help=_("An offer that was hidden behind another one is another after all."))(unmerge)

    app.add_typer(family, name="offer")


def _site(site: "SiteOut") -> str:
    place = ", ".join(filter(None, (site.label, site.commune_name)))
    posts = ngettext("{count} post", "{count} posts", site.posts).format(count=site.posts)
    return f"{place} — {posts} ({site.id})"


def show_offers(offers: "Sequence[Offer]", referential: "Referential", as_json: bool, total: int | None = None) -> None:
    """A list of offers, as a table or as JSON; `total` is how many there are in all, where that is known."""
    if as_json:
        from node.schemas.offers import OfferOut

        listed = {"offers": [OfferOut.of(offer, referential).model_dump(mode="json") for offer in offers]}
        print_json(listed if total is None else {**listed, "total": total})
        return
    say_table(
        (_("Offer"), _("Title"), _("Employer"), _("Place"), _("Posts"), _("Closes")),
        [
            (
                one.key,
                one.title,
                one.employer,
                ", ".join(referential.communes.name(site.commune) for site in one.sites[:3])
                + ("…" if len(one.sites) > 3 else ""),
                one.posts,
                one.closes,
            )
            for one in offers
        ],
    )
