"""Employers, towns and tasks of jobs, in the many ways in which French CVs set them."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.reading import judged_settings
from node.documents.cv import CareerStep, Cv, Layout, cv_pdf
from node.kit.clean_text import is_line
from node.mission.people.rules import MAX_LINE
from node.reading.blocks import MOST_TASKS
from node.reading.contacts import tells_contact
from node.reading.organisations import NameLikeness, judge_name
from node.reading.proposals import Proposal, Spot
from node.reading.proposing import Proposer
from node.reading.reading import read_document
from node.reading.shapes import Kind, Line, ReadDocument
from node.referential import load
from tests.node.reading.cvs.settings import HEADS, set_cv

TODAY = date(2026, 11, 23)
REFERENTIAL = load()
PROPOSER = Proposer(REFERENTIAL)
NADIA = "Nadia Benali\n06 12 34 56 78\nnadia@example.org\n03100 Montluçon\n"

SKILLS = ("Encaissement", "Mise en rayon", "Conseil à la clientèle", "Inventaire")

Told = tuple[str, str, str, list[str]]
"""Title, employer, town and tasks of one job, as proposed."""


def propose(text: str) -> Proposal:
    lines = tuple(Line(line) for line in text.splitlines() if line.strip())
    return PROPOSER.propose(ReadDocument(kind=Kind.TEXT, lines=lines), TODAY)


def told(proposal: Proposal) -> list[Told]:
    return [
        (
            job.title,
            job.employer.value if job.employer else "",
            job.place.value if job.place else "",
            [task.value for task in job.tasks],
        )
        for job in proposal.experiences
    ]


def jobs(text: str) -> list[Told]:
    """The jobs of a CV with this part about experience."""
    return told(propose(f"{NADIA}Expérience professionnelle\n{text}"))


@pytest.mark.parametrize(
    ("line", "title", "employer", "town"),
    [
        ("2019-2023 Vendeuse, Carrefour, Montluçon", "Vendeuse", "Carrefour", "Montluçon"),
        ("2018-2022 : Carrefour, Vendeuse (CDD 6 mois), Montluçon", "Vendeuse", "Carrefour", "Montluçon"),
        ("Maçon chez Bâti Nord, 2015-2018", "Maçon", "Bâti Nord", ""),
        (
            "Entrepôts du Bourget — préparatrice de commandes — 2019-2021",
            "préparatrice de commandes",
            "Entrepôts du Bourget",
            "Le Bourget",
        ),
        ("2019 - 2023\tVendeuse\tLeclerc\tDomérat", "Vendeuse", "Leclerc", "Domérat"),
        ("CDI\tAgent de propreté\tOnet Services\tDrancy\t2018-2022", "Agent de propreté", "Onet Services", "Drancy"),
        (
            "Serveuse en CDI au restaurant Le Bistrot à Bordeaux (2018-2020)",
            "Serveuse en CDI",
            "restaurant Le Bistrot",
            "Bordeaux",
        ),
        ("De 2018 à 2020, j'ai travaillé comme vendeuse chez Kiabi à Roubaix.", "vendeuse", "Kiabi", "Roubaix"),
        (
            "2016-2017 : Intérim - Préparateur de commandes (Manpower, Le Havre)",
            "Préparateur de commandes",
            "Manpower",
            "Le Havre",
        ),
        (
            "2014-2015 : Stage de 2 semaines, secrétaire, Mairie de Saint-Denis",
            "secrétaire",
            "Mairie de Saint-Denis",
            "Saint-Denis",
        ),
        ("2018-2022 SECRÉTAIRE - SARL DUPONT - LILLE (59)", "SECRÉTAIRE", "SARL DUPONT", "Lille"),
        ("2015-2016 Caissière – Carrefour Montluçon", "Caissière", "Carrefour Montluçon", "Montluçon"),
        ("2019-2021 Vendeuse – Orange", "Vendeuse", "Orange", ""),
        ("2010-2015 Femme de ménage pour particuliers", "Femme de ménage", "particuliers", ""),
        (
            "Technicien de maintenance | Michelin (Clermont-Ferrand) | 01/2019 – 06/2021",
            "Technicien de maintenance",
            "Michelin",
            "Clermont-Ferrand",
        ),
        ("2017-2019 Garde d'enfants, famille Lemoine, Lyon 3e", "Garde d'enfants", "famille Lemoine", "Lyon"),
        ("2015-2018 Plombier / Garage Laval", "Plombier", "Garage Laval", ""),
        ("2020-2022 ASH, EHPAD Les Tilleuls, 12 rue des Lilas, 03410 Domérat", "ASH", "EHPAD Les Tilleuls", "Domérat"),
        ("2013-2014 Serveur / barman", "Serveur", "", ""),
        ("2012-2013 Employée de libre-service, rayon frais", "Employée de libre-service", "", ""),
        ("2011-2012 Vendeuse, CDD, temps partiel, 35h", "Vendeuse", "", ""),
        ("2009-2010 Vendeuse, Montluçon", "Vendeuse", "", "Montluçon"),
    ],
)
def test_one_line_in_any_order(line: str, title: str, employer: str, town: str) -> None:
    assert jobs(line) == [(title, employer, town, [])]


def test_the_title_then_the_employer_then_what_was_done() -> None:
    assert jobs(
        "Vendeuse en boulangerie\n"
        "Boulangerie Martin, Commentry\n"
        "mars 2019 - juin 2021\n"
        "- Vente et encaissement\n"
        "- Nettoyage du magasin et de la\n"
        "vitrine en fin de journée\n"
        "Agent d'entretien\n"
        "Mairie de Montluçon\n"
        "2015 - 2018\n"
        "- Entretien des bureaux"
    ) == [
        (
            "Vendeuse en boulangerie",
            "Boulangerie Martin",
            "Commentry",
            ["Vente et encaissement", "Nettoyage du magasin et de la vitrine en fin de journée"],
        ),
        ("Agent d'entretien", "Mairie de Montluçon", "Montluçon", ["Entretien des bureaux"]),
    ]


def test_the_employer_first() -> None:
    assert jobs(
        "Carrefour Market\nCaissière\n2019 - 2021\n- Encaissement\n"
        "Dupont Nettoyage\nAgent d'entretien\n2015 - 2018\n- Nettoyage des écoles"
    ) == [
        ("Caissière", "Carrefour Market", "", ["Encaissement"]),
        ("Agent d'entretien", "Dupont Nettoyage", "", ["Nettoyage des écoles"]),
    ]


def test_dates_alone_on_a_line_and_headings_of_tasks() -> None:
    assert jobs(
        "2019 - 2021\nCaissière\nCarrefour Market, Désertines\nMissions :\n- Encaissement\n- Accueil des clients\n"
        "2015 - 2018\nAgent d'entretien\nMairie de Domérat\nTâches principales : nettoyage des écoles"
    ) == [
        ("Caissière", "Carrefour Market", "Désertines", ["Encaissement", "Accueil des clients"]),
        ("Agent d'entretien", "Mairie de Domérat", "Domérat", ["nettoyage des écoles"]),
    ]


def test_a_heading_of_tasks_that_could_be_one_of_the_cv() -> None:
    assert jobs(
        "Vendeuse, Carrefour, 2015-2018\nMissions réalisées :\n- caisse\n- rayon\n"
        "Caissière, Lidl, 2012-2015\nMissions effectuées :\n- encaissement"
    ) == [("Vendeuse", "Carrefour", "", ["caisse", "rayon"]), ("Caissière", "Lidl", "", ["encaissement"])]


def test_the_employer_below_the_title_is_a_habit() -> None:
    assert jobs(
        "Aide à domicile 2018 – 2020\nADMR\nToilette, repas, courses\n"
        "Aide-soignante 2015 – 2017\nEHPAD Les Tilleuls - 03410 Domérat\nToilette, repas"
    ) == [
        ("Aide à domicile", "ADMR", "", ["Toilette, repas, courses"]),
        ("Aide-soignante", "EHPAD Les Tilleuls", "Domérat", ["Toilette, repas"]),
    ]


def test_what_was_done_is_no_employer() -> None:
    assert jobs(
        "Cuisinier 2018-2020\nPréparation des repas\nPlonge\nServeur 2016-2018\nService en salle\n"
        "Cariste 2014-2016\nAu sein d'une équipe de 5 personnes\n- chargement\n- inventaire"
    ) == [
        ("Cuisinier", "", "", ["Préparation des repas", "Plonge"]),
        ("Serveur", "", "", ["Service en salle"]),
        ("Cariste", "", "", ["Au sein d'une équipe de 5 personnes", "chargement", "inventaire"]),
    ]


def test_labelled_fields() -> None:
    assert jobs(
        "Intitulé du poste : Maçon\nEmployeur : Bâti Nord\nLieu : Roubaix\nDates : 2018 - 2022\n"
        "Tâches : coffrage, ferraillage\n"
        "Intitulé du poste : Peintre\nEmployeur : Déco Plus\nLieu : Lille\nDates : 2015 - 2018\nTâches : peinture"
    ) == [
        ("Maçon", "Bâti Nord", "Roubaix", ["coffrage, ferraillage"]),
        ("Peintre", "Déco Plus", "Lille", ["peinture"]),
    ]


def test_tasks_that_share_a_line() -> None:
    assert jobs(
        "Chauffeur-livreur – DPD – Bègles – mars 2020 à mai 2022\n"
        "Livraison de 80 colis par jour ; relation client ; tenue du camion\n"
        "Vigile, Prosegur, 2016-2018\n• Rondes • Contrôle d'accès\t• Accueil\n"
        "Électricien, Eiffage, 2014-2016\nTirage de câbles. Pose d'appareillages. Suivi sur GMAO.\n"
        "Employée polyvalente de restauration, Burger King : caisse, cuisine (2012-2013)"
    ) == [
        (
            "Chauffeur-livreur",
            "DPD",
            "Bègles",
            ["Livraison de 80 colis par jour", "relation client", "tenue du camion"],
        ),
        ("Vigile", "Prosegur", "", ["Rondes", "Contrôle d'accès", "Accueil"]),
        ("Électricien", "Eiffage", "", ["Tirage de câbles.", "Pose d'appareillages.", "Suivi sur GMAO."]),
        ("Employée polyvalente de restauration", "Burger King", "", ["caisse, cuisine"]),
    ]


def test_jobs_without_dates() -> None:
    assert jobs("Cariste, 3 ans, Geodis\nMaçon, 18 mois chez Bouygues\n- coulage de dalles") == [
        ("Cariste", "Geodis", "", []),
        ("Maçon", "Bouygues", "", ["coulage de dalles"]),
    ]


def test_a_job_that_begins_in_small_letters_is_no_part_of_the_task_above() -> None:
    assert jobs(
        "mars 2019 - mai 2021 : vendeuse, Kiabi\n• Conseil\navril 2016 - mai 2018 : caissière, Lidl\n• Encaissement"
    ) == [("vendeuse", "Kiabi", "", ["Conseil"]), ("caissière", "Lidl", "", ["Encaissement"])]


def test_a_word_that_begins_as_a_month_does_ends_its_task() -> None:
    assert jobs("Cariste, Geodis, 2015-2018\nChargement et déchargement\nContrôle des colis") == [
        ("Cariste", "Geodis", "", ["Chargement et déchargement", "Contrôle des colis"])
    ]


def test_a_date_of_birth_opens_no_job() -> None:
    assert jobs("Née le 12/03/1991\n2015-2018\nVendeuse") == [("Vendeuse", "", "", [])]


def test_how_to_reach_the_person_is_never_a_task_or_an_employer() -> None:
    found = propose(
        "Nadia Benali\nVendeuse\n12 rue des Lilas\n03100 Montluçon\n"
        "Expériences\n"
        "2015-2018\nVendeuse\nnadia@example.org\n06 12 34 56 78\nNée le 12/03/1991\n3 bis, avenue Jean Jaurès\n"
        "- Accueil au 06 12 34 56 78\n- Encaissement\n- www.example.org/nadia"
    )
    assert told(found) == [("Vendeuse", "", "", ["Encaissement"])]


def test_without_headings_what_follows_the_last_job_is_not_taken_for_it() -> None:
    assert told(
        propose(
            "Nadia Benali\nVendeuse\n12 rue des Lilas\n06 12 34 56 78\n03100 Montluçon\n"
            "2015-2018 Vendeuse, Carrefour\n- caisse\n2012-2015 Caissière, Lidl\nAnglais scolaire\nPermis B"
        )
    ) == [("Vendeuse", "Carrefour", "", ["caisse"]), ("Caissière", "Lidl", "", [])]
    assert told(propose("Nadia Benali\nVendeuse\nRésidence Les Acacias\n06 12 34 56 78\nAnglais scolaire")) == [
        ("Vendeuse", "", "", [])
    ]


@pytest.mark.parametrize("layout", list(Layout))
def test_the_cvs_that_this_node_prints(layout: Layout) -> None:
    steps = (
        CareerStep(
            title="Vendeuse",
            organisation="Carrefour",
            place="Montluçon",
            start="2019-03",
            end="2023-06",
            tasks=(
                "Accueil et conseil des clients tout au long de la journée, y compris le samedi et les jours de forte "
                "affluence",
                "Encaissement",
            ),
        ),
        CareerStep(
            title="Préparatrice de commandes",
            organisation="Entrepôts du Bourget",
            place="Le Bourget",
            start="2016",
            end="2018",
            tasks=("Préparation des commandes au scan",),
        ),
        CareerStep(title="Aide à domicile", organisation="ADMR", start="2014-01", end="2015-12"),
        CareerStep(title="Employée polyvalente", organisation="Supérette", place="Domérat", start="2012", end="2013"),
    )
    cv = Cv(
        first_name="Nadia",
        last_name="Ben Salah",
        phone="06 12 34 56 78",
        place="23000 Guéret",
        skills=SKILLS,
        experience=steps,
    )
    found = PROPOSER.propose(read_document(cv_pdf(cv, layout, TODAY).pdf, "cv.pdf"), TODAY)
    assert told(found) == [(step.title, step.organisation, step.place, list(step.tasks)) for step in steps]


def test_the_persons_town_beside_a_job_is_not_the_jobs() -> None:
    found = propose(
        "Nadia Benali\n06 12 34 56 78\nExpérience\n23000 Guéret\tCarrefour, Montluçon\t2019-2023\nVendeuse\n- caisse"
    )
    assert found.commune and found.commune.value == "23096"
    assert told(found) == [("Vendeuse", "Carrefour", "Montluçon", ["caisse"])]


def test_jobs_set_in_many_ways() -> None:
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for number in range(2 * len(HEADS)):
        cv = set_cv(number)
        for field, good in judged_settings(cv, propose("\n".join(cv.lines))):
            asked[field] += 1
            right[field] += good
    assert all(right[field] >= 0.95 * asked[field] for field in ("employer", "town", "all tasks")), (right, asked)


def test_each_value_shows_where_it_stands() -> None:
    text = f"{NADIA}Expériences\n2019-2023 Vendeuse chez Kiabi à Roubaix\n- Conseil et\nencaissement\n- Mise en rayon"
    (job,) = propose(text).experiences
    assert job.employer and job.employer.at and job.place and job.place.at
    line = text.splitlines()[job.employer.at.line]
    assert line[job.employer.at.start : job.employer.at.end] == "Kiabi"
    assert "Roubaix" in line[job.place.at.start : job.place.at.end]
    assert [task.at and task.at.line for task in job.tasks] == [6, 8]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mairie de Lormont", NameLikeness.ORGANISATION),
        ("les Ateliers Roche", NameLikeness.ORGANISATION),
        ("Dupont & Fils SARL", NameLikeness.ORGANISATION),
        ("Bâti Nord", NameLikeness.NAME),
        ("L'Oréal", NameLikeness.NAME),
        ("Peinture Service", NameLikeness.NAME),
        ("Heppner", NameLikeness.NAME),
        ("rayon fruits et légumes", NameLikeness.UNKNOWN),
        ("Famille d'accueil pour enfants", NameLikeness.UNKNOWN),
        ("Nettoyage des bureaux", NameLikeness.DEED),
        ("Nettoyer les bureaux", NameLikeness.DEED),
        ("ENCAISSEMENT DES CLIENTS", NameLikeness.DEED),
        ("CDD de 6 mois à temps plein", NameLikeness.TERMS),
        ("35h", NameLikeness.TERMS),
        ("—", NameLikeness.TERMS),
    ],
)
def test_what_a_phrase_looks_like(text: str, expected: NameLikeness) -> None:
    assert judge_name(text) is expected


words = st.sampled_from(
    "Expérience 2015-2018 2019 mars à ce jour vendeuse Maçon cariste chez Carrefour Mairie de Montluçon Lille Missions "
    "SARL nettoyage Encaissement - • : ; , ( ) \t 06 12 34 56 78 x@example.org 12 rue CDD Employeur Poste".split(" ")
)
texts = st.lists(st.lists(words | st.text(max_size=8), max_size=12).map(" ".join), max_size=25)


@settings(max_examples=60)
@given(texts, st.sampled_from(["", "Expérience professionnelle"]), st.integers(1, 60))
def test_whatever_the_text_what_is_proposed_fits_a_job_and_stands_there(
    body: list[str], heading: str, times: int
) -> None:
    lines = [heading, *body, "- " + "aide aux clients " * times]
    found = PROPOSER.propose(ReadDocument(kind=Kind.TEXT, lines=tuple(map(Line, lines))), TODAY)

    def stands(value: str, at: Spot | None) -> bool:
        """Whether the value begins in the line to which it points."""
        assert at is not None and 0 <= at.start <= at.end <= len(lines[at.line])
        return value[:1] in lines[at.line][at.start :]

    for job in found.experiences:
        assert len(job.tasks) <= MOST_TASKS
        for one in (job.employer, *job.tasks):
            if one is not None:
                assert one.value.strip() and len(one.value) <= MAX_LINE and is_line(one.value)
                assert stands(one.value, one.at) and not tells_contact(one.value)
                assert 0 <= one.confidence <= 1
        if job.place is not None:
            assert REFERENTIAL.communes.find(job.place.value)
