"""An employer with an account finds what their house was sent, and answers on the pages of the link."""

from dataclasses import replace
from typing import Any

from node.mission.accounts.account import Account
from node.mission.accounts.roles import Role
from node.mission.forwards.forward import ForwardState
from node.services.accounts import accounts, sessions
from tests.node.web.conftest import Visitor, words
from tests.node.web.employers.conftest import Shop


def recruiter(shop: Shop, employer: str, email: str = "chef@boucherie.example") -> tuple[Account, Visitor]:
    """Somebody who answers for that employer, signed in."""
    town = shop.town
    who = accounts.open_account(
        town.node.desk, name="Paul Roche", email=email, roles=[Role.EMPLOYER], employer=employer
    )
    with town.node.database.write() as uow:
        came = sessions.open_session(uow, town.node.desk, account=who.id, candidate="", agent="Firefox")
    visitor = town.visitor()
    visitor.cookies.set("maillon-8101", came.token)
    return who, visitor


def test_what_was_sent_to_the_house_is_found_and_answered(shop: Shop) -> None:
    who, visitor = recruiter(shop, "BOUCHERIE roche")
    home = visitor.get("/")
    assert home.url.path == "/candidatures", "an employer's account begins there"
    assert "Aucune candidature" in words(home)
    link = shop.mailed()
    listed = visitor.get("/candidatures")
    assert "Amina Benali" in words(listed) and "Réponse attendue" in words(listed)
    (path,) = {part.split('"')[0] for part in listed.text.split('href="')[1:] if part.startswith("/employeur/")}
    assert path != link
    page = visitor.send_form(f"{path}/cv", path)
    assert visitor.get(f"{path}/1/cv.pdf").content.startswith(b"%PDF")
    assert "Ouvert jusqu'au" in words(page)
    told = visitor.send_form(f"{path}/1/entretien", f"{path}/1/entretien")
    assert told.status_code == 200
    forward = shop.forward()
    assert forward.state is ForwardState.INTERVIEW and forward.moves[-1].actor == who.id
    assert "Paul Roche" in shop.counsellor.text(f"/mises-en-relation/{forward.id}"), "the mission sees who answered"
    assert "Entretien" in visitor.text("/candidatures")
    said: dict[str, Any] = {"reason": "no_position", "to_candidate": "Le poste est pourvu."}
    visitor.send_form(f"{path}/1/refus", f"{path}/1/refus", **said)
    assert shop.forward().state is ForwardState.DECLINED
    seen = str(len(shop.forward().moves))
    taken = visitor.send_form(f"{path}/1/corriger", f"{path}/1/reponse", seen=seen)
    assert "donnez ici la bonne" in words(taken) and shop.forward().state is ForwardState.INTERVIEW
    assert visitor.get(link).status_code == 200, "the link in the mail opens as ever"


def test_nothing_opens_to_another_house_or_without_the_account(shop: Shop) -> None:
    link = shop.mailed()
    _who, ours = recruiter(shop, "Boucherie Roche")
    path = ours.text("/candidatures").split('href="/employeur/')[1].split('"')[0]
    _other, theirs = recruiter(shop, "Boucherie Rochet", "x@rochet.example")
    _nameless, nobodys = recruiter(shop, "Autre", "y@autre.example")
    with shop.town.node.database.write() as uow:
        uow.accounts.save(replace(_nameless, employer=""))
    for visitor in (theirs, nobodys, shop.town.visitor(), shop.counsellor):
        assert visitor.get(f"/employeur/{path}").status_code == 404
        assert visitor.send_form(f"/employeur/{path}/1/refus", "/connexion", to_candidate="non").status_code == 404
    assert "Amina" not in theirs.text("/candidatures") + nobodys.text("/candidatures")
    assert shop.forward().state is ForwardState.SENT
    with shop.town.node.database.read() as uow:
        (sending,) = uow.sendings.of_forward(shop.forward().id)
    shop.counsellor.send_form(f"/envois/{sending.id}/fin", f"/envois/{sending.id}")
    assert ours.get(link).status_code == 410 and ours.get(f"/employeur/{path}").status_code == 410
    assert "Amina" not in ours.text("/candidatures"), "what has ended is listed no more"
