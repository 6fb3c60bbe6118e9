"""People are found and put forward: one declined with a reason, one hired, one who withdraws; a node dies meanwhile.

Read next: endings.py.
"""

from typing import Any

from node.demo.network import DemoNode
from node.demo.story import Story
from node.kit.i18n import gettext as _


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


def _site(story: Story, place: DemoNode) -> str:
    assert place.town is not None
    return str(next(s["id"] for s in story.campaign["sites"] if s["commune"] == place.town.insee))


def _forward(story: Story, place: DemoNode, rank: int) -> dict[str, Any]:
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


def _at(story: Story, place: DemoNode, forward: str) -> Any:
    return story.network.api(place, "GET", f"/forwards/{forward}")


def _wait_state(story: Story, place: DemoNode, forward: str, *states: str) -> Any:
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
    network.run(home, "candidate", "edit", candidate, "--withdraw-consent", "--because", "démonstration")
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
