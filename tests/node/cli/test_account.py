"""`maillon account`: accounts and their links, from the server's command line."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.__main__ import run
from node.app import open_node
from node.config import load
from node.kit.errors import ExitCode
from node.services.network.founding import Created
from tests.node.cli.test_life import Said
from tests.node.conftest import french
from tests.node.registering import register_person
from tests.node.web.conftest import PASSWORD, town_of

Account = Callable[..., Said]
WHY = ("--because", "Arrivée de Mme Benali.")


@pytest.fixture
def account(capfd: pytest.CaptureFixture[str], created: Created) -> Account:
    """Run `maillon account ...` on Montluçon's node."""

    def call(*arguments: object) -> Said:
        code = run(["account", *(str(one) for one in arguments), "--config", str(created.config)])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


def create(account: Account, email: str = "k.benali@montlucon.fr", *more: str) -> Said:
    return account("create", email, "--name", "Karima Benali", "--role", "counsellor", *WHY, *more)


def test_an_account_is_created_listed_reset_and_closed(account: Account, created: Created) -> None:
    made = create(account, "K.Benali@Montlucon.fr", "--json").json
    assert made["email"] == "k.benali@montlucon.fr"
    assert made["roles"] == ["counsellor"]
    assert made["second_factor"] is False
    assert re.fullmatch(r"http://127\.0\.0\.1:8101/connexion/lien/[\w-]{43}", made["url"])
    listed = account("list")
    assert all(part in listed.out for part in ("Karima Benali", "Conseiller ou conseillère", "ouvert"))
    again = account("reset", "k.benali@montlucon.fr", *WHY, "--json").json
    assert again["id"] == made["id"]
    with town_of(load(created.config)) as town:
        assert town.visitor().get(made["url"]).status_code == 410
        visitor = town.visitor()
        assert visitor.send_form(again["url"], password=PASSWORD, password_again=PASSWORD).status_code == 200
    create(account, "m.reau@montlucon.fr", "--role", "head")
    assert "est fermé" in account("close", made["id"]).out
    states = {one["email"]: one["state"] for one in account("list", "--json").json["accounts"]}
    assert states == {"k.benali@montlucon.fr": "closed", "m.reau@montlucon.fr": "active"}


def test_no_secret_is_ever_listed(account: Account) -> None:
    create(account)
    (one,) = account("list", "--json").json["accounts"]
    assert set(one) == {"id", "email", "name", "roles", "employer", "state", "second_factor", "created"}


def test_a_link_for_a_role_makes_its_account_once(account: Account, created: Created) -> None:
    links = [account("link", "--role", "counsellor", *WHY, "--json").json for _number in range(2)]
    assert links[0]["id"] == links[1]["id"]
    assert links[0]["url"] != links[1]["url"]
    with town_of(load(created.config)) as town:
        town.clock.moment = datetime.now(UTC)
        for link in links:
            assert town.visitor().send_form(link["url"]).url.path == "/aujourdhui"


def test_a_link_for_an_account(account: Account) -> None:
    create(account)
    said = account("link", "k.benali@montlucon.fr", *WHY)
    assert "Lien pour Karima Benali, à ouvrir une fois :" in said.out
    assert "/connexion/lien/" in said.out


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("create", "rien", "--name", "A", "--role", "head", *WHY), "Indiquez une adresse électronique"),
        (("create", "a@b.fr", "--name", "A", "--role", "chef"), "« chef » n'est pas un rôle"),
        (("link",), "Indiquez soit un compte, soit --role."),
        (("link", "a@b.fr", "--role", "head"), "Indiquez soit un compte, soit --role."),
        (("link", "a@b.fr"), "Ce compte n'existe pas."),
        (("reset", "a@b.fr"), "Ce compte n'existe pas."),
        (("close", "a@b.fr"), "Ce compte n'existe pas."),
    ],
)
def test_what_is_wrong_is_said(account: Account, arguments: tuple[str, ...], fault: str) -> None:
    said = account(*arguments)
    assert said.code == ExitCode.ERROR
    assert fault in said.err
    assert said.out == ""


def test_the_last_one_who_manages_accounts_is_not_closed(account: Account) -> None:
    made = create(account, "m.reau@montlucon.fr", "--role", "head", "--json").json
    assert "Plus personne ne gérerait" in account("close", made["id"]).err


def test_one_e_mail_is_one_account(account: Account) -> None:
    create(account)
    assert "a déjà un compte" in create(account).err


def test_it_works_beside_a_serving_node(account: Account, created: Created, tmp_path: Path) -> None:
    node = open_node(load(created.config))
    try:
        create(account)
        with node.database.read() as uow:
            assert french(uow.accounts.all()[0].name) == "Karima Benali"
    finally:
        node.close()


def test_a_link_into_a_persons_own_space(capfd: pytest.CaptureFixture[str], created: Created) -> None:
    node = open_node(load(created.config))
    try:
        luc = register_person(node.desk, {"first_name": "Luc", "last_name": "Fabre"}, "anne")
    finally:
        node.close()
    assert run(["candidate", "link", luc.reference, *WHY, "--config", str(created.config)]) == ExitCode.OK
    said = capfd.readouterr().out.splitlines()
    assert said[0] == "Lien pour Luc Fabre, à ouvrir une fois :".replace(" :", "\N{NO-BREAK SPACE}:")
    with town_of(load(created.config)) as town:
        town.clock.moment = datetime.now(UTC)
        assert town.visitor().send_form(said[1]).url.path == "/mon-espace"
    assert run(["candidate", "link", "nobody", *WHY, "--config", str(created.config)]) == ExitCode.ERROR
    assert "Traceback" not in capfd.readouterr().err


def test_what_is_missing_is_said_in_french(account: Account) -> None:
    without = account("create", "k.benali@montlucon.fr", "--name", "Karima", "--role", "head")
    assert "--because : dites pourquoi." in french(without.err) and "Invalid" not in without.err
    nobody = account("create", "l@pare-brise.fr", "--name", "Ludovic", "--role", "employer", *WHY)
    assert "--employer : dites quelle entreprise." in french(nobody.err)
    assert (without.code, nobody.code) == (ExitCode.USAGE, ExitCode.USAGE)
