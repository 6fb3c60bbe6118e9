"""`maillon offer edit`: every field that the form takes, one option each.

An option that is not given leaves its field as it is; an empty text forgets it. What is a list (skills, languages,
licences, places) is given whole, one option for each of its parts, and an empty one empties it. Read next: `offer.py`,
`services/offers/corrections.py`.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, say
from node.kit.i18n import gettext as _

KeyArgument = Annotated[
    str, typer.Argument(metavar=_("OFFER"), help=_("The offer's name, node/number, or its reference here."))
]

_Text = str | None
_Whole = int | None
_Several = list[str] | None


def edit(
    key: KeyArgument,
    title: Annotated[_Text, typer.Option(help=_("Title."))] = None,
    employer: Annotated[_Text, typer.Option(help=_("Employer."))] = None,
    reference: Annotated[_Text, typer.Option(help=_("The employer's own number."))] = None,
    rome: Annotated[_Text, typer.Option(help=_("ROME code of the occupation."))] = None,
    description: Annotated[_Text, typer.Option(help=_("Description."))] = None,
    contract: Annotated[_Text, typer.Option(help=_("Contract: CDI, CDD, MIS…"))] = None,
    months: Annotated[_Whole, typer.Option(help=_("How long the contract lasts, in months; 0: not said."))] = None,
    hours: Annotated[_Text, typer.Option(help=_("Hours a week, such as 35h30."))] = None,
    salary: Annotated[_Text, typer.Option(help=_("Salary."))] = None,
    experience: Annotated[_Text, typer.Option(help=_("D (beginners), S (wished) or E (required)."))] = None,
    experience_months: Annotated[_Whole, typer.Option(help=_("Months of experience."))] = None,
    qualification: Annotated[_Whole, typer.Option(help=_("Qualification, 1 to 9; 0: none asked."))] = None,
    skill: Annotated[_Several, typer.Option(help=_("CODE, or CODE:S for a wished skill; once for each."))] = None,
    language: Annotated[_Several, typer.Option(help=_("Language and level, such as en:B1; once for each."))] = None,
    licence: Annotated[_Several, typer.Option(help=_("Driving licence; once for each."))] = None,
    site: Annotated[_Several, typer.Option(help=_("Place as INSEE code:posts:name; once for each."))] = None,
    closes: Annotated[_Text, typer.Option(help=_("Last day, YYYY-MM-DD."))] = None,
    network: Annotated[bool | None, typer.Option("--network/--town-only", help=_("Who sees it."))] = None,
    network_on: Annotated[_Text, typer.Option(help=_("In the network from that day, YYYY-MM-DD."))] = None,
    answer_days: Annotated[_Whole, typer.Option(help=_("Days in which an answer is expected, 7 to 60."))] = None,
    most_open: Annotated[_Whole, typer.Option(help=_("Applications at a time, at most; 0: five a post."))] = None,
    clause: Annotated[
        bool | None, typer.Option("--clause/--no-clause", help=_("Whether hours of insertion are due: stays here."))
    ] = None,
    clause_hours: Annotated[_Whole, typer.Option(help=_("Hours of the clause; 0 when not known."))] = None,
    contact_name: Annotated[_Text, typer.Option(help=_("Whom to call."))] = None,
    contact_phone: Annotated[_Text, typer.Option(help=_("Telephone of whom to call."))] = None,
    contact_email: Annotated[_Text, typer.Option(help=_("E-mail address of whom to call."))] = None,
    contact_address: Annotated[_Text, typer.Option(help=_("Address for a letter."))] = None,
    config: ConfigOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Correct an offer."""
    from node.mission.accounts.trail import COMMAND
    from node.schemas.offers import OfferOut
    from node.services.offers.corrections import told_changes, told_minutes, told_pairs, told_site
    from node.services.offers.offers import edit_offer

    told: dict[str, Any] = {
        "title": title,
        "employer": employer,
        "reference": reference,
        "rome": rome,
        "description": description,
        "contract": contract,
        "months": months,
        "hours": None if hours is None else told_minutes(hours),
        "salary": salary,
        "experience": experience,
        "experience_months": experience_months,
        "qualification": qualification,
        "skills": told_pairs(skill, "E") if skill else None,
        "languages": told_pairs(language, "B1") if language else None,
        "licences": [one.strip() for one in licence if one.strip()] if licence else None,
        "sites": tuple(told_site(one) for one in site if one.strip()) if site else None,
        "closes": closes,
        "network": network,
        "answer_days": answer_days,
        "most_open": most_open,
        "clause": clause,
        "clause_hours": clause_hours,
        "contact_name": contact_name,
        "contact_phone": contact_phone,
        "contact_email": contact_email,
        "contact_address": contact_address,
    }
    changes = told_changes(told)
    if network_on is not None:
        changes["network_on"] = _day(network_on)
    with opened(config) as node:
        offer = edit_offer(node.desk, key, actor=COMMAND, **changes)
        if as_json:
            print_json(OfferOut.of(offer, node.desk.referential()).model_dump(mode="json"))
        else:
            say(_("Revision {revision} published.").format(revision=offer.revision))


def _day(text: str) -> date | None:
    """None for the empty text."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(_("write the day as YYYY-MM-DD."), param_hint="--network-on") from error
