"""One person's truth: who, where, what they did and when, in values and in the words of their CV."""

import random
import unicodedata
from dataclasses import dataclass

from tests.node.reading.cvs.trades import TRADES, Trade
from tests.node.reading.cvs.words import (
    LANGUAGES,
    LICENCES,
    MEN,
    STREETS,
    STUDIES,
    SURNAMES,
    TOWNS,
    WOMEN,
)

Month = tuple[int, int]
"""Year and month; month 0 when only the year is said."""


@dataclass(frozen=True, slots=True)
class Job:
    """One experience. `end` is None while it lasts. `said` words the dates; `tasks` are (skill, words)."""

    trade: Trade
    title: str
    employer: str
    start: Month
    end: Month | None
    said: str
    tasks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What is true of the person, and what the CV says.

    `diplomas`: (words, level, year). `languages`: (words, code, level). `licences`: (words, category).
    """

    first_name: str
    last_name: str
    phone: str
    phone_said: str
    email: str
    street: str
    commune: str
    town: str
    title: str
    headline: str
    jobs: tuple[Job, ...]
    skills: frozenset[str]
    skill_words: tuple[str, ...]
    diplomas: tuple[tuple[str, int, int], ...]
    languages: tuple[tuple[str, str, str], ...]
    licences: tuple[tuple[str, str], ...]

    @property
    def trade(self) -> Trade:
        """The trade that the person looks for."""
        return self.jobs[0].trade


_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_SHORT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()


def person(seed: int) -> Person:
    """The person of this number: the same each time."""
    chance = random.Random(f"cv-{seed}")
    woman = chance.random() < 0.55
    first, last = chance.choice(WOMEN if woman else MEN), chance.choice(SURNAMES)
    digits = f"{chance.choice(('06', '07', '06', '05'))}{chance.randrange(10**8):08d}"
    commune, town = chance.choice(TOWNS)
    trade = TRADES[seed % len(TRADES)]
    jobs = _jobs(chance, trade, woman)
    tasks = chance.sample(sorted(trade.tasks), k=chance.randint(2, 4))
    told = {code for job in jobs for code, _ in job.tasks}
    words = tuple(chance.choice(trade.tasks[code]) for code in tasks)
    title = trade.titles[chance.randrange(len(trade.titles))][woman]
    headline = chance.choice(
        (title, title, title, f"Recherche un poste : {title}", f"{title} expérimenté" + ("e" if woman else ""), "")
    )
    studies = chance.sample(STUDIES, k=chance.randint(1, 2))
    licences = [chance.choice(LICENCES)] if chance.random() < 0.7 else []
    if trade.codes[0] == "N4101":
        licences = [("Permis B et C", "B"), ("FIMO à jour", "")]
    return Person(
        first_name=first,
        last_name=last,
        phone=digits,
        phone_said=_phone(chance, digits),
        email=_email(chance, first, last),
        street=chance.choice(STREETS),
        commune=commune,
        town=town,
        title=title,
        headline=headline,
        jobs=jobs,
        skills=frozenset(tasks) | told,
        skill_words=words,
        diplomas=tuple((words, level, chance.randint(1988, 2016)) for words, level in studies),
        languages=tuple({said[1]: said for said in chance.sample(LANGUAGES, k=chance.randint(0, 2))}.values()),
        licences=tuple(licences),
    )


def _jobs(chance: random.Random, trade: Trade, woman: bool) -> tuple[Job, ...]:
    """From the latest back, without overlap; the second last may be of another trade."""
    style = chance.randrange(6)
    jobs: list[Job] = []
    year = 2026
    for index in range(chance.randint(2, 4)):
        of = trade if index != 1 or chance.random() < 0.5 else chance.choice(TRADES)
        lasting = index == 0 and chance.random() < 0.35
        years = chance.randint(1, 5)
        end = None if lasting else (year - chance.randint(0, 1), chance.randint(3, 12))
        last = 2026 if end is None else end[0]
        start = (last - years, chance.randint(1, 12))
        year = start[0] - 1
        if style == 2:
            start, end = (start[0], 0), end and (end[0], 0)
        codes = chance.sample(sorted(of.tasks), k=chance.randint(1, 2))
        done = tuple((code, chance.choice(of.tasks[code])) for code in codes)
        employer = chance.choice(of.employers)
        title = of.titles[chance.randrange(len(of.titles))][woman]
        jobs.append(Job(of, title, employer, start, end, _dates(chance, style, start, end), done))
    return tuple(jobs)


def _dates(chance: random.Random, style: int, start: Month, end: Month | None) -> str:
    """One style a CV, as people do."""
    if style == 0:
        return f"De {_MONTHS[start[1] - 1]} {start[0]} à " + (
            f"{_MONTHS[end[1] - 1]} {end[0]}" if end else "aujourd'hui"
        )
    if style == 1:
        return f"{start[1]:02d}/{start[0]} - " + (f"{end[1]:02d}/{end[0]}" if end else "à ce jour")
    if style == 2:
        return f"{start[0]}-{end[0]}" if end else f"Depuis {start[0]}"
    if style == 3:
        return f"{_SHORT[start[1] - 1]} {start[0]} – " + (f"{_SHORT[end[1] - 1]} {end[0]}" if end else "en cours")
    if style == 4:
        return (
            f"Du {start[1]:02d}/{start[0]} au {end[1]:02d}/{end[0]}"
            if end
            else f"Depuis {_MONTHS[start[1] - 1]} {start[0]}"
        )
    return f"{_MONTHS[start[1] - 1].capitalize()} {start[0]} / " + (
        f"{_MONTHS[end[1] - 1].capitalize()} {end[0]}" if end else "Présent"
    )


def _phone(chance: random.Random, digits: str) -> str:
    pairs = [digits[index : index + 2] for index in range(0, 10, 2)]
    return chance.choice(
        (
            " ".join(pairs),
            ".".join(pairs),
            digits,
            f"+33 {digits[1]} {' '.join(pairs[1:])}",
            "-".join(pairs),
            f"(+33){digits[1:]}",
        )
    )


def _email(chance: random.Random, first: str, last: str) -> str:
    plain = "".join(
        c for c in unicodedata.normalize("NFD", f"{first}.{last}".lower()) if c.isascii() and (c.isalnum() or c in ".-")
    )
    nick = chance.choice(
        (
            plain,
            plain.replace(".", ""),
            f"{plain}{chance.randint(1, 99)}",
            f"titi{chance.randint(10, 99)}_du{chance.randint(1, 95):02d}",
        )
    )
    return f"{nick}@{chance.choice(('example.org', 'mail.example.com', 'courriel.example.fr'))}"
