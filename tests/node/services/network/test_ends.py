"""All that ends by itself and that a person must act on: one list, the same for pages, commands, log and mails."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from shutil import rmtree

import httpx
import msgspec
import pytest

from federation.peers.ports import PeerState
from node.app import open_node
from node.config import load
from node.mission.accounts.trail import Access, OpenedFor
from node.services.accounts.sessions import open_session
from node.services.network import checking, keys, membership, renewal
from node.services.network.checking import Finding, check
from node.services.network.coordinating import create, keep, registry_of
from node.services.network.ends import Ahead, look_ahead
from node.services.network.ends_telling import directory_sentence, long_day, notices, threshold
from node.services.network.founding import Created
from node.services.network.status import status
from node.services.node import Node
from protocol.keys import NodeKeys, Purpose
from protocol.members import Member, encode_members, sign_join_request
from tests.federation.conftest import FixedClock, member_of, members_of, seeded
from tests.node.conftest import NOW, french
from tests.node.mirrored import listed, put_in_network, verified
from tests.node.networked import Networked, net
from tests.node.services.network.test_membership import BAYONNE, KEYS, request

__all__ = ["net"]

DAY = timedelta(days=1)
MONTLUCON = "montlucon.emploi.example"
RESEAU = "reseau.emploi.example"
FAR = NOW + 700 * DAY
RENEW = "maillon network renew"
written = long_day("Europe/Paris")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def town(created: Created, clock: FixedClock) -> Iterator[Node]:
    """Montluçon, in no network yet, and nobody answers it."""
    node = open_node(load(created.config), clock=clock, http=httpx.MockTransport(lambda _request: httpx.Response(404)))
    yield node
    node.close()


@pytest.fixture
def reseau(make_node: Callable[..., Created], clock: FixedClock) -> Iterator[Node]:
    """A coordinator with its network, founded now."""
    node = open_node(load(make_node(RESEAU, "coordinator").config), clock=clock)
    create(node, "Réseau d'essai")
    yield node
    node.close()


def lines(node: Node) -> list[tuple[str, int, str, str]]:
    return [(end.what, end.days, end.who_acts, end.command) for end in look_ahead(node).ends]


def said(node: Node, *, commands: bool = False) -> list[str]:
    told = notices(look_ahead(node), written, commands=commands)
    return [french(" ".join(filter(None, (one.title, one.then, one.act, one.command)))) for one in told]


def test_in_no_network_nothing_ends(town: Node) -> None:
    assert status(town).ends == ()
    assert look_ahead(town) == Ahead(MONTLUCON, False, NOW)
    assert said(town) == [] and directory_sentence(look_ahead(town), written) == ""


def test_a_clock_that_nobody_confirms_says_so_and_nothing_of_dates(town: Node, clock: FixedClock) -> None:
    put_in_network(town, FAR, NOW, [member_of(NodeKeys.generate(BAYONNE, seeded(9)))])
    with town.database.write() as uow:
        uow.peers.save(PeerState(peer=BAYONNE, due=NOW, last_success=NOW))
    assert said(town) == []
    clock.moment += 1000 * DAY
    title = "L'horloge de ce nœud semble avancer : aucun autre nœud ne l'a confirmée depuis le 23 novembre 2026."
    brought = "Ce que la date seule amène (signatures qui expirent, candidatures, effacements, fiches)"
    then = f"{brought} attend que l'un d'eux le fasse."
    assert said(town) == [f"{title} {then} Votre administrateur ou administratrice doit s'en charger."]
    assert said(town, commands=True) == [f"{title} {then} Vérifiez la date de la machine : timedatectl"]
    assert french(directory_sentence(look_ahead(town), written)) == title
    (finding,) = [one for one in check(town.config, lambda _config: town) if one.name == "clock"]
    assert not finding.ok and "depuis le 2026-11-23" in french(finding.advice)
    assert finding.detail == "2029-08-19 09:00:00 UTC"
    with town.database.write() as uow:
        uow.peers.save(PeerState(peer=BAYONNE, due=NOW, last_success=clock.moment))
    assert any("clés de signature" in one for one in said(town))


@pytest.mark.parametrize(("ahead", "agrees"), [(40, True), (-40, True), (400, False), (-86_400, False)])
def test_the_clock_is_compared_with_those_of_peers(
    created: Created, clock: FixedClock, ahead: int, agrees: bool
) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, headers={"date": format_datetime(NOW - timedelta(seconds=ahead), usegmt=True)})

    node = open_node(load(created.config), clock=clock, http=httpx.MockTransport(answer))
    put_in_network(node, FAR, NOW, [member_of(NodeKeys.generate(BAYONNE, seeded(9)))])
    (finding,) = [one for one in check(node.config, lambda _config: node) if one.name == "clock"]
    assert finding.ok is agrees
    assert f"{abs(ahead)} s {'en avance' if ahead > 0 else 'en retard'} sur" in french(finding.detail)
    assert asked and all(url.endswith("/healthz") for url in asked)
    node.close()


def test_a_suspended_node_is_told_so_everywhere(town: Node) -> None:
    folder = put_in_network(town, FAR, NOW)
    assert folder.is_dir() and said(town) == []
    with town.database.write() as uow:
        own = msgspec.structs.replace(member_of(town.keys), status="suspended")
        uow.directory.save_members_json(encode_members(members_of([own])), NOW)
    (told,) = [one for one in said(town) if "suspendu" in one]
    assert told.startswith("La coordination du réseau a suspendu ce nœud.") and "Demandez à la coordination" in told
    assert "a suspendu ce nœud" in french(directory_sentence(look_ahead(town), written))
    (finding,) = [one for one in check(town.config, lambda _config: town) if one.name == "directory"]
    assert not finding.ok and "suspendu" in french(finding.detail)
    assert "Demandez à la coordination" in french(finding.advice)


def test_the_trail_of_a_year_outlives_a_clock_that_nobody_confirms(town: Node, clock: FixedClock) -> None:
    put_in_network(town, FAR, NOW, [member_of(NodeKeys.generate(BAYONNE, seeded(9)))])
    with town.database.write() as uow:
        uow.peers.save(PeerState(peer=BAYONNE, due=NOW, last_success=NOW))
        uow.accounts.record_access(Access(at=NOW, account="a1", name="Karima", candidate="p1", what=OpenedFor.READ))

    def kept_after_somebody_signs_in() -> int:
        with town.database.write() as uow:
            open_session(uow, town.desk, candidate="p1")
        with town.database.read() as uow:
            return len(uow.accounts.accesses_to("p1"))

    clock.moment += 366 * DAY
    assert kept_after_somebody_signs_in() == 1
    with town.database.write() as uow:
        uow.peers.save(PeerState(peer=BAYONNE, due=NOW, last_success=clock.moment))
    assert kept_after_somebody_signs_in() == 0


def test_a_members_list_is_its_keys_and_its_mirror_by_date(town: Node) -> None:
    put_in_network(town, FAR, NOW - 300 * DAY)
    assert lines(town) == [
        ("directory.root", 65, "coordinator", RENEW),
        ("directory.targets", 65, "coordinator", RENEW),
        ("keys", 700, MONTLUCON, "maillon keys rotate --purpose all"),
    ]
    assert status(town).ends == look_ahead(town).ends
    assert look_ahead(town).ends[2].on == FAR


def test_keys_that_end_on_several_days_are_several_lines_and_sealing_is_none(town: Node) -> None:
    same = NOW + 20 * DAY
    until = {Purpose.HTTP: NOW + 10 * DAY, Purpose.JOURNAL: same, Purpose.WITNESS: same + timedelta(hours=1)}
    put_in_network(town, until | {Purpose.SEALING: NOW + DAY}, NOW)
    assert [line for line in lines(town) if line[2] == MONTLUCON] == [
        ("key.http", 10, MONTLUCON, "maillon keys rotate --purpose http"),
        ("keys", 20, MONTLUCON, "maillon keys rotate --purpose all"),
        ("key.guarantee", 385, MONTLUCON, "maillon keys rotate --purpose guarantee"),
    ]
    assert look_ahead(town).ends[1].on == same, "the first of the day"


def test_the_newest_key_of_a_purpose_counts(town: Node) -> None:
    put_in_network(town, NOW + 5 * DAY, NOW)
    federation = town.federation
    own = federation.member(MONTLUCON)
    newer = listed(NodeKeys.generate(MONTLUCON, seeded(3)), FAR, NOW)
    rotated = msgspec.structs.replace(own, keys=[*newer, *own.keys])
    with town.database.write() as uow:
        members = msgspec.structs.replace(federation.members(), version=2, members=[rotated])
        uow.directory.save_members_json(msgspec.json.encode(members, order="sorted"), NOW)
    assert [line[:2] for line in lines(town) if line[2] == MONTLUCON] == [("keys", 700)]


@pytest.mark.parametrize(
    ("left", "days", "soon", "over"),
    [
        (61 * DAY, 61, False, False),
        (60 * DAY, 60, True, False),
        (DAY, 1, True, False),
        (DAY - timedelta(seconds=1), 0, True, False),
        (timedelta(seconds=1), 0, True, False),
        (timedelta(0), -1, True, True),
        (-timedelta(seconds=1), -1, True, True),
        (-DAY, -1, True, True),
        (-DAY - timedelta(seconds=1), -2, True, True),
    ],
)
def test_days_are_whole_ones_and_negative_once_over(
    town: Node, left: timedelta, days: int, soon: bool, over: bool
) -> None:
    put_in_network(town, NOW + left, NOW)
    (keys,) = [end for end in look_ahead(town).ends if end.what == "keys"]
    assert (keys.days, keys.soon, keys.over) == (days, soon, over)
    assert bool(said(town)) is soon


def test_a_clock_a_year_ahead_and_back(town: Node, clock: FixedClock) -> None:
    put_in_network(town, FAR, NOW)
    clock.moment = NOW + 366 * DAY
    assert lines(town)[0][:2] == ("directory.root", -1)
    assert look_ahead(town).expired == NOW + 365 * DAY
    clock.moment = NOW - 365 * DAY
    assert [line[1] for line in lines(town)] == [730, 730, 1065]
    assert directory_sentence(look_ahead(town), written) == ""
    clock.moment = NOW
    assert said(town) == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"signed": {"expires": "2027-01-01T00:00:00"}}', None])
def test_a_damaged_mirror_takes_no_other_line_away(town: Node, damage: bytes | None) -> None:
    folder = put_in_network(town, FAR, NOW)
    if damage is None:
        rmtree(town.config.mirror_dir)
        left = []
    else:
        (folder / "root.json").write_bytes(damage)
        left = ["directory.targets"]
    assert [line[0] for line in lines(town)] == [*left, "keys"]
    verified(town, NOW - 5 * DAY)
    assert "pas pu être vérifiée depuis le 18 novembre 2026" in directory_sentence(look_ahead(town), written)


def test_the_coordinators_own_list(reseau: Node) -> None:
    assert lines(reseau) == [
        ("directory.root", 365, "coordinator", RENEW),
        ("directory.targets", 365, "coordinator", RENEW),
        ("keys", 730, RESEAU, "maillon keys rotate --purpose all"),
    ]
    (reseau.config.registry_dir / "metadata/timestamp.json").unlink()
    assert [line[0] for line in lines(reseau)] == ["keys"]


def admit(node: Node, name: str, until: datetime, **changes: str) -> Member:
    """A member of the coordinator's network."""
    keys = NodeKeys.generate(name, seeded(7))
    member = msgspec.structs.replace(member_of(keys), keys=listed(keys, until, NOW - 365 * DAY), **changes)
    registry = registry_of(node)
    members = registry.members()
    after = sorted([*members.members, member], key=lambda one: one.id)
    registry.publish(msgspec.structs.replace(members, version=members.version + 1, members=after), NOW)
    keep(node, registry)
    return member


