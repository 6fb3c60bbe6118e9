"""A person's CV as a file: eleven makes, in PDF, Word, LibreOffice and as a picture.

Read next: `people.py` for what is in it.
"""

import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import typst
from PIL import Image

from tests.node.reading import files
from tests.node.reading.cvs.people import Job, Person, person

_HEADINGS: Final = (
    ("EXPÉRIENCES PROFESSIONNELLES", "FORMATION", "COMPÉTENCES", "LANGUES", "PERMIS", "CENTRES D'INTÉRÊT"),
    ("Mon parcours", "Mes diplômes", "Ce que je sais faire", "Langues parlées", "Mobilité", "Loisirs"),
    ("Expérience", "Études et formations", "Savoir-faire", "Langues étrangères", "Permis de conduire", "Divers"),
    ("Parcours professionnel", "Diplômes", "Compétences clés", "Langues", "Permis / véhicule", "Intérêts"),
    ("EMPLOIS OCCUPÉS", "SCOLARITÉ", "ATOUTS ET COMPÉTENCES", "LANGUES", "PERMIS", "EN DEHORS DU TRAVAIL"),
)
_HOBBIES: Final = (
    "Lecture, marche",
    "Football, cuisine du monde",
    "Bénévole au Secours populaire",
    "Jardin, tricot, chorale",
)
_TEMPLATE: Final = """
#let cv = json(bytes(sys.inputs.cv))
#set page(paper: "a4", margin: 1.6cm)
#set text(font: "Source Sans 3", size: 10.5pt, lang: "fr")
#set par(leading: 0.55em)
#let title(t) = block(above: 12pt, below: 6pt, text(size: 12pt, weight: "bold", t))
#let lines(ls) = for l in ls { block(above: 5pt, below: 5pt, l) }
#let bullets(ls) = list(..ls)
#let entry(e) = {
  block(above: 7pt, below: 4pt, text(weight: "bold", e.head))
  if e.sub != "" { block(above: 3pt, below: 3pt, e.sub) }
  bullets(e.tasks)
}
#let part(p) = { title(p.title); if p.kind == "jobs" { for e in p.jobs { entry(e) } } else { lines(p.lines) } }
#let dated(p) = {
  title(p.title)
  table(columns: (3.4cm, 1fr), stroke: none, inset: (x: 2pt, y: 3pt),
    ..p.jobs.map(e => (e.said, [#text(weight: "bold", e.name) \\ #e.tasks.join([ \\ ])])).flatten())
}
#let identity = { text(size: 19pt, weight: "bold", cv.name); linebreak(); text(size: 12pt, cv.headline) }
#if cv.make == "one" {
  identity
  lines(cv.contact)
  for p in cv.parts { part(p) }
} else if cv.make == "dated" {
  align(center, identity)
  align(center, cv.contact.join([ | ]))
  for p in cv.parts { if p.kind == "jobs" { dated(p) } else { part(p) } }
} else if cv.make == "left" {
  grid(columns: (5.4cm, 1fr), column-gutter: 9mm,
    { title(cv.about); lines(cv.contact); for p in cv.parts.filter(p => p.side) { part(p) } },
    { identity; for p in cv.parts.filter(p => not p.side) { part(p) } })
} else {
  identity
  v(6pt)
  grid(columns: (1fr, 5.2cm), column-gutter: 8mm,
    for p in cv.parts.filter(p => not p.side) {
      title(p.title)
      if p.kind == "jobs" {
        for e in p.jobs { block(above: 7pt, below: 3pt, [*#e.name* #h(1fr) #e.said]); bullets(e.tasks) }
      } else { lines(p.lines) }
    },
    { title(cv.about); lines(cv.contact); for p in cv.parts.filter(p => p.side) { part(p) } })
}
"""


@dataclass(frozen=True, slots=True)
class GeneratedCv:
    """A file and the truth about it. `make` names how it was made."""

    person: Person
    make: str
    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Entry:
    """One experience as it stands on the page."""

    job: Job
    head: str
    sub: str
    name: str
    tasks: tuple[str, ...]


