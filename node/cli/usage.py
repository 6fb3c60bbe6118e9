"""A badly typed command line, said in the reader's language.

typer's own words are English here and there and its errors are boxes; a person gets one sentence with the way to the
help. Errors are told apart by class name, as typer keeps these classes private.
"""

import re
from typing import Any

import typer

from node.kit.i18n import gettext as _

_NO_SUCH_COMMAND = re.compile(r"No such command '([^']*)'")
_BAD_PATH = re.compile(r"'(.*)' (does not exist|is a directory|is not readable)\.", re.DOTALL)


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
        case "BadParameter" if (bad := _BAD_PATH.search(error.message)) is not None:
            return _path_sentence(bad[1], bad[2])
        case "BadParameter" if parameter is None and name:
            said = _("{name}: {why}").format(name=name, why=error.message)
        case "BadParameter" if parameter is not None:
            said = _("the value of {name} is refused.").format(name=name)
        case "UsageError" if (unknown := _NO_SUCH_COMMAND.match(error.message)) is not None:
            said = _("the command {name} does not exist.").format(name=unknown[1])
        case _:
            said = error.format_message()
    if context is None:
        return said
    return said + " " + _("See “{command} --help”.").format(command=context.command_path)


def _path_sentence(path: str, fault: str) -> str:
    sentences = {
        "does not exist": _("“{path}” does not exist: check the path."),
        "is a directory": _("“{path}” is a folder, and a file is wanted: check the path."),
        "is not readable": _("“{path}” cannot be read: check the rights of this file."),
    }
    return sentences[fault].format(path=path)


def translate_words(command: Any) -> None:
    """Put typer's own words (titles of the help, its usage line, names of types, the text of `--help` on each command)
    in the reader's language."""
    kinds = {
        "<str>": _("<text>"),
        "<list[str]>": _("<text>"),
        "<list[Path]>": _("<file>"),
        "<int>": _("<number>"),
        "<int range>": _("<number>"),
        "<file>": _("<file>"),
        "<dir>": _("<folder>"),
        "<path>": _("<path>"),
        "<bool>": "",
    }
    _translate(command, kinds)


def _translate_titles() -> None:
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    rich_utils.ENVVAR_STRING = _("[env var: {}]")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")


def _translate(command: Any, kinds: dict[str, str]) -> None:
    command.options_metavar = _("[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = _("COMMAND [ARGUMENTS]...")

    def write_usage(context: Any, formatter: Any) -> None:
        pieces = " ".join(command.collect_usage_pieces(context))
        formatter.write_usage(context.command_path, pieces, prefix=_("Usage:") + " ")

    draw = command.format_help

    def write_help(context: Any, formatter: Any) -> None:
        # Here, as what draws the help takes long to import, and most commands draw none.
        _translate_titles()
        draw(context, formatter)

    command.format_usage = write_usage
    command.format_help = write_help
    option = command.get_help_option(typer.Context(command))
    if option is not None:
        option.help = _("Show this message and exit.")
    for parameter in (*command.params, *([option] if option is not None else [])):
        _name_type(parameter, kinds)
    for below in getattr(command, "commands", {}).values():
        _translate(below, kinds)


def _name_type(parameter: Any, kinds: dict[str, str]) -> None:
    """Its type as the help shows it: in words, and nothing for what is only said or not."""
    shown = parameter.display_type_rich

    def in_words(ctx: Any) -> str | None:
        kind: str = shown(ctx=ctx)
        return kinds.get(kind, kind)

    parameter.display_type_rich = in_words
