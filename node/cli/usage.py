"""A badly typed command line, said in the reader's language.

typer's own words are English here and there and its errors are boxes; a person gets one sentence with the way to the
help. Errors are told apart by class name, as typer keeps these classes private.
"""

import re
from typing import Any

import typer

from node.i18n import gettext as _

_NO_SUCH_COMMAND = re.compile(r"No such command '([^']*)'")


def usage_sentence(error: typer.TyperException) -> str:
    """What is wrong with the command line; empty when typer already showed the help instead."""
    context: Any = getattr(error, "ctx", None)
    parameter: Any = getattr(error, "param", None)
    name = parameter.get_error_hint() if parameter is not None else getattr(error, "param_hint", None)
    given: Any = getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return ""
        case "MissingParameter":
            said = _("{name} is missing.").format(name=name)
        case "NoSuchOption":
            said = _("the option {option} does not exist.").format(option=given)
        case "BadOptionUsage":
            said = _("the option {option} is badly used.").format(option=given)
        case "BadParameter" if parameter is not None:
            said = _("the value of {name} is refused.").format(name=name)
        case "UsageError" if (unknown := _NO_SUCH_COMMAND.match(error.message)) is not None:
            said = _("the command {name} does not exist.").format(name=unknown[1])
        case _:
            said = error.format_message()
    if context is None:
        return said
    return said + " " + _("See “{command} --help”.").format(command=context.command_path)


def translate_words(command: Any) -> None:
    """Put typer's own words (titles of the help, the text of `--help` on each command) in the reader's language."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    rich_utils.ENVVAR_STRING = _("[env var: {}]")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
    _translate_help_option(command)


def _translate_help_option(command: Any) -> None:
    option = command.get_help_option(typer.Context(command))
    if option is not None:
        option.help = _("Show this message and exit.")
    for below in getattr(command, "commands", {}).values():
        _translate_help_option(below)
