"""An address as a QR code that survives a bad print.

Level Q restores a quarter of the code; the quiet zone of four modules is part of the picture (ISO/IEC 18004).
"""

from io import BytesIO
from typing import Final

LONGEST_URL: Final = 160
"""Characters; beyond, the modules get too small for an old telephone, and nobody can type the address."""


def qr_svg(url: str, title: str) -> str:
    """The code as SVG with a title. Raises ValueError when the address is no http(s) address or too long."""
    import segno

    if not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL:
        raise ValueError("a printed address starts with http(s):// and has 160 characters at most")
    drawing = BytesIO()
    segno.make(url, error="q", boost_error=False, micro=False).save(
        drawing, kind="svg", title=title, border=4, light="#fff", xmldecl=False
    )
    return drawing.getvalue().decode()
