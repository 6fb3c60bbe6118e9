"""How a page is made: `render` a template for a visitor, or `redirect` with a message that the next page shows.

Guarantees: templates escape everything; a page's language, visitor and token are at hand in every template and macro,
through the globals below; nothing about a person is in an address. A new screen family is one module with a
`router`, its name in `node.web.SCREENS`, and its entry in `NAVIGATION`.

Globals: `parts` and `forms` (the components), `page` (see `PageContext`), `csrf()`, `may("read_files")`,
`asset("maillon.css")`, `navigation()`, `languages`. Filters: `day`, `moment`, `clock`, `dated`, `km`, `phone`,
`dialled`. Read next: components/ and /composants in a browser.
"""

import base64
import json
import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from node.kit.i18n import LANGUAGES, gettext, language, ngettext
from node.kit.i18n import gettext as _
from node.kit.limits import largest
from node.kit.phone import dialled, shown
from node.mission.accounts.roles import Permission
from node.web.frame.assets import address
from node.web.frame.auth import NOBODY, Visitor, get_cookie, set_cookie, visitor_of
from node.web.frame.csrf import FIELD, make_token

FLASH = "message"
WARN_BEFORE = timedelta(minutes=10)
"""How long before a session's end a page says so."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the next page says at its top. `kind` is success, info, warning or danger."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation: seen by whoever has the permission. What lies under it is at its `path`, and `under`
    other ones."""

    path: str
    label: Callable[[], str]
    permission: Permission
    under: tuple[str, ...] = ()

    def leads_to(self, path: str) -> bool:
        """Whether a page is in that part."""
        return any(path == one or path.startswith(one + "/") for one in (self.path, *self.under))


NAVIGATION: list[Entry] = [
    Entry("/aujourdhui", lambda: _("Today"), Permission.SEE_TODAY),
    Entry("/candidats", lambda: _("People"), Permission.READ_FILES, ("/depots", "/doublons", "/affiches")),
    Entry("/offres", lambda: _("Offers"), Permission.READ_OFFERS),
    Entry("/mises-en-relation", lambda: _("Applications under way"), Permission.PUT_FORWARD),
    Entry("/ateliers", lambda: _("Workshops"), Permission.RUN_WORKSHOPS),
    Entry("/candidatures", lambda: _("Applications"), Permission.ANSWER_SENDINGS, ("/employeur",)),
    Entry("/equipe", lambda: _("Team"), Permission.SEE_TEAM),
    Entry("/comptes", lambda: _("Accounts"), Permission.MANAGE_ACCOUNTS),
    # Whoever receives people finds it at the foot of each page.
    Entry("/etat", lambda: _("Network"), Permission.SEE_NETWORK),
]
"""In the order of the page's head. Screen families add theirs in place."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every template may know about the request. `now` is aware UTC; `ends` when the visitor's session ends."""

    path: str
    site: str
    role: str
    language: str
    visitor: Visitor
    now: datetime
    messages: Sequence[Message]
    version: str
    zone: ZoneInfo

    @property
    def ends(self) -> datetime | None:
        return None if self.visitor.session is None else self.visitor.session.expires

    @property
    def ends_soon(self) -> bool:
        """Whether the page must say that the session ends."""
        return self.ends is not None and self.ends - self.now <= WARN_BEFORE


_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FIRST = re.compile(r"\b1 (?=\w)")

_page: ContextVar[PageContext] = ContextVar("maillon_page")


def _csrf() -> Markup:
    """The hidden field that every form which posts has."""
    token = _page.get().visitor.token
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, make_token(token)) if token else Markup()


def _may(permission: str) -> bool:
    wanted = Permission.read(permission)
    assert wanted is not None, permission
    return _page.get().visitor.may(wanted)


def _navigation() -> list[tuple[str, str, bool]]:
    """Address, label, and whether the visitor is in that part."""
    page = _page.get()
    return [
        (entry.path, entry.label(), entry.leads_to(page.path))
        for entry in NAVIGATION
        if page.visitor.may(entry.permission)
    ]


