"""Static files: few, small, read once, served compressed and for ever under an address that changes with them.

`address("maillon.css")` is what a page writes. Nothing here depends on who asks.
"""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

STATIC = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, the same compressed, and what its content is called."""

    plain: bytes
    packed: bytes
    media_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """All of them by name."""
    return {path.name: _read(path) for path in sorted(STATIC.iterdir()) if path.is_file()}


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    return Asset(
        plain=plain,
        packed=gzip.compress(plain, mtime=0),
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        version=sha256(plain).hexdigest()[:12],
    )


def address(name: str) -> str:
    """Where a page finds that file; KeyError when there is no such file."""
    return f"/static/{name}?v={assets()[name].version}"


@router.get("/static/{name}")
@router.head("/static/{name}")
def static(name: str, request: Request) -> Response:
    """The file, compressed when the browser takes it so."""
    found = assets().get(name)
    if found is None:
        raise HTTPException(404)
    etag = f'"{found.version}"'
    headers = {
        "ETag": etag,
        "Vary": "Accept-Encoding",
        "Cache-Control": _FOR_EVER if request.query_params.get("v") == found.version else "public, max-age=300",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.media_type, headers=headers)
    return Response(found.plain, media_type=found.media_type, headers=headers)
