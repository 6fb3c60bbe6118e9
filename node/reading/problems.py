"""Why a file cannot be used, or only in part: a stable code, and the sentence that tells a person what to do.

Guarantees: every code has one sentence; sentences name no file content. Read next: `shapes.py`.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from node.kit.i18n import gettext as _
from node.kit.limits import too_large


class Fault(StrEnum):
    """What is wrong with a file. `refuses` tells those that must not be kept from those a person can still look at."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    ENCRYPTED = "encrypted"
    EXECUTABLE = "executable"
    EXPANDS_TOO_MUCH = "expands_too_much"
    OLD_WORD = "old_word"
    HEIC = "heic"
    PAGES = "pages"
    OUTLOOK = "outlook"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    BLANK_IMAGE = "blank_image"
    IMAGE_TOO_LARGE = "image_too_large"
    TOO_SLOW = "too_slow"
    BUSY = "busy"
    NO_TEXT = "no_text"
    NO_WORDS = "no_words"
    NO_OCR = "no_ocr"
    OCR_FAILED = "ocr_failed"

    @property
    def refuses(self) -> bool:
        """Whether the file must not be kept. False: the document is shown, and what it says is typed in by hand."""
        return self not in _KEPT

    @property
    def sentence(self) -> str:
        """What a person reads: what happened, then what to do."""
        return _SENTENCES[self]()


class Unreadable(Exception):
    """A reader's way to say which problem the file has."""

    def __init__(self, problem: Fault) -> None:
        super().__init__(problem.value)
        self.problem = problem


_KEPT: Final = frozenset({Fault.NO_TEXT, Fault.NO_WORDS, Fault.NO_OCR, Fault.OCR_FAILED})

_SENTENCES: Final[Mapping[Fault, Callable[[], str]]] = {
    Fault.EMPTY: lambda: _("This file is empty. Choose the file again, or take a photograph of the CV."),
    Fault.TOO_LARGE: too_large,
    Fault.TOO_MANY_PAGES: lambda: _("This file has more than 20 pages. Send only the CV, without its annexes."),
    Fault.ENCRYPTED: lambda: _("This file is protected by a password. Save it again without a password, then send it."),
    Fault.EXECUTABLE: lambda: _(
        "This file is a program, not a CV. It was not kept. Send a PDF, a Word file or a photograph."
    ),
    Fault.EXPANDS_TOO_MUCH: lambda: _(
        "This file is built in a way that could harm the server. It was not kept. "
        "Save the CV again as a PDF, or take a photograph of it."
    ),
    Fault.OLD_WORD: lambda: _(
        "This is an old Word file (.doc). Open it, save it as a PDF or as .docx, then send it again."
    ),
    Fault.HEIC: lambda: _(
        "This photograph is in Apple's HEIC format. "
        "Choose “Most compatible” in the camera's settings, or send a screenshot."
    ),
    Fault.PAGES: lambda: _(
        "This file was made with an Apple program. Open it there, choose “Export to”, then “PDF”, and send the PDF."
    ),
    Fault.OUTLOOK: lambda: _(
        "This is a message packed by Outlook: the CV is inside. Open it in Outlook and save the attached CV, "
        "or ask the person for a PDF."
    ),
    Fault.UNSUPPORTED: lambda: _(
        "We cannot read this kind of file. Send a PDF, a Word or LibreOffice file, or a photograph."
    ),
    Fault.UNREADABLE: lambda: _(
        "This file is damaged and could not be read. Save the CV again as a PDF, or take a photograph of it."
    ),
    Fault.BLANK_IMAGE: lambda: _(
        "This image is blank. Take the photograph again, in good light, with the whole page in view."
    ),
    Fault.IMAGE_TOO_LARGE: lambda: _(
        "This image is too large (more than 40 million points). Take a plain photograph of the CV."
    ),
    Fault.TOO_SLOW: lambda: _(
        "This file takes too long to read. Save the CV again as a PDF, or take a photograph of it."
    ),
    Fault.BUSY: lambda: _("Many files are being read at this moment. Wait one minute, then send the file again."),
    Fault.NO_TEXT: lambda: _("We found no text in this document. It is kept: please type in what it says."),
    Fault.NO_WORDS: lambda: _(
        "We found signs in this image, but nothing like words: it may be blurred, or not French. "
        "It is kept: please type in what it says, or take the photograph again."
    ),
    Fault.NO_OCR: lambda: _("Images are not read automatically here. The image is kept: please type in what it says."),
    Fault.OCR_FAILED: lambda: _(
        "The reading of images failed on this server. The image is kept: please type in what it says, "
        "and tell your administrator."
    ),
}
