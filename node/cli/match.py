"""`maillon match`: exact and explained, at home, against the town's full register."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, say_table
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from node.schemas.matches import MatchOut


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("match", help=_("Match one offer against the candidates, or one candidate against the offers."))
    def match(
        offer: Annotated[str, typer.Option(help=_("An offer: node/number, or its reference here."))] = "",
        candidate: Annotated[str, typer.Option(help=_("A candidate's number or reference."))] = "",
        limit: Annotated[int, typer.Option(min=1, max=1000, help=_("How many at most."))] = 50,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.schemas.matches import MatchAnswerOut
        from node.services.accounts import trail
        from node.services.matching.matching import match_candidate, match_offer

        if bool(offer) == bool(candidate):
            raise BadInput(_("Name either an offer (--offer) or a candidate (--candidate)."))
        with opened(config) as node:
            trail.listed_by_command(node.desk, [], "")
            answer = (
                match_offer(node.desk, offer, limit=limit)
                if offer
                else match_candidate(node.desk, candidate, limit=limit)
            )
            shown = MatchAnswerOut.of(answer, node.desk.referential())
        if as_json:
            print_json(shown.model_dump(mode="json"))
            return
        _table(shown.matches, _("May be put forward"), of_offer=bool(offer))
        if shown.to_prepare:
            _table(shown.to_prepare, _("Match too, once a counsellor has signed the CV as ready"), of_offer=bool(offer))


def _table(matches: "Sequence[MatchOut]", title: str, *, of_offer: bool) -> None:
    say_table(
        (
            _("Candidate") if of_offer else _("Offer"),
            _("Score"),
            _("Occupation"),
            _("Place"),
            _("Distance"),
            _("Skills covered"),
            _("Missing"),
            _("Put forward"),
        ),
        [
            (
                one.reference if of_offer else one.title,
                one.score,
                one.relation_label,
                one.commune_name,
                "" if one.km is None else f"{one.km:.1f} km",
                ", ".join((one.skills_covered | one.wished_covered).values()),
                "; ".join(reason.text for reason in one.reasons if reason.ok is False),
                one.served,
            )
            for one in matches
        ],
        title=title,
    )
