"""A form that a double press sends twice is done once, and both presses lead to the same page.

Guarantees: a form of a session's page, sent again from that very page with the same content while the first is under
way or shortly after it led on, gets the first one's answer; an answer that leads nowhere (a fault, a file) is never
repeated. A key that is held down costs no more than `MOST_WAITING` threads: further presses are refused. The same page
opened anew is another one: whoever wants to do a thing twice can. What is remembered are digests and addresses, in
memory. Deposits, which need no session, are told apart by what they hold: see `node/services/deposits/deposits.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from threading import Condition
from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.web.frame.forms import Form

WINDOW: Final = timedelta(seconds=10)
PATIENCE: Final = 10.0
"""Seconds that a second press waits for the first one's answer."""
MOST_WAITING: Final = 4
"""Presses of one form that wait so, each in a thread."""

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Press:
    begun: datetime
    answer: Headers | None = None
    waiting: int = 0


class PressedOften(NodeError):
    """Presses of this form wait already for the first one's answer."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    problem = "pressed_often"


class Presses:
    """What was pressed of late."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Press] = {}
        self._changed = Condition()

    def begin(self, key: bytes, now: datetime) -> Headers | None:
        """None for the first press; for a second one the headers of the first one's answer. PressedOften."""
        with self._changed:
            self._known = {one: press for one, press in self._known.items() if now - press.begun < WINDOW}
            first = self._known.get(key)
            if first is not None and first.answer is None:
                if first.waiting >= MOST_WAITING:
                    raise PressedOften(_("This is being done already: wait a moment, then open the page again."))
                first.waiting += 1
                self._changed.wait_for(lambda: key not in self._known or self._known[key].answer, PATIENCE)
                first.waiting -= 1
            known = self._known.get(key)
            if known is not None and known.answer is not None:
                return known.answer
            self._known[key] = _Press(now)
            return None

    def end(self, key: bytes, answer: Headers | None) -> None:
        """The first press led there; or, with None, nowhere: the next one is a first one."""
        with self._changed:
            known = self._known.get(key)
            if known is not None and answer is not None:
                known.answer = answer
            else:
                self._known.pop(key, None)
            self._changed.notify_all()


class Repeated(Exception):
    """This form was sent already; `headers` are those of its answer."""

    def __init__(self, headers: Headers) -> None:
        super().__init__("sent already")
        self.headers = headers


def press(request: Request, form: Form, token: str) -> None:
    """Take a form of that session's page: Repeated when it was sent just before."""
    if not token or request.method != "POST":
        return
    state = request.scope["state"]
    files = [(name, one.filename, one.size) for name, sent in form.files.items() for one in sent]
    content = repr((token, request.url.path, request.url.query, sorted(form.values.items()), files))
    key = sha256(content.encode("utf-8", "replace")).digest()
    answer = state["presses"].begin(key, request.app.state.node.now())
    if answer is not None:
        raise Repeated(answer)
    state["pressed"] = key


class Once:
    """ASGI middleware: remembers where presses led."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._presses = Presses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and remember a redirection to another page."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["presses"] = self._presses

        async def remember(message: Message) -> None:
            if message["type"] == "http.response.start" and "pressed" in state:
                led_on = [pair for pair in message["headers"] if pair[0] in (b"location", b"set-cookie")]
                self._presses.end(state.pop("pressed"), led_on if message["status"] == 303 else None)
            await send(message)

        try:
            await self._app(scope, receive, remember)
        finally:
            if "pressed" in state:
                self._presses.end(state.pop("pressed"), None)
