"""What reading a file gives, as it crosses from the worker to the process that asked.

Guarantees: everything is plain text and numbers but the bytes of a re-encoded image and of attachments; a line's text
is NFC, without control characters, and never holds a line break; all sizes are bounded by `ReadingLimits`.

Read next: `reading.py`.
"""

from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from node.kit.limits import MAX_READ_BYTES, MEGABYTE
from node.reading.problems import Fault


class Kind(StrEnum):
    """What a file is, by its content, whatever its name says."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    IMAGE = "image"
    EMAIL = "email"
    JSON_RESUME = "json_resume"
    TEXT = "text"
    UNKNOWN = "unknown"


class ReadingLimits(Struct, frozen=True, kw_only=True):
    """How much one file may cost. Bytes, counts and seconds; `memory` bounds what the worker's process may allocate."""

    size: int = MAX_READ_BYTES
    pages: int = 20
    characters: int = 200_000
    lines: int = 4_000
    pixels: int = 40_000_000
    members: int = 2_000
    member_size: int = 8 * MEGABYTE
    unpacked: int = 24 * MEGABYTE
    ratio: int = 200
    attachments: int = 10
    depth: int = 3
    memory: int = 272 * MEGABYTE
    cpu_seconds: int = 20
    wall_seconds: float = 30.0


# The worker looks at files that mean harm: what it says here goes to a log, so it can only be a few plain words.
FaultWords = Annotated[str, Meta(max_length=40, pattern=r"^[A-Za-z0-9 -]*$")]


class Line(Struct, frozen=True, array_like=True):
    """One line of text in reading order. Cells of a table's row are separated by a tab. `page` counts from 1; `column`
    from 0 within its page; `size` is the type's height relative to the document's usual one (1.0), 0 when unknown."""

    text: str
    page: int = 1
    column: int = 0
    size: float = 0.0


class Attachment(Struct, frozen=True):
    """A file found in an e-mail. `name` is safe to show and to store; `document` is set once it was read itself;
    `inline` tells a picture that the text shows, or a very small one: most often a signature's."""

    name: str
    data: bytes
    document: "ReadDocument | None" = None
    inline: bool = False


class ReadDocument(Struct, frozen=True, kw_only=True):
    """What a file says. With `problem`, the rest may be empty; `problem.refuses` says whether the file may be kept.

    `image` is a JPEG made anew from a picture: no EXIF, no position, upright. `sender` and `subject` belong to an
    e-mail; `resume` is the object of a JSON Resume. `fault` is why the reading of images failed, for the log: the class
    of an error or an exit status, never what the file says.
    """

    kind: Kind = Kind.UNKNOWN
    lines: tuple[Line, ...] = ()
    pages: int = 0
    image: bytes = b""
    sender: str = ""
    subject: str = ""
    attachments: tuple[Attachment, ...] = ()
    resume: dict[str, Any] = field(default_factory=dict)
    problem: Fault | None = None
    fault: FaultWords = ""

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(line.text for line in self.lines)
