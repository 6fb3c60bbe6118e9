"""What peers learn of Montluçon's register, and what they never do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, CandidateState, Experience
from node.mission.sheets.occupation_tree import SENSITIVE, ancestors, climb, is_label, is_sensitive, label_of, regions
from node.mission.sheets.ports import ClassMembers
from node.mission.sheets.release import Release, RuleBroken, build_release, check_release, last_tick, release_due
from node.referential import load
from protocol import wire_json
from protocol.messages import SheetsReleased
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import MONTLUCON, NOW, TODAY, candidate, readiness

REFERENTIAL = load()
WEEK = timedelta(days=7)
EVERYWHERE, STOCK, FRENCH = "900001", "900016", "900003"
ROMES = ("N1103", "N1101", "N1105", "N4105", "K2204", "K1707", "K1212", "J1501", "N9999")


def release(register: Sequence[Candidate], before: Release | None = None, now: datetime = NOW, k: int = 5) -> Release:
    """Build and check, as the code that signs does."""
    built = build_release(
        register,
        before.members if before else (),
        REFERENTIAL,
        number=before.message.release + 1 if before else 1,
        now=now,
        k=k,
    )
    check(built, register, before, now, k)
    assert wire_json.decode(wire_json.encode(built.message), SheetsReleased) == built.message
    return built


def check(built: Release, register: Sequence[Candidate], before: Release | None = None, now: datetime = NOW,
          k: int = 5) -> None:  # fmt: skip
    check_release(
        built.message,
        built.members,
        register,
        REFERENTIAL,
        now.date(),
        k=k,
        previous=before.members if before else (),
        last=before.message if before else None,
    )


def town(**numbers: int) -> list[Candidate]:
    """So many people by occupation."""
    romes = [rome for rome, number in numbers.items() for _ in range(number)]
    return [candidate(number, rome) for number, rome in enumerate(romes)]


def labels(built: Release) -> dict[str, str]:
    return {sheet.occupation: sheet.size for sheet in built.message.sheets}


def test_an_occupation_with_enough_people_stands_alone_and_the_rest_climb() -> None:
    built = release(town(N1103=12, N1101=3, N1105=2, D1106=4, D1502=2, K2204=2))
    assert labels(built) == {"D+": "5+", "N1103": "10+", "N11+": "5+"}
    assert [(w.occupation, w.reason, w.count) for w in built.withheld] == [("K2204", "too_few", 2)]


def test_what_a_domain_and_a_letter_cannot_hold_pools_at_the_root() -> None:
    spread = town(N1101=4, J1501=3, A1201=3, F1703=4)
    assert labels(release(spread)) == {"+": "10+"}
    assert labels(release(spread[:9])) == {}, "the root touches sensitive occupations: it needs ten"


def test_nobody_empty_and_one_to_four_look_alike() -> None:
    messages = [release(town(N1103=number)).message for number in range(5)]
    assert all(message == messages[0] for message in messages)
    assert labels(release(town(N1103=5))) == {"N1103": "5+"}


@pytest.mark.parametrize(("size", "shown"), [(5, "5+"), (9, "5+"), (10, "10+"), (19, "10+"), (20, "20+"), (50, "50+")])
def test_buckets(size: int, shown: str) -> None:
    assert labels(release(town(N1103=size))) == {"N1103": shown}


def test_a_class_that_touches_a_sensitive_occupation_needs_ten() -> None:
    assert labels(release(town(K1707=9))) == {}
    assert labels(release(town(K1707=10))) == {"K1707": "10+"}
    assert labels(release(town(K1201=3, K1203=3))) == {}, "K12 holds the clergy"
    assert labels(release(town(K1201=5, K1203=5, K1212=0))) == {"K1201": "5+", "K1203": "5+"}
    assert all(any(code.startswith(each) for code in REFERENTIAL.occupations.codes()) for each in SENSITIVE)


@pytest.mark.parametrize(
    "hidden",
    [
        {"readiness": None},
        {"readiness": readiness(TODAY - timedelta(days=200))},
        {"consents": ()},
        {"state": CandidateState.PLACED},
    ],
)
def test_only_ready_and_agreeing_people_count(hidden: dict[str, Any]) -> None:
    four = town(N1103=4)
    assert labels(release([*four, candidate(99, **hidden)])) == {}
    assert labels(release([*four, candidate(99)])) == {"N1103": "5+"}


def test_a_person_counts_once_at_the_occupation_sought_first() -> None:
    both = [candidate(n, "N1103", "K2204") for n in range(5)]
    assert labels(release(both)) == {"N1103": "5+"}


def test_unknown_occupations_and_none_are_withheld() -> None:
    strangers = [candidate(n, "N9999") for n in range(6)] + [candidate(7, occupations=())]
    built = release(strangers)
    assert labels(built) == {}
    assert [(w.occupation, w.reason, w.count) for w in built.withheld] == [
        ("", "no_occupation", 1),
        ("N9999", "unknown_occupation", 6),
    ]


def test_a_profile_shows_what_three_have_and_the_whole_class_could_have() -> None:
    group = [
        candidate(
            n,
            skills=frozenset({EVERYWHERE, STOCK} if n < 3 else {FRENCH}),
            languages=(("pt", "B1"),) if n < 3 else (("ti", "C2"),),
            contracts=frozenset({"CDI"} if n < 4 else {"MIS"}),
        )
        for n in range(5)
    ]
    (sheet,) = release(group).message.sheets
    assert sheet.skills == [EVERYWHERE, STOCK]
    assert (sheet.languages, sheet.contracts) == (["pt"], ["CDI"])


def test_a_pooled_class_shows_no_skill_that_would_tell_its_occupation() -> None:
    """Four warehouse workers and one forklift driver: "keeps a stock" would say that it is the warehouse."""
    skills = frozenset({EVERYWHERE, STOCK})
    pooled = [replace(person, skills=skills) for person in town(N1103=4, N1101=1)]
    (sheet,) = release(pooled).message.sheets
    assert (sheet.occupation, sheet.skills) == ("N11+", [EVERYWHERE])


def test_a_profile_is_refreshed_only_after_k_joins_or_leaves() -> None:
    first = release([candidate(n, skills=frozenset({STOCK})) for n in range(6)])
    arrived = [candidate(n, skills=frozenset({EVERYWHERE})) for n in range(10, 15)]
    stayed = [candidate(n, skills=frozenset({STOCK})) for n in range(6)]
    second = release([*stayed, *arrived[:4]], first, NOW + WEEK)
    assert second.message.sheets[0].skills == [STOCK]
    third = release([*stayed, *arrived], second, NOW + 2 * WEEK)
    assert third.message.sheets[0].skills == [EVERYWHERE, STOCK]


def test_a_class_that_was_absent_is_not_computed_again_for_one_person() -> None:
    """Five, then four, then five with somebody new: what the newcomer brings must not show."""
    stayed = [candidate(n, skills=frozenset({STOCK, FRENCH} if n < 2 else {STOCK})) for n in range(5)]
    first = release(stayed)
    gap = release(stayed[:4], first, NOW + WEEK)
    assert labels(gap) == {}
    newcomer = candidate(9, skills=frozenset({FRENCH}))
    again = release([*stayed[:4], newcomer], gap, NOW + 2 * WEEK)
    assert again.message.sheets[0].skills == [STOCK]


def test_the_profile_of_a_class_whose_people_all_left_is_forgotten() -> None:
    first = release(town(N1103=5))
    assert release([], first, NOW + WEEK).members == ()


def test_a_skill_goes_when_the_region_grows() -> None:
    """N1103 alone, then pooled: a profile kept from a narrower region would say too much."""
    kept = ClassMembers("N11+", frozenset(f"p{n}" for n in range(5)), (EVERYWHERE, STOCK), (), ())
    before = replace(release([]), members=(kept,))
    built = release(town(N1103=4, N1101=1), before, NOW + WEEK)
    assert built.message.sheets[0].skills == [EVERYWHERE]
    assert built.members == (kept,)


def test_the_weekly_tick() -> None:
    monday = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert last_tick(monday) == monday == last_tick(monday + timedelta(days=6, hours=23))
    assert last_tick(monday - timedelta(seconds=1)) == monday - WEEK
    assert release_due(None, monday)
    assert release_due(monday - timedelta(hours=1), monday)
    assert not release_due(monday, monday + timedelta(days=6))
    assert release_due(monday + timedelta(days=2), monday + WEEK)
    assert not release_due(monday + timedelta(seconds=20), monday), "a clock that was set back a little"
    assert not release_due(monday + WEEK, monday)
    assert release_due(monday + timedelta(days=365), monday), "or that was a year ahead"


def test_no_release_in_answer_to_an_event() -> None:
    first = release(town(N1103=6))
    with pytest.raises(RuleBroken) as refused:
        release(town(N1103=5), first, NOW + timedelta(hours=2))
    assert refused.value.rule == "rhythm"


def test_the_risk_report() -> None:
    report = release(town(N1103=20, N1101=7, K2204=3)).report
    assert (report.people, report.published, report.withheld_share, report.worst_case) == (30, 27, 10, 14)
    assert report.on_edge == ("N1103",)
    assert release([]).report.worst_case == 0


def test_no_sheet_says_under_which_name_an_occupation_is_practised() -> None:
    """Not even where a whole group of peers chose the same name: the occupation's code is all that a sheet knows."""
    plain = town(N1103=12, N1101=3, N1105=2)
    named = [
        replace(person, occupations=tuple(replace(one, appellation="Drapeur à la main") for one in person.occupations))
        for person in plain
    ]
    built = release(named)
    assert built.message == release(plain).message and built.message.sheets
    assert "Drapeur" not in wire_json.encode(built.message).decode() and "Drapeur" not in str(built.report)


