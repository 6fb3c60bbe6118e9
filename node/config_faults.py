"""What is wrong with a configuration, in one sentence that names the place: the file, the line and the key."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from node.kit.i18n import gettext as _
from protocol.address import AddressFault

_TOML_LINE = re.compile(r"line (\d+)")


def syntax_error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """tomllib says the line in words, or "at end of document"."""
    found = _TOML_LINE.search(str(error))
    return int(found[1]) if found else text.count("\n") + 1


def explain(path: Path, text: str, error: ValidationError, prefix: str) -> str:
    """One sentence on the first fault, with the number of the others. `prefix` is that of environment variables."""
    faults = error.errors(include_url=False)
    fault = faults[0]
    keys = [str(part) for part in fault["loc"] if not isinstance(part, int)]
    place = _place(path, text, keys, prefix)
    match fault["type"]:
        case "missing":
            message = _("{place}: the key “{key}” is missing. Add it; config.example.toml describes it.")
        case "extra_forbidden":
            message = _("{place}: the key “{key}” is unknown. Remove it, or mend its spelling.")
        case _:
            message = _("{place}: the value of “{key}” is refused: {reason}.")
    said = message.format(place=place, key=".".join(keys), reason=reason_of(fault["type"], fault.get("ctx", {})))
    if len(faults) > 1:
        said += " " + _("({count} faults in all)").format(count=len(faults))
    return said


def reason_of(kind: str, context: dict[str, Any]) -> str:
    """Why a value is refused, in words, from pydantic's kind of fault and its context."""
    match kind:
        case "int_parsing" | "int_type" | "int_from_float":
            return _("a whole number is needed")
        case "greater_than_equal":
            return _("at least {bound}").format(bound=context["ge"])
        case "less_than_equal":
            return _("at most {bound}").format(bound=context["le"])
        case "literal_error":
            return _("one of {expected}").format(expected=context["expected"].replace(" or ", ", "))
        case "string_pattern_mismatch":
            return _("its form is not the expected one; config.example.toml shows it")
        case "string_type":
            return _("a text between quotes is needed")
        case "string_too_short" | "string_too_long":
            return _("the text is too short or too long")
        case "model_type" | "model_attributes_type" | "dict_type":
            return _("a section between square brackets is needed")
        case "address":
            return address_reason(AddressFault(context["fault"]))
        case "mail_sender":
            return _("with a host, the sender's address is needed")
        case "imap_user":
            return _("with a mailbox, the user that reads it is needed")
        case "mail_security":
            return _("“tls” or “starttls” is needed for a server on another machine")
        case "sign_on_client":
            return _("with an issuer, the client_id that the provider gave is needed")
        case "sign_on_https":
            return _("an issuer on another machine begins with https://")
        case "timezone":
            return _("a time zone such as Europe/Paris or Indian/Reunion is needed")
        case "value_error":
            return _("an address block such as 10.0.0.0/8 is needed")
        case _:
            return _("its form is not the expected one; config.example.toml shows it")


def address_reason(fault: AddressFault) -> str:
    """Why an address of a node is refused, and what to write."""
    match fault:
        case AddressFault.SCHEME:
            said = _("an address begins with https:// (or http://)")
        case AddressFault.USER:
            said = _("no user and no password, and no @")
        case AddressFault.PATH:
            said = _("nothing after the host and the port: no /, no ?, no #")
        case AddressFault.PORT:
            said = _("a port is a number from 1 to 65535, and a colon without one goes")
        case AddressFault.UNDERSCORE:
            said = _("a host name has no underscore: use a hyphen")
        case AddressFault.NUMBER:
            said = _("a numeric address is written in full, such as 192.0.2.7 or [2001:db8::7]")
        case _:
            said = _("a host name has letters, digits, hyphens and dots, at most 63 characters between two dots")
    return _("{reason}. Write for instance {example}").format(reason=said, example="https://emploi.montlucon.example")


def _place(path: Path, text: str, keys: list[str], prefix: str) -> str:
    """The environment variable when it set this key, else the file and the line."""
    variable = prefix + "__".join(keys).upper()
    if variable in (name.upper() for name in os.environ):
        return _("environment variable {variable}").format(variable=variable)
    line = _line_of(text, keys)
    if line is None:
        return str(path)
    return _("{path}, line {line}").format(path=path, line=line)


def _line_of(text: str, keys: list[str]) -> int | None:
    """The line that sets a key, else that of its section; None when neither is there as a plain line."""
    section, key = ("", keys[0]) if len(keys) == 1 else (keys[0], keys[1])
    current, section_line = "", None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("["):
            current = line.partition("]")[0].strip("[ ")
            if current == (section or key):
                section_line = number
        elif current == section and re.match(rf"[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return section_line
