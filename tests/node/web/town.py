"""A town's node with everything that pages show, and every page of the application by its address.

`fill` makes people, deposits with their CVs, workshops, contacts, partners and accounts; the same code makes the small
town of tests and the large one of bench/pages.py. `addresses` finds pages in the application's routes, so that a new
page is tried and measured without being named anywhere; it fails where a page's address takes a name that it has no
example of.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib import import_module
from io import BytesIO

from PIL import Image

from node.demo.people import LAST_NAMES, candidates_csv, offers_csv
from node.documents.cv import Layout
from node.imports import ParsedLine, read_candidates, read_offers
from node.mission.accounts.account import LinkPurpose, digest
from node.mission.accounts.roles import ACCOUNT_ROLES, Role
from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import Channel, SourceKind
from node.mission.employers.codes import make_code
from node.mission.employers.sending import (
    EmployerWord,
    Sending,
    SendingContact,
    SendingPart,
    SendingWay,
    WordWay,
)
from node.mission.forwards.after_hire import AfterHire
from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move, Side
from node.mission.forwards.hire import HireWay
from node.mission.forwards.notes import ForwardNote, NoteKind
from node.mission.forwards.terms import Check
from node.mission.people.candidate import Candidate
from node.mission.people.contacts import ContactChannel
from node.mission.people.partners import Help
from node.services.accounts import accounts, links, sessions
from node.services.deposits import deposits, reading
from node.services.desk import Desk
from node.services.forwards import hires
from node.services.imports import importing
from node.services.matching import news
from node.services.offers import needs
from node.services.people import cards, documents, obstacles
from node.services.people import contacts as files
from node.services.people.documents import Upload
from node.services.team import handover
from node.services.workshops import workshops
from node.web import SCREENS
from tests.node.reading.cvs.pages import generated

TOWN = "03185"
PUBLIC = "public"
"""Who sees a page without signing in."""
CANDIDATE = "candidate"
PAPER = "pdf-one"


@dataclass
class Town:
    """What `fill` made. `examples` holds values for each name in an address, those of one person at the same place;
    `tokens` a session's token by visitor (a role, or CANDIDATE)."""

    people: list[str]
    examples: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def fill(desk: Desk, *, people: int, handed: int, planned: int, noted: int, forwarded: int = 24) -> Town:
    """Some people from a file, deposits that wait, workshops of three, people with contacts and referrals, and
    applications in every state."""
    today = desk.today()
    news.look_for_news(desk)
    town = Town(_register(desk, people, today))
    team = {
        role: accounts.open_account(desk, name=role.label, email=f"{role.value}@montlucon.example", roles=[role])
        for role in ACCOUNT_ROLES
    }
    counsellor = team[Role.COUNSELLOR].id
    handover.hand_over_all(desk, "", counsellor, counsellor)
    posters = [deposits.open_source(desk, kind, f"{kind.label} {number}") for number, kind in enumerate(SourceKind)]
    waiting = _deposits(desk, handed, [one.id for one in posters])
    meetings = _workshops(desk, planned, town.people, counsellor)
    noticed = town.people[:noted]
    _notes(desk, noticed, counsellor)
    documents.set_photo(desk, noticed[0], Upload("photo.jpg", "image/jpeg", _photograph()), counsellor)
    with desk.federation.database.read() as uow:
        partner = uow.files.partners()[0].id
        papers = [uow.documents.of_candidate(name)[0].id for name in noticed]
        offers = [one.key for one in uow.offers.of_node(desk.node_id)]
        contacts = [uow.files.contacts_of(name)[0].id for name in noticed]
    _apply(desk, town.people, offers, forwarded)
    news.look_for_news(desk)
    link = links.new_link(desk, LinkPurpose.INVITATION, counsellor)
    sending, token = _sent(desk, noticed[:3], offers[0], counsellor)
    town.examples = {
        "table": ["metiers", "competences", "communes"],
        "layout": [layout.value for layout in Layout],
        "name": noticed,
        "candidate_id": noticed,
        "person": noticed,
        "deposit_id": waiting,
        "workshop_id": meetings,
        "ateliers/person": [_invited(town.people, number, 0) for number in range(planned)],
        "partner_id": [partner],
        "document_id": papers,
        "contact_id": contacts,
        "account_id": [counsellor],
        "forward_id": [_refused(desk, noticed[0], offers[0])],
        "offre": offers,
        "node_id": [one.split("/")[0] for one in offers],
        "need_id": [_need(desk, counsellor)],
        "offer_id": [one.split("/")[1] for one in offers],
        "draft_id": [_put_forward(desk, noticed[3], offers[0]).id],
        "sending_id": [sending],
        "number": ["1"],
        "answer": ["entretien", "embauche", "oui-si", "refus"],
        "employeur/token": [token],
        "carte/token": [cards.share(desk, noticed[0], 30)],
        "mon-espace/document": papers[:1],
        "scope": [ConsentScope.NETWORK.value],
        "source": [one.id for one in posters],
        "source_id": [one.id for one in posters],
        "connexion/token": [link],
    }
    with desk.federation.database.write() as uow:
        for role, account in team.items():
            town.tokens[role.value] = sessions.open_session(uow, desk, account=account.id).token
        town.tokens[CANDIDATE] = sessions.open_session(uow, desk, candidate=town.people[0]).token
    return town


