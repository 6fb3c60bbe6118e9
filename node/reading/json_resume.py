"""JSON Resume (https://jsonresume.org/schema, 1.0): into a proposal, and out of a candidate.

Guarantees: reading never raises, whatever the object holds, and is bounded; writing gives only what the schema names
and what the candidate's own record holds, ready for `json.dumps`. Codes travel in `x-maillon`, so that what one town
wrote another reads without guessing.

Read next: `proposals.py`.
"""

import itertools
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from node.mission.people.candidate import Candidate
from node.mission.terms import language_code, language_name
from node.reading import contacts, levels, names
from node.reading.blocks import MOST_TASKS, fitting
from node.reading.dates import Moment, Period, moments, says_now
from node.reading.experience import occupations
from node.reading.leftover import MOST as MOST_UNREAD
from node.reading.lookups import SkillPhrases, Titles
from node.reading.plain import tidy
from node.reading.proposals import (
    Proposal,
    Proposed,
    ProposedDiploma,
    ProposedExperience,
    ProposedLanguage,
    ProposedOccupation,
    Remark,
)
from node.reading.shapes import Line
from node.referential import Commune, Referential

SCHEMA: Final = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
_MOST: Final = 60
_MOST_DIGITS: Final = 100_000
_LONGEST: Final = 300
_LONGEST_LANGUAGE: Final = 60
_SURE: Final = 0.9
_LONGEST_CAREER: Final = 600


def read_resume(
    resume: Mapping[str, Any], referential: Referential, titles: Titles, skills: SkillPhrases, today: date
) -> Proposal:
    """What a JSON Resume says, in this node's codes."""
    basics = _object(resume.get("basics"))
    location = _object(basics.get("location"))
    own = _object(resume.get("x-maillon"))
    first, last = _text(own.get("firstName")), _text(own.get("lastName"))
    if not (first and last):
        first, last = names.apart(_text(basics.get("name")), _text(basics.get("email")))
    mail = contacts.email([Line(_text(basics.get("email")))])
    phone = contacts.phone([Line(_text(basics.get("phone")))])
    commune, unknown = _home(location, referential)
    jobs = list(_jobs(resume, titles, today))
    headline = titles.best(_text(basics.get("label")), 1)
    trades = list(_own_occupations(own, titles)) or occupations(
        jobs, [(match, None) for match in headline], titles, today
    )
    held = {trade.rome for trade in trades}
    footprint = referential.skills.footprint
    phrases = told = [phrase for entry in _objects(resume.get("skills")) for phrase in _phrases(entry)]
    phrases = told + [_text(line) for entry in _objects(resume.get("work")) for line in _list(entry.get("highlights"))]
    coded = (code for code in _list(own.get("skills")) if isinstance(code, str) and referential.skills.exists(code))
    known = {code: Proposed(code, _SURE) for code in coded}
    unread = [] if known else list(filter(None, told))
    for phrase in phrases[: 4 * _MOST]:
        match = skills.best(phrase, lambda code: not held.isdisjoint(footprint(code)))
        if match is not None and phrase in unread:
            unread.remove(phrase)
        if match is not None and match.code not in known:
            known[match.code] = Proposed(match.code, round(match.score, 2))
    remarks = [Remark.NO_CONTACT] if mail is None and phone is None else []
    remarks += [Remark.NO_NAME] if not (first and last) else []
    remarks += [Remark.UNKNOWN_POSTAL_CODE] if unknown and commune is None else []
    return Proposal(
        first_name=Proposed(first, _SURE) if first else None,
        last_name=Proposed(last, _SURE) if last else None,
        email=Proposed(mail.value, _SURE) if mail else None,
        phone=Proposed(phone.value, _SURE) if phone else None,
        commune=Proposed(commune.insee, _SURE) if commune else None,
        occupations=tuple(trades),
        experiences=tuple(jobs),
        skills=tuple(known.values()),
        languages=tuple(_languages(resume)),
        licences=tuple(_licences(resume)),
        diplomas=tuple(_diplomas(resume, today)),
        remarks=tuple(remarks),
        unread=tuple(dict.fromkeys([*unread, *_other_certificates(resume)]))[:MOST_UNREAD],
    )


