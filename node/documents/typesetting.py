"""The one door to typst: a template of ours and plain data in, a tagged PDF out.

Guarantees: the data travels as JSON and is shown as text, whatever it holds; only files of this package can be read,
nothing is written to disk and nothing is fetched; every PDF conforms to PDF/UA-1 or is not made. Calls may come from
any thread: the compiler takes one at a time. typst and its fonts are loaded at the first call, and what it keeps of a
document between two compilations (personal data, and memory) is let go before this module returns.

Read next: `lettering.py` (what text must pass through first), `templates/base.typ`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from node.documents import lettering

if TYPE_CHECKING:
    import typst

Data = Mapping[str, Any] | Sequence[Any] | str | int | float | bool | None
"""What a template can be given. Strings are made printable on the way; bytes (a picture) become a list of numbers."""

HERE: Final = Path(__file__).parent
TEMPLATES: Final = HERE / "templates"
MEMORY_OF_COMPILER: Final = 11
"""typst forgets what it computed after ten further compilations; an empty page counts as one and takes no time."""

_one_at_a_time = Lock()


class CannotTypeset(RuntimeError):
    """typst refused a template with this data: a fault of ours. The text names no one."""


def typeset(template: str, data: Data, *, note: str = "") -> tuple[bytes, list[Any]]:
    """The PDF of `templates/<template>.typ` over `data`, and the values of the template's metadata labelled `note`, in
    order (none when no note is asked for).

    Raises CannotTypeset, with typst's message unless it quotes something, which may be what a person typed.
    """
    content = json.dumps(_printable(data), ensure_ascii=False)
    with _one_at_a_time:
        compiler = _compiler()
        try:
            pdf = compiler.compile(
                input=str(TEMPLATES / f"{template}.typ"),
                format="pdf",
                sys_inputs={"data": content},
                pdf_standards=["ua-1"],
            )
            found = json.loads(compiler.query(f"<{note}>", field="value")) if note else []
        except RuntimeError as error:
            reason = "" if '"' in str(error) else f": {error}"
            raise CannotTypeset(f"{template}{reason}") from None
        finally:
            for _ in range(MEMORY_OF_COMPILER):
                compiler.compile(input=str(TEMPLATES / "nothing.typ"), format="pdf", sys_inputs=None)
    if not isinstance(pdf, bytes):
        raise CannotTypeset(f"{template}: no PDF came out")
    return pdf, found


@cache
def _compiler() -> "typst.Compiler":
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)


def _printable(data: Data) -> Data:
    if isinstance(data, str):
        return lettering.printable(data)
    if isinstance(data, bytes):
        return list(data)
    if isinstance(data, Mapping):
        return {key: _printable(value) for key, value in data.items()}
    if isinstance(data, Sequence):
        return [_printable(value) for value in data]
    return data
