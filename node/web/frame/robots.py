"""Public forms: a hidden field and the time taken tell most robots. Nobody is asked to prove anything: whoever is taken
for a robot sends the same form again.
"""

from datetime import timedelta
from typing import Final

from node.services.node import Node
from node.web.frame.forms import Form

QUICKEST: Final = timedelta(seconds=2)
"""Nobody reads and fills in a form in less."""
TRAP: Final = "site_internet"
"""Hidden from people; robots fill it in."""


def stamp(node: Node) -> str:
    """What the form remembers of when it was shown, in its field `debut`."""
    return str(int(node.now().timestamp()))


def is_hasty(node: Node, form: Form) -> bool:
    """Whether a robot seems to have sent this."""
    if form.raw(TRAP):
        return True
    began = form.raw("debut")
    if not began.isdecimal() or len(began) > 12:
        return True
    return node.now().timestamp() - int(began) < QUICKEST.total_seconds()


def refresh(node: Node, form: Form) -> None:
    """Make the form ready to be shown again."""
    if form.raw(TRAP) or not form.raw("debut").isdecimal():
        form.values |= {TRAP: [], "debut": [stamp(node)]}
