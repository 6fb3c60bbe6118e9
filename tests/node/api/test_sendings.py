"""A program of the mission puts people forward to an employer of the town by mail and letter, as the pages do."""

import pytest

from node import identity
from node.mission.accounts.trail import PROGRAM, OpenedFor
from node.mission.forwards.forward import ForwardState, Words
from node.services.agreements import withdrawing
from node.services.desk import Gone
from node.services.employers import answering
from node.services.employers.replies import sending_named, take_reply
from node.services.forwards import answers
from tests.asking import Client
from tests.node.api.answers import problem
from tests.node.applications import application
from tests.node.services.employers.conftest import House, house

__all__ = ["house"]

SENDINGS = "/api/v1/sendings"


@pytest.fixture
def api(house: House) -> Client:
    token = identity.load_token(house.node.config.token_file)
    headers = {"Authorization": f"Bearer {token}"}
    return Client(application(house.node), base_url="https://montlucon.emploi.example", headers=headers, raising=False)


def test_a_mail_leaves_is_followed_and_its_link_ended(house: House, api: Client) -> None:
    drafts = [house.draft(one).id for one in ("p1", "p2")]
    wanted = {"forwards": drafts, "way": "mail", "name": "Mme Roche", "email": "roche@boucherie.example"}
    problem(api.post(SENDINGS, json=wanted | {"email": ""}), 422, "bad_input")
    problem(api.post(SENDINGS, json=wanted | {"forwards": ["nobody"]}), 404, "not_found")
    assert api.post(SENDINGS, json=wanted | {"way": "pigeon"}).status_code == 422
    assert api.get(SENDINGS).json() == {"sendings": [], "total": 0}

    answered = api.post(SENDINGS, json=wanted)
    assert answered.status_code == 201, answered.text
    made = answered.json()
    path = answered.headers["location"]
    assert path == f"{SENDINGS}/{made['id']}" and made["mailed"] and made["forwards"] == drafts
    assert [(one["number"], one["state"], one["candidate"]) for one in made["people"]] == [
        (1, "sent", "p1"),
        (2, "sent", "p2"),
    ]
    assert "licence" in {one["what"] for one in made["people"][0]["checked"]}
    token = house.token()
    with house.node.database.read() as uow:
        (trace,) = (one for one in uow.accounts.accesses(9, PROGRAM) if one.candidate == "p2")
        assert trace.what is OpenedFor.FORWARD

    # A reply by mail waits until its answer is noted.
    known = sending_named(house.node.desk, f"Re: (ref. {made['code']})")
    assert known is not None
    take_reply(house.node.desk, known, b"mail", "Je la reçois jeudi.")
    (word,) = api.get(path).json()["words"]
    assert (word["text"], word["settled"]) == ("Je la reçois jeudi.", None)
    assert api.post(f"{path}/words/{word['id']}/settle").json()["words"][0]["settled"]
    assert api.post(f"/api/v1/forwards/{drafts[0]}/answer", json={"event": "interview"}).json()["state"] == "interview"

    assert api.post(f"{path}/mail").json()["mailed"] == made["mailed"], "it left before"
    assert api.post(f"{path}/end").json()["ended"]
    with pytest.raises(Gone):
        answering.open_link(house.node.desk, token)
    assert api.get(SENDINGS, params={"limit": 1}).json()["total"] == 1


def test_a_letter_is_printed_and_what_it_brought_is_asked_back(house: House, api: Client) -> None:
    draft = house.draft("p1").id
    made = api.post(SENDINGS, json={"forwards": [draft], "way": "letter", "address": "3 rue de la Gare"}).json()
    path = f"{SENDINGS}/{made['id']}"
    printed = api.post(f"{path}/letter")
    assert printed.headers["content-type"] == "application/pdf" and printed.content.startswith(b"%PDF")
    problem(api.post(f"{path}/destruction"), 410, "nothing_to_destroy")
    answers.home_move(house.node.desk, draft, ForwardState.WITHDRAWN, Words("unavailable"))
    assert api.post(f"{path}/destruction").content.startswith(b"%PDF")
    (person,) = api.post(f"{path}/told", json={"forwards": [draft]}).json()["people"]
    assert person["told"] and person["asked_back"]
    problem(api.post(f"{path}/letter"), 410, "sending_ended")
    withdrawing.withdraw(house.node.desk, "p1")
    problem(api.get(f"{SENDINGS}/nothing"), 404, "not_found")
