"""The four rules of a release, and the code that refuses to sign one that breaks them.

Guarantees: `check_release` reads the labels of the message (sorted and distinct: the struct sees to it), counts the
register under them by itself, and takes nothing from the builder but the members that it says it kept; so a mistake in
`release.py` is not repeated here. A profile that is not computed again must be the one accepted last week.

Read next: `release.py`, which builds releases; `occupation_tree.py`, the labels.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from node.kit.errors import Conflict
from node.kit.i18n import gettext as _
from node.mission.people.candidate import Candidate
from node.mission.sheets.occupation_tree import is_label, label_of, least_people, regions
from node.mission.sheets.ports import ClassMembers
from node.referential import Referential, Skills
from protocol import wire_json
from protocol.messages import SheetsReleased
from protocol.messages.sheets import Bucket, Sheet

K: Final = 5
HELD_BY: Final = 3
"""A profile shows what at least this many members have."""

_WEEK: Final = timedelta(days=7)
_BUCKETS: Final[Mapping[int, Bucket]] = {5: "5+", 10: "10+", 20: "20+", 50: "50+"}


class RuleBroken(Conflict):
    """The release may not be signed. `rule` is stable: `k`, `referential`, `label`, `class_size`, `bucket`,
    `members`, `profile`, `refresh`, `number`, `rhythm`."""

    problem = "release_rule_broken"

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


def bucket(size: int) -> Bucket:
    """The bucket that a class of that many people shows; at least five."""
    return _BUCKETS[max(least for least in _BUCKETS if least <= size)]


def on_edge(size: int, needed: int) -> bool:
    """Whether one person more or less would show: the class would go, or its bucket change."""
    return size == needed or size in _BUCKETS or size + 1 in _BUCKETS


def first_occupation(candidate: Candidate) -> str:
    """The one occupation at which a person counts: the one sought first; empty when there is none."""
    return candidate.occupations[0].rome if candidate.occupations else ""


def is_current(known: ClassMembers, present: frozenset[str], needed: int) -> bool:
    """Whether fewer people than a class needs joined or left since its profile was computed, so that it stays."""
    return len(known.members ^ present) < needed


def outlives(known: ClassMembers, published: frozenset[str], k: int) -> bool:
    """Whether the profile of an absent class is kept: should the class come back, it must not be computed again for
    one person's sake. `published` are all who may be published today."""
    return len(known.members - published) < k


def last_tick(now: datetime) -> datetime:
    """The latest weekly tick: Monday 04:00 UTC."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=4, minute=0, second=0, microsecond=0)
    return monday if monday <= now else monday - _WEEK


def release_due(last: datetime | None, now: datetime) -> bool:
    """Whether the release of the present tick is still to be made. The first release is always due; so is one after
    a release of the future, which a clock that was far ahead has made: it would be the last one until then."""
    return last is None or last < last_tick(now) or last - now > _WEEK


def check_release(
    message: SheetsReleased,
    members: Sequence[ClassMembers],
    candidates: Iterable[Candidate],
    referential: Referential,
    today: date,
    *,
    k: int = K,
    previous: Sequence[ClassMembers] = (),
    last: SheetsReleased | None = None,
) -> None:
    """Raises RuleBroken unless every rule holds for this message over the register of today. `previous` and `last` are
    what was kept of the release before; leave them out for the first one alone."""
    _check_frame(message, referential, k, last)
    labels = [sheet.occupation for sheet in message.sheets]
    people: dict[str, list[Candidate]] = {label: [] for label in labels}
    published = {candidate.id: candidate for candidate in candidates if candidate.may_be_published(today)}
    for candidate in published.values():
        rome = first_occupation(candidate)
        if referential.occupations.exists(rome) and (label := label_of(rome, people)) is not None:
            people[label].append(candidate)
    region_of = regions(labels, referential.occupations)
    computed = {one.occupation: one for one in members}
    before = {one.occupation: one for one in previous}
    if len(computed) != len(members):
        raise RuleBroken("members", _("A class is kept twice."))
    for sheet in message.sheets:
        label, present = sheet.occupation, people[sheet.occupation]
        needed = least_people(region_of[label], k)
        if len(present) < needed:
            sentence = _("The class {label} has fewer than {needed} people.").format(label=label, needed=needed)
            raise RuleBroken("class_size", sentence)
        if sheet.size != bucket(len(present)):
            raise RuleBroken("bucket", _("The class {label} does not have that many people.").format(label=label))
        if label not in computed:
            raise RuleBroken("members", _("The class {label} was not kept with its members.").format(label=label))
        _check_profile(sheet, computed[label], before.get(label), present, region_of[label], needed, referential.skills)
    for label in (computed.keys() | before.keys()) - people.keys():
        kept, known = computed.get(label), before.get(label)
        if kept != known and (kept is not None or (known is not None and outlives(known, frozenset(published), k))):
            raise RuleBroken("members", _("The absent class {label} was not kept as it was.").format(label=label))


def _check_frame(message: SheetsReleased, referential: Referential, k: int, last: SheetsReleased | None) -> None:
    if message.k != k or k < K:
        raise RuleBroken("k", _("A release states its k, which is at least {least}.").format(least=K))
    if message.referential != referential.version:
        raise RuleBroken("referential", _("The release was built on another edition of the referential."))
    for sheet in message.sheets:
        if not is_label(sheet.occupation, referential.occupations):
            sentence = _("{label} is not in the tree of occupations.").format(label=sheet.occupation)
            raise RuleBroken("label", sentence)
    if message.release != (1 if last is None else last.release + 1):
        raise RuleBroken("number", _("Releases are numbered one by one."))
    if last is not None and not release_due(wire_json.parse_timestamp(last.at), wire_json.parse_timestamp(message.at)):
        sentence = _("This week's sheets are already published: the next release is due on Monday.")
        raise RuleBroken("rhythm", sentence)


def _check_profile(
    sheet: Sheet,
    computed: ClassMembers,
    before: ClassMembers | None,
    present: Sequence[Candidate],
    region: frozenset[str],
    needed: int,
    skills: Skills,
) -> None:
    label = sheet.occupation
    now_in = frozenset(candidate.id for candidate in present)
    if before is not None and is_current(before, now_in, needed):
        if computed != before:
            sentence = _("The profile of {label} was computed again too early.").format(label=label)
            raise RuleBroken("refresh", sentence)
    elif computed.members != now_in:
        raise RuleBroken("refresh", _("The profile of {label} was not computed on its members.").format(label=label))
    else:
        for item, holders in (
            *((code, sum(code in c.skills for c in present)) for code in computed.skills),
            *((code, sum(code in dict(c.languages) for c in present)) for code in computed.languages),
            *((code, sum(code in c.contracts for c in present)) for code in computed.contracts),
        ):
            if holders < HELD_BY:
                sentence = _("Fewer than {least} people of {label} have {item}.")
                raise RuleBroken("profile", sentence.format(least=HELD_BY, label=label, item=item))
    if any(not region <= skills.footprint(code) for code in sheet.skills):
        sentence = _("A skill of {label} says more about the occupation than its label.").format(label=label)
        raise RuleBroken("profile", sentence)
    shown = [code for code in computed.skills if region <= skills.footprint(code)]
    if (sheet.skills, sheet.languages, sheet.contracts) != (shown, [*computed.languages], [*computed.contracts]):
        raise RuleBroken(
            "profile", _("The sheet of {label} shows another profile than the one kept.").format(label=label)
        )
