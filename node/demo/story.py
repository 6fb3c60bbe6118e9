"""The story of three towns and an employer, step by step; each step is checked from outside before the next begins.

Reading order is the order of the steps at the end of this file. A step returns the sentence that says what is now true.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

import httpx

from node.demo.network import DemoError, Network, Place
from node.demo.people import SOUGHT, campaign_csv, candidates_csv, offers_csv
from node.i18n import gettext as _
from node.referential import Referential

PATIENCE = 120.0
CAMPAIGN = "PAREBRISE-400"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story: a stable name, whether it came true, and the sentence that says what."""

    name: str
    ok: bool
    detail: str
    seconds: float


@dataclass(slots=True)
class Story:
    """What the steps hand on to one another."""

    network: Network
    referential: Referential
    candidates: int
    offers: int
    seed: str
    today: date
    root: str = ""
    campaign: dict[str, Any] = field(default_factory=dict)
    matches: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    declined: dict[str, Any] = field(default_factory=dict)
    hired: dict[str, Any] = field(default_factory=dict)
    recalled: dict[str, Any] = field(default_factory=dict)

    def play(self) -> Iterator[Step]:
        """Play every step; stops after the first that fails."""
        for name, step in STEPS:
            began = time.monotonic()
            try:
                detail = step(self)
            except (DemoError, httpx.HTTPError, KeyError, IndexError, json.JSONDecodeError) as error:
                yield Step(name, False, f"{type(error).__name__}: {error}", time.monotonic() - began)
                return
            yield Step(name, True, detail, time.monotonic() - began)

    def wait(self, what: str, check: Callable[[], Any]) -> Any:
        """Ask until `check` gives something true; DemoError naming what never came."""
        deadline = time.monotonic() + PATIENCE
        last = ""
        while time.monotonic() < deadline:
            try:
                found = check()
                if found:
                    return found
            except DemoError as error:
                last = str(error)
            time.sleep(0.15)
        raise DemoError(_("This never came true: {what}").format(what=what) + (f" ({last})" if last else ""))

    def need(self, true: object, what: str) -> None:
        """DemoError unless it is so."""
        if not true:
            raise DemoError(_("This is not so: {what}").format(what=what))


def towns_import(story: Story) -> str:
    """Each town imports its candidates and offers; importing twice adds nothing; a bad line is told, not lost."""
    network = story.network

    def take_in(place: Place) -> tuple[int, int]:
        assert place.town is not None
        made = (place.town, story.seed, story.today, story.referential)
        people = _import(story, place, "candidates", candidates_csv(made[0], story.candidates, *made[1:]))
        return people, _import(story, place, "offers", offers_csv(made[0], story.offers, *made[1:]))

    taken = network.each(network.towns, take_in)
    people, posts = sum(pair[0] for pair in taken), sum(pair[1] for pair in taken)
    story.need(people == story.candidates * len(network.towns), "every candidate was taken in")
    story.need(posts == story.offers * len(network.towns), "every offer was taken in")
    first = network.towns[0]
    again = network.run(first, "import", "candidates", str(first.directory / "candidates.csv"))
    story.need(again["added"] == 0 and again["unchanged"] == story.candidates, "nothing is imported twice")
    return _("{people} candidates and {posts} offers taken in by {towns} towns; a second import adds nothing").format(
        people=people, posts=posts, towns=len(network.towns)
    )


def _import(story: Story, place: Place, kind: str, data: bytes) -> int:
    path = place.directory / f"{kind}.csv"
    path.write_bytes(data)
    report = story.network.run(place, "import", kind, str(path))
    story.need(report["problems"] == [], f"{place.id}: {kind}: {report['problems'][:2]}")
    return int(report["added"])


def nodes_start(story: Story) -> str:
    """Every node starts as its own process and becomes ready."""
    story.network.start_all()
    return _("{count} nodes serve, each its own process").format(count=len(story.network.places))


def network_forms(story: Story) -> str:
    """The towns and the employer ask to join; the coordinator admits them; all mirror the signed directory."""
    network = story.network
    others = network.places[1:]
    invitation = ("--coordinator", network.coordinator.base_url, "--root-sha256", story.root)
    network.each(others, lambda place: network.run(place, "network", "join", *invitation))
    pending = network.run(network.coordinator, "network", "list")["pending"]
    story.need({p["id"] for p in pending} == {p.id for p in others}, "every request to join is waiting")
    for place in others:
        network.run(network.coordinator, "network", "admit", place.id)
    count = len(network.places)

    def mirrored() -> bool:
        return all(len(network.api(p, "GET", "/members")["members"]) == count for p in network.places)

    story.wait("every node mirrors the directory", mirrored)
    return _("{count} members in the signed directory, mirrored by each").format(count=count)