def _need(desk: Desk, by: str) -> str:
    """What an employer said it would need, to be asked again today."""
    told = {"employer": "Bâtir SARL", "rome": "F1703", "when": "au printemps", "title": "Deux maçons"}
    return needs.note_need(desk, told | {"ask_again": desk.today()}, by).id


def _put_forward(desk: Desk, person: str, offer: str, *events: ForwardState) -> Forward:
    """A draft to an employer of the town, with these moves."""
    at, by = desk.now(), {ForwardState.SENT: Side.HOME, ForwardState.WITHDRAWN: Side.HOME}
    moves = tuple(Move(event=one, at=at, by=by.get(one, Side.RECEIVER)) for one in events)
    made = Forward(
        id=desk.new_id(), side=Side.HOME, peer=desk.node_id, offer=offer, revision=1, site="s1", candidate=person,
        why="A tenu ce rayon deux ans.", state=[ForwardState.DRAFT, *events][-1], moves=moves, created=at,
    )  # fmt: skip
    with desk.federation.database.write() as uow:
        uow.forwards.add(made)
    return made


def _sent(desk: Desk, people: Sequence[str], offer: str, by: str) -> tuple[str, str]:
    """A letter with people who wait, are invited and are withdrawn, a reply that waits, and the token of its link."""
    now, token = desk.now(), "employeur-" + "x" * 40
    ends = ((), (ForwardState.INTERVIEW,), (ForwardState.WITHDRAWN,))
    made = [
        _put_forward(desk, one, offer, ForwardState.SENT, ForwardState.SEEN, *end)
        for one, end in zip(people, ends, strict=True)
    ]
    parts = [SendingPart(forward=one.id, checked=((Check.MET_IN_PERSON.value, now.date()),)) for one in made]
    sending = Sending(
        id=desk.new_id(), code=make_code(b"montluco"), offer=offer, way=SendingWay.LETTER,
        contact=SendingContact(name="Mme Roche"), made=now, by=by, until=now + timedelta(days=60),
        parts=(*parts[:2], replace(parts[2], asked_back=now)),
    )  # fmt: skip
    with desk.federation.database.write() as uow:
        uow.sendings.add(sending)
        uow.sendings.add_link(digest(token), sending.id, now)
        uow.sendings.add_word(
            EmployerWord(id=desk.new_id(), sending=sending.id, way=WordWay.MAIL, at=now, text="Je la reçois jeudi.")
        )
    return sending.id, token


