"""Two nodes through their APIs: a person put forward, answered, recalled; what the ledger and the certificate say."""

from datetime import timedelta

import pytest

from federation.erasure.certificates import verify_certificate
from node.identity import load_token
from node.services.node import Node
from node.web_app import create_app
from tests.asking import Client
from tests.node.api.answers import problem
from tests.node.mission.samples import candidate, network_consent
from tests.node.stage import MONTLUCON, MOULINS, Stage, campaign

DEMAND = {
    "candidate": "MTL-0001",
    "offer": f"{MOULINS}/prep-2026",
    "site": "montlucon",
    "why": "Ponctuelle, cinq ans en entrepôt.",
    "checked": ["identity", "mobility"],
}


@pytest.fixture
def met(stage: Stage) -> Stage:
    """One person of Montluçon, one campaign of Les Grands Moulins, known to all."""
    stage.montlucon.enrol(candidate(1))
    stage.moulins.post(campaign())
    stage.sync()
    return stage


def sent(stage: Stage) -> str:
    """The person put forward and received; the forward's number."""
    home = stage.montlucon.client()
    draft = home.post("/api/v1/forwards", json=DEMAND).json()
    assert home.post(f"/api/v1/forwards/{draft['id']}/send").json()["state"] == "sent"
    stage.sync()
    return str(draft["id"])


def test_from_draft_to_decline(met: Stage) -> None:
    home, employer = met.montlucon.client(), met.moulins.client()
    created = home.post("/api/v1/forwards", json=DEMAND)
    draft = created.json()
    assert (created.status_code, created.headers["location"]) == (201, f"/api/v1/forwards/{draft['id']}")
    assert (draft["state"], draft["candidate"], draft["checked"]) == ("draft", "p1", ["identity", "mobility"])
    path = f"/api/v1/forwards/{draft['id']}"
    assert home.post(f"{path}/send").json()["state"] == "sent"
    assert home.post(f"{path}/send").json()["state"] == "sent"
    met.sync()

    received = employer.get(path).json()
    assert (received["side"], received["peer"], received["has_dossier"]) == ("receiver", MONTLUCON, True)
    dossier = employer.get(f"{path}/dossier")
    assert dossier.json()["last_name"] == "Petit"
    assert dossier.json()["occupations"] == [{"rome": "N1103", "months": 0}]
    assert dossier.headers["cache-control"] == "no-store"
    answer = {
        "event": "declined",
        "reason": "lacking_skills",
        "to_candidate": "Une formation vous ouvrirait ce poste.",
        "to_guarantor": "Trois jours suffiraient.",
    }
    assert employer.post(f"{path}/answer", json=answer).json()["state"] == "declined"
    met.sync()
    told = home.get(path).json()
    assert [move["event"] for move in told["moves"]] == ["sent", "received", "seen", "declined"]
    assert told["moves"][-1]["to_candidate"] == answer["to_candidate"]
    assert [one["id"] for one in home.get("/api/v1/forwards").json()["forwards"]] == [draft["id"]]


def test_obstacles_are_named_and_nothing_written(met: Stage) -> None:
    before = met.montlucon.snapshot()
    home = met.montlucon.client()
    for changes, status, word in (
        ({"site": "bayonne", "why": " "}, 409, "forward_refused"),
        ({"candidate": "nobody"}, 404, "not_found"),
        ({"offer": f"{MOULINS}/none"}, 404, "not_found"),
        ({"checked": ["horoscope"]}, 422, "bad_input"),
        ({"checked": "identity"}, 422, "bad_input"),
        ({"checked": ["identity"] * 9}, 422, "bad_input"),
    ):
        assert problem(home.post("/api/v1/forwards", json=DEMAND | changes), status, word)["title"]
    assert met.montlucon.snapshot() == before