def test_the_coordinator_is_told_of_members_keys_once_they_end_soon(reseau: Node) -> None:
    admit(reseau, "drancy.emploi.example", NOW + 60 * DAY)
    admit(reseau, "montlucon.emploi.example", NOW + 61 * DAY)
    admit(reseau, "bayonne.emploi.example", NOW - 3 * DAY)
    admit(reseau, "trelaze.emploi.example", NOW + DAY, status="suspended")
    rotate = "maillon keys rotate --purpose all"
    assert [line for line in lines(reseau) if line[0] == "keys"] == [
        ("keys", -3, "bayonne.emploi.example", rotate),
        ("keys", 60, "drancy.emploi.example", rotate),
        ("keys", 730, RESEAU, rotate),
    ]
    assert said(reseau, commands=True) == [
        "Les clés de signature de Ville de Bayonne ne sont plus valables depuis le 20 novembre 2026. Les autres "
        "membres n'échangent plus rien avec ce membre. À dire à Ville de Bayonne, qui doit lancer cette commande : "
        f"{rotate}",
        "Les clés de signature de Ville de Drancy ne sont valables que jusqu'au 22 janvier 2027. Ensuite, les autres "
        "membres n'échangeront plus rien avec ce membre. À dire à Ville de Drancy, qui doit lancer cette commande : "
        f"{rotate}",
    ]


