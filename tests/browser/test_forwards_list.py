"""« Mises en relation » in a browser: a local employer's answer is noted from the list, with a script and without."""

from datetime import timedelta

import pytest

from node.mission.accounts.roles import Role
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.notes import NoteKind
from node.services.forwards import sending
from node.services.forwards.sending import Demand
from tests.browser.conftest import WIDTHS, Site, Visit, check, shoot
from tests.browser.counsellors import enrol, join_network, open_offer, send
from tests.browser.hands import follow

pytestmark = pytest.mark.browser


@pytest.fixture
def sent(site: Site) -> str:
    """An application for an offer of the town, eight days ago; the others are drafts. Its number."""
    join_network(site)
    desk, who = site.node.desk, site.account(Role.COUNSELLOR).id
    offer = open_offer(site)
    numbers = []
    for name in ("Fabre", "Favre"):
        person = enrol(site, name, ready=True, email=f"{name}@exemple.fr")
        demand = Demand(candidate=person.id, offer=offer, why="Ponctuel, cinq ans en entrepôt.", agreed="au guichet")
        numbers.append(sending.create(desk, demand, who).id)
    sending.send(desk, numbers[0], who)
    return numbers[0]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_an_answer_is_noted_from_the_list(site: Site, visit: Visit, sent: str, width: int, javascript: bool) -> None:
    page = visit("/mises-en-relation", role=Role.COUNSELLOR, width=width, javascript=javascript)
    look = check if javascript else lambda *_asked: None
    shoot(page, f"mises-en-relation-{width}")
    look(page)
    follow(page.locator(f"#f-{sent} a[href*='/reponse']"))
    page.locator("#event-declined").check()
    send(page)
    assert page.locator("#reason-fault").count() == 1
    shoot(page, f"mises-en-relation-reponse-{width}")
    look(page, 422)
    page.locator("#event-interview").check()
    day = site.node.desk.today() + timedelta(days=4)
    page.locator("#on").fill(day.isoformat())
    send(page)
    assert page.url.startswith(f"{site.url}/mises-en-relation")
    follow(page.locator(f"#f-{sent} form:has([value=told]) button"))
    follow(page.locator(f"#f-{sent} form:has([value=coaching]) button"))
    shoot(page, f"mises-en-relation-entretien-{width}")
    look(page, 422)
    with site.node.database.read() as uow:
        known = uow.forwards.get(sent)
        assert known is not None and known.state is ForwardState.INTERVIEW
        kinds = {note.kind for note in uow.following.notes_of([sent])[sent]}
    assert kinds == {NoteKind.INTERVIEW, NoteKind.TOLD, NoteKind.COACHING}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_of_it(site: Site, visit: Visit, sent: str, width: int) -> None:
    page = visit("/mises-en-relation?vue=tableau", role=Role.COUNSELLOR, width=width)
    shoot(page, f"mises-en-relation-tableau-{width}")
    check(page)
    for name in (sent, f"{sent}/reponse", f"{sent}/embauche", "jamais-presentees", "sans-solution"):
        page.goto(f"{site.url}/mises-en-relation/{name}")
        shoot(page, f"mises-en-relation-{name.replace(sent, 'une').replace('/', '-')}-{width}")
        check(page)