def generated(seed: int, make: str = "") -> GeneratedCv:
    """The CV of this number, in the make asked for or in its turn."""
    who = person(seed)
    make = make or MAKES[seed % len(MAKES)]
    data = _MAKERS[make](who, random.Random(f"page-{seed}"))
    return GeneratedCv(who, make, f"cv-{seed}.{make.split('-')[0]}", data)


def _entries(who: Person, chance: random.Random) -> list[_Entry]:
    style = chance.randrange(4)
    entries = []
    for job in who.jobs:
        tasks = tuple(words[0].upper() + words[1:] for _, words in job.tasks)
        name = f"{job.title}, {job.employer}"
        head, sub = (
            (f"{job.said} : {name}", ""),
            (job.title, f"{job.employer} | {job.said}"),
            (job.said, f"{job.title} – {job.employer}"),
            (f"{job.title} ({job.employer}) – {job.said}", ""),
        )[style]
        entries.append(_Entry(job, head, sub, name, tasks))
    return entries


def _parts(who: Person, chance: random.Random) -> list[tuple[str, str, list[str]]]:
    """(kind, title, lines) in the order of the page; the jobs' lines are made elsewhere."""
    jobs, studies, skills, languages, licences, hobbies = chance.choice(_HEADINGS)
    diplomas = [
        chance.choice((f"{year} : {words}", f"{words} ({year})", f"{year} {words}")) for words, _, year in who.diplomas
    ]
    joined = chance.random() < 0.4
    known = [", ".join(who.skill_words)] if joined else [f"- {words}" for words in who.skill_words]
    parts = [("jobs", jobs, []), ("studies", studies, diplomas), ("skills", skills, known)]
    if chance.random() < 0.4:
        parts[1], parts[2] = parts[2], parts[1]
    if who.languages:
        parts.append(("languages", languages, [words for words, _, _ in who.languages]))
    if who.licences:
        parts.append(("licences", licences, [words for words, _ in who.licences]))
    if chance.random() < 0.6:
        parts.append(("hobbies", hobbies, [chance.choice(_HOBBIES)]))
    return parts


def _name(who: Person, chance: random.Random) -> str:
    return chance.choice(
        (
            f"{who.first_name} {who.last_name}",
            f"{who.first_name} {who.last_name.upper()}",
            f"{who.last_name.upper()} {who.first_name}",
        )
    )


def _contact(who: Person, chance: random.Random) -> list[str]:
    labels = chance.choice((("", "", ""), ("Tél. : ", "E-mail : ", "Adresse : "), ("Tél ", "Mail : ", "")))
    lines = [labels[2] + who.street, who.town, labels[0] + who.phone_said, labels[1] + who.email]
    return lines if chance.random() < 0.6 else [lines[2], lines[3], f"{lines[0]}, {lines[1]}"]


def _typeset(who: Person, chance: random.Random, make: str, form: str) -> bytes:
    entries = _entries(who, chance)
    content = {
        "make": make,
        "name": _name(who, chance),
        "headline": who.headline,
        "about": chance.choice(("CONTACT", "Coordonnées", "Me joindre")),
        "contact": _contact(who, chance),
        "parts": [
            {
                "kind": kind,
                "title": title,
                "lines": lines,
                "side": kind in ("skills", "languages", "licences", "hobbies"),
                "jobs": [
                    {"head": e.head, "sub": e.sub, "name": e.name, "said": e.job.said, "tasks": e.tasks}
                    for e in entries
                ],
            }
            for kind, title, lines in _parts(who, chance)
        ],
    }
    made = typst.compile(
        _TEMPLATE.encode(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[files.FONTS]),
        format="png" if form == "png" else "pdf",
        ppi=170.0,
        sys_inputs={"cv": json.dumps(content)},
    )
    return made if isinstance(made, bytes) else made[0]