def test_a_request_to_join_runs_out(reseau: Node, clock: FixedClock) -> None:
    with reseau.database.write() as uow:
        uow.directory.save_join_request(BAYONNE, sign_join_request(request(), KEYS), NOW)
        uow.directory.save_join_request("torn.emploi.example", b"{", NOW)
    assert lines(reseau)[0] == ("join_request", 30, "coordinator", f"maillon network admit {BAYONNE}")
    assert said(reseau, commands=True) == [
        f"Une demande d'adhésion attend jusqu'au 23 décembre 2026 : {BAYONNE}. Ensuite, il faudra la refaire. Commande "
        f"à lancer : maillon network admit {BAYONNE}"
    ]
    clock.moment = NOW + 30 * DAY
    assert [line[0] for line in lines(reseau)] == ["directory.root", "directory.targets", "keys"]


def test_who_runs_no_command_is_told_who_does(town: Node, clock: FixedClock) -> None:
    put_in_network(town, NOW + 10 * DAY, NOW - 360 * DAY)
    directory = (
        "La liste des membres du réseau n'est valable que jusqu'au 28 novembre 2026. Ensuite, aucun nouveau membre ne "
        "sera pris en compte ; tout le reste continuera. La coordination du réseau doit la renouveler : écrivez-lui."
    )
    keys = (
        "Vos clés de signature ne sont valables que jusqu'au 3 décembre 2026. Ensuite, les échanges avec les autres "
        "membres s'arrêtent. "
    )
    assert said(town) == [directory, keys + "Votre administrateur ou administratrice doit s'en charger."]
    assert said(town, commands=True) == [
        directory,
        keys + "Commande à lancer : maillon keys rotate --purpose all",
    ]
    clock.moment = NOW + 20 * DAY
    assert said(town) == [
        "La liste des membres du réseau n'est plus valable depuis le 28 novembre 2026. Aucun nouveau membre n'est pris "
        "en compte ; tout le reste continue. La coordination du réseau doit la renouveler : écrivez-lui.",
        "Vos clés de signature ne sont plus valables depuis le 3 décembre 2026. Les échanges avec les autres membres "
        "sont arrêtés ; votre propre travail continue. Votre administrateur ou administratrice doit s'en charger.",
    ]
    assert [one.kind for one in notices(look_ahead(town), written, commands=False)] == ["warning", "danger"]