registers = st.lists(
    st.builds(
        lambda rome, skills, language, contract, ready: {
            "occupations": (Experience(rome=rome, months=0),),
            "skills": frozenset(skills),
            "languages": ((language, "B1"),),
            "contracts": frozenset({contract}),
            "readiness": readiness() if ready else None,
        },
        st.sampled_from(ROMES),
        st.sets(st.sampled_from([EVERYWHERE, STOCK, FRENCH, "1", "900044"])),
        st.sampled_from(["fr", "ar", "xx", "français"]),
        st.sampled_from(["CDI", "MIS", "???"]),
        st.sampled_from([True, True, True, False]),
    ),
    max_size=60,
).map(lambda people: [candidate(number, **fields) for number, fields in enumerate(people)])


@given(registers)
def test_every_rule_holds_for_any_register(register: list[Candidate]) -> None:
    built = release(register)
    shown = {sheet.occupation for sheet in built.message.sheets}
    for sheet in built.message.sheets:
        group = [
            person
            for person in register
            if person.readiness and label_of(person.occupations[0].rome, shown) == sheet.occupation
        ]
        group = [person for person in group if person.occupations[0].rome != "N9999"]
        region = regions(shown, REFERENTIAL.occupations)[sheet.occupation]
        assert len(group) >= (10 if any(map(is_sensitive, region)) else 5)
        assert int(sheet.size[:-1]) <= len(group)
        assert {person.occupations[0].rome for person in group} <= region
        for skill in sheet.skills:
            assert sum(skill in person.skills for person in group) >= 3
            assert region <= REFERENTIAL.skills.footprint(skill)
        for language in sheet.languages:
            assert sum(language in dict(person.languages) for person in group) >= 3
        assert {*sheet.contracts} <= {"CDI", "MIS"}
    ready = sum(person.readiness is not None for person in register)
    assert built.report.published + sum(group.count for group in built.withheld) == built.report.people == ready


