"""What is printed of a person's file: the CV in its layouts, the card, JSON Resume.

Guarantees: only what the file holds is printed; neither birth date nor obstacles are; the photograph only where the
caller asks for it.

Read next: `node/documents`.
"""

from typing import Any

from node.documents.card import Card
from node.documents.contact import MissionContact
from node.documents.curriculum import CareerStep, Cv
from node.mission.people.candidate import Candidate, Job
from node.mission.people.rules import MAX_CARD_SKILLS
from node.reading.json_resume import write_resume
from node.referential import Referential


def cv_of(person: Candidate, referential: Referential) -> Cv:
    """The person's CV as it is printed."""
    commune = referential.communes.get(person.commune)
    place = ""
    if commune is not None:
        place = " ".join([*commune.postal_codes[:1], commune.name])
    return Cv(
        first_name=person.first_name,
        last_name=person.last_name,
        headline=occupation_labels(person, referential)[0] if person.occupations else "",
        phone=person.phone,
        email=person.email,
        place=place,
        profile=person.summary,
        skills=skill_labels(person, referential),
        qualities=person.qualities,
        experience=tuple(_step(job) for job in person.jobs),
        education=tuple(
            CareerStep(title=one.label, organisation=one.school, end=str(one.year) if one.year else "")
            for one in person.diplomas
        ),
        languages=person.languages,
        licences=tuple(sorted(person.licences)),
        has_vehicle=person.vehicle,
        mobility=_mobility(person, commune.name if commune is not None else ""),
        available_from=person.availability,
        interests=person.interests,
    )


def card_of(
    person: Candidate,
    referential: Referential,
    mission: MissionContact,
    *,
    photo: bytes | None = None,
    own_contact: str = "",
) -> Card:
    """The person's card; photograph and contact only as they were ticked."""
    return Card(
        first_name=person.first_name or person.last_name,
        qualities=person.qualities,
        skills=tuple(referential.skills.label(code) or code for code in card_skills(person, referential)),
        words=person.words,
        occupations=occupation_labels(person, referential),
        photo=photo,
        contact=mission,
        own_contact=own_contact,
    )


def card_skills(person: Candidate, referential: Referential) -> tuple[str, ...]:
    """The codes of the skills on the card: those chosen for it that the person still has; before a choice, as many as
    there is room for."""
    if person.card_skills is not None:
        return tuple(code for code in person.card_skills if code in person.skills)
    return skill_codes(person, referential)[:MAX_CARD_SKILLS]


def resume_of(person: Candidate, referential: Referential) -> dict[str, Any]:
    """JSON Resume, with the jobs and diplomas of the file."""
    resume = write_resume(person, referential)
    work = [
        {
            "name": job.employer,
            "position": job.title,
            "location": job.place,
            "startDate": job.start,
            "endDate": "" if job.current else job.end,
            "highlights": list(job.tasks),
        }
        for job in person.jobs
    ]
    education = [
        {"institution": one.school, "studyType": one.label, "endDate": str(one.year) if one.year else ""}
        for one in person.diplomas
    ]
    resume["work"] = [_filled(row) for row in work]
    resume["education"] = [_filled(row) for row in education]
    return _filled(resume)


def skill_labels(person: Candidate, referential: Referential) -> tuple[str, ...]:
    """In the order of the alphabet."""
    return tuple(sorted(referential.skills.label(code) or code for code in person.skills))


def skills_told(codes: str, referential: Referential) -> str:
    """A line of the history that lists skills by their codes, for reading; what is no code stays."""
    return ", ".join(referential.skills.label(code) or code for code in codes.split(", "))


def skill_codes(person: Candidate, referential: Referential) -> tuple[str, ...]:
    """The same, as codes."""
    return tuple(sorted(person.skills, key=lambda code: (referential.skills.label(code) or code, code)))


def occupation_labels(person: Candidate, referential: Referential) -> tuple[str, ...]:
    """The appellations that the person chose, the preferred one first; where there is none, the occupation's label."""
    return tuple(one.called(referential.occupations.label(one.rome)) for one in person.occupations)


def _step(job: Job) -> CareerStep:
    return CareerStep(
        title=job.title,
        organisation=job.employer,
        place=job.place,
        start=job.start,
        end=job.end,
        current=job.current,
        tasks=job.tasks,
    )


def _mobility(person: Candidate, home: str) -> str:
    if person.relocates:
        return "Mobile dans toute la France"
    if not home or not person.mobility_km:
        return ""
    return f"Mobile à {person.mobility_km} km autour de {home}"


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value}
