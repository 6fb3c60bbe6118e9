"""Invented people and offers, as the CSV files that a town would import.

One seed gives one set of files. Occupations and skills are drawn from the reference tables, so that classes of five
and more exist as they do in a real register: a few occupations are common, many are rare.
"""

import csv
import io
import random
from collections.abc import Sequence
from datetime import date, timedelta

from node.referential import Referential
from node.referential.communes import Commune

FIRST_NAMES = (
    "Amina Claire Fatou Hélène Inès Jeanne Karima Léa Mariam Nadia Odile Pauline Rachida Sophie Thérèse Yasmine "
    "Ahmed Bruno Cédric Didier Éric Farid Gilles Hugo Ibrahim Jean-Marc Karim Lucas Mamadou Nicolas Olivier Pascal"
).split()
LAST_NAMES = (
    "Aubert Benali Boulanger Camara Chevalier Dacosta Delmas Diallo Etcheverry Fontaine Garnier Haddad Ibarra Jourdan "
    "Kaci Lambert Lefèvre Mendy Moreau N'Diaye Olivier Petit Quentin Renaud Saïdi Traoré Urruty Vasseur Weber Zidane"
).split()

COMMON = (
    "K2204 N1103 N1105 D1507 D1505 G1602 G1603 K1304 K1302 A1203 F1704 N4105 M1607 N1101 I1203 K2503 F1703 I1604 "
    "M1601 I1629"
).split()
"""Occupations that such missions see most, the commonest first."""

RARE = "H2913 F1602 J1501 K1303 G1803 D1106 I1606 M1601".split()

SOUGHT = "I1629"
"""What the campaign asks for: people who replace windscreens."""

PLAYERS = 6
"""The story needs some people of that occupation in every town, ready and agreeing, whatever the seed."""

EMPLOYERS = (
    "Les Jardins du Centre,Atelier Martin,Résidence des Tilleuls,Transports Caron,Boulangerie Duval,Propreté Services,"
    "Supérette du Marché,Bâtir Ensemble,Cuisines de la Gare,Garage du Canal"
).split(",")

CANDIDATE_COLUMNS = (
    "reference,nom,prenom,email,telephone,commune,metiers,competences,permis,qualification,langues,contrats,"
    "mobilite_km,disponibilite,resume,accord_conservation,accord_reseau,pret_par,pret_le,rencontre,rencontre_le"
).split(",")

OFFER_COLUMNS = (
    "reference,employeur,intitule,rome,description,contrat,duree_mois,heures,salaire,experience,experience_mois,"
    "qualification,competences_exigees,competences_souhaitees,permis,commune,postes,date_fin"
).split(",")


def _occupation(random_: random.Random, referential: Referential) -> str:
    known = [code for code in COMMON if referential.occupations.exists(code)]
    rare = [code for code in RARE if referential.occupations.exists(code)]
    if random_.random() < 0.1:
        return random_.choice(rare)
    weights = [1 / (rank + 2) for rank in range(len(known))]
    return random_.choices(known, weights)[0]


