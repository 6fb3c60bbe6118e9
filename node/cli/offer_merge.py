"""`maillon offer merge` and `unmerge`: one of the town's own offers that came twice."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.offer_edit import KeyArgument
from node.cli.output import print_json, say
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from node.mission.offers.offer import Offer
    from node.services.desk import Desk


def merge(
    key: KeyArgument,
    same: Annotated[str, typer.Argument(help=_("The offer that is the same: it is closed, and hidden."))],
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    from node.mission.accounts.trail import COMMAND
    from node.services.offers.merging import merge_offers

    with opened(config) as node:
        _tell(node.desk, merge_offers(node.desk, key, same, COMMAND), as_json, _("The two offers are one."))


def unmerge(key: KeyArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
    from node.mission.accounts.trail import COMMAND
    from node.services.offers.merging import unmerge_offer

    with opened(config) as node:
        _tell(node.desk, unmerge_offer(node.desk, key, COMMAND), as_json, _("The offer is open again, as it was."))


def _tell(desk: "Desk", offer: "Offer", as_json: bool, said: str) -> None:
    from node.schemas.offers import OfferOut

    if as_json:
        print_json(OfferOut.of(offer, desk.referential()).model_dump(mode="json"))
    else:
        say(said)
