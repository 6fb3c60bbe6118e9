"""A photograph that a person chose, made fit for print.

Guarantees: what comes out is a small JPEG upright and cropped to the format asked for, with nothing else in it (no
position, no camera, no thumbnail); opening it takes 130 MB at most, one at a time; what is no photograph, or too large
to be opened so, raises BadPhoto.
"""

import warnings
from io import BytesIO
from threading import Lock
from typing import Final

MOST_PIXELS: Final = {"JPEG": 40_000_000, "PNG": 12_500_000, "WEBP": 8_500_000}
"""By format. A JPEG is opened at a fraction of its size; the others are unfolded whole, at up to 17 bytes a pixel."""

_one_at_a_time = Lock()


class BadPhoto(ValueError):
    """The bytes are no photograph that can be printed."""


def portrait(photo: bytes, width: int, height: int) -> bytes:
    """The photograph as a JPEG of `width` x `height` pixels, cropped around where faces are: the middle, a bit high."""
    from PIL import Image, ImageOps

    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(photo), formats=list(MOST_PIXELS)) as opened:
                if opened.width * opened.height > MOST_PIXELS[opened.format or ""]:
                    raise BadPhoto("too many pixels")
                # Small before anything else is done with it: each further step makes a copy.
                opened.draft("RGB", (2 * width, 2 * height))
                opened.thumbnail((2 * max(width, height),) * 2, reducing_gap=None)
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except BadPhoto:
        raise
    except Exception as error:  # Pillow's decoders raise whatever their format makes them raise.
        raise BadPhoto(type(error).__name__) from None
    cropped = ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    clean = BytesIO()
    Image.frombytes("RGB", cropped.size, cropped.tobytes()).save(clean, "JPEG", quality=82, optimize=True)
    return clean.getvalue()