@given(registers)
def test_nothing_of_withheld_people_is_visible(register: list[Candidate]) -> None:
    built = release(register)
    shown = frozenset().union(*(one.members for one in built.members))
    only_shown = [person for person in register if person.id in shown]
    assert release(only_shown).message == built.message


@given(registers, registers, registers)
@settings(max_examples=40)
def test_any_three_weeks(one: list[Candidate], other: list[Candidate], third: list[Candidate]) -> None:
    """People of the first week stay, those of the other weeks come and go; every week is a release that holds."""
    arrivals = [replace(person, id=f"q{person.id}") for person in other]
    weeks = [one, [*one[1:], *arrivals], [*one[: len(one) // 2], *third[:3], *arrivals[2:]]]
    weeks = [list({person.id: person for person in week}.values()) for week in weeks]
    before: Release | None = None
    for number, week in enumerate(weeks):
        built = release(week, before, NOW + number * WEEK)
        kept = {each.occupation: each for each in before.members} if before else {}
        for each in built.members:
            known = kept.get(each.occupation)
            if known is not None and known != each:
                assert len(known.members ^ each.members) >= 5
        before = built


@given(registers, st.integers(0, 59))
def test_one_person_more_changes_one_class_and_those_above_it(register: list[Candidate], position: int) -> None:
    if not register:
        return
    leaver = register[position % len(register)]
    others = [person for person in register if person is not leaver]
    before, after = release(others), release(register)
    touched = {leaver.occupations[0].rome, *ancestors(leaver.occupations[0].rome)}
    for sheet in before.message.sheets:
        if sheet.occupation not in touched:
            assert sheet in after.message.sheets


@given(st.dictionaries(st.sampled_from(REFERENTIAL.occupations.codes()), st.integers(1, 30), max_size=40))
def test_labels_climb_to_the_nearest_class(counts: dict[str, int]) -> None:
    found = list(climb(counts, REFERENTIAL.occupations, 5))
    assert len(set(found)) == len(found)
    assert all(is_label(label, REFERENTIAL.occupations) for label in found)
    held = regions(found, REFERENTIAL.occupations)
    assert sum(map(len, held.values())) <= len(REFERENTIAL.occupations.codes())
    withheld = sum(count for rome, count in counts.items() if label_of(rome, found) is None)
    assert withheld < 10
    for label, region in held.items():
        people = sum(counts.get(rome, 0) for rome in region)
        assert people >= (10 if any(map(is_sensitive, region)) else 5), label


BUILT = release([candidate(n, skills=frozenset({STOCK})) for n in range(6)])
REGISTER = [candidate(n, skills=frozenset({STOCK})) for n in range(6)]


def altered(**changes: Any) -> Release:
    return replace(BUILT, message=msgspec.structs.replace(BUILT.message, **changes))


def sheet(**changes: Any) -> Release:
    return altered(sheets=[msgspec.structs.replace(BUILT.message.sheets[0], **changes)])


def kept(**changes: Any) -> Release:
    return replace(BUILT, members=(replace(BUILT.members[0], **changes),))


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (altered(k=6), "k"),
        (altered(referential="2019"), "referential"),
        (altered(release=2), "number"),
        (sheet(occupation="N9999"), "label"),
        (sheet(occupation="Z+"), "label"),
        (sheet(occupation="N110+"), "label"),
        (sheet(occupation="N1101"), "class_size"),
        (sheet(size="10+"), "bucket"),
        (sheet(skills=[EVERYWHERE]), "profile"),
        (sheet(skills=[]), "profile"),
        (sheet(languages=["fr"]), "profile"),
        (sheet(contracts=["CDI"]), "profile"),
        (replace(BUILT, members=()), "members"),
        (replace(BUILT, members=BUILT.members * 2), "members"),
        (kept(occupation="N1101"), "members"),
        (replace(BUILT, members=(*BUILT.members, replace(BUILT.members[0], occupation="N11+"))), "members"),
        (kept(members=frozenset({"p1"})), "refresh"),
        (kept(skills=(STOCK, EVERYWHERE)), "profile"),
        (kept(languages=("fr",)), "profile"),
        (kept(contracts=("CDI",)), "profile"),
    ],
)
def test_a_broken_release_is_refused_by_the_code_that_signs(broken: Release, rule: str) -> None:
    check(BUILT, REGISTER)
    with pytest.raises(RuleBroken) as refused:
        check(broken, REGISTER)
    assert refused.value.rule == rule


def test_a_skill_that_tells_too_much_is_refused() -> None:
    everybody = [replace(person, skills=frozenset({STOCK})) for person in town(N1103=4, N1101=2)]
    built = release(everybody)
    telling = replace(
        built,
        message=msgspec.structs.replace(
            built.message, sheets=[msgspec.structs.replace(built.message.sheets[0], skills=[STOCK])]
        ),
        members=(replace(built.members[0], skills=(STOCK,)),),
    )
    with pytest.raises(RuleBroken) as refused:
        check(telling, everybody)
    assert refused.value.rule == "profile"


def test_a_profile_computed_too_early_is_refused() -> None:
    later = [*REGISTER, candidate(9, skills=frozenset({EVERYWHERE}))]
    early = build_release(later, (), REFERENTIAL, number=2, now=NOW + WEEK)
    with pytest.raises(RuleBroken) as refused:
        check(early, later, BUILT, NOW + WEEK)
    assert refused.value.rule == "refresh"


def test_an_absent_class_may_not_be_forgotten() -> None:
    gap = build_release(REGISTER[:4], (), REFERENTIAL, number=2, now=NOW + WEEK)
    with pytest.raises(RuleBroken) as refused:
        check(gap, REGISTER[:4], BUILT, NOW + WEEK)
    assert refused.value.rule == "members"


def test_somebody_who_left_since_breaks_the_class() -> None:
    five = REGISTER[:5]
    built = release(five)
    with pytest.raises(RuleBroken) as refused:
        check(built, [*five[:4], five[4].taking_back(ConsentScope.NETWORK, "", NOW)])
    assert refused.value.rule == "class_size"


def test_a_large_town() -> None:
    commune = REFERENTIAL.communes.get(MONTLUCON)
    assert commune is not None
    people = Crowd(REFERENTIAL, 7, occupations=300).candidates(3000, commune)
    built = release(people)
    assert len(built.message.sheets) > 100
    assert built.report.withheld_share < 5