def _home(location: Mapping[str, Any], referential: Referential) -> tuple[Commune | None, bool]:
    """The commune, and whether a postal code was told that nobody knows. A postal code stands in a field of its own, as
    a number too, or in the address."""
    told, city = location.get("postalCode"), _text(location.get("city"))
    code = f"{told:05}" if isinstance(told, int) and 0 < told < _MOST_DIGITS else _text(told)
    where = f"{code or _text(location.get('address'))} {city}".strip()
    found = contacts.commune([Line(where)], [0], referential.communes) if where else contacts.PlaceFound(None)
    if found.commune is not None:
        return referential.communes.get(found.commune.value), False
    return referential.communes.resolve(city) if city else None, found.unknown_postal_code


def write_resume(candidate: Candidate, referential: Referential) -> dict[str, Any]:
    """A candidate's own record as a JSON Resume, for that person or a dossier: it holds their contacts."""
    commune = referential.communes.get(candidate.commune)
    trades = candidate.occupations
    called = {one.rome: one.called(referential.occupations.label(one.rome)) for one in trades}
    basics: dict[str, Any] = {
        "name": f"{candidate.first_name} {candidate.last_name}",
        "label": called[trades[0].rome] if trades else "",
        "email": candidate.email,
        "phone": candidate.phone,
        "summary": candidate.summary,
    }
    if commune is not None:
        codes = commune.postal_codes
        basics["location"] = {"postalCode": codes[0] if codes else "", "city": commune.name, "countryCode": "FR"}
    resume: dict[str, Any] = {
        "$schema": SCHEMA,
        "basics": {key: value for key, value in basics.items() if value},
        "skills": [{"name": referential.skills.label(code) or code} for code in sorted(candidate.skills)],
        "languages": [{"language": language_name(code), "fluency": level} for code, level in candidate.languages],
        "certificates": [{"name": f"Permis {licence}"} for licence in sorted(candidate.licences)],
        "x-maillon": {
            "firstName": candidate.first_name,
            "lastName": candidate.last_name,
            "occupations": [{"rome": one.rome, "label": called[one.rome], "months": one.months} for one in trades],
            "skills": sorted(candidate.skills),
        },
    }
    return {key: value for key, value in resume.items() if value}


def _own_occupations(own: Mapping[str, Any], titles: Titles) -> Iterator[ProposedOccupation]:
    """The codes that another town's node wrote, as far as this edition knows them."""
    for entry in _objects(own.get("occupations")):
        rome, months = entry.get("rome"), entry.get("months")
        if isinstance(rome, str) and titles.knows(rome) and isinstance(months, int) and 0 <= months <= _LONGEST_CAREER:
            yield ProposedOccupation(
                rome=rome,
                label=titles.label(rome),
                months=months,
                confidence=_SURE,
                at=None,
                appellation=titles.appellation(rome, _text(entry.get("label"))),
            )


def _jobs(resume: Mapping[str, Any], titles: Titles, today: date) -> Iterator[ProposedExperience]:
    for entry in _objects(resume.get("work")):
        title = _text(entry.get("position"))
        match = next(iter(titles.best(title, 1)), None)
        start, end, unread = _lasted(entry, today)
        if not title:
            continue
        months = Period(start, end, 0, 0, single=start == end).months(today) if start and not unread else 0
        yield ProposedExperience(
            title=title,
            rome=match.code if match else "",
            label=titles.label(match.code) if match else "",
            appellation=titles.appellation(match.code, match.label) if match and match.score >= _SURE else "",
            start=start,
            end=end,
            end_unread=unread,
            months=min(months, _LONGEST_CAREER),
            confidence=round(match.score * _SURE, 2) if match else 0.3,
            at=None,
            employer=_line(entry.get("name")) or _line(entry.get("company")),
            place=_line(entry.get("location")),
            tasks=tuple(_tasks(entry)),
        )


