"""Offers of a JSON file, one entry after the other, whichever format they are of.

Read next: `france_travail.py`, `job_posting.py`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from node.imports.lines import ParsedLine, UnreadableFile
from node.imports.text_table import MAX_BYTES, MAX_LINES
from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer


def parse_entries(data: bytes, read: Callable[[Any], Offer]) -> Sequence[ParsedLine[Offer]]:
    """Every entry of the file, numbered from 1, as what `read` makes of it, or the sentence of the UnreadableFile
    that it raises; of one reference the first counts."""
    parsed: list[ParsedLine[Offer]] = []
    seen: set[str] = set()
    try:
        entries = _entries(data)
    except UnreadableFile as error:
        return [ParsedLine(1, problem=str(error))]
    for number, entry in enumerate(entries, start=1):
        try:
            offer = read(entry)
        except UnreadableFile as error:
            parsed.append(ParsedLine(number, problem=str(error)))
            continue
        if offer.reference in seen:
            parsed.append(ParsedLine(number, problem=_("This offer already stands in the file.")))
        else:
            seen.add(offer.reference)
            parsed.append(ParsedLine(number, offer))
    return parsed


def _entries(data: bytes) -> list[Any]:
    """The offers of a JSON file as they stand there, whichever format they are of; UnreadableFile."""
    if len(data) > MAX_BYTES:
        sentence = _("The file is larger than {megabytes} MB: split it.").format(megabytes=MAX_BYTES // 1024**2)
        raise UnreadableFile(sentence)
    try:
        content = _without_nulls(msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf")))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise UnreadableFile(_("The file is not whole JSON: download it again.")) from None
    if isinstance(content, dict):
        content = content.get("resultats", content.get("@graph", [content]))
    if not isinstance(content, list) or len(content) > MAX_LINES:
        raise UnreadableFile(_("The file holds no list of offers."))
    return content


def _without_nulls(value: Any) -> Any:
    """The same, without fields that are null: the service leaves them out, exports write them."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value
