"""How the story begins: registers are filled, nodes start, the network forms, sheets and a campaign go round.

Read next: applications.py.
"""

from datetime import timedelta
from functools import partial

from node.demo.network import DemoNode
from node.demo.people import SOUGHT, campaign_csv, candidates_csv, offers_csv
from node.demo.story import CAMPAIGN, Story
from node.kit.i18n import gettext as _


def towns_import(story: Story) -> str:
    """Each town imports its candidates and offers; importing twice adds nothing; a bad line is told, not lost."""
    network = story.network

    def take_in(place: DemoNode) -> tuple[int, int]:
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


def _import(story: Story, place: DemoNode, kind: str, data: bytes) -> int:
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
    said = {p["id"]: p["fingerprint"] for p in pending}
    for place in others:
        network.run(network.coordinator, "network", "admit", place.id, "--fingerprint", said[place.id])
    count = len(network.places)

    def mirrored() -> bool:
        return all(len(network.api(p, "GET", "/members")["members"]) == count for p in network.places)

    story.wait("every node mirrors the directory", mirrored)
    return _("{count} members in the signed directory, mirrored by each").format(count=count)


def sheets_released(story: Story) -> str:
    """Each town releases its sheets: groups of at least five, a preview first."""

    def publish(place: DemoNode) -> int:
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
