"""The table role x action over HTTP, cell by cell: every page and form that asks for a permission, by every role.

The table is written here a second time on purpose, as a data protection officer would read it: a route whose guard
changes, or a new one, fails until somebody says here whose it is. Nothing that an address names exists: whoever may not
is refused before anything is looked up.
"""

import re
from collections.abc import Iterator

import pytest

from node.mission.accounts.roles import ACCOUNT_ROLES, Role
from tests.node.web.conftest import Town, Visitor
from tests.node.web.test_permissions import asked, pages

MISSION = """
GET POST /affiches
GET POST /affiches/{source_id}
GET      /affiches/{source_id}.pdf
POST     /affiches/{source_id}/fermer
GET      /ateliers
GET POST /ateliers/nouveau
GET      /ateliers/{workshop_id}
GET POST /ateliers/{workshop_id}/annuler
POST     /ateliers/{workshop_id}/chercher
POST     /ateliers/{workshop_id}/inviter
GET POST /ateliers/{workshop_id}/modifier
POST     /ateliers/{workshop_id}/prevenir
POST     /ateliers/{workshop_id}/{person}
GET      /ateliers/{workshop_id}/{person}/invitation.ics
POST     /ateliers/{workshop_id}/{person}/prevenu
GET      /aujourdhui
GET POST /candidats
GET      /candidats/{name}
POST     /candidats/selection
POST     /candidats/{name}/acces/code
POST     /candidats/{name}/acces/lien
GET POST /candidats/{name}/accords
GET POST /candidats/{name}/accords/retirer
GET POST /candidats/{name}/candidature-spontanee
GET POST /candidats/{name}/carte
GET      /candidats/{name}/carte.pdf
GET      /candidats/{name}/cv
GET      /candidats/{name}/cv.json
GET      /candidats/{name}/cv/{layout}.pdf
GET POST /candidats/{name}/documents
GET      /candidats/{name}/documents/{document_id}
POST     /candidats/{name}/documents/{document_id}/supprimer
GET      /candidats/{name}/dossier
GET      /candidats/{name}/doublons
GET POST /candidats/{name}/effacer
POST     /candidats/{name}/etat
GET POST /candidats/{name}/embauche
GET POST /candidats/{name}/freins
GET      /candidats/{name}/historique
GET POST /candidats/{name}/identite
GET POST /candidats/{name}/mise-en-relation
GET      /candidats/{name}/offres
POST     /candidats/{name}/orienter
GET POST /candidats/{name}/parcours
GET POST /candidats/{name}/presentation
POST     /candidats/{name}/pret
GET POST /candidats/{name}/projet
GET POST /candidats/{name}/relais
POST     /candidats/{name}/reunir
POST     /candidats/{name}/separer
GET POST /candidats/{name}/suivi
GET POST /chercher
POST     /contacts/{contact_id}/fait
POST     /contacts/{contact_id}/reporter
GET      /correspondances
POST     /correspondances/interet/{choice_id}/ecarter
POST     /correspondances/{news_id}/ecarter
POST     /correspondances/{news_id}/vue
GET      /depots
GET POST /depots/importer
GET POST /depots/nouveau
GET POST /depots/{deposit_id}
GET      /depots/{deposit_id}/document
GET POST /depots/{deposit_id}/jeter
POST     /depots/{deposit_id}/rappele
GET      /doublons
POST     /embauches/{hire_id}
POST     /embauches/{hire_id}/autres
POST     /embauches/{hire_id}/recherche
GET      /envois/{sending_id}
POST     /envois/{sending_id}/courriel
POST     /envois/{sending_id}/destruction
GET      /envois/{sending_id}/destruction.pdf
POST     /envois/{sending_id}/fin
POST     /envois/{sending_id}/lettre
POST     /envois/{sending_id}/mots/{word_id}
GET      /mises-en-relation
GET      /mises-en-relation/jamais-presentees
GET      /mises-en-relation/sans-solution
GET POST /mises-en-relation/{draft_id}/envoi
GET POST /mises-en-relation/{forward_id}
GET      /mises-en-relation/{forward_id}/annoncer
POST     /mises-en-relation/{forward_id}/corriger
GET POST /mises-en-relation/{forward_id}/embauche
GET      /mises-en-relation/{forward_id}/promesse.pdf
GET POST /mises-en-relation/{forward_id}/reponse
GET      /mises-en-relation/{forward_id}/signaler
GET      /offres
GET POST /offres/besoins/nouveau
GET      /offres/besoins/{need_id}
GET POST /offres/besoins/{need_id}/modifier
POST     /offres/besoins/{need_id}/redemander
GET      /offres/doublons
GET      /offres/export.csv
GET      /offres/export.xlsx
GET POST /offres/importer
GET POST /offres/nouvelle
GET      /offres/recues
POST     /offres/recues/{proposal_id}/ecarter
GET      /offres/{node_id}/{offer_id}
POST     /offres/{node_id}/{offer_id}/distinguer
GET POST /offres/{node_id}/{offer_id}/fermer
GET      /offres/{node_id}/{offer_id}/jobposting.json
GET POST /offres/{node_id}/{offer_id}/modifier
GET      /offres/{node_id}/{offer_id}/personnes
GET POST /offres/{node_id}/{offer_id}/preselection
POST     /offres/{node_id}/{offer_id}/reunir
POST     /offres/{node_id}/{offer_id}/separer
POST     /orientations/{referral_id}
GET POST /partenaires
"""
HEADS = """
GET      /comptes/consultations
POST     /comptes/programmes/fin
POST     /employeurs/pause
GET      /equipe
GET POST /equipe/relais
GET POST /equipe/reprises
"""
MANAGERS = """
GET      /comptes
GET POST /comptes/nouveau
GET      /comptes/roles
GET      /comptes/{account_id}
POST     /comptes/{account_id}/delier
POST     /comptes/{account_id}/fermer
POST     /comptes/{account_id}/lien
POST     /comptes/{account_id}/reinitialiser
POST     /comptes/{account_id}/roles
POST     /comptes/{account_id}/rouvrir
"""
EMPLOYERS = """
GET      /candidatures
"""

