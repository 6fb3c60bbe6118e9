"""Whoever runs the server opens nobody's file: by no role, no link and no token; and what they can do there is told."""

from collections.abc import Callable

import pytest

from node.__main__ import run
from node.identity import load_token
from node.kit.errors import ExitCode
from node.mission.accounts.account import AccountState
from node.mission.accounts.roles import PERMISSIONS, Permission, Role, opens_files
from node.mission.accounts.trail import COMMAND, PROGRAM, OpenedFor
from node.mission.people.candidate import Candidate
from node.services.accounts import accounts, trail
from node.services.my_space.my_space import own_file
from node.services.network.founding import Created
from tests.node.conftest import french
from tests.node.registering import register_person
from tests.node.web.conftest import Town, words


@pytest.fixture
def luc(town: Town) -> Candidate:
    return register_person(
        town.node.desk, {"first_name": "Luc", "last_name": "Fabre"}, town.account(Role.COUNSELLOR).id
    )


def test_the_table_gives_an_administrator_neither_files_nor_access_to_them() -> None:
    held = PERMISSIONS[Role.ADMINISTRATOR]
    assert not held & {Permission.READ_FILES, Permission.EDIT_FILES, Permission.GIVE_ACCESS, Permission.READ_TRAIL}
    assert [role for role in Role if opens_files([role])] == [Role.COUNSELLOR, Role.HEAD, Role.EMPLOYER]


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.HEAD, Role.EMPLOYER])
def test_an_administrator_gives_nobody_a_role_that_opens_files(town: Town, role: Role) -> None:
    visitor, me = town.signed_in(Role.ADMINISTRATOR), town.account(Role.ADMINISTRATOR)
    typed = {"name": "Moi Aussi", "email": "moi@ville.fr", "roles": role.value, "employer": "Boucherie Roche"}
    refused = visitor.send_form("/comptes/nouveau", "", follow=True, **typed)
    assert refused.status_code == 422 and "seule la personne responsable" in words(refused)
    refused = visitor.send_form(f"/comptes/{me.id}/roles", f"/comptes/{me.id}", roles=["administrator", role.value])
    assert refused.status_code == 422
    with town.node.database.read() as uow:
        assert {one.id for one in uow.accounts.all()} == {me.id}
        assert accounts.find_account(uow, me.id).roles == {Role.ADMINISTRATOR}
    visitor.send_form("/comptes/nouveau", name="Paul Coste", email="p@ville.fr", roles="coordinator")
    with town.node.database.read() as uow:
        assert len(uow.accounts.all()) == 2, "other accounts are theirs to open"


@pytest.mark.parametrize("act", ["lien", "reinitialiser", "delier", "rouvrir"])
def test_no_link_meant_for_a_counsellor_reaches_an_administrator(town: Town, act: str) -> None:
    karima, visitor = town.account(Role.COUNSELLOR), town.signed_in(Role.ADMINISTRATOR)
    page = words(visitor.get(f"/comptes/{karima.id}"))
    assert f"/comptes/{karima.id}/{act}" not in page and "seule la personne responsable" in page
    answer = visitor.send_form(f"/comptes/{karima.id}/{act}", f"/comptes/{karima.id}")
    assert answer.status_code == 409 and "/connexion/lien/" not in answer.text
    with town.node.database.read() as uow:
        assert accounts.find_account(uow, karima.id) == karima
    head = town.signed_in(Role.HEAD)
    assert "/connexion/lien/" in head.send_form(f"/comptes/{karima.id}/lien", f"/comptes/{karima.id}").text


def test_an_administrator_may_close_an_account_at_once(town: Town) -> None:
    karima = town.account(Role.COUNSELLOR)
    town.signed_in(Role.ADMINISTRATOR).send_form(f"/comptes/{karima.id}/fermer", f"/comptes/{karima.id}")
    with town.node.database.read() as uow:
        assert accounts.find_account(uow, karima.id).state is AccountState.CLOSED


def test_what_a_program_opens_is_told_and_the_head_ends_it(town: Town, luc: Candidate) -> None:
    token = load_token(town.node.config.token_file)
    program = town.visitor(Authorization=f"Bearer {token}")
    assert program.get(f"/api/v1/candidates/{luc.reference}").status_code == 200
    assert program.get("/api/v1/candidates").json()["total"] == 1
    program.patch(f"/api/v1/candidates/{luc.id}", json={"mobility_km": 12})
    lines = own_file(town.node.desk, luc.id).accesses
    assert [(one.last.account, one.last.what.value, one.times) for one in lines] == [
        (PROGRAM, "edit", 1),
        (PROGRAM, "read", 2),
    ]
    assert "Programme de la mission" in words(town.signed_in(candidate=luc.id).get("/mon-espace/suivi"))

    head = town.signed_in(Role.HEAD)
    assert "3 ouvertures de dossier ou de compte" in words(head.get("/aujourdhui"))
    assert "Programme de la mission" in words(head.get("/comptes/consultations?compte=program"))
    assert "ouvertures de dossier ou de compte" in words(head.get("/aujourdhui")), "a part was shown, not the whole"
    assert "Programme de la mission" in words(head.get("/comptes/consultations"))
    assert "ouvertures de dossier ou de compte" not in words(head.get("/aujourdhui")), "until there is more"
    assert "3 ouvertures de dossier jusqu'ici" in words(head.get("/comptes"))
    assert "programmes/fin" not in town.signed_in(Role.ADMINISTRATOR).get("/comptes").text
    head.send_form("/comptes/programmes/fin", "/comptes")
    answer = program.get(f"/api/v1/candidates/{luc.reference}")
    assert answer.status_code == 401 and "a mis fin" in answer.json()["detail"]


