"""What people read for the stable words of the traffic between nodes: roles, states of a peer, alarms, errors."""

from collections.abc import Mapping

from node.kit.i18n import gettext as _


def role(word: str) -> str:
    """A member's role."""
    labels = {"town": _("mission emploi"), "employer": _("national employer"), "coordinator": _("coordinator")}
    return labels.get(word, word)


def member_status(word: str) -> str:
    """A member's standing in the directory."""
    return {"active": _("active"), "suspended": _("suspended")}.get(word, word)


def signing_role(word: str) -> str:
    """What of the directory people sign."""
    return {"root": _("root"), "targets": _("list of members")}.get(word, word)


def member_change(word: str) -> str:
    """What a member's new request to join would change."""
    labels = {
        "keys": _("its keys"),
        "base_url": _("its address"),
        "role": _("its role"),
        "name": _("its name"),
        "commune": _("its commune"),
        "epoch": _("the epoch of its journal"),
    }
    return labels.get(word, word)


def key_purpose(word: str) -> str:
    """What a key is for."""
    labels = {
        "journal": _("journal"),
        "http": _("requests and answers"),
        "guarantee": _("guarantees"),
        "witness": _("witness"),
        "sealing": _("sealed dossiers and messages"),
    }
    return labels.get(word, word)


def key_state(word: str) -> str:
    """How a key of this node is used."""
    labels = {
        "in_use": _("in use"),
        "waiting": _("waits to be listed"),
        "next": _("listed, used next"),
        "retired": _("replaced"),
        "unlisted": _("not in the directory"),
    }
    return labels.get(word, word)


def end(word: str) -> str:
    """What ends by itself."""
    labels = {
        "keys": _("signing keys"),
        "directory.root": _("the directory's root"),
        "directory.targets": _("the directory's list of members"),
        "join_request": _("request to join"),
    }
    kind, _dot, purpose = word.partition(".")
    if kind == "key":
        return _("signing key: {purpose}").format(purpose=key_purpose(purpose))
    return labels.get(word, word)


def who_acts(word: str, own: str, names: Mapping[str, str]) -> str:
    """Whose affair an end is: `word` is `coordinator` or a node's id, `own` this node's, `names` the members'."""
    if word == "coordinator":
        return _("the network's coordinator")
    return _("this node's administrator") if word == own else names.get(word, word)


def peer_status(word: str) -> str:
    """How the traffic with a peer goes."""
    labels = {
        "healthy": _("up to date"),
        "retrying": _("trying again"),
        "unreachable": _("unreachable"),
        "suspended": _("suspended"),
        "waiting": _("first visit to come"),
    }
    return labels.get(word, word)


def alarm(word: str) -> str:
    """What a person must look at; empty when there is nothing."""
    labels = {
        "fork": _("shows two different journals"),
        "equivocation": _("sent two messages under one number"),
        "rollback": _("its journal went back"),
        "gap": _("messages are missing"),
        "withheld": _("withholds messages"),
        "unproven": _("its journal is not proven"),
        "bad_signature": _("a signature is wrong"),
        "suspended": _("suspended by the coordinator"),
        "unreachable": _("silent for more than 3 days"),
        "quota": _("sends more than it may in a day"),
        "erasure_overdue": _("an erasure is overdue"),
    }
    return labels.get(word, word)


def trouble(word: str) -> str:
    """Why the last visit failed; empty when it did not."""
    labels = {
        "unreachable": _("does not answer"),
        "address_refused": _("address refused"),
        "bad_answer": _("answer that cannot be used"),
        "refused": _("refused"),
        "stale": _("clocks differ"),
        "stale_directory": _("directory out of date"),
        "bad_directory": _("directory not to be believed"),
        "not_a_member": _("not in the directory"),
        "suspended": _("suspended"),
        "bad_signature": _("a signature is wrong"),
        "unknown_key": _("unknown key"),
        "malformed": _("answer that cannot be used"),
        "proof_mismatch": _("a proof does not hold"),
        "fork": _("shows two different journals"),
        "gap": _("messages are missing"),
        "withheld": _("withholds messages"),
        "equivocation": _("sent two messages under one number"),
        "rollback": _("its journal went back"),
        "no_directory": _("no network joined yet"),
        "journal_damaged": _("journal damaged"),
        "unreadable": _("files missing or unreadable"),
        "too_many_requests": _("asked too often"),
        "overtaken": _("another visit was faster"),
        "replayed": _("already received"),
        "not_enough_keys": _("too few signing keys"),
        "bad_draft": _("renewal that cannot be used"),
        "draft_form": _("the file is no draft of a renewal, or was damaged"),
        "draft_altered": _("more than dates would change: ask whoever made the file"),
        "draft_copies": _("the files are not copies of one draft"),
        "draft_network": _("it is another network's"),
        "draft_older": _("the directory has changed since it was made: make a new one"),
        "draft_past": _("its end is past: make a new one, and check this machine's clock"),
        "draft_far": _("its end is more than a year away: check this machine's clock"),
        "draft_key": _("a key is none of the network's root keys or list keys"),
        "not_admitted": _("not admitted"),
        "not_found": _("not there"),
        "erasure_overdue": _("an erasure is overdue"),
        "no_certificate": _("no certificate"),
        "too_large": _("too large"),
        "join_refused": _("another request to join waits under that name, or too many wait"),
        "unknown_version": _("newer version of the protocol"),
        "cannot_open": _("sealed for other keys"),
        "mistrust": _("contradicts itself"),
        "quota": _("sends more than it may in a day"),
        "local_trouble": _("this machine's disk, memory or database"),
        "quorum_unknown": _("the network asks for witnesses: upgrade this node"),
    }
    return labels.get(word, word)