def sheets_released(story: Story) -> str:
    """Each town releases its sheets: groups of at least five, a preview first."""

    def publish(place: Place) -> int:
        preview = story.network.run(place, "release", "--dry-run")
        release = story.network.run(place, "release")
        story.need(preview["sheets"] == release["sheets"], f"{place.id}: the preview is what is released")
        story.need(release["sheets"], f"{place.id}: there is at least one group of five")
        return len(release["sheets"])

    total = sum(story.network.each(story.network.towns, publish))
    return _("{total} group sheets published, each of at least 5 people").format(total=total)


def campaign_published(story: Story) -> str:
    """The employer publishes one campaign over every town, and every town takes it in through its scheduled sync."""
    network, employer = story.network, story.network.employer
    sites = [(place.town, 400 // len(network.towns)) for place in network.towns if place.town is not None]
    path = employer.directory / "campaign.csv"
    path.write_bytes(
        campaign_csv(CAMPAIGN, employer.name, SOUGHT, sites, story.today + timedelta(days=60), story.referential)
    )
    network.run(employer, "import", "offers", str(path))
    offers = network.api(employer, "GET", "/offers?own=true")["offers"]
    story.campaign = next(offer for offer in offers if offer["reference"] == CAMPAIGN)
    story.need(len(story.campaign["sites"]) == len(network.towns), "the campaign has a site in every town")
    for place in network.towns:
        story.wait(
            f"{place.id} takes in the campaign",
            partial(network.api, place, "GET", f"/offers/{story.campaign['key']}"),
        )
    return _("One campaign, {sites} sites, {posts} posts, known to every town").format(
        sites=len(sites), posts=sum(posts for _town, posts in sites)
    )


def all_synced(story: Story) -> str:
    """Scheduled syncs have taken in, proven and applied every peer's journal, on every node."""
    network = story.network

    def complete() -> bool:
        sizes = {p.id: network.api(p, "GET", "/status")["journal"]["size"] for p in network.places}
        for place in network.places:
            peers = network.api(place, "GET", "/status")["peers"]
            if len(peers) != len(network.places) - 1 or any(p["alarm"] for p in peers):
                return False
            if any(peer["taken"] < sizes[peer["id"]] for peer in peers):
                return False
        return True

    story.wait("every node has taken in every journal", complete)
    return _("Every journal was pulled, proven and applied by every other node")


def employer_searches(story: Story) -> str:
    """The employer asks all nodes' sheets at once, and sees what the answer covers and how fresh it is."""
    towns = story.network.towns
    answer = story.network.run(story.network.employer, "search", "sheets", "--rome", "K2204")
    covered = [c for c in answer["coverage"] if c["release"] and c["synced_at"]]
    story.need(len(covered) == len(towns), "the answer covers every town")
    story.need(answer["found"], "some town has a group for that occupation")
    return _("{groups} groups found, at least {people} people, {covered} of {towns} towns covered").format(
        groups=len(answer["found"]), people=answer["at_least"], covered=len(covered), towns=len(towns)
    )


def towns_match(story: Story) -> str:
    """Each town matches the campaign exactly against its own register; the answer never leaves the town."""
    towns = story.network.towns
    answers = story.network.each(towns, lambda town: story.network.run(town, "match", "--offer", story.campaign["key"]))
    story.matches = {town.id: answer["matches"] for town, answer in zip(towns, answers, strict=True)}
    ready = {node: len(found) for node, found in story.matches.items()}
    story.need(all(count >= 4 for count in ready.values()), f"every town has people to put forward: {ready}")
    return _("People found at home for the campaign: {counts}").format(
        counts=", ".join(f"{node.split('.')[0]} {count}" for node, count in ready.items())
    )


def _site(story: Story, place: Place) -> str:
    assert place.town is not None
    return str(next(s["id"] for s in story.campaign["sites"] if s["commune"] == place.town.insee))


def _forward(story: Story, place: Place, rank: int) -> dict[str, Any]:
    """Put forward the town's `rank`-th person that may be, from a draft to sent."""
    network = story.network
    candidate = story.matches[place.id][rank]["candidate"]
    demand = {
        "candidate": candidate,
        "offer": story.campaign["key"],
        "site": _site(story, place),
        "why": "Travail soigné, motivation vérifiée en entretien.",
    }
    draft = network.api(place, "POST", "/forwards", demand)
    sent = network.api(place, "POST", f"/forwards/{draft['id']}/send")
    story.need(sent["state"] == "sent", "the forward was sent")
    return dict(sent)


def _at(story: Story, place: Place, forward: str) -> Any:
    return story.network.api(place, "GET", f"/forwards/{forward}")


def _wait_state(story: Story, place: Place, forward: str, *states: str) -> Any:
    def check() -> Any:
        found = _at(story, place, forward)
        return found if found["state"] in states else None

    return story.wait(f"the forward is {' / '.join(states)} at {place.id}", check)


def candidate_forwarded(story: Story) -> str:
    """A counsellor of the first town puts one person forward, by command, with guarantee and sealed dossier."""
    network, home = story.network, story.network.towns[0]
    draft = network.run(
        home,
        "forward",
        "create",
        "--candidate",
        story.matches[home.id][0]["candidate"],
        "--offer",
        story.campaign["key"],
        "--site",
        _site(story, home),
        "--why",
        "Habile, ponctuelle, prête à se former au vitrage.",
    )
    sent = network.run(home, "forward", "send", draft["id"])
    story.need(sent["state"] == "sent", "the forward was sent")
    story.declined = sent
    _wait_state(story, network.employer, sent["id"], "received")
    _wait_state(story, home, sent["id"], "received")
    return _("One person put forward by {town}, received under a checked guarantee").format(town=home.name)


def employer_declines(story: Story) -> str:
    """The employer's node opens the dossier, and declines with a reason and both texts."""
    network, employer, home = story.network, story.network.employer, story.network.towns[0]
    dossier = network.api(employer, "GET", f"/forwards/{story.declined['id']}/dossier")
    register = network.api(home, "GET", f"/candidates/{story.declined['candidate']}")
    story.need(dossier["last_name"] == register["last_name"], "the dossier opened is that person's")
    _wait_state(story, home, story.declined["id"], "seen")
    network.run(
        employer,
        "answer",
        story.declined["id"],
        "declined",
        "--reason",
        "lacking_skills",
        "--to-candidate",
        "Votre candidature nous a plu ; une formation au collage de pare-brise vous ouvrirait ce poste.",
        "--to-guarantor",
        "Une formation de trois jours suffirait : pouvez-vous la financer ?",
    )
    return _("The dossier was opened by the employer alone, and the application answered")


def reason_comes_home(story: Story) -> str:
    """The reason arrives at the home mission: one text for the candidate, one for the guarantor."""
    found = _wait_state(story, story.network.towns[0], story.declined["id"], "declined")
    move = found["moves"][-1]
    story.need(move["reason"] == "lacking_skills", "the reason is the one given")
    story.need("formation" in move["to_candidate"] and "financer" in move["to_guarantor"], "both texts came home")
    return _("The reason came home, with a text for the candidate and another for the guarantor")


def node_killed(story: Story) -> str:
    """A node is killed in mid-story; the supervisor starts it again, and what was under way arrives once."""
    network, home, employer = story.network, story.network.towns[1], story.network.employer
    before = network.api(employer, "GET", "/status")["journal"]["size"]
    starts = employer.starts
    network.kill(employer)
    story.hired = _forward(story, home, 0)
    story.wait("the supervisor starts the node again", lambda: employer.starts > starts)
    waited = network.wait_ready(employer)
    _wait_state(story, employer, story.hired["id"], "received")
    after = network.api(employer, "GET", "/status")["journal"]["size"]
    story.need(after > before, "the employer's journal goes on where it stood")
    for place in network.towns:
        # Who found the node dead tries again by itself, a minute later: a person need not wait for it.
        network.api(place, "POST", f"/sync?peer={employer.id}")
    same = [f for f in network.api(employer, "GET", "/forwards")["forwards"] if f["id"] == story.hired["id"]]
    story.need(len(same) == 1, "the application arrived once")
    return _("Killed by kill -9, restarted, ready after {seconds:.1f} s; the application arrived, once").format(
        seconds=waited
    )


def another_hired(story: Story) -> str:
    """Another town's candidate is interviewed and hired; the home mission learns it."""
    network, home = story.network, story.network.towns[1]
    network.api(network.employer, "GET", f"/forwards/{story.hired['id']}/dossier")
    for event in ("interview", "hired"):
        network.run(network.employer, "answer", story.hired["id"], event)
    _wait_state(story, home, story.hired["id"], "hired")
    return _("A candidate of {town} is hired, and the home mission knows").format(town=home.name)


def consent_withdrawn(story: Story) -> str:
    """A candidate withdraws consent: matching and forwarding stop, the employer's copy is erased, a receipt returns."""
    network, home, employer = story.network, story.network.towns[2], story.network.employer
    story.recalled = _forward(story, home, 0)
    _wait_state(story, employer, story.recalled["id"], "received")
    network.api(employer, "GET", f"/forwards/{story.recalled['id']}/dossier")
    candidate = story.recalled["candidate"]
    network.run(home, "candidate", "edit", candidate, "--withdraw-consent")
    again = network.run(home, "match", "--offer", story.campaign["key"])
    story.need(candidate not in {m["candidate"] for m in again["matches"]}, "the person is matched no more")
    network.api(
        home,
        "POST",
        "/forwards",
        {"candidate": candidate, "offer": story.campaign["key"], "site": _site(story, home), "why": "Essai."},
        expect=409,
    )
    _wait_state(story, employer, story.recalled["id"], "withdrawn")

    def receipted() -> bool:
        erasures = network.api(home, "GET", "/erasures")["erasures"]
        return any(e["forward"] == story.recalled["id"] and e["receipt_at"] for e in erasures)

    story.wait("the receipt of the erasure comes back", receipted)
    network.api(employer, "GET", f"/forwards/{story.recalled['id']}/dossier", expect=410)
    return _("Matching and forwarding stopped; the employer's copy was erased by order, its receipt came back")


def coordinator_audits(story: Story) -> str:
    """The coordinator verifies every journal and reconciles both sides of every exchange."""
    network = story.network

    def agreed() -> Any:
        report = network.run(network.coordinator, "audit", codes=(0, 4))
        settled = all(pair["state"] == "agree" for pair in report["pairs"])
        return report if report["ok"] and settled else None

    report = story.wait("every journal is right and both sides agree", agreed)
    story.need(len(report["nodes"]) == len(network.places), "every journal was audited")
    return _("{nodes} journals verified, {pairs} exchanges reconciled: both sides agree").format(
        nodes=len(report["nodes"]), pairs=len(report["pairs"])
    )


def journals_exported(story: Story) -> str:
    """Every journal is exported in the static layout that anyone's tools can verify."""
    network = story.network

    def export(place: Place) -> None:
        out = network.directory / "export" / place.id
        network.run(place, "journal", "export", "--out", str(out))
        head = (out / "checkpoint").read_text().splitlines()
        story.need(head[0] == f"{place.id}/journal/1", "the checkpoint is the node's")
        network.run(network.coordinator, "audit", "--export", str(out))

    network.each(network.places, export)
    return _("{count} journals exported and verified offline").format(count=len(network.places))


def _emails(story: Story, place: Place) -> list[str]:
    """Of everybody in that town's register, read part by part."""
    read, total = 0, 1
    emails = []
    while read < total:
        part = story.network.api(place, "GET", f"/candidates?offset={read}&limit=1000")
        story.need(part["candidates"], "every part of the register holds somebody")
        emails += [candidate["email"] for candidate in part["candidates"] if candidate["email"]]
        read, total = read + len(part["candidates"]), part["total"]
    return emails


def nothing_personal_outside(story: Story) -> str:
    """No name of the register is found in what another node holds, but for the dossiers that were sent to it."""
    network, home = story.network, story.network.towns[0]
    emails = _emails(story, home)
    story.need(emails, "the register can be read at home")
    for place in network.places:
        if place.id == home.id:
            continue
        data = b"".join(path.read_bytes() for path in sorted((place.directory).rglob("*.db*")))
        digest = hashlib.sha256(data).hexdigest()
        leaked = [email for email in emails if email.encode() in data]
        story.need(data and not leaked, f"{place.id} holds no contact of {home.id} ({digest[:8]})")
    return _("No contact of {town} stands in clear in any other node's database").format(town=home.name)


STEPS: tuple[tuple[str, Callable[[Story], str]], ...] = (
    ("towns_import", towns_import),
    ("nodes_start", nodes_start),
    ("network_forms", network_forms),
    ("sheets_released", sheets_released),
    ("campaign_published", campaign_published),
    ("all_synced", all_synced),
    ("employer_searches", employer_searches),
    ("towns_match", towns_match),
    ("candidate_forwarded", candidate_forwarded),
    ("employer_declines", employer_declines),
    ("reason_comes_home", reason_comes_home),
    ("node_killed", node_killed),
    ("another_hired", another_hired),
    ("consent_withdrawn", consent_withdrawn),
    ("coordinator_audits", coordinator_audits),
    ("journals_exported", journals_exported),
    ("nothing_personal_outside", nothing_personal_outside),
)
