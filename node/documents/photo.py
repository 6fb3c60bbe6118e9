"""A photograph that a person chose, made fit for print.

Guarantees: what comes out is a small JPEG upright and cropped to the format asked for, with nothing else in it (no
position, no camera, no thumbnail); what is no photograph, or too large to open safely, raises BadPhoto.
"""

import warnings
from io import BytesIO
from typing import Final

MOST_PIXELS: Final = 40_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP")


class BadPhoto(ValueError):
    """The bytes are no photograph that can be printed."""


def portrait(photo: bytes, width: int, height: int) -> bytes:
    """The photograph as a JPEG of `width` x `height` pixels, cropped around where faces are: the middle, a bit high."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(photo), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise BadPhoto("too many pixels")
                opened.draft("RGB", (2 * width, 2 * height))
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except BadPhoto:
        raise
    except Exception as error:  # Pillow's decoders raise whatever their format makes them raise.
        raise BadPhoto(type(error).__name__) from None
    cropped = ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    clean = BytesIO()
    Image.frombytes("RGB", cropped.size, cropped.tobytes()).save(clean, "JPEG", quality=82, optimize=True)
    return clean.getvalue()
