"""The card « Un visage pour l'emploi »: made, printed, shared for a time, taken back."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from node.mission.accounts import digest
from node.mission.candidates import ConsentScope
from node.services import cards
from node.services.reception import people, rights
from tests.node.intake.documents import files
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.test_my_space_pages import enrol

PORTRAIT = files.photograph_with_position(["Un visage"])


def save(own: Visitor, photo: bytes = b"", **typed: object) -> int:
    """Send the form of the card."""
    token = re.search(r'name="csrf" value="([^"]+)"', own.get("/mon-espace/carte").text)
    assert token is not None
    return own.post(
        "/mon-espace/carte",
        data={"csrf": token[1], **typed},
        files=[("photo", ("moi.jpg", photo, "image/jpeg"))] if photo else [],
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    ).status_code


def shared(own: Visitor, days: str = "7") -> str:
    """The path of a new link."""
    page = own.send_form("/mon-espace/carte/partager", "/mon-espace/carte", days=days).text
    found = re.search(r"http://127.0.0.1:8101(/carte/[\w-]{43})", page)
    assert found is not None
    return found[1]


def test_what_the_person_says_is_on_the_card_and_no_more(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    chosen: dict[str, Any] = {
        "qualities": ["Calme", "Autonome"],
        "others": "Toujours à l'heure\n\n Calme ",
        "words": "J'aime l'équipe.",
    }
    assert save(own, PORTRAIT, **chosen) == 303
    known = people.person_file(town.node.desk, person.id).person
    assert known.qualities == ("Calme", "Autonome", "Toujours à l'heure") and known.photo
    kept = own.get("/mon-espace/carte/photo").content
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    page = words(town.visitor().get(shared(own)))
    assert "Toujours à l'heure" in page and "J'aime l'équipe." in page and "Aïcha" in page
    for secret in ("Benmansour", "0612345678", "aicha@example.fr"):
        assert secret not in page
    for path in ("/mon-espace/carte.pdf?contact=telephone", "/mon-espace/cartes.pdf"):
        assert own.get(path).content.startswith(b"%PDF")
    assert save(own, no_photo="1", **chosen) == 303
    assert not people.person_file(town.node.desk, person.id).person.photo


@pytest.mark.parametrize("photo", [b"GIF89a" + b"\0" * 50, b"\xff\xd8\xff broken", files.pdf([b""])])
def test_what_is_no_photograph_is_refused_and_the_words_stay(town: Town, photo: bytes) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    assert save(own, photo, words="Mes mots") == 422
    assert not people.person_file(town.node.desk, person.id).person.photo


def test_a_shared_card_is_kept_from_engines_and_caches(town: Town) -> None:
    own = town.signed_in(candidate=enrol(town).id)
    save(own, PORTRAIT)
    path = shared(own)
    for part in ("", "/photo", "/carte.pdf"):
        answer = town.visitor().get(path + part)
        assert answer.status_code == 200
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert 'name="robots" content="noindex' in town.visitor().get(path).text


def test_one_link_at_a_time_kept_as_a_digest(town: Town) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    first, second = shared(own), shared(own)
    assert town.visitor().get(first).status_code == 404
    assert town.visitor().get(second).status_code == 200
    token = second.removeprefix("/carte/")
    with town.node.database.read() as uow:
        assert uow.accounts.link(digest(token)) is not None and uow.accounts.link(token) is None
    assert town.visitor().get(f"/connexion/lien/{token}").status_code == 410, "a card opens no session"
    assert town.visitor().send_form(f"/connexion/lien/{token}", "/etat").status_code == 410


def test_a_card_ends_on_its_day(town: Town) -> None:
    own = town.signed_in(candidate=enrol(town).id)
    path = shared(own, "7")
    town.clock.moment += timedelta(days=6, hours=23)
    assert town.visitor().get(path).status_code == 200
    town.clock.moment += timedelta(hours=2)
    assert town.visitor().get(path).status_code == 404


@pytest.mark.parametrize("how", ["taken back", "withdrawn", "erased"])
def test_a_card_ends_when_the_person_says_so(town: Town, how: str) -> None:
    person = enrol(town)
    own = town.signed_in(candidate=person.id)
    path = shared(own)
    match how:
        case "taken back":
            own.send_form("/mon-espace/carte/reprendre", "/mon-espace/carte")
        case "withdrawn":
            rights.withdraw(town.node.desk, person.id, "candidate", ConsentScope.KEEP)
        case _:
            rights.erase(town.node.desk, person.id)
    for part in ("", "/photo", "/carte.pdf"):
        assert town.visitor().get(path + part).status_code == 404


@pytest.mark.parametrize("days", [0, 366])
def test_nobody_shares_for_ever(town: Town, days: int) -> None:
    with pytest.raises(ValueError, match="365"):
        cards.share(town.node.desk, enrol(town).id, days)
    own = town.signed_in(candidate=enrol(town).id)
    assert own.send_form("/mon-espace/carte/partager", "/mon-espace/carte", days=str(days)).status_code == 422
