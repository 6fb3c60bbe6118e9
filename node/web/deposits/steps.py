"""The three steps in which a deposit is checked: who it is, what the person can do, what they seek and agree to.

Guarantees: all fields travel in one form at every step, those of the other steps out of sight, so that nothing typed is
lost by going on or back and nothing is kept of a check that is not over; a fault brings its own step back. Read next:
treating.py; steps.html.
"""

from collections.abc import Callable, Iterable
from typing import Final

from node.kit.i18n import gettext as _
from node.web.frame.forms import Form

WHO, SKILLS, WISHES = 1, 2, 3
LAST: Final = WISHES
ALL: Final = range(WHO, LAST + 1)

TITLES: Final[tuple[Callable[[], str], ...]] = (
    lambda: _("Who is it?"),
    lambda: _("What the person can do"),
    lambda: _("What they seek, and their agreement"),
)
GROUPS_OF: Final = {WHO: ("identity",), SKILLS: ("search", "background"), WISHES: ("search", "voice")}
"""The groups of fields (people/fields.py) that are read to check a step."""
TICKS_OF: Final = {WHO: ("identity",), SKILLS: ("search", "background"), WISHES: ()}
"""The groups whose comparison with the document is confirmed in a step."""

_FIRST: Final = frozenset(
    {"first_name", "last_name", "email", "phone", "commune", "birth_date", "checked_identity", "joindre"}
)
_THIRD: Final = frozenset(
    {
        *("hours", "qualification", "availability", "mobility_km", "places", "relocates", "public_transport"),
        *("contracts", "summary", "qualities", "words", "interests", "how", "consents"),
    }
)


def step_of(field: str) -> int:
    """The step in which a field stands."""
    if field in _FIRST:
        return WHO
    return WISHES if field in _THIRD or field.startswith("agrees_") else SKILLS


def here(form: Form) -> int:
    """The step that was shown; a form that names none is of the last one, with all fields in it."""
    return _number(form.raw("ici")) or LAST


def wanted(form: Form) -> int:
    """The step that a button leads to; 0 when none was pressed."""
    return _number(form.raw("etape"))


def acted_on(form: Form) -> int:
    """The step of the field that was looked up, added to or taken from."""
    names = (form.raw(name).partition(":")[0] for name in ("ajouter", "retirer", "chercher"))
    return _number(form.raw("ici")) or step_of(next(filter(None, names), form.raw("ligne") or "occupations"))


def first_fault(form: Form, steps: Iterable[int]) -> int:
    """The first of these steps with a fault, of which alone the faults stay in the form; 0 when none has one."""
    first = min({step_of(name) for name in form.errors if name} & set(steps), default=0)
    form.errors = {name: said for name, said in form.errors.items() if not name or step_of(name) == first}
    return first


def _number(text: str) -> int:
    return int(text) if text in set(map(str, ALL)) else 0
