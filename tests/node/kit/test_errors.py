"""Every failure has a sentence, and every stable word a label: nobody is shown a class name or an English word."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import federation
import protocol
from federation.errors import FederationError, PeerRefused
from federation.peers.schedule import Alarm
from node.kit import labels
from node.kit.errors import Conflict, sentence
from node.storage import StorageError
from node.storage.errors import NestedUnitOfWork
from protocol.errors import BadSignature, ProtocolError, StaleMessage
from tests.node.conftest import french

for package in (federation, protocol):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def kinds(base: type[Exception]) -> Iterator[type[Exception]]:
    yield base
    for below in base.__subclasses__():
        yield from kinds(below)


@pytest.mark.parametrize("base", [FederationError, ProtocolError, StorageError])
def test_every_kind_of_failure_has_a_sentence(base: type[Exception]) -> None:
    for kind in kinds(base):
        error = kind.__new__(kind)
        error.args = ("technical text",)
        said = sentence(error)
        assert "Erreur interne" not in said, kind
        assert said.endswith("."), kind


@pytest.mark.parametrize("alarm", [alarm for alarm in Alarm if alarm])
def test_every_alarm_has_a_label(alarm: Alarm) -> None:
    assert labels.alarm(alarm) != alarm


def test_every_problem_word_of_the_traffic_has_a_label() -> None:
    for kind in kinds(FederationError):
        if kind is not FederationError:
            assert issubclass(kind, FederationError)
            assert labels.trouble(kind.problem) != kind.problem, kind


def test_a_peers_refusal_is_said_by_its_word_and_a_clock_by_its_skew() -> None:
    assert "absent de l'annuaire" in sentence(PeerRefused(403, "not_a_member", "you are nobody"))
    assert "les horloges diffèrent de 420 s" in french(sentence(PeerRefused(401, "stale", skew_seconds=-420)))
    assert "you are nobody" not in sentence(PeerRefused(403, "not_a_member", "you are nobody"))
    assert "60 s" in french(sentence(StaleMessage("too old", skew_seconds=60)))
    assert "Prévenez la coordination" in sentence(BadSignature("wrong signature"))


def test_our_own_sentences_are_said_as_they_are() -> None:
    assert sentence(Conflict("Déjà là.")) == "Déjà là."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No such file", "/srv/x.csv"), "/srv/x.csv"),
        (PermissionError(13, "Permission denied", "/srv/x.csv"), "droits"),
        (OSError(28, "No space left on device"), "Le disque est plein"),
        (RuntimeError("Mme Martin"), "RuntimeError"),
        (NestedUnitOfWork("twice"), "maillon check"),
    ],
)
def test_the_rest_is_said_without_quoting_what_it_holds(error: Exception, words: str) -> None:
    said = sentence(error)
    assert words in said
    assert "Martin" not in said