def _refused(desk: Desk, person: str, offer: str) -> str:
    """The number of an application that an employer of the town declined, a condition after having been fulfilled."""
    at = desk.now()
    licence = Condition(kind=ConditionKind.LICENCE, licence="B", until=at.date() + timedelta(days=90))
    if_so = Move(event=ForwardState.CONDITIONAL, at=at - timedelta(days=9), by=Side.RECEIVER, condition=licence)
    done = Move(event=ForwardState.FULFILLED, at=at - timedelta(days=1), by=Side.HOME, about=if_so.name)
    no = Move(event=ForwardState.DECLINED, at=at, by=Side.RECEIVER, reason="other", to_candidate="Poste pourvu.")
    made = Forward(
        id=desk.new_id(), side=Side.HOME, peer=desk.node_id, offer=offer, revision=1, site="s1", candidate=person,
        why="Ponctuelle.", state=no.event, moves=(if_so, done, no), created=at,
    )  # fmt: skip
    with desk.federation.database.write() as uow:
        uow.forwards.add(made)
    return made.id


LIVES = {
    ForwardState.DRAFT: (),
    ForwardState.SENT: (ForwardState.SENT,),
    ForwardState.SEEN: (ForwardState.SENT, ForwardState.SEEN),
    ForwardState.INTERVIEW: (ForwardState.SENT, ForwardState.INTERVIEW),
    ForwardState.HIRED: (ForwardState.SENT, ForwardState.HIRED),
    ForwardState.CONFIRMED: (ForwardState.SENT, ForwardState.HIRED, ForwardState.CONFIRMED),
    ForwardState.WITHDRAWN: (ForwardState.SENT, ForwardState.WITHDRAWN),
    ForwardState.EXPIRED: (ForwardState.SENT, ForwardState.EXPIRED),
}
"""What became of applications, a day a move."""


