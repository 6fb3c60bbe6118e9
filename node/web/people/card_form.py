"""The form in which a card is made, by the person or by a counsellor with them.

Guarantees: what was typed is never lost; the qualities and skills come out in the order of the numbers chosen, each
once; a photograph is made anew before it is kept. Read next: my_space/cards.py and cards.py, which show it;
card_form.html.
"""

from collections.abc import Iterable
from typing import Any, Final

from node.documents.card import Card
from node.documents.photo import BadPhoto, portrait
from node.kit.i18n import gettext as _
from node.kit.limits import MAX_DOCUMENT_BYTES, largest
from node.mission.people.candidate import Candidate
from node.mission.people.documents import DocumentKind
from node.mission.people.rules import MAX_CARD_SKILLS, MAX_WORDS, FieldProblem
from node.referential import Referential
from node.services.desk import Desk
from node.services.people.documents import Upload, remove_document, set_photo
from node.services.people.papers import card_skills, skill_codes
from node.web.frame.forms import Form

PHOTO_SIZE: Final = (840, 1050)
"""Twice what is printed, so that it may be printed larger one day."""
QUALITIES: Final = (
    "Ponctualité",
    "Sérieux",
    "Calme",
    "Dynamisme",
    "Polyvalence",
    "Autonomie",
    "Esprit d'équipe",
    "Sens du contact",
    "Organisation",
    "Rigueur",
    "Débrouillardise",
    "Écoute",
    "Patience",
    "Persévérance",
    "Créativité",
    "Envie d'apprendre",
)
"""To choose among; whatever else fits a person is typed."""
_FIELDS: Final = {"qualities": "others", "card_skills": "skill", "document": "photo"}
"""Where the form shows what is wrong with a field of the file."""


def form_of(person: Candidate, referential: Referential) -> Form:
    """The form as the card is now."""
    on_card = card_skills(person, referential)
    others = [code for code in skill_codes(person, referential) if code not in on_card]
    form = Form.of(
        qualities=[one for one in person.qualities if one in QUALITIES],
        others="\n".join(one for one in person.qualities if one not in QUALITIES),
        words=person.words,
        days="30",
        contact="mission",
    )
    form.values["quality"] = list(person.qualities)
    form.values["quality_place"] = [str(number) for number in range(1, len(person.qualities) + 1)]
    form.values["skill"] = [*on_card, *others]
    form.values["skill_place"] = [*(str(number) for number in range(1, len(on_card) + 1)), *("" for _ in others)]
    return form


def context_of(form: Form, card: Card, referential: Referential) -> dict[str, Any]:
    """What the template needs beside the form."""
    label = referential.skills.label
    return {
        "form": form,
        "card": card,
        "qualities": [(one, one) for one in QUALITIES],
        "quality_rows": [(one, one, place) for one, place in _rows(form, "quality")],
        "skill_rows": [(code, label(code) or code, place) for code, place in _rows(form, "skill")],
        "skill_places": range(1, min(MAX_CARD_SKILLS, len(form.all("skill"))) + 1),
    }


def read(form: Form, person: Candidate, referential: Referential) -> dict[str, Any]:
    """The fields of the file as typed, with faults recorded in the form."""
    others = [" ".join(line.split()) for line in form.text("others", longest=1000).split("\n")]
    chosen = dict.fromkeys([*(one for one in QUALITIES if form.has("qualities", one)), *filter(None, others)])
    placed = [one for one in _placed(form, "quality") if one in chosen]
    skills = tuple(code for code in _placed(form, "skill") if code in person.skills)
    # Before anybody chose, a card shows what there is room for, and goes on doing so when that is sent back as it was.
    untouched = person.card_skills is None and skills == card_skills(person, referential)
    return {
        "qualities": tuple(dict.fromkeys([*placed, *chosen])),
        "words": form.text("words", longest=MAX_WORDS),
        "card_skills": person.card_skills if untouched or not form.all("skill") else skills,
    }


def read_photo(form: Form) -> Upload | None:
    """The photograph that was sent, if any; a fault in the form when it cannot be used."""
    file = form.file("photo")
    if file is None:
        return None
    content = file.file.read(MAX_DOCUMENT_BYTES + 1)
    try:
        if len(content) > MAX_DOCUMENT_BYTES:
            raise BadPhoto("too large")
        made = portrait(content, *PHOTO_SIZE)
    except BadPhoto:
        said = _("This is no photograph that we can use: take a JPEG, PNG or WebP picture of {limit} MB at most.")
        form.error("photo", said.format(limit=largest()))
        return None
    return Upload("photo.jpg", "image/jpeg", made, DocumentKind.PHOTO)


def keep_photo(desk: Desk, person: Candidate, photo: Upload | None, form: Form, actor: str) -> None:
    """The new photograph, or none any more when that was ticked. Raises BadFields."""
    if photo is not None:
        set_photo(desk, person.id, photo, actor)
    elif form.flag("no_photo") and person.photo:
        remove_document(desk, person.photo, actor)


def blame(form: Form, problems: Iterable[FieldProblem]) -> None:
    """Record what the rules of the register found."""
    for problem in problems:
        form.error(_FIELDS.get(problem.field, problem.field), problem.sentence)


def _rows(form: Form, name: str) -> list[tuple[str, str]]:
    return list(zip(form.all(name), form.all(f"{name}_place"), strict=False))


def _placed(form: Form, name: str) -> list[str]:
    """The values that have a number, by that number; of two with the same, the one that stood first."""
    numbered = [(int(place), row, one) for row, (one, place) in enumerate(_rows(form, name)) if place in _NUMBERS]
    return list(dict.fromkeys(one for _number, _row, one in sorted(numbered)))


_NUMBERS: Final = frozenset(map(str, range(1, 100)))