WHOSE: dict[str, frozenset[Role]] = {
    MISSION: frozenset({Role.COUNSELLOR, Role.HEAD}),
    HEADS: frozenset({Role.HEAD}),
    MANAGERS: frozenset({Role.HEAD, Role.ADMINISTRATOR}),
    EMPLOYERS: frozenset({Role.EMPLOYER}),
}


def cells() -> Iterator[tuple[str, str, frozenset[Role]]]:
    """Method, path, and the roles that may."""
    for table, roles in WHOSE.items():
        for line in table.split("\n")[1:-1]:
            *methods, path = line.split()
            for method in methods:
                yield method, path, roles


def test_every_guarded_page_and_form_is_in_the_table() -> None:
    guarded = {
        (method, route.path)
        for route in pages()
        if any(getattr(one, "permissions", ()) for one in asked(route.dependant))
        for method in route.methods or ()
    }
    assert {(method, path) for method, path, _roles in cells()} == guarded


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_cell(town: Town, role: Role) -> None:
    visitor = town.signed_in(role)
    for method, path, roles in cells():
        status = ask(visitor, method, path)
        assert status < 500, (method, path)
        assert (status != 403) is (role in roles), (method, path, status)


def test_a_candidate_and_a_stranger_are_in_no_cell(town: Town) -> None:
    for visitor in (town.visitor(), town.signed_in(candidate="p1")):
        for method, path, _roles in cells():
            assert ask(visitor, method, path) in (303, 403, 409), (method, path)


def ask(visitor: Visitor, method: str, path: str) -> int:
    """The status of a page, or of its form with nothing typed."""
    named = re.sub(r"\{[^}]+\}", "nobody", path)
    if method == "GET":
        return visitor.get(named, follow_redirects=False).status_code
    return visitor.send_form(named, "/mon-compte", follow=False).status_code