def _csv(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def candidates_csv(town: Commune, count: int, seed: str, today: date, referential: Referential) -> bytes:
    """`count` people of that town and around; most are ready and agree to the network, some are not or do not. Who is
    ready has worked: a CV that says nothing of the past is not to be signed."""
    random_ = random.Random(f"candidates/{town.insee}/{seed}")  # noqa: S311  # invented people, no secret
    rows = []
    for number in range(1, count + 1):
        certain = number <= PLAYERS
        occupation = SOUGHT if certain else _occupation(random_, referential)
        ready = certain or random_.random() < 0.85
        months = random_.choice((6, 12, 24, 36, 60, 120) if ready else (0, 0, 6, 12, 24))
        skills = referential.skills.for_occupation(occupation)
        first, last = random_.choice(FIRST_NAMES), random_.choice(LAST_NAMES)
        met = today - timedelta(days=random_.randrange(1, 90))
        row = {
            "reference": f"C{number:05d}",
            "nom": last,
            "prenom": first,
            "email": f"candidat{number}@{town.insee.lower()}.example",
            "telephone": f"06 00 {number // 10000:02d} {number // 100 % 100:02d} {number % 100:02d}",
            "commune": town.insee,
            "metiers": f"{occupation}:{months}",
            "competences": "|".join(sorted(random_.sample(skills, min(len(skills), random_.randrange(3, 8))))),
            "permis": random_.choice(("", "B", "B", "B|C")),
            "qualification": str(random_.choice((1, 2, 3, 4, 5, 6))),
            "langues": random_.choice(("fr:C2", "fr:C1|ar:C1", "fr:B1|en:B1", "fr:C2|es:B2")),
            "contrats": random_.choice(("", "CDI|CDD", "CDI|CDD|MIS")),
            "mobilite_km": str(random_.choice((5, 10, 15, 25, 40, 60))),
            "disponibilite": (today + timedelta(days=random_.randrange(0, 30))).isoformat(),
            "resume": f"{months} mois d'expérience ; parcours revu en atelier.",
            "accord_conservation": met.isoformat(),
        }
        if ready:
            row |= {
                "pret_par": "Une conseillère",
                "pret_le": met.isoformat(),
                "rencontre": random_.choice(("en personne", "téléphone")),
                "rencontre_le": met.isoformat(),
            }
        if certain or random_.random() < 0.85:
            row["accord_reseau"] = met.isoformat()
        rows.append(row)
    return _csv(CANDIDATE_COLUMNS, rows)


def offers_csv(town: Commune, count: int, seed: str, today: date, referential: Referential) -> bytes:
    """`count` offers of employers of that town."""
    random_ = random.Random(f"offers/{town.insee}/{seed}")  # noqa: S311
    rows = []
    for number in range(1, count + 1):
        occupation = _occupation(random_, referential)
        rows.append(
            offer_row(
                f"O{number:04d}",
                random_.choice(EMPLOYERS),
                occupation,
                town.insee,
                random_.randrange(1, 4),
                today + timedelta(days=random_.randrange(30, 90)),
                random_,
                referential,
            )
        )
    return _csv(OFFER_COLUMNS, rows)


def offer_row(
    reference: str,
    employer: str,
    occupation: str,
    commune: str,
    posts: int,
    closes: date,
    random_: random.Random,
    referential: Referential,
) -> dict[str, str]:
    """One line of an offers file; lines with one reference are the sites of one offer."""
    skills = referential.skills.for_occupation(occupation)
    wanted = sorted(random_.sample(skills, min(len(skills), 4)))
    label = referential.occupations.label(occupation) or occupation
    return {
        "reference": reference,
        "employeur": employer,
        "intitule": label,
        "rome": occupation,
        "description": f"{label} pour {employer}.",
        "contrat": random_.choice(("CDI", "CDI", "CDD")),
        "heures": "35",
        "salaire": "Selon convention collective",
        "experience": random_.choice(("D", "S")),
        "competences_exigees": "|".join(wanted[:2]),
        "competences_souhaitees": "|".join(wanted[2:]),
        "commune": commune,
        "postes": str(posts),
        "date_fin": closes.isoformat(),
    }


def campaign_csv(
    reference: str,
    employer: str,
    occupation: str,
    sites: Sequence[tuple[Commune, int]],
    closes: date,
    referential: Referential,
) -> bytes:
    """One campaign: the same offer over many sites, a line a site."""
    random_ = random.Random(f"campaign/{reference}")  # noqa: S311
    first = offer_row(reference, employer, occupation, "", 1, closes, random_, referential) | {
        "contrat": "CDI",
        "experience": "D",
        "competences_exigees": "",
    }
    rows = [first | {"commune": commune.insee, "postes": str(posts)} for commune, posts in sites]
    return _csv(OFFER_COLUMNS, rows)