def test_moves_that_are_not_possible(met: Stage) -> None:
    number = sent(met)
    home, employer = met.montlucon.client(), met.moulins.client()
    path = f"/api/v1/forwards/{number}"
    problem(home.post(f"{path}/answer", json={"event": "hired"}), 409, "not_ours")
    problem(employer.post(f"{path}/withdraw", json={"reason": "unavailable"}), 409, "not_ours")
    problem(employer.post(f"{path}/answer", json={"event": "declined"}), 409, "illegal_move")
    problem(employer.post(f"{path}/answer", json={"event": "withdrawn"}), 422, "bad_input")
    problem(home.post(f"{path}/withdraw", json={"reason": "bad weather"}), 409, "illegal_move")
    problem(home.post(f"{path}/withdraw", json={"reason": "consent_withdrawn"}), 409, "use_consent")
    problem(home.get(f"{path}/dossier"), 409, "not_ours")
    assert home.post(f"{path}/withdraw", json={"reason": "in_training"}).json()["state"] == "withdrawn"
    met.sync()
    problem(employer.post(f"{path}/answer", json={"event": "hired"}), 409, "illegal_move")


def test_yes_if_by_programs_and_a_mistake_corrected(met: Stage) -> None:
    path = f"/api/v1/forwards/{sent(met)}"
    home, employer = met.montlucon.client(), met.moulins.client()
    until = (met.clock.now().date() + timedelta(days=60)).isoformat()
    asked = {"event": "conditional", "condition": {"kind": "immersion", "days": 5, "until": until}}
    problem(employer.post(f"{path}/answer", json={"event": "conditional"}), 409, "illegal_move")
    for wrong in ({"kind": "luck", "until": until}, {"kind": "immersion", "days": 5}, {"kind": "other", "days": 91}):
        problem(employer.post(f"{path}/answer", json=asked | {"condition": wrong}), 422, "bad_input")
    said = employer.post(f"{path}/answer", json=asked).json()
    assert (said["state"], said["moves"][-1]["condition"]["days"]) == ("conditional", 5)
    met.sync()
    problem(employer.post(f"{path}/fulfil"), 409, "not_ours")
    assert home.post(f"{path}/fulfil").json()["state"] == "fulfilled"
    assert home.post(f"{path}/correct").json()["state"] == "conditional"
    corrected = employer.post(f"{path}/answer/correct", json={"instead": "hired"}).json()
    assert (corrected["state"], corrected["moves"][-1]["instead"]) == ("hired", "hired")
    assert corrected["moves"][-1]["about"]["event"] == "conditional"
    assert employer.post(f"{path}/answer/correct", json={"instead": "before"}).json()["state"] == "received"
    met.sync()
    told = home.get(path).json()
    assert told["state"] == "received" and told["moves"][-1]["instead"] is None
    problem(home.post(f"{path}/answer/correct", json={"instead": "before"}), 409, "not_ours")


def test_a_withdrawn_agreement_erases_the_dossier_and_leaves_a_certificate(met: Stage) -> None:
    number = sent(met)
    home, employer = met.montlucon.client(), met.moulins.client()
    employer.get(f"/api/v1/forwards/{number}/dossier")
    done = home.post("/api/v1/candidates/p1/withdraw-consent").json()
    assert done["withdrawn"] == [number]
    ((order, holder),) = [(one["order"], one["holder"]) for one in done["orders"]]
    assert holder == MOULINS
    (line,) = home.get("/api/v1/erasures").json()["erasures"]
    assert (line["forward"], line["order"], line["receipt_at"]) == (number, order, None)
    problem(home.get(f"/api/v1/erasures/{order}/certificate"), 409, "not_attested")
    met.sync()

    assert home.get("/api/v1/erasures").json()["erasures"][0]["receipt_at"]
    problem(employer.get(f"/api/v1/forwards/{number}/dossier"), 410, "dossier_erased")
    assert employer.get(f"/api/v1/forwards/{number}").json()["has_dossier"] is False
    certificate = home.get(f"/api/v1/erasures/{order}/certificate")
    assert certificate.headers["content-type"] == "application/json"
    assert verify_certificate(certificate.content, met.members()).order.forward == number
    problem(home.post("/api/v1/forwards", json=DEMAND), 409, "forward_refused")