def test_a_directory_that_cannot_be_verified_says_so_in_one_sentence(town: Node, clock: FixedClock) -> None:
    put_in_network(town, FAR, NOW)
    clock.moment = NOW + 2 * DAY
    assert directory_sentence(look_ahead(town), written) == ""
    clock.moment = NOW + 3 * DAY
    assert french(directory_sentence(look_ahead(town), written)) == (
        "La liste des membres du réseau n'a pas pu être vérifiée depuis le 23 novembre 2026. Entre-temps, aucun "
        "nouveau membre n'est pris en compte ; tout le reste continue."
    )
    clock.moment = NOW + 366 * DAY
    sentence = french(directory_sentence(look_ahead(town), written))
    assert sentence.startswith("La liste des membres du réseau n'est plus valable depuis le 23 novembre 2027. Aucun")


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (60, 60), (31, 60), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1),
        (-1, 0), (-7, 0), (-8, -7), (-14, -7), (-15, -14), (-400, -399),
    ],
)  # fmt: skip
def test_the_stages_at_which_people_are_written_to(days: int, stage: int) -> None:
    assert threshold(days) == stage


def test_what_was_acted_on_is_no_longer_warned_of(net: Networked) -> None:
    """A whole network: the coordinator does not renew in time, then does; a town rotates one key."""
    drancy = net.drancy.config.node.id
    net.wait(days=364)
    assert lines(net.drancy)[:2] == [("directory.root", 1, "coordinator", RENEW), lines(net.reseau)[1]]
    for _day in range(2):
        net.wait(days=1)
    assert "n'est plus valable" in directory_sentence(look_ahead(net.drancy), written)
    assert said(net.reseau, commands=True)[0].endswith(f"Commande à lancer : {RENEW}")
    assert membership.refresh(net.drancy).status.degraded
    renewal.renew(net.reseau)
    net.refresh()
    assert not membership.refresh(net.drancy).status.degraded
    assert [line[:2] for line in lines(net.drancy)] == [
        ("keys", 364),
        ("directory.root", 365),
        ("directory.targets", 365),
    ]
    assert said(net.drancy) == said(net.reseau) == []
    keys.rotate(net.drancy, [Purpose.HTTP])
    assert [line[:3] for line in lines(net.drancy) if line[2] == drancy] == [
        ("keys", 364, drancy),
        ("key.http", 730, drancy),
    ]