def _tasks(entry: Mapping[str, Any]) -> Iterator[Proposed[str]]:
    """The highlights of a job, its summary when there are none."""
    told = _list(entry.get("highlights"))
    if not told and isinstance(summary := entry.get("summary"), str):
        told = summary[: _MOST * _LONGEST].splitlines()
    lines = (_line(text) for text in told)
    yield from itertools.islice((line for line in lines if line is not None), MOST_TASKS)


def _line(value: object) -> Proposed[str] | None:
    """A text that a job may hold; none that tells how to reach somebody."""
    text = fitting(_text(value))
    return Proposed(text, _SURE) if text and not contacts.tells_contact(text) else None


def _lasted(entry: Mapping[str, Any], today: date) -> tuple[Moment | None, Moment | None, bool]:
    """From when to when, and whether an end was told that could not be read. No end told is one to come (the schema:
    "leave it empty while it lasts"); one that was told and not read is none."""
    told, ended = _dated(entry.get("startDate")), _dated(entry.get("endDate"))
    starts, ends = moments(told, today), moments(ended, today)
    start = starts[0] if starts and _is_past(starts[0], today) else None
    if ended:
        end = ends[-1] if ends else None
        unread = end is None and not says_now(ended)
    else:
        end = starts[-1] if len(starts) > 1 else None
        unread = False
    if end is not None and not _is_past(end, today):
        end = None
    if start and end and (end.year, end.month or 13) < (start.year, start.month):
        start, end = end, start
    return start, end, unread


def _dated(value: object) -> str:
    """A date as it was told, in words or as a year; anything else is one that cannot be read."""
    if value is None or isinstance(value, str):
        return _text(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else "?"


def _is_past(moment: Moment, today: date) -> bool:
    return (moment.year, moment.month) <= (today.year, today.month)


def _languages(resume: Mapping[str, Any]) -> Iterator[ProposedLanguage]:
    seen: set[str] = set()
    for entry in _objects(resume.get("languages")):
        name = _text(entry.get("language"))
        text = f"{name} : {_text(entry.get('fluency'))}"
        found = [(code, level) for code, level, _, _ in levels.languages(text, expected=True)]
        # A language that is not listed stands here by itself: it is one, whatever its level.
        for code, level in found or [(language_code(name[:_LONGEST_LANGUAGE]), "")]:
            if code and code not in seen:
                seen.add(code)
                yield ProposedLanguage(code=code, level=level, confidence=_SURE if level else 0.5, at=None)


def _licences(resume: Mapping[str, Any]) -> Iterator[Proposed[str]]:
    seen: set[str] = set()
    for entry in _objects(resume.get("certificates")):
        for category, _, _ in levels.licences(_text(entry.get("name")), expected=False):
            if category not in seen:
                seen.add(category)
                yield Proposed(category, _SURE)


def _other_certificates(resume: Mapping[str, Any]) -> Iterator[str]:
    """Certificates that are no licence, and courses that are no diploma."""
    for entry in _objects(resume.get("certificates")):
        name = _text(entry.get("name"))
        if name and not any(levels.licences(name, expected=False)):
            yield name
    for entry in _objects(resume.get("education")):
        words = " ".join(filter(None, (_text(entry.get("studyType")), _text(entry.get("area")))))
        if words and levels.diploma(words) is None:
            yield words


def _diplomas(resume: Mapping[str, Any], today: date) -> Iterator[ProposedDiploma]:
    for entry in _objects(resume.get("education")):
        words = " ".join(filter(None, (_text(entry.get("studyType")), _text(entry.get("area")))))
        told = levels.diploma(words)
        if told is not None:
            years = moments(_dated(entry.get("endDate")), today)
            yield ProposedDiploma(
                words=words, level=told[0], year=years[-1].year if years else told[1], confidence=_SURE, at=None
            )


def _phrases(entry: Mapping[str, Any]) -> Iterator[str]:
    yield _text(entry.get("name"))
    yield from map(_text, _list(entry.get("keywords")))


def _text(value: object) -> str:
    return tidy(value).replace("\t", " ")[:_LONGEST] if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in _list(value) if isinstance(entry, dict))
