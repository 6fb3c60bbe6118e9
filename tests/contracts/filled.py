"""One of each kind that hangs on a person: a new kind needs one more here."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from federation.erasure.ports import Disclosure
from node.mission.accounts.account import KeptForm, LinkPurpose, MagicLink, Session
from node.mission.accounts.trail import Access, OpenedFor
from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.deposits.deposit import Channel, Deposit, DepositState
from node.mission.duplicates.merge import Merge
from node.mission.forwards.after_hire import AfterHire
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.forwards.hire import Hire, HireWay
from node.mission.matching.choices import NotForMe, OfferChoice
from node.mission.matching.news import MatchSeen, Novelty
from node.mission.people.candidate import Candidate
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.documents import Document, DocumentKind
from node.mission.people.history import Change
from node.mission.people.partners import Help, Local, Obstacle, ObstacleKind, Partner, Referral
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops.workshop import Place, Workshop
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import TODAY

HOUR = timedelta(hours=1)


def _consent(uow: MissionUnitOfWork, person: Candidate) -> None:
    given = Consent(id="b-consent", scope=ConsentScope.KEEP, given_on=TODAY, until=TODAY, how="signé au guichet")
    uow.candidates.save(replace(person, consents=(*person.consents, given)))


def _local(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.files.save_local(person.id, Local(obstacles=(Obstacle(kind=ObstacleKind.HOUSING, since=TODAY),)))


def _place(uow: MissionUnitOfWork, person: Candidate) -> None:
    place = Place(candidate=person.id, invited=NOW)
    uow.workshops.add(
        Workshop(
            id="b-place", title="Atelier CV", starts=NOW, minutes=90, room="A", leader="anne", seats=3, places=(place,)
        )
    )


def _contact(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.files.add_contact(
        Contact(id="b-contact", candidate=person.id, written=NOW, on=TODAY, by="anne", channel=ContactChannel.SMS)
    )


def _referral(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.files.save_partner(Partner(id="b-partner", name="CCAS", helps=frozenset({Help.HOUSING})))
    uow.files.add_referral(
        Referral(id="b-referral", candidate=person.id, partner="b-partner", help=Help.HOUSING, on=TODAY, by="anne")
    )


def _change(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.files.record([Change(candidate=person.id, at=NOW, by="anne", field="phone", after="0600000000")])


def _document(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.documents.add(
        Document(
            id="b-document",
            candidate=person.id,
            kind=DocumentKind.CV,
            name="cv.pdf",
            media_type="application/pdf",
            size=3,
            sha256="0" * 64,
            added=NOW,
        ),
        b"PDF",
    )


def _deposit(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.deposits.add(
        Deposit(id="b-deposit", received=NOW, channel=Channel.QR, state=DepositState.ACCEPTED, candidate=person.id)
    )


def _forward(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.forwards.add(
        Forward(
            id="b-forward",
            side=Side.HOME,
            peer="bayonne.emploi.example",
            offer="bayonne.emploi.example/o1",
            revision=1,
            site="s1",
            candidate=person.id,
            why="Motivée",
            state=ForwardState.DECLINED,
            moves=(
                Move(event=ForwardState.SENT, at=NOW, by=Side.HOME),
                Move(event=ForwardState.DECLINED, at=NOW, by=Side.RECEIVER, reason="other", to_candidate="Merci"),
            ),
            created=NOW,
        )
    )


def _hire(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.hires.add(
        Hire(
            id="b-hire",
            candidate=person.id,
            employer="Entrepôts du Cher",
            title="Cariste",
            contract="CDD",
            start=TODAY,
            minutes=35 * 60,
            how=HireWay.ALONE,
            by="anne",
            at=NOW,
        )
    )


def _after_hire(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.after_hires.put(AfterHire(id="b-after", candidate=person.id, at=NOW, heard=NOW))


def _disclosure(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.disclosures.add(
        Disclosure(
            forward="b-disclosure",
            candidate=person.id,
            holder="bayonne.emploi.example",
            disclosed_at=NOW,
            sent_index=7,
            order="done",
        )
    )


def _access(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.accounts.record_access(Access(at=NOW, account="anne", name="Anne", candidate=person.id, what=OpenedFor.READ))


def _match_seen(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.match_news.add(
        MatchSeen(
            id="b-match", candidate=person.id, offer="bayonne.emploi.example/o1", because=Novelty.NEW_OFFER, found=NOW,
            closes=TODAY,
        )
    )  # fmt: skip


def _offer_choice(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.offer_choices.add(
        OfferChoice(
            id="b-choice", candidate=person.id, offer="bayonne.emploi.example/o1", closes=TODAY, wants=False,
            reason=NotForMe.HOURS.value, at=NOW,
        )
    )  # fmt: skip


def _merge(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.merges.add(
        Merge(
            id="b-merge",
            kept=person,
            gone=person,
            kept_local=Local(),
            gone_local=Local(),
            at=NOW,
            by="anne",
            moved={},
            dropped={},
        )
    )


def _link(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.accounts.add_link(
        MagicLink(id="b-link", purpose=LinkPurpose.PAPER, subject=person.id, created=NOW, expires=NOW + HOUR)
    )


def _session(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.accounts.add_session(
        Session(id="b-session", account="", candidate=person.id, created=NOW, expires=NOW + HOUR, agent="Firefox")
    )


def _kept_form(uow: MissionUnitOfWork, person: Candidate) -> None:
    uow.accounts.keep_form(
        KeptForm(id="b-form", account=person.id, path="/mon-espace/donnees", fields=(("phone", "06"),), kept=NOW)
    )


FILLED: Mapping[str, Callable[[MissionUnitOfWork, Candidate], None]] = {
    "consent": _consent,
    "local": _local,
    "place": _place,
    "contact": _contact,
    "referral": _referral,
    "change": _change,
    "document": _document,
    "deposit": _deposit,
    "forward": _forward,
    "hire": _hire,
    "after_hire": _after_hire,
    "disclosure": _disclosure,
    "access": _access,
    "match_seen": _match_seen,
    "offer_choice": _offer_choice,
    "merge": _merge,
    "link": _link,
    "session": _session,
    "kept_form": _kept_form,
}
