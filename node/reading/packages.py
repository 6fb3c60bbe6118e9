"""Files that are ZIP archives of parts: Word's (ISO/IEC 29500-2, Open Packaging Conventions) and LibreOffice's (OASIS
OpenDocument 1.3, part 2).

Guarantees: an archive is never unpacked beyond the limits, whatever its directory claims; XML with a document type,
entities or external references is refused; a part is found by the relationships and content types that the package
gives, never by its name, which each program chooses ("word/document2.xml"); those that a careless program left out are
known by the usual names. Read next: `office.py`.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from node.kit.limits import MEGABYTE
from node.reading.problems import Fault, Unreadable
from node.reading.shapes import Kind, ReadingLimits

_TYPES = "[Content_Types].xml"
_USUAL_MAIN = "word/document.xml"
_WORD_TYPES = ("wordprocessingml", "application/vnd.ms-word")
_ODT = "application/vnd.oasis.opendocument.text"
_ENCRYPTED = 0x1


class Package:
    """A ZIP file that is read no further than the limits. Raises `Unreadable`, as do its methods."""

    def __init__(self, data: bytes, limits: ReadingLimits) -> None:
        self._limits = limits
        self._left = limits.unpacked
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise Unreadable(Fault.UNREADABLE) from error
        members = self._zip.infolist()
        if len(members) > limits.members:
            raise Unreadable(Fault.EXPANDS_TOO_MUCH)
        for member in members:
            expansion = member.file_size / max(member.compress_size, 1)
            if member.file_size > MEGABYTE and expansion > limits.ratio:
                raise Unreadable(Fault.EXPANDS_TOO_MUCH)
        self.names = frozenset(self._zip.namelist())
        # Names of parts are compared without regard to case (ISO/IEC 29500-2, 6.3.5).
        self._by_folded = {_folded(name): name for name in sorted(self.names)}

    def kind(self) -> Kind | None:
        """DOCX or ODT, None for any other package."""
        if "content.xml" in self.names and self._media_type().startswith(_ODT):
            return Kind.ODT
        main = self.main_part()
        if main in self.names and self._content_type(main, usual=main == _USUAL_MAIN):
            return Kind.DOCX
        return None

    def main_part(self) -> str:
        """The name of the part that a Word package opens with."""
        targets = self.related("", "officeDocument")
        by_type = (self._found(name) for name, kind in self._overrides.items() if kind.endswith(".main+xml"))
        return next(iter([*targets, *filter(None, by_type)]), _USUAL_MAIN)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of a kind ("header", "officeDocument") that a part, or the package for "", is related to; in the
        order of their names."""
        folder, name = posixpath.split(part)
        listed = self._found(posixpath.join(folder, "_rels", f"{name}.rels"))
        if listed is None:
            return []
        found = set()
        for one in _elements(self.xml(listed), "Relationship"):
            if one.get("TargetMode") == "External" or one.get("Type", "").rpartition("/")[2] != kind:
                continue
            target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "").replace("\\", "/")))
            if (there := self._found(target)) is not None:
                found.add(there)
        return sorted(found)

    def optional(self, name: str) -> bytes:
        """The member's bytes, none when it is not there."""
        return self._read(name) if name in self.names else b""

    def xml(self, name: str, rename: tuple[str, str] | None = None) -> Element:
        """The member's tree; with `rename`, elements of the first namespace are taken as of the second."""
        content = self._read(name)
        if rename is not None:
            content = content.replace(rename[0].strip("{}").encode(), rename[1].strip("{}").encode())
        try:
            root: Element = fromstring(content, forbid_dtd=True)
        except DefusedXmlException as error:
            raise Unreadable(Fault.EXPANDS_TOO_MUCH) from error
        except (ParseError, ValueError) as error:
            raise Unreadable(Fault.UNREADABLE) from error
        return root

    def _found(self, name: str) -> str | None:
        return self._by_folded.get(_folded(name))

    @cached_property
    def _overrides(self) -> dict[str, str]:
        """Name of a part, folded -> its content type."""
        if _TYPES not in self.names:
            return {}
        listed = _elements(self.xml(_TYPES), "Override")
        return {_folded(one.get("PartName", "")): one.get("ContentType", "") for one in listed}

    def _content_type(self, name: str, *, usual: bool) -> bool:
        """Whether a part is Word's; one without a type is, when its name is the usual one."""
        kind = self._overrides.get(_folded(name), "")
        return any(word in kind for word in _WORD_TYPES) if kind else usual

    def _media_type(self) -> str:
        """What an OpenDocument package says that it is: in a member of its own, else in its manifest."""
        said = self.optional("mimetype").decode("ascii", "replace").strip()
        if said or "META-INF/manifest.xml" not in self.names:
            return said
        entries = self.xml("META-INF/manifest.xml").iter()
        values = ({_local(key): value for key, value in entry.items()} for entry in entries)
        return next((one.get("media-type", "") for one in values if one.get("full-path") == "/"), "")

    def _read(self, name: str) -> bytes:
        if name not in self.names:
            raise Unreadable(Fault.UNREADABLE)
        if self._zip.getinfo(name).flag_bits & _ENCRYPTED:
            raise Unreadable(Fault.ENCRYPTED)
        cap = min(self._limits.member_size, self._left)
        with self._zip.open(name) as member:
            content = member.read(cap + 1)
        if len(content) > cap:
            raise Unreadable(Fault.EXPANDS_TOO_MUCH)
        self._left -= len(content)
        return content


def _folded(name: str) -> str:
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _elements(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if _local(one.tag) == name)
