"""Roles, and what each may do: one table, a permission an act."""

from collections.abc import Iterable, Mapping
from typing import Final

from node.mission.terms import Term


class Role(Term):
    """Who uses the node."""

    COUNSELLOR = "counsellor", "Conseiller ou conseillère"
    HEAD = "head", "Responsable"
    CANDIDATE = "candidate", "Candidate ou candidat"
    EMPLOYER = "employer", "Employeur"
    NATIONAL_EMPLOYER = "national_employer", "Employeur national"
    COORDINATOR = "coordinator", "Coordination du réseau"
    ADMINISTRATOR = "administrator", "Administration du serveur"


ACCOUNT_ROLES: Final = (Role.COUNSELLOR, Role.HEAD, Role.COORDINATOR, Role.EMPLOYER, Role.ADMINISTRATOR)
"""Roles that an account may hold, several at once. Candidates have no account: they come by a link or a code."""


class Permission(Term):
    """One action that a page or an endpoint asks for: none stands here that guards nothing (a test says so)."""

    SEE_TODAY = "see_today", "Voir ce qui m'attend aujourd'hui"
    READ_FILES = "read_files", "Lire les dossiers des personnes"
    EDIT_FILES = "edit_files", "Créer et compléter les dossiers"
    READ_OBSTACLES = "read_obstacles", "Voir les freins et l'éligibilité"
    EDIT_OBSTACLES = "edit_obstacles", "Renseigner les freins et l'éligibilité"
    TREAT_DEPOSITS = "treat_deposits", "Traiter les CV déposés"
    SIGN_READY = "sign_ready", "Déclarer un CV prêt"
    MERGE_FILES = "merge_files", "Fusionner des doublons"
    ERASE_FILES = "erase_files", "Effacer une personne"
    HAND_OVER = "hand_over", "Confier un dossier à un collègue"
    RUN_WORKSHOPS = "run_workshops", "Organiser les ateliers"
    MANAGE_DESKS = "manage_desks", "Créer les affiches de dépôt de CV"
    MANAGE_PARTNERS = "manage_partners", "Tenir la liste des partenaires"
    IMPORT_DATA = "import_data", "Importer des fichiers"
    READ_OFFERS = "read_offers", "Lire les offres"
    EDIT_OFFERS = "edit_offers", "Saisir et fermer les offres"
    PUT_FORWARD = "put_forward", "Mettre en relation et garantir"
    PAUSE_EMPLOYERS = "pause_employers", "Mettre en pause les envois vers un employeur"
    ANSWER_SENDINGS = "answer_sendings", "Répondre aux candidatures reçues"
    SEE_TEAM = "see_team", "Voir l'activité de l'équipe"
    READ_TRAIL = "read_trail", "Voir qui a ouvert quel dossier"
    MANAGE_ACCOUNTS = "manage_accounts", "Gérer les comptes"
    GIVE_ACCESS = "give_access", "Donner à quelqu'un l'accès aux dossiers"
    MANAGE_SETTINGS = "manage_settings", "Régler la mission"
    SEE_NETWORK = "see_network", "Avoir l'état du réseau dans son menu"
    ADMIT_MEMBERS = "admit_members", "Admettre et suspendre des membres"
    OPERATE = "operate", "Sauvegarder, surveiller, mettre à niveau"


_COUNSELLOR: Final = frozenset(
    {
        Permission.SEE_TODAY,
        Permission.READ_FILES,
        Permission.EDIT_FILES,
        Permission.READ_OBSTACLES,
        Permission.EDIT_OBSTACLES,
        Permission.TREAT_DEPOSITS,
        Permission.SIGN_READY,
        Permission.MERGE_FILES,
        Permission.ERASE_FILES,
        Permission.HAND_OVER,
        Permission.RUN_WORKSHOPS,
        Permission.MANAGE_DESKS,
        Permission.MANAGE_PARTNERS,
        Permission.IMPORT_DATA,
        Permission.READ_OFFERS,
        Permission.EDIT_OFFERS,
        Permission.PUT_FORWARD,
    }
)


PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.COUNSELLOR: _COUNSELLOR,
    Role.HEAD: _COUNSELLOR
    | {
        Permission.PAUSE_EMPLOYERS,
        Permission.SEE_TEAM,
        Permission.READ_TRAIL,
        Permission.MANAGE_ACCOUNTS,
        Permission.GIVE_ACCESS,
        Permission.MANAGE_SETTINGS,
    },
    Role.COORDINATOR: frozenset({Permission.SEE_NETWORK, Permission.ADMIT_MEMBERS}),
    # Of their own house alone (services/employers/answering.py).
    Role.EMPLOYER: frozenset({Permission.ANSWER_SENDINGS}),
    # Whoever runs the server opens nobody's file, nor gives anybody, themselves included, the means to: that is another
    # job. What they can do on the server itself is told to the head of mission (services/accounts/trail.py).
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEE_NETWORK,
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_SETTINGS,
            Permission.OPERATE,
        }
    ),
}
"""The table role x action. A role that is not in it may do nothing."""


_OPENING: Final = frozenset({Permission.READ_FILES, Permission.ANSWER_SENDINGS})


def opens_files(roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles may open people's files, or the CVs that an employer was sent."""
    return any(_OPENING & PERMISSIONS.get(role, frozenset()) for role in roles)
