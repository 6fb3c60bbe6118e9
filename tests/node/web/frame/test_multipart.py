"""What the files of forms under way take together, however many send them, and however slowly."""

from collections.abc import Iterator

import pytest

from node.web.frame import multipart
from tests.node.web.conftest import Town
from tests.node.web.deposits.test_handing_in import CV, TYPED, hand_in, taken

FOUND = multipart.held


@pytest.fixture(autouse=True)
def _all_is_given_back() -> Iterator[None]:
    before = FOUND._bytes
    yield
    assert FOUND._bytes == before


def test_a_form_that_is_answered_holds_nothing(town: Town) -> None:
    assert hand_in(town, town.visitor(), ("cv.pdf", CV), **TYPED).status_code == 303
    assert hand_in(town, town.visitor(), ("cv.pdf", CV), first_name="Zoé").status_code == 422


def test_a_form_that_is_none_holds_nothing(town: Town) -> None:
    too_many = [("cv.pdf", CV)] * (multipart.MAX_FILES + 1)
    assert hand_in(town, town.visitor(), *too_many, **TYPED).status_code == 400


def test_who_comes_when_there_is_no_room_is_asked_to_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(multipart, "MAX_HELD_BYTES", FOUND._bytes + len(CV) - 1)
        answer = hand_in(town, town.visitor(), ("cv.pdf", CV), **TYPED)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert hand_in(town, town.visitor(), call_back="1", **TYPED).status_code == 303, "what is typed is taken"
    assert hand_in(town, town.visitor(), ("cv.pdf", CV), **TYPED).status_code == 303
    assert len(taken(town)) == 2
