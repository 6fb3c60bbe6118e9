"""A match told in sentences: what fits, what is missing, what one may do about it.

Guarantees: `tell` has a sentence for every lack of the match, ✗ but for a distance that nobody knows, and says nothing
of what the offer does not ask for; no sentence needs to know whether the person is a man or a woman, as the register
does not; a sentence that is neither ✓ nor ✗ (`ok` None) costs points at most, or asks a question. Hours are told where
both sides say them, and count nothing. A salary is a text, and is not compared.

Read next: `match.py`, which decides; `exclusion.py`, why somebody is not told at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from node.kit.i18n import gettext as _
from node.kit.i18n import language, ngettext
from node.mission.matching.match import Explanation, Match, months_asked
from node.mission.matching.mobility import Reach, Trip
from node.mission.matching.seeker import Relation, qualification_rank
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, Hours
from node.mission.terms import Contract, Qualification, Term, language_name
from node.referential import Communes, Referential

FULL_TIME: Final = 35 * 60
"""Minutes a week from which a post is full time (Code du travail, L3121-27)."""

_ROUNDED_FROM: Final = 10
"""Kilometres from which a distance is said without its decimal."""


class MatchCriterion(Term):
    """What a person and an offer are compared by. Those of `Points` count, under the same name; the others are told."""

    OCCUPATION = "occupation", "Métier"
    SKILLS = "skills", "Compétences"
    WISHED = "wished", "Compétences souhaitées"
    DISTANCE = "distance", "Distance"
    EXPERIENCE = "experience", "Expérience"
    QUALIFICATION = "qualification", "Qualification"
    CONTRACT = "contract", "Contrat"
    LICENCE = "licence", "Permis"
    LANGUAGE = "language", "Langues"
    HOURS = "hours", "Temps de travail"


class StepToTake(Term):
    """What a counsellor may do about what is missing."""

    TRAINING = "training", "Trouver une formation"
    MOBILITY = "mobility", "Voir la mobilité"
    IMMERSION = "immersion", "Proposer une immersion"
    LICENCE = "licence", "Aider à passer le permis"
    LANGUAGE = "language", "Trouver un cours de langue"
    ASK = "ask", "En parler avec la personne"
    COMPLETE = "complete", "Compléter le dossier"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One sentence of a match. `ok`: True fits, False is missing, None is neither: it costs points, or is not known.
    The text begins with a small letter and has no full stop: sentences stand in rows."""

    criterion: MatchCriterion
    ok: bool | None
    text: str
    next_step: StepToTake | None = None


def tell(match: Match, candidate: Candidate, offer: Offer, referential: Referential) -> tuple[ToldLine, ...]:
    """The match of these two in sentences, in the order of `MatchCriterion`."""
    why = match.explanation
    told = (
        _occupation(why, candidate, referential),
        *_skills(why, referential),
        _distance(why.trip, candidate, referential.communes),
        *_experience(why, offer),
        *_qualification(candidate, offer),
        _contract(candidate, offer),
        *_licence(why, offer),
        *_languages(why, candidate, offer),
        *_hours(candidate, offer),
    )
    return tuple(told)


def next_told(told: Sequence[ToldLine]) -> ToldLine | None:
    """The one sentence whose next step comes first: what is missing before what is to be asked; None when nothing is to
    be done."""
    waiting = [one for one in told if one.next_step is not None]
    return next((one for one in waiting if one.ok is False), next(iter(waiting), None))


def missing(told: Sequence[ToldLine]) -> tuple[ToldLine, ...]:
    """What does not fit, alone."""
    return tuple(one for one in told if one.ok is False)


def _occupation(why: Explanation, candidate: Candidate, referential: Referential) -> ToldLine:
    sought = next(one for one in candidate.occupations if one.rome == why.through)
    name = sought.called(referential.occupations.label(why.through))
    sentence = {
        Relation.SAME: _("occupation sought"),
        Relation.MOBILITY: _("occupation close to “{occupation}”"),
        Relation.DOMAIN: _("same field as “{occupation}”"),
    }[why.relation]
    ok = True if why.relation is Relation.SAME else None
    return ToldLine(MatchCriterion.OCCUPATION, ok, sentence.format(occupation=name))


