"""`maillon answer`: what the receiving side says of a person who was put forward, and its correction."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.forward_view import show_forward
from node.cli.frame import ConfigOption, JsonOption, opened
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from node.mission.forwards.forward import Condition

NumberArgument = Annotated[str, typer.Argument(metavar=_("NUMBER"), help=_("The forward's number."))]

_ANSWERS = ("seen", "interview", "conditional", "hired", "declined")
_BEFORE = "before"


def register_answer(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("answer", help=_("Answer a forward that this node received, or correct the answer given."))
    def answer(
        number: NumberArgument,
        event: Annotated[
            str,
            typer.Argument(
                metavar=_("ANSWER"),
                help=_("seen, interview, conditional (“yes, if…”), hired or declined; before, with --correct."),
            ),
        ],
        reason: Annotated[str, typer.Option(help=_("A refusal's reason code, such as lacking_skills."))] = "",
        to_candidate: Annotated[str, typer.Option(help=_("A refusal's text that the candidate will read."))] = "",
        to_guarantor: Annotated[
            str,
            typer.Option(
                help=_("A refusal's text for the home mission; the person may read it in the download of their data.")
            ),
        ] = "",
        missing: Annotated[
            list[str] | None, typer.Option(help=_("A skill of the offer that was missing; may be said again."))
        ] = None,
        condition: Annotated[str, typer.Option(help=_("“Yes, if…”: the condition, in your words."))] = "",
        skill: Annotated[
            list[str] | None, typer.Option(help=_("“Yes, if…”: the code of the skill; may be said again."))
        ] = None,
        licence: Annotated[str, typer.Option(help=_("“Yes, if…”: the driving licence, such as B."))] = "",
        immersion: Annotated[int, typer.Option(help=_("“Yes, if…”: the days of an immersion."))] = 0,
        until: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("“Yes, if…”: the day by which."))
        ] = None,
        correct: Annotated[
            bool, typer.Option("--correct", help=_("In the place of the answer given within the last 24 hours."))
        ] = False,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.trail import COMMAND, OpenedFor
        from node.mission.forwards.forward import ForwardState, Words
        from node.services.accounts import trail
        from node.services.employers.sending import settle_words_about
        from node.services.forwards.answers import correct_answer, give_answer

        if event not in (*_ANSWERS, _BEFORE) or (event == _BEFORE and not correct):
            raise typer.BadParameter(
                _("seen, interview, conditional, hired or declined; before, with --correct."), param_hint=_("ANSWER")
            )
        asked = _condition(condition, skill or (), licence, immersion, until)
        said = Words(reason, to_candidate, to_guarantor, tuple(missing or ()), asked)
        with opened(config) as node:
            if correct:
                instead = None if event == _BEFORE else ForwardState.of(event)
                answered = correct_answer(node.desk, number, instead, said)
            else:
                answered = give_answer(node.desk, number, ForwardState.of(event), said)
                settle_words_about(node.desk, number, COMMAND)
            trail.told_by_command(node.desk, OpenedFor.FORWARD)
            show_forward(node, answered, as_json)


def _condition(
    text: str, skills: "list[str] | tuple[str, ...]", licence: str, immersion: int, until: datetime | None
) -> "Condition | None":
    """What was typed of a condition; None when nothing was. Raises BadInput without its day."""
    from node.mission.forwards.forward import Condition, ConditionKind

    if not (text or skills or licence or immersion or until):
        return None
    if until is None:
        raise BadInput(_("A condition needs its day: --until YYYY-MM-DD."))
    if skills:
        kind = ConditionKind.SKILL
    elif licence:
        kind = ConditionKind.LICENCE
    elif immersion:
        kind = ConditionKind.IMMERSION
    else:
        kind = ConditionKind.OTHER
    return Condition(kind=kind, codes=tuple(skills), licence=licence, days=immersion, text=text, until=until.date())
