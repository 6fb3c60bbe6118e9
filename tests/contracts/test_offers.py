"""Offers, our own and our peers'."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.offers.offer import LISTED, Need, Offer, OfferContact, OfferSite, OfferState
from node.mission.offers.proposal import OfferProposal
from node.mission.offers.published import PeerOffer, Searched, SearchedSite, offer_message
from node.mission.parts import Counted
from node.storage import AlreadyThere, Missing, SqlDatabase, migrate
from node.storage.engine import MODE, Mode, make_engine
from node.storage.migrations.versions import v0009_newest_offers
from protocol.messages import FormerOfferPublished, OfferPublished
from tests.contracts.databases import BAYONNE, DRANCY, MONTLUCON, NOW, open_town

TODAY = date(2026, 11, 23)

BUTCHER = Offer(
    id="o-boucher",
    node=DRANCY,
    reference="193KXYZ",
    revision=2,
    entry="01" + "ab" * 32,
    employer="Boucheries réunies",
    title="Boucher·ère",
    rome="D1101",
    description="Découpe, vente, conseil.",
    contract="CDD",
    months=6,
    hours=2100,
    salary="13 € brut de l'heure",
    experience="E",
    experience_months=12,
    qualification=4,
    skills=(("104320", Need.REQUIRED), ("117701", Need.WISHED)),
    languages=(("fr", "B1"),),
    licences=frozenset({"B"}),
    sites=(
        OfferSite(id="s1", commune="93029", label="Drancy, marché", posts=2),
        OfferSite(id="s2", commune="2A004", label="Ajaccio", posts=1),
    ),
    closes=TODAY + timedelta(days=30),
    published=NOW,
    network=False,
)
ASIDE = [one for one in OfferState if one not in LISTED]
MASON = replace(BUTCHER, id="o-macon", reference="", revision=0, entry="", published=None, rome="F1703")


def _peer(offer: Offer) -> PeerOffer:
    assert offer.published is not None
    return PeerOffer(offer.node, bytes.fromhex(offer.entry), offer_message(offer, offer.published))


def test_a_peers_offer_of_either_version_is_read(database: SqlDatabase) -> None:
    asked = replace(MASON, node=BAYONNE, revision=1, entry="01" * 33, published=NOW, answer_days=14, most_open=3)
    newer = _peer(asked)
    assert isinstance(newer.message, OfferPublished)
    kept = {name: getattr(newer.message, name) for name in FormerOfferPublished.__struct_fields__}
    with database.write() as uow:
        uow.offers.replace_from_peer([replace(newer, message=FormerOfferPublished(**kept))])
        known = uow.offers.get(BAYONNE, asked.id)
        assert known is not None and (known.answer_days, known.cap) == (30, 5 * known.posts)
        uow.offers.replace_from_peer([_peer(replace(asked, revision=2))])
    with database.read() as uow:
        known = uow.offers.get(BAYONNE, asked.id)
        assert known is not None and (known.answer_days, known.cap) == (14, 3)


def _of(node: str, number: int, **changes: object) -> Offer:
    return replace(
        MASON,
        **{  # type: ignore[arg-type]
            "id": f"o{number}",
            "node": node,
            "revision": 1,
            "entry": "01" + "cd" * 32,
            "published": NOW,
            "network": True,
        }
        | changes,
    )


def test_an_offer_is_kept_whole(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.offers.add(BUTCHER)
        uow.offers.add(MASON)
    with database.read() as uow:
        assert uow.offers.get(DRANCY, "o-boucher") == BUTCHER
        assert uow.offers.get(DRANCY, "o-macon") == MASON
        assert uow.offers.get(BAYONNE, "o-boucher") is None
        assert uow.offers.by_reference(DRANCY, "193KXYZ") == BUTCHER
        assert uow.offers.by_reference(BAYONNE, "193KXYZ") is None
        assert uow.offers.by_reference(DRANCY, "") is None
        assert uow.offers.of_node(DRANCY) == [BUTCHER, MASON]


def test_saving_replaces_everything(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.offers.add(BUTCHER)
    closed = replace(
        BUTCHER, revision=3, state=OfferState.CLOSED, closes=TODAY - timedelta(days=1), reference="", sites=()
    )
    with database.write() as uow:
        uow.offers.save(closed)
        assert uow.offers.by_reference(DRANCY, "193KXYZ") is None
    with database.read() as uow:
        assert uow.offers.of_node(DRANCY) == [closed]
        assert uow.offers.open(TODAY) == []
    with pytest.raises(Missing), database.write() as uow:
        uow.offers.save(MASON)


def test_references_are_unique_on_a_node_and_optional(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.offers.add(BUTCHER)
        uow.offers.add(replace(BUTCHER, node=BAYONNE))
        uow.offers.add(MASON)
        uow.offers.add(replace(MASON, id="o-macon-2"))
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.offers.add(replace(BUTCHER, id="o-other"))
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.offers.add(replace(BUTCHER, reference="other"))


def test_a_reference_is_looked_up_not_searched_for(tmp_path: Path) -> None:
    database = open_town(f"sqlite:///{tmp_path}/maillon.db")
    with database.read() as uow:
        connection = uow.offers._connection
        asked: list[str] = []
        sa.event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert uow.offers.by_reference(MONTLUCON, "R-1") is None
        (statement,) = asked
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (MONTLUCON, "R-1")).all()
        assert not uow.offers.aside(MONTLUCON, OfferState.NEED)
        aside = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[-1]}", (MONTLUCON, "need")).all()
    database.dispose()
    assert "uq_offer_node_reference" in str(plan) and "ix_offer_aside" in str(aside)


def test_only_a_later_revision_replaces_a_peers_offer(database: SqlDatabase) -> None:
    second = replace(BUTCHER, node=BAYONNE, reference="", revision=2, title="second", network=True)
    with database.write() as uow:
        uow.offers.replace_from_peer([_peer(second)])
        assert uow.offers.get(BAYONNE, second.id) == second
        uow.offers.replace_from_peer([])
    for revision, kept in ((1, "second"), (2, "second"), (3, "third")):
        with database.write() as uow:
            uow.offers.replace_from_peer(iter([_peer(replace(second, revision=revision, title="third"))]))
        with database.read() as uow:
            (found,) = uow.offers.of_node(BAYONNE)
            assert found.title == kept
    with database.write() as uow:
        uow.offers.replace_from_peer([_peer(replace(second, revision=r, title=f"{r}")) for r in (5, 4, 6, 6)])
        (found,) = uow.offers.of_node(BAYONNE)
        assert (found.revision, found.title) == (6, "6")


def test_open_offers_of_everybody_in_order(database: SqlDatabase) -> None:
    last_day = _of(BAYONNE, 2, closes=TODAY)
    offers = [
        _of(MONTLUCON, 1),
        last_day,
        _of(BAYONNE, 1),
        _of(BAYONNE, 3, closes=TODAY - timedelta(days=1)),
        _of(BAYONNE, 4),
    ]
    with database.write() as uow:
        uow.offers.add(BUTCHER)
        uow.offers.replace_from_peer(map(_peer, offers))
        uow.offers.save(replace(offers[-1], revision=2, state=OfferState.CLOSED))
    with database.read() as uow:
        found = uow.offers.open(TODAY)
        assert found == [_of(BAYONNE, 1), last_day, BUTCHER, _of(MONTLUCON, 1)]
        assert all(offer.is_open(TODAY) for offer in found)
        assert uow.offers.count_open(TODAY) == 4
        assert uow.offers.part_open(TODAY, 2) == Counted(4, tuple(found[:2]))
        assert uow.offers.part_open(TODAY, None) == Counted(4, tuple(found))
        of_bayonne = tuple(uow.offers.of_node(BAYONNE))
        assert uow.offers.part_of_node(BAYONNE, 1) == Counted(len(of_bayonne), of_bayonne[:1])
        assert uow.offers.part_of_node(BAYONNE, None) == Counted(len(of_bayonne), of_bayonne)
        assert uow.offers.count_open(TODAY + timedelta(days=1)) == 3
        assert uow.offers.count_open(TODAY + timedelta(days=365)) == 0


def test_whom_to_call_is_kept_with_the_offer(database: SqlDatabase) -> None:
    contact = OfferContact(name="Mme Roux", email="roux@exemple.fr", phone="+33470000000", address="1 rue Haute")
    with database.write() as uow:
        uow.offers.add(replace(MASON, contact=contact))
    with database.read() as uow:
        known = uow.offers.get(MASON.node, MASON.id)
        assert known is not None and known.contact == contact


def test_the_newest_that_are_wanted(database: SqlDatabase) -> None:
    ajaccio = (OfferSite(id="s1", commune="2A004", label="Ajaccio", posts=1),)
    mason = replace(MASON, sites=ajaccio)
    today = _of(MONTLUCON, 1, title="Maçon", sites=BUTCHER.sites[:1])
    yesterday = _of(BAYONNE, 1, published=NOW - timedelta(days=1), sites=ajaccio)
    same_day = _of(BAYONNE, 2, published=NOW - timedelta(days=1))
    over = _of(BAYONNE, 3, closes=TODAY - timedelta(days=1))
    with database.write() as uow:
        uow.offers.add(BUTCHER)
        uow.offers.add(mason)
        uow.offers.replace_from_peer(map(_peer, [yesterday, today, over, same_day]))
    with database.read() as uow:

        def newest(
            wanted: Callable[[Searched], bool] | None = None, limit: int = 9, node: str | None = None, rome: str = ""
        ) -> Sequence[Offer]:
            found = uow.offers.newest(limit, today=TODAY, node=node, rome=rome, wanted=wanted)
            if wanted is None:
                assert found == uow.offers.newest(limit, today=TODAY, node=node, rome=rome, wanted=lambda _: True)
            return found

        # Of the same instant, the greater key first; what was never published comes last.
        assert newest() == [today, BUTCHER, same_day, yesterday, mason]
        assert newest(limit=2) == [today, BUTCHER]
        assert newest(node=BAYONNE) == [over, same_day, yesterday]
        assert newest(rome="F17", limit=1) == newest(rome="F1703", limit=1) == [today]
        assert newest(rome="D") == [BUTCHER]
        assert newest(rome="f17") == newest(rome="F17%") == newest(rome="F17033") == []
        assert newest(lambda one: one.title == "Maçon" and one.description == today.description) == [today]
        # Read alike from an own offer and from a peer's.
        assert newest(lambda one: one.sites == (SearchedSite("2A004"),)) == [yesterday, mason]
        assert newest(lambda one: one.employer == "Boucheries réunies", node=DRANCY) == [BUTCHER, mason]
        assert newest(lambda _: False) == []


@pytest.mark.parametrize("at_once", [1, 2, 5_000])
def test_those_of_an_earlier_schema_are_found_by_occupation_and_the_newest_first(
    empty_url: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(v0009_newest_offers, "_PART", at_once)
    own = [
        replace(BUTCHER, id="a", published=NOW.replace(microsecond=500_000)),
        replace(BUTCHER, id="b", published=None),
        replace(BUTCHER, id="c", rome="K2204"),
    ]
    peers = replace(_of(BAYONNE, 1, rome="D1101"), published=NOW + timedelta(days=1))
    engine = make_engine(empty_url)
    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.upgrade(migrate._config(connection), "0008")
        insert = sa.text(
            "INSERT INTO offer (node, id, reference, revision, state, closes, entry, detail)"
            " VALUES (:node, :id, '', 1, 'open', '2026-12-31', :entry, :detail)"
        )
        rows = [{"node": one.node, "id": one.id, "entry": None, "detail": msgspec.json.encode(one)} for one in own]
        travelled = _peer(peers)
        encoded = msgspec.json.encode(travelled.message)
        rows.append({"node": peers.node, "id": peers.id, "entry": travelled.entry, "detail": encoded})
        connection.execute(insert, rows)
    migrate.migrate(engine)
    with SqlDatabase(engine, bytes).read() as uow:
        assert uow.offers.newest(9, today=TODAY) == [peers, own[0], own[2], own[1]]
        assert uow.offers.newest(9, today=TODAY, rome="D11") == [peers, own[0], own[1]]
    with SqlDatabase(engine, bytes).write() as uow:
        uow.offers.save(replace(own[1], published=NOW + timedelta(days=2)))
        assert [one.id for one in uow.offers.newest(1, today=TODAY)] == ["b"]
    engine.dispose()


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_offer = st.builds(
    Offer,
    id=st.just("o"),
    node=st.just(DRANCY),
    reference=st.text("abc0é", max_size=5),
    revision=st.integers(0, 2**53 - 1),
    entry=_text,
    employer=_text,
    title=_text,
    rome=_text,
    description=_text,
    contract=_text,
    months=st.integers(0, 600),
    salary=_text,
    skills=st.lists(st.tuples(_text, st.sampled_from(Need)), max_size=3).map(tuple),
    languages=st.lists(st.tuples(_text, _text), max_size=3).map(tuple),
    licences=st.frozensets(_text, max_size=3),
    sites=st.lists(
        st.builds(OfferSite, id=_text, commune=_text, label=_text, posts=st.integers(1, 100_000)), max_size=3
    ).map(tuple),
    closes=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
    state=st.sampled_from(OfferState),
    network=st.booleans(),
)


@given(one=_offer, other=_offer, today=st.dates(date(1990, 1, 1), date(2100, 1, 1)))
@settings(max_examples=25, deadline=None)
def test_any_offer_comes_back_as_given(one: Offer, other: Offer, today: date) -> None:
    database = open_town()
    with database.write() as uow:
        uow.offers.add(one)
    with database.write() as uow:
        assert uow.offers.get(DRANCY, "o") == one
        assert uow.offers.open(today) == [one] * one.is_open(today)
        uow.offers.save(other)
    with database.read() as uow:
        assert uow.offers.of_node(DRANCY) == [other]
        # What stands aside is asked for by its state, and is in no list.
        listed = [other] * (other.state in LISTED)
        assert uow.offers.newest(1, today=today, node=DRANCY) == listed
        assert list(uow.offers.part_of_node(DRANCY, None).rows) == listed
        assert all(uow.offers.aside(DRANCY, one) == [other] * (one is other.state) for one in ASIDE)
        assert uow.offers.count_open(today) == other.is_open(today)
    database.dispose()


def test_many_at_once_by_their_names(database: SqlDatabase) -> None:
    peers = [_of(BAYONNE, number) for number in range(3)]
    with database.write() as uow:
        uow.offers.add(BUTCHER)
        uow.offers.replace_from_peer(map(_peer, peers))
    with database.read() as uow:
        assert uow.offers.many([]) == uow.offers.many(["no-name", ""]) == {}
        wanted = [peers[2].key, BUTCHER.key, "nobody/none", peers[0].key]
        assert uow.offers.many(wanted) == {one.key: one for one in (peers[2], BUTCHER, peers[0])}
        # More than one query asks for.
        assert uow.offers.many([f"nobody/{number}" for number in range(1200)] + wanted).keys() == {*wanted} - {
            "nobody/none"
        }


def test_open_offers_of_some_occupations_and_each_of_them(database: SqlDatabase) -> None:
    smith, baker = _of(BAYONNE, 1, rome="H2901"), _of(BAYONNE, 2, rome="D1102")
    over = _of(BAYONNE, 3, rome="D1102", closes=TODAY - timedelta(days=1))
    with database.write() as uow:
        uow.offers.add(BUTCHER)
        uow.offers.replace_from_peer(map(_peer, [smith, baker, over]))
    with database.read() as uow:
        assert uow.offers.open(TODAY, {"H2901"}) == [smith]
        assert uow.offers.open(TODAY, {"D11"}) == [baker, BUTCHER]
        assert uow.offers.open(TODAY, {"D1101", "H29", "Z"}) == [smith, BUTCHER]
        assert uow.offers.open(TODAY, ()) == []
        assert sorted(one.key for one in uow.offers.each_open(TODAY)) == sorted(
            one.key for one in uow.offers.open(TODAY)
        )


def test_what_employers_propose_waits_oldest_first_until_it_is_dealt_with(database: SqlDatabase) -> None:
    later = OfferProposal(id="a", received=NOW + timedelta(hours=1), offer=replace(BUTCHER, id=""))
    first = OfferProposal(id="b", received=NOW, offer=replace(MASON, id="", contact=OfferContact(name="M. Petit")))
    with database.write() as uow:
        assert uow.offer_proposals.waiting(None) == Counted(0, ())
        uow.offer_proposals.add(later)
        uow.offer_proposals.add(first)
    with database.read() as uow:
        assert uow.offer_proposals.waiting(None) == Counted(2, (first, later))
        assert uow.offer_proposals.waiting(1) == Counted(2, (first,))
        assert (uow.offer_proposals.get("b"), uow.offer_proposals.get("c")) == (first, None)
        assert uow.offers.of_node(BUTCHER.node) == []
    with database.write() as uow:
        assert (uow.offer_proposals.remove("b"), uow.offer_proposals.remove("b")) == (True, False)
    with database.read() as uow:
        assert uow.offer_proposals.waiting(None) == Counted(1, (later,))