def _skills(why: Explanation, referential: Referential) -> Iterator[ToldLine]:
    asked = len(why.skills_covered) + len(why.skills_missing)
    if asked and not why.skills_missing:
        text = ngettext("the skill asked for", "the {asked} skills asked for", asked)
        yield ToldLine(MatchCriterion.SKILLS, True, text.format(asked=asked))
    elif asked:
        covered = len(why.skills_covered)
        text = ngettext(
            "{covered} skill asked for, of {asked}; missing: {skills}",
            "{covered} skills asked for, of {asked}; missing: {skills}",
            covered,
        ).format(covered=covered, asked=asked, skills=_labels(why.skills_missing, referential))
        yield ToldLine(MatchCriterion.SKILLS, False, text, StepToTake.TRAINING)
    wished = len(why.wished_covered) + len(why.wished_missing)
    if wished and not why.wished_missing:
        text = ngettext("the skill welcome", "the {wished} skills welcome", wished)
        yield ToldLine(MatchCriterion.WISHED, True, text.format(wished=wished))
    elif wished:
        covered = len(why.wished_covered)
        text = ngettext(
            "{covered} skill welcome, of {wished}; would help: {skills}",
            "{covered} skills welcome, of {wished}; would help: {skills}",
            covered,
        ).format(covered=covered, wished=wished, skills=_labels(why.wished_missing, referential))
        yield ToldLine(MatchCriterion.WISHED, None, text)


def _labels(codes: Sequence[str], referential: Referential) -> str:
    return ", ".join(referential.skills.label(code) or code for code in codes)


def _distance(trip: Trip, candidate: Candidate, communes: Communes) -> ToldLine:
    sentence, ok, step = {
        Reach.WITHIN: (_("{km} km, within their {limit} km"), True, None),
        Reach.ACCEPTED: (_("{km} km, a commune that they accept"), True, None),
        Reach.RELOCATES: (_("{km} km: they would move house"), None, None),
        Reach.TOO_FAR: (_("{km} km: {beyond} km too many"), False, StepToTake.MOBILITY),
        Reach.UNKNOWN: (_("distance not known"), None, StepToTake.ASK),
    }[trip.reach]
    if trip.metres is None:
        sentence = {
            Reach.ACCEPTED: _("a commune that they accept"),
            Reach.RELOCATES: _("distance not known: they would move house"),
        }.get(trip.reach, sentence)
    elif trip.commune == candidate.commune:
        sentence = _("in their commune")
    text = sentence.format(
        km=said_km(trip.metres or 0, is_about(candidate.commune, trip.commune, communes)),
        limit=trip.limit // 1000,
        beyond=said_km(max(0, (trip.metres or 0) - trip.limit)),
    )
    return ToldLine(MatchCriterion.DISTANCE, ok, text, step)


def is_about(home: str, there: str, communes: Communes) -> bool:
    """Whether the distance rests on a point that is a mean of its neighbours', or was noted by hand."""
    if home == there:
        return False
    return any((known := communes.get(code)) is not None and known.approximate for code in (home, there))


def said_km(metres: int, about: bool = False) -> str:
    """A distance's number as people say it: 12, or 5,7 below ten; never 0 for what is not nothing."""
    km = max(metres / 1000, 0.1) if metres else 0.0
    text = f"{km:.0f}" if km >= _ROUNDED_FROM else f"{km:.1f}".removesuffix(".0")
    number = text.replace(".", ",") if language() == "fr" else text
    return _("about {number}").format(number=number) if about else number


