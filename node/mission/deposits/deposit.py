"""How a CV comes in: posters, deposits, documents.

Guarantees: a deposit is what a person handed in, word for word; nothing in it is a fact about a candidate before a
counsellor has confirmed it. The two agreements are apart, and each is there only when it was given, with when and how.

Read next: `people/rules.py`, what a confirmed field may hold; `duplicates/comparing.py`, whether the person is known
already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from node.kit import phone
from node.kit.clean_text import is_email, is_line, is_text
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import Agreement
from node.mission.people.rules import MAX_LINE, MAX_TEXT, FieldProblem, unreadable_phone
from node.mission.terms import Term

MAX_PROPOSAL_BYTES: Final = 256 * 1024


class SourceKind(Term):
    """Where a poster hangs."""

    DESK = "desk", "Guichet"
    COMPANY = "company", "Entreprise"
    EVENT = "event", "Événement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One QR poster, so that figures tell them apart. The id stands in its address; a poster that is `closed` still
    takes CVs, as paper stays on walls, and is offered no more for printing."""

    id: str
    kind: SourceKind
    label: str
    opened: date
    closed: date | None = None


class Channel(Term):
    """How a deposit came."""

    QR = "qr", "Affiche QR code"
    DESK = "desk", "Au guichet"
    MAIL = "mail", "Par courriel"
    FILE = "file", "Par fichier"


class DepositState(Term):
    """What became of a deposit. A discarded one is destroyed, and has no state."""

    WAITING = "waiting", "À traiter"
    ACCEPTED = "accepted", "Devenu une nouvelle fiche"
    JOINED = "joined", "Joint à une fiche existante"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What one person handed in.

    `source` is a poster's id, or empty; `document` a document's id, or empty; `proposal` what was read in it, as the
    reader gave it; `keep` and `network` the two agreements. Once settled, `candidate` names the file that it went to.
    """

    id: str
    received: datetime
    channel: Channel
    source: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    message: str = ""
    call_back: bool = False
    document: str = ""
    keep: Agreement | None = None
    network: Agreement | None = None
    proposal: Mapping[str, Any] | None = None
    state: DepositState = DepositState.WAITING
    candidate: str = ""
    settled_by: str = ""
    settled_at: datetime | None = None

    @property
    def name(self) -> str:
        """First name, then last name."""
        return f"{self.first_name} {self.last_name}".strip()


def check_deposit(deposit: Deposit) -> list[FieldProblem]:
    """What keeps a deposit from being taken, by field; a person can mend each."""
    found: list[FieldProblem] = []
    for name in ("first_name", "last_name"):
        text = getattr(deposit, name)
        if len(text) > MAX_LINE or not is_line(text):
            found.append(
                FieldProblem(name, _("Write a name on one line, of at most {limit} characters.").format(limit=200))
            )
    if deposit.channel is Channel.QR and not deposit.name:
        found.append(FieldProblem("last_name", _("Write your name, so that we know who to call.")))
    if deposit.email and (len(deposit.email) > MAX_LINE or not is_email(deposit.email)):
        found.append(FieldProblem("email", _("This is no e-mail address: write name@domain.fr, or nothing.")))
    if deposit.phone and phone.read(deposit.phone) is None:
        found.append(FieldProblem("phone", unreadable_phone()))
    if deposit.channel is Channel.QR and not deposit.email and not deposit.phone:
        found.append(FieldProblem("phone", _("Leave a telephone number or an e-mail address, so that we can answer.")))
    if deposit.call_back and not deposit.phone:
        found.append(FieldProblem("phone", _("Leave a telephone number, so that we can call you.")))
    if len(deposit.message) > MAX_TEXT or not is_text(deposit.message):
        found.append(FieldProblem("message", _("The message has at most {limit} characters.").format(limit=MAX_TEXT)))
    return found
