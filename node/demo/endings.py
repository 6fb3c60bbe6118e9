"""How the story is verified: both sides audited, journals exported, nothing personal where it has no business."""

import hashlib
from typing import Any

from node.demo.network import DemoNode
from node.demo.story import Story
from node.kit.i18n import gettext as _


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

    def export(place: DemoNode) -> None:
        out = network.directory / "export" / place.id
        network.run(place, "journal", "export", "--out", str(out))
        head = (out / "checkpoint").read_text().splitlines()
        story.need(head[0] == f"{place.id}/journal/1", "the checkpoint is the node's")
        network.run(network.coordinator, "audit", "--export", str(out))

    network.each(network.places, export)
    return _("{count} journals exported and verified offline").format(count=len(network.places))


def _emails(story: Story, place: DemoNode) -> list[str]:
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
