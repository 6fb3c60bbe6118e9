"""What was read in a document, as the fields of a person's file: what a counsellor confirms, and programs are told.

Guarantees: values are those of `rules.EDITABLE`, in its codes; a job whose dates could not be read is not a job that
goes on. Read next: `reading.py`; `node/reading/proposals.py`.
"""

from typing import Any, Final

from node.mission.people.candidate import Diploma, Experience, Job
from node.reading.dates import Moment
from node.reading.proposals import Proposal, ProposedDiploma, ProposedExperience

MOST_OCCUPATIONS: Final = 3
_OF_ONE_VALUE: Final = ("first_name", "last_name", "email", "phone", "commune", "birth_date")


def proposed_fields(proposal: Proposal) -> dict[str, Any]:
    """The fields for which the document gives a value, and no others."""
    one_by_one = {name: getattr(proposal, name) for name in (*_OF_ONE_VALUE, "vehicle")}
    values: dict[str, Any] = {name: found.value for name, found in one_by_one.items() if found is not None}
    lists: dict[str, tuple[Any, ...]] = {
        "occupations": tuple(
            Experience(rome=one.rome, months=one.months, appellation=one.appellation)
            for one in proposal.occupations[:MOST_OCCUPATIONS]
        ),
        "skills": tuple(one.value for one in proposal.skills),
        "licences": tuple(one.value for one in proposal.licences),
        "languages": tuple((one.code, one.level) for one in proposal.languages),
        "jobs": tuple(map(job_of, proposal.experiences)),
        "diplomas": tuple(map(diploma_of, proposal.diplomas)),
    }
    return values | {name: found for name, found in lists.items() if found}


def job_of(told: ProposedExperience) -> Job:
    """A job as a file keeps it."""
    return Job(
        title=told.title,
        employer=told.employer.value if told.employer else "",
        place=told.place.value if told.place else "",
        rome=told.rome,
        start=_month(told.start),
        end=_month(told.end),
        current=told.start is not None and told.end is None and not told.end_unread,
        tasks=tuple(task.value for task in told.tasks),
    )


def diploma_of(told: ProposedDiploma) -> Diploma:
    """A diploma as a file keeps it."""
    return Diploma(label=told.words, level=told.level, year=told.year)


def _month(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return f"{moment.year}-{moment.month:02}" if moment.month else str(moment.year)
