"""`maillon read`: what would be proposed from a file, CV, e-mail or list, by the code of the pages. Nothing is kept."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.imports import FileArgument
from node.cli.output import print_json, progress, say, say_table
from node.kit.errors import ExitCode
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from node.imports import ParsedLine
    from node.imports.telling import ListOf
    from node.schemas.base import Schema
    from node.schemas.readings import ReadOut, RowOut
    from node.services.desk import Desk

T = TypeVar("T")


_COLON = "\u00a0: "
_SHEETS = b"xl/"
"""Where a workbook keeps its sheets; names stand unpacked in an archive."""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("read", help=_("Show what would be proposed from a file: a CV, an e-mail, a list. Nothing is kept."))
    def read(file: FileArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        with opened(config) as node, progress(_("Reading the file")):
            found, code = _read(node.desk, file.read_bytes(), file.name)
        if as_json:
            print_json(found.model_dump(mode="json"))
        else:
            _show(found)
        raise typer.Exit(code)


def _read(desk: "Desk", data: bytes, name: str) -> "tuple[ReadOut, ExitCode]":
    """What the file says, and how much of it: `PARTIAL` when a line is refused or a file is unread, `ERROR` when
    nothing could be read. Lines of a CV that became no field are no failure: it was read."""
    from node.imports.lines import UnreadableFile
    from node.imports.spreadsheets import is_xlsx, xlsx_as_csv
    from node.imports.telling import list_of

    table, remark = data, ""
    if is_xlsx(data):
        try:
            table = xlsx_as_csv(data).encode()
        except UnreadableFile as error:
            # Word files are ZIP archives as well: whether it is one is for the reader of CVs to say.
            table, remark = b"", str(error) if _SHEETS in data else ""
    kind = list_of(table) if table else None
    if kind is None:
        return _document(desk, data, name, remark)
    return _list(kind.value, _rows(desk, table, kind))


def _rows(desk: "Desk", data: bytes, kind: "ListOf") -> "list[RowOut]":
    from node.imports import read_candidates, read_offers
    from node.imports.telling import ListOf
    from node.schemas.readings import OfferFields, PersonFields

    if kind is ListOf.PEOPLE:
        return [_row(line, PersonFields.of) for line in read_candidates(data, desk.referential(), desk.today())]
    return [_row(line, OfferFields.of) for line in read_offers(data, desk.referential(), desk.today())]


def _row(line: "ParsedLine[T]", fields_of: "Callable[[T], Schema]") -> "RowOut":
    from node.schemas.readings import RowOut

    value = line.value or line.told
    return RowOut(
        line=line.line,
        fields=fields_of(value).model_dump(mode="json") if value is not None else {},
        remarks=[line.problem] if line.problem else [],
    )


def _list(kind: str, rows: "list[RowOut]") -> "tuple[ReadOut, ExitCode]":
    from node.schemas.readings import ReadOut

    found = ReadOut(kind=kind, rows=rows)
    if not any(row.fields for row in rows):
        return found, ExitCode.ERROR
    return found, ExitCode.PARTIAL if any(row.remarks for row in rows) else ExitCode.OK


def _document(desk: "Desk", data: bytes, name: str, remark: str) -> "tuple[ReadOut, ExitCode]":
    from node.schemas.readings import CvFields, ReadOut
    from node.services.deposits.proposed import proposed_fields
    from node.services.deposits.reading import FileRefused, look_into

    try:
        found = look_into(desk, data, name)
    except FileRefused as error:
        return ReadOut(kind="none", remarks=[remark or str(error)]), ExitCode.ERROR
    reading = found.reading
    remarks = [reading.problem.sentence] if reading.problem is not None else []
    remarks += [f"{one.name}{_COLON}{one.sentence}" for one in found.unread]
    unread = [one.name for one in found.unread]
    if not reading.lines:
        return ReadOut(kind="none", unread=unread, remarks=remarks), ExitCode.ERROR
    shown = ReadOut(
        kind="mail" if found.is_mail else "cv",
        fields=CvFields.of(proposed_fields(reading.proposal)).model_dump(mode="json"),
        chosen=found.chosen,
        unread=[*unread, *reading.proposal.unread],
        remarks=[*remarks, *(one.sentence for one in reading.proposal.remarks)],
    )
    return shown, ExitCode.PARTIAL if found.unread or reading.problem is not None else ExitCode.OK


def _show(found: "ReadOut") -> None:
    if found.chosen:
        say(_("Taken for the CV: {name}").format(name=found.chosen))
    if found.fields:
        say_table((_("Field"), _("Value")), _told(found.fields))
    if found.rows:
        say_table(
            (_("Line"), _("What was read"), _("What to correct")),
            [(row.line, _in_short(row.fields), " ".join(row.remarks)) for row in found.rows],
        )
    for remark in found.remarks:
        say(remark)
    if found.unread:
        say(_("What became no field:"))
        for line in found.unread:
            say(f"  {line}")


def _told(fields: dict[str, object]) -> "Iterable[tuple[str, str]]":
    """Names as programs know them, values one below the other."""
    for name, value in fields.items():
        if value:
            yield name, "\n".join(_lines(value))


def _lines(value: object) -> Iterable[str]:
    match value:
        case list():
            for one in value:
                yield " · ".join(_lines(one)) if isinstance(one, dict) else str(one)
        case dict():
            yield from (f"{key} {one}".strip() for key, one in value.items() if one not in ("", 0, False, None, []))
        case True:
            yield _("yes")
        case _:
            yield str(value)


def _in_short(fields: dict[str, object]) -> str:
    names = ("reference", "first_name", "last_name", "title", "employer", "phone", "email", "commune")
    return " · ".join(str(fields[name]) for name in names if fields.get(name))
