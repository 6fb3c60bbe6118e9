"""A program of Montluçon registers somebody: what `maillon read` tells of a CV or a line is what it sends."""

import pytest

from node.schemas.readings import CvFields, PersonFields
from tests.asking import Client
from tests.node.api.answers import problem
from tests.node.api.test_register import api
from tests.node.mission.samples import TODAY, candidate
from tests.node.stage import Place

__all__ = ["api"]

CV = CvFields(
    first_name="Camille",
    last_name="Petit",
    phone="+33612345678",
    commune="03185",
    languages={"en": "B1", "ar": ""},
    licences=["B"],
).model_dump(mode="json")


def test_what_was_read_of_a_cv_opens_a_file(town: Place, api: Client) -> None:
    cv = CV | {
        "occupations": [{"rome": "N1103", "months": 24, "appellation": ""}],
        "jobs": [{"title": "Cariste", "employer": "", "place": "", "rome": "", "start": "2020", "end": "2022",
                  "current": False, "tasks": ["Quais"]}],
        "diplomas": [{"label": "CAP", "level": 3, "school": "", "year": 2019}],
    }  # fmt: skip
    answer = api.post("/api/v1/candidates", json=cv)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["languages"] == {"en": "B1", "ar": "A1"} and made["occupations"][0]["months"] == 24
    assert api.get(answer.headers["Location"]).json()["id"] == made["id"]
    known = town.candidate(made["id"])
    assert known is not None and known.jobs[0].tasks == ("Quais",) and known.owner == ""


def test_what_was_read_of_a_line_opens_a_file(town: Place, api: Client) -> None:
    line = PersonFields.of(candidate(1, readiness=None)).model_dump(mode="json")
    made = api.post("/api/v1/candidates", json=line | {"reference": "MTL-9"}).json()
    assert made["reference"] == "MTL-9" and made["consents"][0]["scope"] == "network"
    problem(api.post("/api/v1/candidates", json=line | {"reference": "MTL-9"}), 409, "conflict")
    api.delete("/api/v1/candidates/MTL-9")
    problem(api.post("/api/v1/candidates", json=line | {"reference": "MTL-9"}), 409, "conflict")


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_name": "", "first_name": ""},
        {"phone": "12"},
        {"commune": "99999"},
        {"consents": [{"scope": "offer", "given_on": TODAY.isoformat(), "how": "dit"}]},
        {"consents": [{"scope": "network", "given_on": "2099-01-01", "how": "dit"}]},
        {"last_contact": "2099-01-01"},
        {"readiness": {"by": "anne"}},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_written(town: Place, api: Client, wrong: dict[str, object]) -> None:
    before = town.snapshot()
    problem(api.post("/api/v1/candidates", json=CV | wrong), 422, "bad_input")
    assert town.snapshot() == before
