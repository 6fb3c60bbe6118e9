"""The desk of Montluçon through its API: files, candidates, offers, matches, releases."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.demo.people import candidates_csv, offers_csv
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Experience
from node.referential import load
from node.services.offers.finding import one_offer
from tests.asking import Client
from tests.node.api.answers import problem
from tests.node.imports.test_spreadsheets import sheet
from tests.node.mission.samples import MONTLUCON as INSEE
from tests.node.mission.samples import TODAY, candidate, network_consent, offer
from tests.node.stage import MONTLUCON, Place, Stage, campaign


@pytest.fixture
def api(town: Place) -> Client:
    return town.client()


def post_file(api: Client, kind: str, data: bytes, media_type: str = "text/csv") -> dict[str, object]:
    response = api.post(f"/api/v1/imports/{kind}", content=data, headers={"content-type": media_type})
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_a_file_of_candidates_is_taken_in_once(api: Client) -> None:
    town = load().communes.get(INSEE)
    assert town is not None
    data = candidates_csv(town, 40, "1", TODAY, load())
    assert post_file(api, "candidates", data) == {"added": 40, "updated": 0, "unchanged": 0, "alike": 0, "problems": []}
    assert post_file(api, "candidates", data)["unchanged"] == 40
    people = api.get("/api/v1/candidates").json()["candidates"]
    assert [one["reference"] for one in people] == [f"C{number:05}" for number in range(1, 41)]
    first = people[0]
    assert first["commune_name"] == "Montluçon"
    assert first["occupations"][0]["label"]
    assert all(label for label in first["skills"].values())
    assert api.get(f"/api/v1/candidates/{first['id']}").json() == first
    assert api.get("/api/v1/candidates/C00001").json() == first


def test_a_spreadsheet_is_told_by_what_it_holds(api: Client) -> None:
    people = sheet(["reference", "nom", "prenom", "commune", "metiers"], ["S1", "Petit", "Zoé", INSEE, "N1103"])
    assert post_file(api, "candidates", people)["added"] == 1
    columns = ["reference", "employeur", "intitule", "rome", "contrat", "commune"]
    offers = sheet(columns, ["O1", "Les Quais", "Cariste", "N1101", "CDI", INSEE])
    assert post_file(api, "offers", offers, "application/octet-stream")["added"] == 1


def test_the_register_is_read_part_by_part(api: Client) -> None:
    town = load().communes.get(INSEE)
    assert town is not None
    post_file(api, "candidates", candidates_csv(town, 120, "1", TODAY, load()))
    first = api.get("/api/v1/candidates").json()
    assert (len(first["candidates"]), first["offset"], first["total"]) == (100, 0, 120)
    rest = api.get("/api/v1/candidates?offset=100").json()
    assert (len(rest["candidates"]), rest["offset"], rest["total"]) == (20, 100, 120)
    assert [one["reference"] for one in rest["candidates"]] == [f"C{number:05}" for number in range(101, 121)]
    assert [one["reference"] for one in api.get("/api/v1/candidates?offset=7&limit=1").json()["candidates"]] == [
        "C00008"
    ]
    assert len(api.get("/api/v1/candidates?limit=1000").json()["candidates"]) == 120


def test_bad_lines_are_told_and_good_ones_kept(api: Client) -> None:
    data = b"reference;nom;prenom;commune;metiers\nA1;Petit;Camille;03185;N1103\nA2;Durand;;03185;N1103\n"
    report = post_file(api, "candidates", data)
    assert (report["added"], [line["line"] for line in report["problems"]]) == (1, [3])  # type: ignore[attr-defined]
    assert "Durand" not in json.dumps(report)


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe", b"nothing;to;see\n1;2;3\n"])
def test_a_file_that_is_no_such_file_is_told_and_nothing_written(town: Place, data: bytes) -> None:
    before = town.snapshot()
    for kind in ("candidates", "offers"):
        report = post_file(town.client(), kind, data)
        assert report["problems"]
        assert report["added"] == 0
    assert town.snapshot() == before


def test_offers_from_csv_and_from_france_travail(api: Client) -> None:
    town = load().communes.get(INSEE)
    assert town is not None
    assert post_file(api, "offers", offers_csv(town, 3, "1", TODAY, load()))["added"] == 3
    job = {
        "id": "187ABCD",
        "intitule": "Cariste",
        "description": "Chargement.",
        "romeCode": "N1101",
        "lieuTravail": {"commune": INSEE, "libelle": "03 - MONTLUCON"},
        "entreprise": {"nom": "Entrepôts du Cher"},
        "typeContrat": "CDI",
        "nombrePostes": 2,
    }
    answer = json.dumps({"resultats": [job]}).encode()
    assert post_file(api, "offers", answer, "application/json")["added"] == 1
    assert post_file(api, "offers", answer, "application/json")["unchanged"] == 1
    found = api.get("/api/v1/offers", params={"own": True, "rome": "N1101", "text": "cariste"}).json()["offers"]
    (cariste,) = [one for one in found if one["reference"] == "187ABCD"]
    assert (cariste["posts"], cariste["sites"][0]["commune_name"]) == (2, "Montluçon")
    assert api.get(f"/api/v1/offers/{cariste['key']}").json() == cariste


def test_a_candidate_is_corrected_signed_and_agreed(town: Place, api: Client) -> None:
    lacking = candidate(1, readiness=None, consents=())
    town.enrol(lacking)
    problem(api.patch("/api/v1/candidates/MTL-0001", json={"ready_by": "Mme Aubert"}), 409, "not_ready")
    assert town.candidate("p1") == lacking
    whole = replace(
        lacking,
        skills=frozenset(town.desk.referential().skills.for_occupation("N1103")[:3]),
        occupations=(Experience(rome="N1103", months=12),),
        consents=(network_consent(id="k1", scope=ConsentScope.KEEP),),
    )
    with town.node.database.write() as uow:
        uow.candidates.save(whole)
    response = api.patch(
        "/api/v1/candidates/MTL-0001",
        json={
            "email": "camille@courriel.example",
            "phone": "06 39 98 00 17",
            "commune": "03101",
            "mobility_km": 30,
            "ready_by": "Mme Aubert",
            "met_by_phone": True,
            "network_until": (TODAY + timedelta(days=90)).isoformat(),
        },
    )
    kept = response.json()
    assert response.status_code == 200
    assert (kept["commune_name"], kept["mobility_km"], kept["ready"], kept["published"]) == ("Domérat", 30, True, True)
    assert kept["readiness"]["met"] == "by_phone"
    assert kept["phone"] == "+33639980017"
    assert api.get("/api/v1/candidates/p1").json() == kept


def test_a_whole_number_may_be_written_with_its_point(town: Place, api: Client) -> None:
    town.enrol(candidate(1))
    answer = api.patch("/api/v1/candidates/p1", json={"mobility_km": 5.0})
    assert (answer.status_code, answer.json()["mobility_km"]) == (200, 5)


@pytest.mark.parametrize(
    "body",
    [
        {"mobility_km": -1},
        {"mobility_km": 3.5},
        {"mobility_km": "30"},
        {"mobility_km": True},
        {"commune": "Nulle-Part"},
        {"email": "no address"},
        {"phone": "06 12 34 56 7"},
        {"ready_by": ""},
        {"met_by_phone": "yes"},
        {"network_until": "2020-01-01"},
        {"network_until": "demain"},
        {"network_until": 1893456000},
        {"network_until": "2027-02-30"},
        {"network_until": "2027-01-01T00:00:00"},
    ],
)
def test_a_correction_out_of_bounds_changes_nothing(town: Place, api: Client, body: dict[str, object]) -> None:
    town.enrol(candidate(1))
    problem(api.patch("/api/v1/candidates/p1", json=body), 422, "bad_input")
    assert town.candidate("p1") == candidate(1)


def test_an_agreement_is_withdrawn_and_a_person_erased(town: Place, api: Client) -> None:
    town.enrol(candidate(1), candidate(2, consents=(network_consent(id="c2"),)))
    done = api.post("/api/v1/candidates/p1/withdraw-consent")
    assert done.json() == {"candidate": "p1", "withdrawn": [], "orders": [], "waiting": []}
    known = api.get("/api/v1/candidates/p1").json()
    assert known["state"] == "active" and known["consents"][0]["withdrawn_at"] is not None
    api.post("/api/v1/candidates/p1/withdraw-consent", json={"scope": "keep"})
    assert api.get("/api/v1/candidates/p1").json()["state"] == "withdrawn"
    problem(api.post("/api/v1/candidates/p1/withdraw-consent", json={"scope": "all"}), 422, "bad_input")
    assert api.delete("/api/v1/candidates/MTL-0002").json()["candidate"] == "p2"
    problem(api.get("/api/v1/candidates/p2"), 404, "not_found")
    problem(api.delete("/api/v1/candidates/p2"), 404, "not_found")


def test_a_program_corrects_every_field_that_the_page_has(town: Place, api: Client) -> None:
    town.post(campaign(network=False))
    path = "/api/v1/offers/prep-2026"
    sites = api.get(f"/api/v1/offers/{town.id}/prep-2026").json()["sites"]
    told: dict[str, Any] = {
        "title": "Boulanger / Boulangère (H/F)", "employer": "Boulangerie Petit", "reference": "B-1", "rome": "D1102",
        "description": "Pétrir et cuire.", "contract": "CDD", "months": 6, "hours": 1830, "salary": "13 €",
        "experience": "S", "experience_months": 12, "qualification": 3, "skills": {"900016": "E", "117474": "S"},
        "languages": {"en": "B2"}, "licences": ["B"], "closes": "2027-01-31", "network_on": "2026-12-31",
        "answer_days": 14, "most_open": 4,
    }  # fmt: skip
    contact = {"contact_name": "M. Roux", "contact_email": "roux@exemple.fr", "contact_address": "1 rue du Four"}
    placed = [{"id": sites[0]["id"], "commune": sites[0]["commune"], "posts": 2}, {"commune": "03101", "label": "Four"}]
    kept = api.patch(path, json=told | contact | {"sites": placed, "contact_phone": "04 70 11 11 11"}).json()
    assert {name: kept[name] for name in told} == told and kept["cap"] == 4
    assert [(one["id"], one["posts"], one["label"]) for one in kept["sites"]] == [
        (sites[0]["id"], 2, ""),
        ("03101", 1, "Four"),
    ]
    whom = one_offer(town.desk, "B-1").contact
    assert (whom.name, whom.phone, whom.address) == ("M. Roux", "+33470111111", "1 rue du Four")
    again = api.patch("/api/v1/offers/B-1", json={"network_on": None, "contact_phone": ""}).json()
    assert again["network_on"] is None and again["title"] == told["title"]
    assert one_offer(town.desk, "B-1").contact == replace(whom, phone="")


def test_what_an_offer_may_not_say_is_told_to_programs_in_stable_words(town: Place, api: Client) -> None:
    town.post(campaign(), campaign(id="o2", reference="O-2"))
    path = "/api/v1/offers/prep-2026"
    unread: list[dict[str, Any]] = [
        {"answer_days": 6},
        {"most_open": -1},
        {"contract": "XXX"},
        {"sites": []},
        {"skills": {"900016": "X"}},
        {"sites": [{"commune": "Montluçon"}]},
    ]
    for told in unread:
        problem(api.patch(path, json=told), 422, "bad_input")
    twice = [{"id": "a", "commune": "03185"}, {"id": "a", "commune": "03101"}]
    against_rules: list[dict[str, Any]] = [
        {"title": "Jeune vendeur"},
        {"reference": "O-2"},
        {"closes": "2020-01-01"},
        {"sites": twice},
        {"contact_email": "roux"},
        {"sites": [{"commune": "99999"}]},
    ]
    for forbidden in against_rules:
        problem(api.patch(path, json=forbidden), 409, "offer_refused")
    problem(api.patch(path, json={"network": False}), 409, "offer_public")
    assert one_offer(town.desk, "prep-2026").revision == 1


def test_an_offer_is_corrected_and_closed(town: Place, api: Client) -> None:
    town.post(campaign())
    kept = api.patch("/api/v1/offers/prep-2026", json={"title": "Préparation", "closes": "2027-01-31"}).json()
    assert (kept["revision"], kept["title"], kept["closes"]) == (2, "Préparation", "2027-01-31")
    problem(api.patch("/api/v1/offers/prep-2026", json={"closes": "bientôt"}), 422, "bad_input")
    problem(api.patch("/api/v1/offers/prep-2026", json={"title": " "}), 422, "bad_input")
    problem(api.post("/api/v1/offers/prep-2026/close", json={"reason": "tired"}), 422, "bad_input")
    assert api.post("/api/v1/offers/PREP-2026/close").json()["state"] == "closed"
    problem(api.patch("/api/v1/offers/prep-2026", json={"title": "Encore"}), 409, "offer_closed")
    problem(api.post("/api/v1/offers/none/close"), 404, "not_found")
    assert api.get("/api/v1/offers").json() == {"offers": []}
    assert len(api.get("/api/v1/offers?own=true").json()["offers"]) == 1


def test_a_preview_then_the_release_and_no_second_one(town: Place, api: Client) -> None:
    town.enrol(*(candidate(number, consents=(network_consent(id=f"c{number}"),)) for number in range(1, 7)))
    preview = api.post("/api/v1/releases?dry_run=true")
    assert (preview.status_code, preview.json()["published"]) == (200, False)
    assert preview.json()["risk"] == {"withheld_share": 0, "worst_case": 16, "on_edge": []}
    done = api.post("/api/v1/releases")
    assert (done.status_code, done.json()["published"]) == (201, True)
    assert done.json()["sheets"] == preview.json()["sheets"] != []
    refused = problem(api.post("/api/v1/releases"), 409, "release_rule_broken")
    assert refused["detail"]


def test_sheets_of_all_towns_with_what_the_answer_covers(stage: Stage) -> None:
    town = stage.montlucon
    town.enrol(*(candidate(number, consents=(network_consent(id=f"c{number}"),)) for number in range(1, 7)))
    assert town.client().post("/api/v1/releases").status_code == 201
    stage.sync()
    answer = (
        stage.moulins.client().get("/api/v1/sheets", params={"rome": "N1103", "skill": ["121396", "300424"]}).json()
    )
    (found,) = answer["found"]
    assert (found["node"], found["size"], found["relation"]) == (MONTLUCON, "5+", "same")
    assert answer["at_least"] == 5
    assert {one["node"]: one["release"] for one in answer["coverage"]} == {MONTLUCON: 1, stage.drancy.id: 0}
    assert stage.moulins.client().get("/api/v1/sheets").json()["at_least"] == 5


def test_matches_are_explained_both_ways(town: Place, api: Client) -> None:
    town.post(offer(1, reference="O1"))
    town.enrol(candidate(1), candidate(2, consents=(network_consent(id="c2"),), readiness=None))
    answer = api.get("/api/v1/matches", params={"offer": "O1"}).json()
    (found,) = answer["matches"]
    assert (found["candidate"], found["reference"], found["commune_name"]) == ("p1", "MTL-0001", "Montluçon")
    assert found["score"] == sum(found["points"].values())
    assert (found["km"], found["lacks"], found["relation_label"]) == (0.0, {}, "métier recherché")
    assert found["reasons"][:2] == [
        {"criterion": "occupation", "ok": True, "text": "métier recherché"},
        {"criterion": "distance", "ok": True, "text": "dans sa commune"},
    ]
    assert [one["candidate"] for one in answer["to_prepare"]] == ["p2"]
    key = f"{MONTLUCON}/o1"
    assert api.get("/api/v1/matches", params={"offer": key}).json() == answer
    assert api.get("/api/v1/matches", params={"candidate": "MTL-0001"}).json()["matches"] == answer["matches"]