def _experience(why: Explanation, offer: Offer) -> Iterator[ToldLine]:
    asked, held = months_asked(offer), why.experience_months
    if asked == 0:
        yield ToldLine(MatchCriterion.EXPERIENCE, True, _("beginners are welcome"))
        return
    is_required = offer.experience == "E"
    ok: bool | None = False if is_required else None
    if held >= asked:
        sentence, ok = _("{held} of experience, {asked} asked for"), True
    elif held:
        sentence = _("{held} of experience, of {asked} required") if is_required else _("{held}, of {asked} wished for")
    else:
        sentence = _("no experience here; {asked} required") if is_required else _("no experience here; {asked} wished")
    text = sentence.format(held=_span(held), asked=_span(asked))
    if held and why.relation is not Relation.SAME:
        text = _("{text} (counted by half: another occupation)").format(text=text)
    yield ToldLine(MatchCriterion.EXPERIENCE, ok, text, StepToTake.IMMERSION if ok is False else None)


def _span(months: int) -> str:
    years, rest = divmod(months, 12)
    if years and not rest:
        return ngettext("{number} year", "{number} years", years).format(number=years)
    return ngettext("{number} month", "{number} months", months).format(number=months)


def _qualification(candidate: Candidate, offer: Offer) -> Iterator[ToldLine]:
    asked, held = qualification_rank(offer.qualification), qualification_rank(candidate.qualification)
    if asked < 0:
        return
    name = Qualification.of(str(offer.qualification)).label
    criterion = MatchCriterion.QUALIFICATION
    if held >= asked:
        yield ToldLine(criterion, True, _("qualification asked for: {name}").format(name=name))
    elif held < 0:
        text = _("qualification not in the file; asked for: {name}").format(name=name)
        yield ToldLine(criterion, None, text, StepToTake.COMPLETE)
    else:
        text = _("qualification below the one asked for: {name}").format(name=name)
        yield ToldLine(criterion, False, text, StepToTake.TRAINING)


def _contract(candidate: Candidate, offer: Offer) -> ToldLine:
    name = Contract.called(offer.contract)
    if not candidate.contracts:
        return ToldLine(MatchCriterion.CONTRACT, True, _("{contract}; any contract suits").format(contract=name))
    if offer.contract in candidate.contracts:
        return ToldLine(MatchCriterion.CONTRACT, True, _("{contract}, as they wish").format(contract=name))
    text = _("{contract}: not what they wish").format(contract=name)
    return ToldLine(MatchCriterion.CONTRACT, False, text, StepToTake.ASK)


def _licence(why: Explanation, offer: Offer) -> Iterator[ToldLine]:
    if why.licences_missing:
        text = _("missing: licence {licences}").format(licences=", ".join(why.licences_missing))
        yield ToldLine(MatchCriterion.LICENCE, False, text, StepToTake.LICENCE)
    elif offer.licences:
        text = _("licence {licences}").format(licences=", ".join(sorted(offer.licences)))
        yield ToldLine(MatchCriterion.LICENCE, True, text)


def _languages(why: Explanation, candidate: Candidate, offer: Offer) -> Iterator[ToldLine]:
    if why.languages_missing:
        held = dict(candidate.languages)
        parts = [
            _("{language} {level} (has {held})").format(language=_named(code), level=level, held=held[code])
            if held.get(code)
            else f"{_named(code)} {level}"
            for code, level in why.languages_missing
        ]
        text = _("missing: {languages}").format(languages=", ".join(parts))
        yield ToldLine(MatchCriterion.LANGUAGE, False, text, StepToTake.LANGUAGE)
    elif offer.languages:
        yield ToldLine(
            MatchCriterion.LANGUAGE, True, ", ".join(f"{_named(code)} {level}" for code, level in offer.languages)
        )


def _named(code: str) -> str:
    return language_name(code).lower()


def _hours(candidate: Candidate, offer: Offer) -> Iterator[ToldLine]:
    if candidate.hours is Hours.ANY or not offer.hours:
        return
    hours = hours_text(offer.hours)
    if (offer.hours >= FULL_TIME) is (candidate.hours is Hours.FULL):
        yield ToldLine(MatchCriterion.HOURS, True, _("{hours} a week, as they wish").format(hours=hours))
    else:
        text = _("{hours} a week; they wish: {wish}").format(hours=hours, wish=candidate.hours.label.lower())
        yield ToldLine(MatchCriterion.HOURS, None, text, StepToTake.ASK)