def _flat_lines(who: Person, chance: random.Random) -> list[str]:
    """The whole CV as lines, one column."""
    lines = [_name(who, chance), who.headline, *_contact(who, chance)]
    entries = _entries(who, chance)
    for kind, title, said in _parts(who, chance):
        lines.append(title)
        if kind == "jobs":
            for entry in entries:
                lines += [entry.head, entry.sub, *(f"• {task}" for task in entry.tasks)]
        else:
            lines += said
    return [line for line in lines if line]


def _docx_plain(who: Person, chance: random.Random) -> bytes:
    return files.docx("".join(map(files.paragraph, _flat_lines(who, chance))))


def _docx_boxes(who: Person, chance: random.Random) -> bytes:
    """Contacts in a text box, experience in a table of dates and descriptions."""
    body = files.text_box([_name(who, chance), *_contact(who, chance)])
    body += files.paragraph(who.headline)
    for kind, title, said in _parts(who, chance):
        body += files.paragraph(title)
        if kind == "jobs":
            body += files.table([(e.job.said, "\n".join((e.name, *e.tasks))) for e in _entries(who, chance)])
        else:
            body += "".join(map(files.paragraph, said))
    return files.docx(body)


def _docx_columns(who: Person, chance: random.Random) -> bytes:
    """The page as one table of two large cells, the name in the page's header."""
    sides: tuple[list[str], list[str]] = (
        [chance.choice(("Contact", "COORDONNÉES")), *_contact(who, chance)],
        [who.headline],
    )
    for kind, title, said in _parts(who, chance):
        side = sides[kind in ("jobs", "studies")]
        side.append(title)
        if kind == "jobs":
            for entry in _entries(who, chance):
                side += [line for line in (entry.head, entry.sub, *entry.tasks) if line]
        else:
            side += said
    return files.docx(
        files.table([("\n".join(sides[0]), "\n".join(sides[1]))]), header=files.paragraph(_name(who, chance))
    )


def _odt_plain(who: Person, chance: random.Random) -> bytes:
    return files.odt("".join(map(files.odt_paragraph, _flat_lines(who, chance))))


def _odt_boxes(who: Person, chance: random.Random) -> bytes:
    body = files.odt_box([_name(who, chance), *_contact(who, chance)]) + files.odt_paragraph(who.headline)
    for kind, title, said in _parts(who, chance):
        body += files.odt_paragraph(title)
        if kind == "jobs":
            body += files.odt_table([(e.job.said, "\n".join((e.name, *e.tasks))) for e in _entries(who, chance)])
        elif kind == "languages":
            body += files.odt_table([(line, "") for line in said])
        else:
            body += "".join(map(files.odt_paragraph, said))
    return files.odt(body)


def _photograph(who: Person, chance: random.Random) -> bytes:
    """One column, printed and photographed: grey paper, a slight angle, JPEG."""
    page = files.page_image(_flat_lines(who, chance), size=30)
    tilted = page.rotate(chance.uniform(-0.8, 0.8), fillcolor="white", resample=Image.Resampling.BICUBIC)
    paper = Image.blend(tilted, Image.new("RGB", tilted.size, (205, 200, 190)), 0.25)
    return files.encoded(paper, "JPEG", quality=80)


def _screenshot(who: Person, chance: random.Random) -> bytes:
    with Image.open(io.BytesIO(_typeset(who, chance, "left", "png"))) as image:
        return files.encoded(image.convert("RGB"), "PNG")


def _pdf(make: str) -> Callable[[Person, random.Random], bytes]:
    return lambda who, chance: _typeset(who, chance, make, "pdf")


_MAKERS: Final[dict[str, Callable[[Person, random.Random], bytes]]] = {
    "pdf-one": _pdf("one"),
    "docx-plain": _docx_plain,
    "pdf-left": _pdf("left"),
    "odt-plain": _odt_plain,
    "jpg-photograph": _photograph,
    "pdf-dated": _pdf("dated"),
    "docx-boxes": _docx_boxes,
    "pdf-right": _pdf("right"),
    "docx-columns": _docx_columns,
    "odt-boxes": _odt_boxes,
    "png-columns": _screenshot,
}
MAKES: Final[Sequence[str]] = tuple(_MAKERS)
