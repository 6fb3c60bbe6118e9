"""People and missions of the documents' stories."""

from datetime import UTC, date, datetime

from node.documents.contact import MissionContact
from node.documents.cv import CareerStep, Cv

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)

MONTLUCON = MissionContact(
    name="Mission emploi de Montluçon",
    address="Hôtel de ville, 03100 Montluçon",
    phone="04 70 00 00 00",
    email="emploi@montlucon.example",
)

AICHA = Cv(
    first_name="Aïcha",
    last_name="N'Diaye-Œuvrard",
    headline="Employée de restauration collective",
    phone="06 12 34 56 78",
    email="aicha.ndiaye@example.fr",
    place="Montluçon (03100)",
    profile="Dix ans d'expérience en cuisine : je garde mon calme au moment du « coup de feu ».",
    skills=("Préparer des repas pour 300 convives", "Appliquer les règles d'hygiène", "Gérer les stocks"),
    qualities=("Ponctuelle", "Calme"),
    experience=(
        CareerStep(
            title="Agente de restauration",
            organisation="Lycée Madame-de-Staël",
            place="Montluçon",
            start="2019-09",
            current=True,
            tasks=("Préparation des entrées", "Service au self"),
        ),
        CareerStep(
            title="Employée polyvalente", organisation="Supérette", place="Domérat", start="2014-03", end="2019-08"
        ),
    ),
    education=(CareerStep(title="CAP Agent polyvalent de restauration", organisation="Greta", end="2014"),),
    languages=(("fr", "C2"), ("wo", "")),
    licences=("B",),
    has_vehicle=True,
    mobility="Mobile à 30 km autour de Montluçon",
    available_from=date(2026, 12, 1),
    interests=("Couture", "Chorale"),
)


def endless(word: str, times: int) -> Cv:
    """Somebody who filled in every field with the same word, over and over."""
    text = word * times
    step = CareerStep(title=text, organisation=text, place=text, start="1999-09", end="2001-09", tasks=(text,) * 30)
    return Cv(
        first_name=text,
        last_name=text,
        headline=text,
        phone="0" * times,
        email=word.strip() * times + "@example.fr",
        place=text,
        profile=text * 5,
        skills=(text,) * 80,
        qualities=(text,) * 80,
        experience=(step,) * 60,
        education=(step,) * 60,
        languages=(("en", "B2"), ("xx" * times, "")) * 30,
        licences=("B", "C", "CE", "D"),
        has_vehicle=True,
        mobility=text,
        available_from=date(2027, 1, 1),
        interests=(text,) * 60,
    )