def findings(created: Created, clock: FixedClock) -> dict[str, Finding]:
    found = check(load(created.config), lambda config: open_node(config, clock=clock))
    return {one.name: one for one in found}


def test_check_tells_ends_apart(
    created: Created, town: Node, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_port", lambda config: Finding("port", True, ""))
    found = findings(created, clock)
    assert (found["ends"].ok, found["ends"].detail, found["ends"].advice) == (True, "aucune", "")
    put_in_network(town, NOW + 200 * DAY, NOW)
    found = findings(created, clock)
    assert found["directory"] == Finding("directory", True, "version 1")
    assert found["ends"].ok and not found["ends"].advice
    assert french(found["ends"].detail) == "la première : clés de signature, le 2027-06-11"
    clock.moment = NOW + 140 * DAY
    found = findings(created, clock)
    assert found["ends"].ok and "clés de signature, le 2027-06-11" in found["ends"].detail
    assert french(found["ends"].advice) == "l'administration de ce nœud : maillon keys rotate --purpose all"
    assert not found["directory"].ok
    assert "non vérifié depuis 140 jours" in found["directory"].detail
    assert "maillon network refresh" in found["directory"].advice
    clock.moment = NOW + 370 * DAY
    found = findings(created, clock)
    assert not found["ends"].ok and "passé depuis le 2027-06-11" in found["ends"].detail
    assert french(found["ends"].advice).split("; ") == [
        "l'administration de ce nœud : maillon keys rotate --purpose all",
        "la coordination du réseau : maillon network renew",
    ]
    assert not found["directory"].ok and "expiré depuis le 2027-11-23" in found["directory"].detail
    assert "La coordination doit lancer" in found["directory"].advice


def test_check_tells_the_coordinator_what_to_run(
    make_node: Callable[..., Created], reseau: Node, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_port", lambda config: Finding("port", True, ""))
    clock.moment = NOW + 366 * DAY
    found = {one.name: one for one in check(reseau.config, lambda config: open_node(config, clock=clock))}
    assert (found["directory"].ok, french(found["directory"].advice)) == (False, "Lancez « maillon network renew ».")
    assert not found["ends"].ok