def _day(value: date | datetime | None, form: str = "long") -> str:
    """23 novembre 2026; a dash for none. `form`: short, medium, long, full."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(_page.get().zone)
    said = format_date(value, form, locale=language())
    return _FIRST.sub("1er ", said, count=1) if language() == "fr" and value.day == 1 else said


def _moment(value: datetime | None, form: str = "short") -> str:
    """23/11/2026 10:30, at the node's place; a dash for never."""
    if value is None:
        return "—"
    if language() == "fr" and form == "short":
        return value.astimezone(_page.get().zone).strftime("%d/%m/%Y %H:%M")
    return format_datetime(value, form, tzinfo=_page.get().zone, locale=language())


def _dated(text: str) -> str:
    """A text with its days as people write them, where it has 2026-11-23."""

    def written(found: re.Match[str]) -> str:
        try:
            return _day(date.fromisoformat(found[0]), "medium")
        except ValueError:
            return found[0]

    return _ISO_DAY.sub(written, text)


def _km(value: float) -> str:
    """12,5; 0: kilometres with at most one decimal."""
    return format_decimal(value, "#,##0.#", locale=language())


def _phone(text: str) -> str:
    """06 12 34 56 78, on one line."""
    return shown(text, "\N{NO-BREAK SPACE}")


def _clock(value: datetime | None) -> str:
    """10:30."""
    return "—" if value is None else format_time(value, "short", tzinfo=_page.get().zone, locale=language())


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("node.web", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"day": _day, "moment": _moment, "clock": _clock, "dated": _dated, "km": _km}
    made.filters |= {"phone": _phone, "dialled": dialled}
    made.globals |= {
        "csrf": _csrf,
        "may": _may,
        "asset": address,
        "navigation": _navigation,
        "languages": LANGUAGES,
        "largest_file": largest(),
    }
    # The macros, in every template without an import. They are read after the globals that they use.
    for name in ("parts", "forms"):
        made.globals[name] = made.get_template(f"frame/components/{name}.html").module
    return made


templates = _environment()


def render(
    request: Request, template: str, /, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """The page. `messages` in the context are shown with those that the page before left."""
    try:
        visitor = visitor_of(request)
    except Exception:
        # The page that tells of a failing database is a page too.
        if status < 500:
            raise
        visitor = NOBODY
    node = request.app.state.node
    left = _left(request)
    page = PageContext(
        path=request.url.path,
        site=node.config.node.name,
        role=node.config.node.role,
        language=language(),
        visitor=visitor,
        now=node.desk.now(),
        messages=[*left, *context.pop("messages", ())],
        version=request.app.version,
        zone=ZoneInfo(node.config.locale.timezone),
    )
    held = _page.set(page)
    try:
        body = templates.get_template(template).render(page=page, **context)
    finally:
        _page.reset(held)
    response = HTMLResponse(body, status, headers)
    response.headers.setdefault("Cache-Control", "no-store" if visitor.session else "private, no-cache")
    response.headers["Vary"] = "Cookie, Accept-Language"
    if left:
        set_cookie(request, response, FLASH, "", max_age=0)
    return response


def redirect(request: Request, path: str, message: str = "", kind: str = "success", **query: str) -> RedirectResponse:
    """Go on to another page (303), which says the message."""
    response = RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), 303)
    response.headers["Cache-Control"] = "no-store"
    if message:
        data = json.dumps([kind, message[:1000]]).encode()
        set_cookie(request, response, FLASH, base64.urlsafe_b64encode(data).decode(), max_age=60)
    return response


def _left(request: Request) -> list[Message]:
    """What the page before left to be said, once. A cookie may hold anything: it is shown as text, or not at all."""
    given = get_cookie(request, FLASH)
    if not given or request.headers.get("hx-request"):
        return []
    try:
        kind, text = json.loads(base64.b64decode(given, altchars=b"-_", validate=True))
    except (ValueError, TypeError):
        return []
    known = kind in ("success", "info", "warning", "danger") and isinstance(text, str)
    return [Message(kind, text)] if known else []