@pytest.fixture
def maillon(created: Created, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def call(*arguments: str) -> tuple[int, str]:
        code = run([*arguments, "--config", str(created.config)])
        captured = capfd.readouterr()
        return code, captured.out + captured.err

    return call


@pytest.mark.parametrize(
    "command",
    [
        ("candidate", "show", "2026-00001"),
        ("candidate", "link", "2026-00001"),
        ("candidate", "edit", "2026-00001", "--mobility-km", "5"),
        ("forward", "dossier", "f1"),
        ("account", "create", "a@ville.fr", "--name", "A", "--role", "head"),
        ("account", "link", "--role", "counsellor"),
        ("account", "token"),
    ],
)
def test_a_command_that_opens_a_file_or_a_way_to_one_says_why(
    maillon: Callable[..., tuple[int, str]], town: Town, luc: Candidate, command: tuple[str, ...]
) -> None:
    code, said = maillon(*command)
    assert code == ExitCode.USAGE and "--because" in said
    with town.node.database.read() as uow:
        assert uow.accounts.accesses() == []
        assert len(uow.accounts.all()) == 1


def test_why_a_command_opened_a_file_is_read_by_the_head_and_by_the_person(
    maillon: Callable[..., tuple[int, str]], town: Town, luc: Candidate
) -> None:
    why = ("--because", "Luc a perdu son code.")
    assert maillon("candidate", "show", luc.reference, *why)[0] == ExitCode.OK
    assert maillon("account", "create", "a@ville.fr", "--name", "A", "--role", "head", *why)[0] == ExitCode.OK
    assert maillon("account", "create", "b@ville.fr", "--name", "B", "--role", "coordinator")[0] == ExitCode.OK
    (line,) = own_file(town.node.desk, luc.id).accesses
    assert (line.last.account, line.last.because) == (COMMAND, "Luc a perdu son code.")
    head = town.signed_in(Role.HEAD)
    assert "2 ouvertures de dossier ou de compte" in words(head.get("/aujourdhui"))
    said = words(head.get("/comptes/consultations"))
    assert "Luc a perdu son code." in said and "accès à un compte donné" in said


def test_no_flood_of_programs_hides_a_command(town: Town, luc: Candidate) -> None:
    trail.by_command(town.node.desk, [luc.id], OpenedFor.READ, "Regarder un dossier.")
    trail.by_program(town.node.desk, [luc.id] * 300, OpenedFor.READ)
    assert "Regarder un dossier." in words(town.signed_in(Role.HEAD).get("/comptes/consultations"))


def test_the_last_head_is_closed_by_nobody(town: Town) -> None:
    head, visitor = town.account(Role.HEAD), town.signed_in(Role.ADMINISTRATOR)
    said = words(visitor.send_form(f"/comptes/{head.id}/fermer", f"/comptes/{head.id}"))
    assert "Plus personne ne dirigerait la mission" in said
    with town.node.database.read() as uow:
        assert accounts.find_account(uow, head.id).state is AccountState.ACTIVE


def test_a_list_of_everything_by_a_command_is_in_the_trail(
    maillon: Callable[..., tuple[int, str]], town: Town, luc: Candidate
) -> None:
    assert maillon("candidate", "list")[0] == ExitCode.OK
    assert own_file(town.node.desk, luc.id).accesses == (), "names alone, as the register's page"
    assert maillon("candidate", "list", "--json")[0] == ExitCode.OK
    (line,) = own_file(town.node.desk, luc.id).accesses
    assert (line.last.account, line.last.what) == (COMMAND, OpenedFor.LISTED)


def test_an_erasure_by_a_command_is_told(maillon: Callable[..., tuple[int, str]], town: Town, luc: Candidate) -> None:
    assert maillon("erase", "--candidate", luc.reference)[0] == ExitCode.OK
    said = words(town.signed_in(Role.HEAD).get("/comptes/consultations"))
    assert "personne effacée" in said and "Commande sur le serveur" in said and "Luc" not in said


def test_a_reason_is_one_line(maillon: Callable[..., tuple[int, str]], luc: Candidate) -> None:
    for why in ("x" * 201, "a\nb"):
        code, said = maillon("candidate", "show", luc.reference, "--because", why)
        assert code == ExitCode.USAGE and "200 caractères au plus" in french(said)


def test_a_new_token_replaces_the_one_before(
    maillon: Callable[..., tuple[int, str]], town: Town, luc: Candidate
) -> None:
    before = load_token(town.node.config.token_file)
    assert maillon("account", "token", "--because", "Jeton parti avec un ordinateur.")[0] == ExitCode.OK
    after = load_token(town.node.config.token_file)
    assert before != after and town.node.config.token_file.stat().st_mode & 0o077 == 0
    old = town.visitor(Authorization=f"Bearer {before}")
    assert old.get("/api/v1/status").status_code == 401