def _apply(desk: Desk, people: Sequence[str], offers: Sequence[str], count: int) -> None:
    """Applications for the town's own offers, in every state by turns, sent some days ago; each third was followed."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        for number in range(count):
            state = list(LIVES)[number % len(LIVES)]
            sent = now - timedelta(days=3 + number % 20)
            moves = tuple(
                Move(event=event, at=sent + timedelta(days=day), by=Side.HOME, actor="anne")
                for day, event in enumerate(LIVES[state])
            )
            made = Forward(
                id=desk.new_id(), side=Side.HOME, peer=desk.node_id, offer=offers[number % len(offers)], revision=1,
                site="s1", candidate=people[number % len(people)], why="Soigneuse.", state=state, moves=moves,
                created=sent,
            )  # fmt: skip
            uow.forwards.add(made)
            if state is ForwardState.HIRED:
                uow.after_hires.put(AfterHire(id=made.id, candidate=made.candidate, at=moves[-1].at, heard=now))
            if number % 3 == 0:
                note = ForwardNote(
                    id=desk.new_id(), forward=made.id, kind=NoteKind.REMINDER, at=now, actor="anne",
                    on=now.date(), channel=ContactChannel.PHONE, text="Rappelle lundi.",
                )  # fmt: skip
                uow.following.add_note(note)
    hires.note_hire(
        desk,
        hires.HireWish(
            candidate=people[0], employer="Entrepôts du Cher", title="Cariste", contract="CDD", start=now.date(),
            hours="35", how=HireWay.CARD,
        ),
        "anne",
    )  # fmt: skip


def _register(desk: Desk, people: int, today: date) -> list[str]:
    referential = desk.referential()
    commune = referential.communes.get(TOWN)
    assert commune is not None
    lines = read_candidates(candidates_csv(commune, people, "pages", today, referential), referential, today)
    assert (
        importing.import_candidates(desk, [_renamed(line, number) for number, line in enumerate(lines)]).added == people
    )
    file = offers_csv(commune, max(5, people // 50), "pages", today, referential)
    importing.import_offers(desk, read_offers(file, referential, today))
    with desk.federation.database.read() as uow:
        return [one.id for one in uow.candidates.all()]


def _renamed(line: ParsedLine[Candidate], number: int) -> ParsedLine[Candidate]:
    """With a double name, for most: thirty names among thousands of people would make everybody a likely duplicate."""
    if line.value is None or number % 20 == 0:
        return line
    second = LAST_NAMES[number * 7 % len(LAST_NAMES)]
    third = LAST_NAMES[number // len(LAST_NAMES) % len(LAST_NAMES)]
    return replace(line, value=replace(line.value, last_name=f"{line.value.last_name}-{second} {third}"))


def _deposits(desk: Desk, handed: int, posters: Sequence[str]) -> list[str]:
    made = generated(1, PAPER)
    read = reading.handle(desk, made.data, made.filename)
    proposal = read.reading.stored()
    return [
        deposits.hand_in(
            desk,
            deposits.Handed(
                channel=Channel.QR,
                source=posters[number % len(posters)],
                first_name="Inès",
                last_name=f"Garnier {number}",
                phone=f"07 00 00 {number // 100:02d} {number % 100:02d}",
                call_back=number % 10 == 1,
                keep=True,
                upload=Upload(made.filename, read.upload.media_type, made.data + b"\n" * number),
                proposal=proposal,
            ),
        ).id
        for number in range(handed)
    ]


def _workshops(desk: Desk, planned: int, people: Sequence[str], leader: str) -> list[str]:
    made = []
    for number in range(planned):
        starts = desk.now() + timedelta(days=1 + number // 2, hours=number % 2 * 3)
        made.append(workshops.plan(desk, starts, "Salle 2", leader).id)
        for seat in range(3):
            workshops.invite(desk, made[-1], _invited(people, number, seat), leader)
    return made


def _invited(people: Sequence[str], workshop: int, seat: int) -> str:
    return people[(3 * workshop + seat) % len(people)]


def _photograph() -> bytes:
    made = BytesIO()
    Image.new("RGB", (400, 500), "#6a8").save(made, "JPEG")
    return made.getvalue()


def _notes(desk: Desk, people: Sequence[str], by: str) -> None:
    today = desk.today()
    helped, made = Help.MOBILITY, generated(2, PAPER)
    partner = obstacles.save_partner(desk, "Mission locale de Montluçon", [helped], phone="04 70 00 00 00")
    for number, name in enumerate(people):
        documents.add_document(desk, name, Upload(made.filename, "application/pdf", made.data), by)
        for _ in range(3):
            files.add_contact(
                desk, name, ContactChannel.PHONE, "Cherche un logement plus proche.", by,
                on=today - timedelta(days=number % 60),
                next_step="Rappeler", next_on=today + timedelta(days=number % 9),
            )  # fmt: skip
        obstacles.refer(desk, name, partner.id, helped, "Besoin d'un accompagnement.", by, follow_up_on=today)


def addresses() -> list[str]:
    """The address of every page that a browser asks for, with what it needs to be told in braces, sorted."""
    found = set()
    for screen in SCREENS:
        for route in import_module(f"node.web.{screen}").router.routes:
            if "GET" in route.methods:
                needed = [one.alias for one in route.dependant.query_params if one.field_info.is_required()]
                found.add(route.path + "&".join(f"?{name}={{{name}}}" for name in needed))
    return sorted(found)


def examples(address: str, town: Town, count: int = 1) -> Iterator[str]:
    """The address with some of the town's names in it, `count` times."""
    first = address.split("/")[1]
    for number in range(count):

        def named(match: re.Match[str], number: int = number) -> str:
            key = match[1].partition(":")[0]
            values = town.examples.get(f"{first}/{key}") or town.examples.get(key)
            assert values, f"{address}: tests/node/web/town.py has no example of “{key}”"
            return values[number % len(values)]

        yield re.sub(r"\{([^}]+)\}", named, address)
