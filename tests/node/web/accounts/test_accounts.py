"""Managing accounts: adding, roles, links, leaving; one's own password and language."""

import re

import pytest

from node.mission.accounts.roles import Role
from node.mission.accounts.trail import Access, OpenedFor
from tests.node.web.conftest import EMAILS, PASSWORD, Town, words


def link_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8101(/connexion/lien/[\w-]+)", text)
    assert found is not None, text
    return found[1]


def test_a_colleague_is_invited_and_comes_in(town: Town) -> None:
    head = town.signed_in(Role.HEAD)
    made = head.send_form(
        "/comptes/nouveau", name="  Ana   Da Silva ", email="Ana@Montlucon.fr", roles=["counsellor", "head"]
    )
    assert "Lien pour Ana Da Silva" in words(made)
    ana = town.visitor()
    ana.send_form(link_in(made.text), password=PASSWORD, password_again=PASSWORD)
    assert ana.get("/comptes").status_code == 200
    assert "ana@montlucon.fr" in head.text("/comptes")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": "", "email": "a@b.fr", "roles": "head"}, "Remplissez ce champ."),
        ({"name": "Ana", "email": "a", "roles": "head"}, "Indiquez une adresse électronique"),
        ({"name": "Ana", "email": "a@b.fr"}, "Choisissez au moins une des propositions."),
        ({"name": "Ana", "email": "a@b.fr", "roles": "candidate"}, "Choisissez parmi les propositions."),
        ({"name": "Ana", "email": "a@b.fr", "roles": "employer"}, "Indiquez le nom de l'entreprise."),
        ({"name": "Ana", "email": EMAILS[Role.HEAD], "roles": "head"}, "Cette adresse a déjà un compte"),
        ({"name": "A\x00na", "email": "a@b.fr", "roles": "head"}, "un caractère qui ne peut pas être gardé"),
        ({"name": "x" * 201, "email": "a@b.fr", "roles": "head"}, "C'est trop long : 200 caractères au plus."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(town: Town, fields: dict[str, str], fault: str) -> None:
    answer = town.signed_in(Role.HEAD).send_form("/comptes/nouveau", employer="", **fields)  # type: ignore[arg-type]
    assert (answer.status_code, fault in words(answer)) == (422, True)
    assert f'value="{fields["email"]}"' in words(answer)


def test_names_are_text(town: Town) -> None:
    head = town.signed_in(Role.HEAD)
    head.send_form("/comptes/nouveau", name="<b onclick=x>\"'&", email="o'neil@b.fr", roles="head")
    page = head.get("/comptes").text
    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;&#34;&#39;&amp;" in page


def test_roles_change_at_once(town: Town) -> None:
    head, counsellor = town.signed_in(Role.HEAD), town.signed_in(Role.COUNSELLOR)
    path = f"/comptes/{town.account(Role.COUNSELLOR).id}"
    assert "Les rôles sont modifiés." in words(head.send_form(f"{path}/roles", path, roles=["administrator"]))
    assert counsellor.get("/aujourdhui").status_code == 403
    assert head.send_form(f"{path}/roles", path).status_code == 422, "none is too few"


def test_somebody_must_be_left_to_manage_the_accounts(town: Town) -> None:
    head = town.signed_in(Role.HEAD)
    path = f"/comptes/{town.account(Role.HEAD).id}"
    refused = head.send_form(f"{path}/roles", path, roles=["counsellor"])
    assert (refused.status_code, "Plus personne ne gérerait" in words(refused)) == (422, True)
    assert "Plus personne ne gérerait" in words(head.send_form(f"{path}/fermer", path))
    assert head.get("/comptes").status_code == 200


def test_a_colleague_leaves_and_comes_back(town: Town) -> None:
    head, counsellor = town.signed_in(Role.HEAD), town.signed_in(Role.COUNSELLOR)
    path = f"/comptes/{town.account(Role.COUNSELLOR).id}"
    assert "est fermé" in words(head.send_form(f"{path}/fermer", path))
    assert counsellor.get("/aujourdhui").url.path == "/connexion"
    assert head.send_form(f"{path}/lien", path).status_code == 409
    reopened = head.send_form(f"{path}/rouvrir", path)
    back = town.visitor()
    back.send_form(link_in(reopened.text), password=PASSWORD, password_again=PASSWORD)
    assert back.get("/aujourdhui").status_code == 200


def test_a_lost_password_is_begun_anew(town: Town) -> None:
    head, counsellor = town.signed_in(Role.HEAD), town.signed_in(Role.COUNSELLOR)
    path = f"/comptes/{town.account(Role.COUNSELLOR).id}"
    anew = head.send_form(f"{path}/reinitialiser", path)
    assert counsellor.get("/aujourdhui").url.path == "/connexion"
    old = town.visitor().send_form("/connexion", email=EMAILS[Role.COUNSELLOR], password=PASSWORD)
    assert old.status_code == 401
    assert "Choisissez votre mot de passe" in words(town.visitor().get(link_in(anew.text)))


def test_an_unknown_account_is_not_found(town: Town) -> None:
    answer = town.signed_in(Role.HEAD).get("/comptes/nobody")
    assert (answer.status_code, "Ce compte n'existe pas." in words(answer)) == (404, True)


class TestOwn:
    def change(self, town: Town, old: str, new: str, again: str) -> tuple[int, str]:
        visitor = town.signed_in(Role.COUNSELLOR)
        answer = visitor.send_form(
            "/mon-compte/mot-de-passe", "/mon-compte", old_password=old, new_password=new, new_password_again=again
        )
        return answer.status_code, words(answer)

    def test_a_new_password(self, town: Town) -> None:
        elsewhere = town.signed_in(Role.COUNSELLOR)
        new = "brouette panier vélo loire"
        status, text = self.change(town, PASSWORD, new, new)
        assert (status, "Votre mot de passe est changé." in text) == (200, True)
        assert elsewhere.get("/aujourdhui").url.path == "/connexion"

    @pytest.mark.parametrize(
        ("old", "new", "again", "fault"),
        [
            ("autre chose du tout", "brouette panier vélo", "brouette panier vélo", "Le mot de passe actuel n'est pas"),
            (PASSWORD, "court", "court", "12 caractères ou plus"),
            (PASSWORD, "12121212121212", "12121212121212", "répète les mêmes caractères"),
            (PASSWORD, "counsellor99", "counsellor99", "dit surtout votre nom"),
            (PASSWORD, "un deux trois " * 20, "un deux trois " * 20, "trop long"),
            (PASSWORD, "brouette panier vélo", "brouette panier", "diffèrent"),
        ],
    )
    def test_a_bad_one(self, town: Town, old: str, new: str, again: str, fault: str) -> None:
        status, text = self.change(town, old, new, again)
        assert (status, fault in text) == (422, True)
        assert new not in text

    def test_ones_language_goes_with_the_account(self, town: Town) -> None:
        visitor = town.signed_in(Role.COUNSELLOR)
        assert "My account" in words(visitor.send_form("/mon-compte/langue", "/mon-compte", language="en"))
        elsewhere = town.visitor()
        elsewhere.send_form("/connexion", email=EMAILS[Role.COUNSELLOR], password=PASSWORD)
        assert "My account" in elsewhere.text("/mon-compte")
        assert visitor.send_form("/mon-compte/langue", "/mon-compte", language="xx").status_code == 422

    def test_who_manages_is_advised_of_a_second_factor(self, town: Town) -> None:
        assert "Protégez mieux ce compte" in town.signed_in(Role.HEAD).text("/mon-compte")
        assert "Protégez mieux ce compte" not in town.signed_in(Role.COUNSELLOR).text("/mon-compte")


def test_the_trail_names_who_opened_what(town: Town) -> None:
    counsellor = town.account(Role.COUNSELLOR)
    with town.node.database.write() as uow:
        uow.accounts.record_access(Access(town.node.now(), counsellor.id, "Karima Benali", "gone", OpenedFor.DOCUMENT))
    for what in OpenedFor:
        with town.node.database.write() as uow:
            uow.accounts.record_access(Access(town.node.now(), counsellor.id, "Karima Benali", "gone", what))
    head = town.signed_in(Role.HEAD)
    shown = head.text("/comptes/consultations")
    assert all(what.label in shown for what in OpenedFor)
    assert not re.search(r"<td[^>]*>(code|link|read|edit)</td>", shown), "words for people, not codes"
    assert all(part in shown for part in ("Karima Benali", "document ouvert", "personne effacée", "23/11/2026"))
    assert "Aucun dossier n'a encore été ouvert" in head.text(
        f"/comptes/consultations?compte={town.account(Role.HEAD).id}"
    )
