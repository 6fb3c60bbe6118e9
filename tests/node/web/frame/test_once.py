"""A double press without a script: two requests from one page, of which one is done."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from httpx2 import Response

from node.mission.accounts.roles import Role
from node.mission.deposits.deposit import Channel
from node.services.deposits import deposits
from node.services.deposits.deposits import Handed
from node.web.frame.once import MOST_WAITING, WINDOW, PressedOften, Presses
from tests.node.mission.samples import candidate
from tests.node.web.conftest import Town, Visitor

CONTACT = {"channel": "phone", "on": "2026-11-23", "text": "Rappeler lundi"}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def token_of(visitor: Visitor, page: str) -> str:
    return visitor.get(page).text.split('name="csrf" value="')[1].split('"')[0]


def sent(visitor: Visitor, path: str, csrf: str, **typed: Any) -> Response:
    return visitor.post(
        path, data={"csrf": csrf, **typed}, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )


@pytest.fixture
def person(town: Town) -> str:
    with town.node.database.write() as uow:
        uow.candidates.add(candidate(1))
    return "p1"


def contacts(town: Town) -> int:
    with town.node.database.read() as uow:
        return len(uow.files.contacts_of("p1"))


def test_a_contact_noted_by_a_double_press_is_one(town: Town, person: str) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person}/suivi"
    csrf = token_of(visitor, path)
    first, second = (sent(visitor, path, csrf, **CONTACT) for _press in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert first.headers.get_list("set-cookie") == second.headers.get_list("set-cookie")
    assert contacts(town) == 1
    sent(visitor, path, csrf, **CONTACT | {"text": "Rappeler mardi"})
    assert contacts(town) == 2, "another content is another contact"
    sent(visitor, path, token_of(visitor, path), **CONTACT)
    assert contacts(town) == 3, "the page was opened anew"
    town.clock.moment += WINDOW
    sent(visitor, path, csrf, **CONTACT)
    assert contacts(town) == 4


def test_a_fault_is_said_each_time_and_mended_from_the_same_page(town: Town, person: str) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person}/suivi"
    csrf = token_of(visitor, path)
    for _press in range(2):
        assert sent(visitor, path, csrf, **CONTACT | {"on": "hier"}).status_code == 422
    assert sent(visitor, path, csrf, **CONTACT).status_code == 303
    assert contacts(town) == 1


def test_a_deposit_treated_by_a_double_press_opens_one_file(town: Town) -> None:
    taken = deposits.hand_in(town.node.desk, Handed(channel=Channel.DESK, last_name="Fabre", phone="0611223344"))
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/depots/{taken.id}"
    csrf = token_of(visitor, path)
    typed = {"last_name": "Fabre", "phone": "0611223344", "hours": "any", "agrees_keep": "1", "how": "dit au guichet"}
    answers = [sent(visitor, path, csrf, **typed) for _press in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len({one.headers["location"] for one in answers}) == 1


def test_the_second_press_waits_for_the_first() -> None:
    presses, together = Presses(), Barrier(2)
    led = [(b"location", b"/candidats/p1")]
    assert presses.begin(b"key", NOON) is None
    with ThreadPoolExecutor(1) as pool:

        def second() -> object:
            together.wait()
            return presses.begin(b"key", NOON)

        waiting = pool.submit(second)
        together.wait()
        presses.end(b"key", led)
        assert waiting.result(60) == led
    assert presses.begin(b"other", NOON) is None
    assert presses.begin(b"key", NOON + timedelta(seconds=9)) == led
    assert presses.begin(b"key", NOON + WINDOW) is None


def test_a_key_that_is_held_down_holds_few_threads() -> None:
    presses = Presses()
    assert presses.begin(b"key", NOON) is None
    with ThreadPoolExecutor(MOST_WAITING) as pool:
        waiting = [pool.submit(presses.begin, b"key", NOON) for _press in range(MOST_WAITING)]
        while presses._known[b"key"].waiting < MOST_WAITING:
            time.sleep(0.001)
        with pytest.raises(PressedOften):
            presses.begin(b"key", NOON)
        assert presses.begin(b"other", NOON) is None
        presses.end(b"key", [(b"location", b"/")])
        assert [one.result(60) for one in waiting] == [[(b"location", b"/")]] * MOST_WAITING
    assert presses.begin(b"key", NOON) == [(b"location", b"/")]


def test_a_press_that_led_nowhere_is_forgotten() -> None:
    presses = Presses()
    assert presses.begin(b"key", NOON) is None
    presses.end(b"key", None)
    assert presses.begin(b"key", NOON) is None