def test_peers_are_visited_on_demand(stage: Stage) -> None:
    stage.moulins.post(campaign())
    home = stage.montlucon.client()
    done = home.post("/api/v1/sync", params={"peer": MOULINS}).json()
    assert done["ok"]
    assert [(one["peer"], one["taken"], one["error"]) for one in done["peers"]] == [(MOULINS, 2, "")]
    everyone = home.post("/api/v1/sync").json()
    assert {one["peer"] for one in everyone["peers"]} == {MOULINS, stage.drancy.id}
    for nobody in ("nobody.emploi.example", MONTLUCON):
        problem(home.post("/api/v1/sync", params={"peer": nobody}), 404, "not_found")


def test_a_peer_that_does_not_answer_is_told_in_its_line(stage: Stage) -> None:
    del stage.wire.apps[MOULINS]
    done = stage.montlucon.client().post("/api/v1/sync").json()
    assert not done["ok"]
    assert {one["peer"]: one["error"] for one in done["peers"]} == {MOULINS: "unreachable", stage.drancy.id: ""}
    peers = stage.montlucon.client().get("/api/v1/status").json()["peers"]
    assert {one["id"]: one["status"] for one in peers} == {MOULINS: "retrying", stage.drancy.id: "healthy"}


def test_the_status_says_how_far_each_peers_journal_was_taken_in(stage: Stage) -> None:
    stage.sync()
    found = stage.montlucon.client().get("/api/v1/status").json()
    assert found["journal"]["size"] == stage.montlucon.size()
    sizes = {stage.drancy.id: stage.drancy.size(), MOULINS: stage.moulins.size()}
    assert {one["id"]: one["taken"] for one in found["peers"]} == sizes
    assert all(one["alarm"] == "" and one["last_success"] for one in found["peers"])
    (end,) = found["ends"]
    assert end.pop("on").startswith("2027-11-23T")
    assert end == {
        "what": "keys", "days": 364, "who_acts": MONTLUCON, "command": "maillon keys rotate --purpose all",
    }  # fmt: skip


def test_the_members_of_the_network(stage: Stage) -> None:
    found = stage.drancy.client().get("/api/v1/members").json()["members"]
    assert [(one["id"], one["role"], one["status"]) for one in found] == [
        (stage.drancy.id, "town", "active"),
        (MOULINS, "employer", "active"),
        (MONTLUCON, "town", "active"),
    ]


def test_a_node_that_has_joined_no_network_says_so(node: Node) -> None:
    alone = Client(create_app(node), headers={"Authorization": f"Bearer {load_token(node.config.token_file)}"})
    for method, path in (("POST", "/sync"), ("GET", "/sheets")):
        document = problem(alone.request(method, f"/api/v1{path}"), 409, "no_directory")
        assert "maillon network join" in str(document["detail"])
    assert alone.get("/api/v1/members").json() == {"members": []}


def test_who_owes_a_receipt_is_given_nothing_new(met: Stage) -> None:
    met.montlucon.enrol(candidate(2, consents=(network_consent(id="c2"),)))
    sent(met)
    home = met.montlucon.client()
    home.post("/api/v1/candidates/p1/withdraw-consent")
    met.wait(days=8)
    draft = home.post("/api/v1/forwards", json=DEMAND | {"candidate": "p2"}).json()
    problem(home.post(f"/api/v1/forwards/{draft['id']}/send"), 409, "erasure_overdue")


def test_forwards_by_what_is_to_be_done(met: Stage) -> None:
    home = met.montlucon.client()
    number = home.post("/api/v1/forwards", json=DEMAND).json()["id"]

    def listed(group: str) -> list[str]:
        return [one["id"] for one in home.get("/api/v1/forwards", params={"group": group}).json()["forwards"]]

    assert (listed("todo"), listed("waiting"), listed("done")) == ([number], [], [])
    home.post(f"/api/v1/forwards/{number}/send")
    assert (listed("todo"), listed("waiting"), listed("")) == ([], [number], [number])
    assert home.get("/api/v1/forwards", params={"group": "later"}).status_code == 422
