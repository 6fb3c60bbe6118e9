"""Each page asks for what it needs: none is open by oversight, and each role gets its own."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

import node
from node.mission.accounts.roles import ACCOUNT_ROLES, PERMISSIONS, Permission, Role
from node.mission.deposits.deposit import SourceKind
from node.services.deposits import deposits
from node.services.workshops import workshops
from node.web import SCREENS
from node.web.frame.auth import candidate_session, current_account, current_session
from node.web.frame.pages import NAVIGATION
from tests.node.web.conftest import Town, words

PUBLIC = {
    "/",
    "/etat",
    "/connexion",
    "/connexion/code",
    "/connexion/fournisseur",
    "/connexion/retour",
    "/connexion/demander",
    "/connexion/lien/{token}",
    "/deconnexion",
    "/deconnexion/retour",
    "/composants",
    "/aide",
    "/accessibilite",
    "/donnees-personnelles",
    "/rapprochements",
}
"""Pages for anybody, each on purpose. What candidates hand in and come in by is public too, by its beginning:"""
PUBLIC_BEGINNINGS = (
    "/deposer",
    "/depot",
    "/mon-espace/entrer",
    "/mon-espace/lien",
    "/mon-espace/code",
    "/carte/",
    "/employeur/",
    "/verifier",
    "/recherche",
)


def asked(dependant: Dependant) -> Iterator[object]:
    """Everything that a route depends on."""
    for one in dependant.dependencies:
        yield one.call
        yield from asked(one)


def pages() -> Iterator[APIRoute]:
    """The routes of people."""
    for screen in SCREENS:
        for route in import_module(f"node.web.{screen}").router.routes:
            assert isinstance(route, APIRoute)
            yield route


def test_no_page_is_open_by_oversight() -> None:
    guards = (current_account, candidate_session, current_session)
    open_to_all = {
        route.path
        for route in pages()
        if not any(one in guards or getattr(one, "permissions", ()) for one in asked(route.dependant))
    }
    assert {path for path in open_to_all if not path.startswith(PUBLIC_BEGINNINGS)} == PUBLIC


def test_no_permission_guards_nothing() -> None:
    """Each is asked for by a page, an endpoint, an act or a menu, beside the table that says who has it."""
    root = Path(node.__file__).parent
    guarding: set[str] = set()
    for path in root.rglob("*.py"):
        calls = [one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.Call)]
        for call in calls:
            if ast.unparse(call.func).rpartition(".")[2] in ("require", "may", "Entry"):
                guarding.update(ast.unparse(one) for one in call.args)
    assert guarding >= {f"Permission.{one.name}" for one in Permission}


def test_another_site_sends_no_form_to_any_page(town: Town) -> None:
    visitor = town.signed_in(Role.HEAD)
    for route in pages():
        if "POST" in (route.methods or ()):
            path = re.sub(r"\{[^}]+\}", "1", route.path)
            assert visitor.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, path
            assert visitor.post(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 409, path


PAGES = {
    "/aujourdhui": Permission.SEE_TODAY,
    "/ateliers/nouveau": Permission.RUN_WORKSHOPS,
    "/affiches": Permission.MANAGE_DESKS,
    "/equipe": Permission.SEE_TEAM,
    "/equipe/relais": Permission.SEE_TEAM,
    "/comptes": Permission.MANAGE_ACCOUNTS,
    "/comptes/nouveau": Permission.MANAGE_ACCOUNTS,
    "/comptes/roles": Permission.MANAGE_ACCOUNTS,
    "/comptes/consultations": Permission.READ_TRAIL,
}


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_gets_its_pages(town: Town, role: Role) -> None:
    visitor = town.signed_in(role)
    for path, permission in PAGES.items():
        answer = visitor.get(path)
        if permission in PERMISSIONS[role]:
            assert answer.status_code == 200, path
        else:
            assert (answer.status_code, permission.label in words(answer)) == (403, True), path


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_begins_at_a_page_that_it_may_see(town: Town, role: Role) -> None:
    assert town.signed_in(role).get("/").status_code == 200


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_the_navigation_leads_nowhere_that_is_closed(town: Town, role: Role) -> None:
    page = town.signed_in(role).get("/mon-compte").text
    for entry in NAVIGATION:
        assert (f'href="{entry.path}"' in page.split("<main")[0]) is (entry.permission in PERMISSIONS[role])


def test_an_account_does_not_read_another_ones_links(town: Town) -> None:
    counsellor = town.signed_in(Role.COUNSELLOR)
    head = town.account(Role.HEAD)
    for path in ("lien", "reinitialiser", "delier", "fermer", "rouvrir", "roles"):
        assert counsellor.send_form(f"/comptes/{head.id}/{path}", "/mon-compte").status_code == 403


NAMED = {
    "/ateliers/{workshop}": Permission.RUN_WORKSHOPS,
    "/ateliers/{workshop}/modifier": Permission.RUN_WORKSHOPS,
    "/ateliers/{workshop}/annuler": Permission.RUN_WORKSHOPS,
    "/affiches/{poster}": Permission.MANAGE_DESKS,
    "/affiches/{poster}.pdf": Permission.MANAGE_DESKS,
}
ACTIONS = {
    "/ateliers/{workshop}/modifier": Permission.RUN_WORKSHOPS,
    "/ateliers/{workshop}/annuler": Permission.RUN_WORKSHOPS,
    "/ateliers/{workshop}/prevenir": Permission.RUN_WORKSHOPS,
    "/ateliers/{workshop}/inconnu/prevenu": Permission.RUN_WORKSHOPS,
    "/affiches/{poster}": Permission.MANAGE_DESKS,
    "/affiches/{poster}/fermer": Permission.MANAGE_DESKS,
    "/equipe/relais": Permission.SEE_TEAM,
}


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_does_what_it_may_with_workshops_posters_and_handing_over(town: Town, role: Role) -> None:
    desk, visitor = town.node.desk, town.signed_in(role)
    named = {
        "workshop": workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", "anne").id,
        "poster": deposits.open_source(desk, SourceKind.DESK, "Accueil").id,
    }
    for path, permission in NAMED.items():
        wanted = 200 if permission in PERMISSIONS[role] else 403
        assert visitor.get(path.format(**named)).status_code == wanted, path
    for path, permission in ACTIONS.items():
        answer = visitor.send_form(path.format(**named), "/mon-compte", follow=False)
        assert (answer.status_code == 403) is (permission not in PERMISSIONS[role]), path
        assert answer.status_code in (303, 403, 422), path


def test_nobody_gets_anything(town: Town) -> None:
    visitor = town.visitor()
    for path in (*PAGES, "/mon-compte", "/mon-compte/double-verification", "/saisie"):
        assert visitor.get(path, follow_redirects=False).headers["location"].startswith("/connexion"), path
