"""Every code that a message or a page may carry has one French label."""

from importlib import import_module
from pkgutil import walk_packages
from typing import get_args

import pytest

from node import mission
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.terms import Check, Reason
from node.mission.terms import Contract, Licence, Qualification, Term, licences_given
from protocol.guarantee import Check as WireCheck
from protocol.messages.forwards import Event
from protocol.messages.forwards import Reason as WireReason
from protocol.messages.offers import Contract as WireContract


def every_term() -> list[type[Term]]:
    """Of every module of the domain."""
    for module in walk_packages(mission.__path__, "node.mission."):
        import_module(module.name)
    return Term.__subclasses__()


@pytest.mark.parametrize("terms", every_term(), ids=lambda terms: terms.__name__)
def test_labels_of_terms_are_there_and_distinct(terms: type[Term]) -> None:
    labels = [term.label for term in terms]
    assert all(label.strip() for label in labels)
    assert len(set(labels)) == len(labels) == len(terms)


def test_the_wire_and_the_vocabulary_know_the_same_codes() -> None:
    assert {*get_args(WireReason)} - {""} == set(Reason)
    assert {*get_args(WireContract)} == set(Contract)
    assert {*get_args(WireCheck)} == set(Check)
    assert {*get_args(Event)} == set(ForwardState) - {ForwardState.DRAFT, ForwardState.SENT}


def test_a_term_is_read_by_its_code_alone() -> None:
    assert Reason.read("not_mobile") is Reason.NOT_MOBILE
    assert Reason.read("NOT_MOBILE") is None
    assert Licence.read("") is None


def test_an_unqualified_employee_is_no_higher_than_a_labourer() -> None:
    ranks = {term: term.rank for term in Qualification}
    assert ranks[Qualification.EMPLOYEE] == ranks[Qualification.LABOURER] == 0
    assert ranks[Qualification.HIGHLY_SKILLED_WORKER] > ranks[Qualification.SKILLED_EMPLOYEE]
    assert max(ranks, key=ranks.__getitem__) is Qualification.EXECUTIVE


def test_a_lorry_driver_may_drive_a_car_and_a_moped() -> None:
    assert licences_given(frozenset({"CE"})) == {"CE", "C", "C1", "C1E", "BE", "B", "B1", "AM"}
    assert "D" not in licences_given(frozenset({"CE"}))
    assert licences_given(frozenset({"CACES"})) == {"CACES"}
