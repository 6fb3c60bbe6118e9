"""A PDF as a reader, or a screen reader, meets it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the structure tree: its role and its alternative text."""

    role: str
    alt: str


class Document:
    """What `pypdf` makes of the bytes. Making one asserts what every document of ours must be."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = PdfReader(BytesIO(pdf))
        root: Any = self.reader.root_object
        assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
        assert root["/Lang"].lower().startswith("fr")
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
        self.tags = list(_tags(root["/StructTreeRoot"]))
        self.title = self.reader.metadata.title if self.reader.metadata else None
        assert self.title
        assert len(pdf) < 200_000

    @property
    def pages(self) -> int:
        return len(self.reader.pages)

    @cached_property
    def text(self) -> str:
        """All text in the order of the file, which is that of reading; any white between words is one space."""
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    @property
    def roles(self) -> list[str]:
        return [tag.role for tag in self.tags]

    def comes_in_order(self, *texts: str) -> bool:
        """Whether the texts follow one another in the order of reading."""
        at = -1
        for text in texts:
            at = self.text.find(text, at + 1)
            if at < 0:
                return False
        return True

    def lowest_letter(self) -> float:
        """How far above the foot of its page the lowest line stands, in points."""
        heights: list[float] = []

        def visit(text: str, user: list[float], line: list[float], *_: object) -> None:
            if text.strip():
                heights.append(user[1] * line[4] + user[3] * line[5] + user[5])

        for page in self.reader.pages:
            page.extract_text(visitor_text=visit)
        return min(heights)


def _tags(element: Any) -> Iterator[Tag]:
    element = element.get_object()
    if isinstance(element, ArrayObject):
        for child in element:
            yield from _tags(child)
    elif isinstance(element, DictionaryObject):
        if "/S" in element:
            yield Tag(str(element["/S"]).removeprefix("/"), str(element.get("/Alt", "")))
        if "/K" in element:
            yield from _tags(element["/K"])
