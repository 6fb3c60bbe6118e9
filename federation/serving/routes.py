"""What a node answers to its peers and to the public: one FastAPI router, made for one node.

    public      GET  /journal/{epoch}/checkpoint, /journal/{epoch}/vkey, /journal/{epoch}/tile/...
                GET  /directory/{path}                 (coordinator)
                POST /federation/v1/join               (coordinator; proves itself)
    signed      GET  /federation/v1/page?epoch=E&first=N&count=C
                POST /federation/v1/hint

Guarantees: a signed route does nothing for a caller before its signature is verified over the raw bytes, with the
target URI built from our configured base URL; every answer to a proven member is signed and bound to its request,
refusals included, and nothing is signed for anybody else; a request that changes something is carried out once (its
nonce is kept). Refusals are RFC 9457 problems with a stable type; the one for a clock that is off names the measured
skew. Any verified request is a sign of life of its sender and clears our back-off. Public routes, requests to join and
refusals of strangers are limited a client address, signed routes a member. Read next: answers.py (what is behind
each route), journal.py, peers/visit.py.
"""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request, Response

from federation.context import Federation
from federation.membership.changing import JOIN_PATH
from federation.peers.hints import HINT_PATH
from federation.peers.visit import PAGE_PATH
from federation.ports import U
from federation.serving.answers import Answers, DirectoryHost, directory_file


def make_router(
    fed: Federation[U],
    *,
    directory: DirectoryHost | None = None,
    on_hint: Callable[[str], None] | None = None,
) -> APIRouter:
    """The routes of one node. `directory` is given on a coordinator and mounts its routes; `on_hint` is called with the
    id of a peer that has news, after its new due time was written, and must return at once."""
    answers = Answers(fed, on_hint or (lambda _: None))

    async def raw_body(request: Request) -> bytes | None:
        """The raw body, None when it is beyond the cap: it is read no further."""
        received = bytearray()
        async for chunk in request.stream():
            received += chunk
            if len(received) > fed.limits.request_bytes:
                return None
        return bytes(received)

    router = APIRouter(include_in_schema=False)

    @router.get("/journal/{epoch}/checkpoint")
    def checkpoint(request: Request, epoch: str) -> Response:
        return answers.public(request, lambda: answers.checkpoint(epoch))

    @router.get("/journal/{epoch}/vkey")
    def journal_vkey(request: Request, epoch: str) -> Response:
        return answers.public(request, lambda: answers.vkey(epoch))

    @router.get("/journal/{epoch}/tile/{path:path}")
    def tile(request: Request, epoch: str, path: str) -> Response:
        return answers.public(request, lambda: answers.tile(epoch, f"tile/{path}"))

    @router.get(PAGE_PATH)
    def page(request: Request, body: bytes | None = Depends(raw_body)) -> Response:
        return answers.signed(request, body, answers.page)

    @router.post(HINT_PATH)
    def hint(request: Request, body: bytes | None = Depends(raw_body)) -> Response:
        return answers.signed(request, body, answers.hint)

    if directory is not None:
        host = directory

        @router.get("/directory/{path:path}")
        def served_file(request: Request, path: str) -> Response:
            return answers.public(request, lambda: directory_file(host, path))

        @router.post(JOIN_PATH)
        def join(request: Request, body: bytes | None = Depends(raw_body)) -> Response:
            return answers.public(request, lambda: answers.join(request, body, host))

    return router
