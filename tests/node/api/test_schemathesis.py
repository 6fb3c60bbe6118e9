"""The API against its own OpenAPI document: schemathesis makes up requests, good and bad, for every operation.

Whatever is asked, the answer is one that the document describes (status, media type, schema), never an internal error,
never without the token; good data is not refused as bad, bad data not taken. Cases are the same at every run. Half of
the good ones name people, offers and forwards that are there, for a number made up at random leads nowhere.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from node import api
from tests.node.mission.samples import candidate
from tests.node.stage import MONTLUCON, MOULINS, Place, campaign, open_stage, put_forward

BOUNDED = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _operations() -> list[str]:
    """Every operation of the document, which needs no node to be written."""
    described = FastAPI()
    api.include(described, "token")
    return [f"{method.upper()} {path}" for path, ways in described.openapi()["paths"].items() for method in ways]


OPERATIONS = _operations()


@pytest.fixture(scope="module")
def home(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Montluçon, with people, an employer's campaign, and a forward to it; one node for all cases, one after another,
    as a node with many callers has it."""
    with open_stage(templates, tmp_path_factory.mktemp("schemathesis"), MONTLUCON, MOULINS) as stage:
        stage.montlucon.enrol(*(candidate(number) for number in range(1, 6)))
        stage.moulins.post(campaign())
        stage.sync()
        put_forward(stage.montlucon, "p3", f"{MOULINS}/prep-2026")
        stage.sync()
        yield stage.montlucon


@pytest.fixture(scope="module")
def schema(home: Place) -> Any:
    """The document, as the application itself serves it."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", home.app)


def _names(home: Place) -> st.SearchStrategy[dict[str, str]]:
    """Names of what is there, by the name of the field or parameter that takes them."""
    with home.node.database.read() as uow:
        forwards = [forward.id for forward in uow.forwards.all()]
    people = ["p1", "MTL-0002", "p3"]
    known = {
        "{name}": [*people, *forwards],
        "{node_id}": [MOULINS],
        "{offer}": ["prep-2026"],
        "candidate": people,
        "offer": [f"{MOULINS}/prep-2026"],
        "site": ["montlucon", "drancy"],
        "peer": [MOULINS],
        "commune": ["03185"],
    }
    return st.fixed_dictionaries({name: st.sampled_from(values) for name, values in known.items()})


def _name(case: Case[Any], names: dict[str, str]) -> None:
    """Put names of what is there where the case has made some up."""
    case.path_parameters |= {key: names[f"{{{key}}}"] for key in case.path_parameters if f"{{{key}}}" in names}
    for made in (case.query, case.body):
        if isinstance(made, dict):
            made |= {key: names[key] for key in made if key in names}


@pytest.mark.parametrize("label", OPERATIONS)
def test_good_requests_are_answered_as_described(home: Place, schema: Any, label: str) -> None:
    method, path = label.split(" ")
    headers = {"Authorization": f"Bearer {home.token}"}

    @BOUNDED
    @given(case=schema[path][method].as_strategy(), names=_names(home), there=st.booleans())
    def holds(case: Case[Any], names: dict[str, str], there: bool) -> None:
        if there:
            _name(case, names)
        answer = case.call(headers=headers)
        # The document gives each field's form. What fields together or the town's tables forbid names no field.
        by_rule = answer.status_code == 422 and not answer.json().get("faults")
        excluded: list[Any] = [positive_data_acceptance] if by_rule else []
        case.validate_response(answer, excluded_checks=excluded, headers=headers)

    holds()


@pytest.mark.parametrize("label", [label for label in OPERATIONS if "/api/" in label])
def test_bad_requests_are_refused_as_described(home: Place, schema: Any, label: str) -> None:
    method, path = label.split(" ")
    headers = {"Authorization": f"Bearer {home.token}"}

    @BOUNDED
    @given(case=schema[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def holds(case: Case[Any]) -> None:
        case.call_and_validate(headers=headers)

    holds()
