"""What is behind the routes: each answer without HTTP around it, and the frame that verifies, limits, refuses and
signs.

The guarantees are those of routes.py, where the addresses are. Read next: journal.py, peers/visit.py (who asks).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol

import msgspec
from fastapi import Request, Response

from federation.context import Federation
from federation.errors import (
    PROBLEM_TYPE,
    FederationError,
    NoDirectory,
    NotAdmitted,
    NotAMember,
    Replayed,
    Suspended,
    problem_of,
)
from federation.membership.changing import read_request
from federation.membership.directory import ACTIVE, keep_members
from federation.peers.hints import Hint
from federation.peers.schedule import Heard, Hinted, first_state, next_state
from federation.ports import U
from federation.serving.buckets import Buckets
from federation.serving.journal import JournalDamaged, NotServed, build_page, current_checkpoint, read_tile
from federation.transport.signatures import VerifiedRequest, check_current, identify_request, sign_response
from protocol.changes import only_keys_differ
from protocol.errors import BadSignature, MalformedMessage, ProtocolError, StaleMessage, UnknownKey
from protocol.members import JOIN_REQUEST_LIVES, Member, Members, SignedJoinRequest
from protocol.note import vkey
from protocol.page import CONTENT_TYPE as PAGE_TYPE
from protocol.page import MAX_RECORDS
from protocol.wire_json import decode, timestamp

PROBLEM_JSON = "application/problem+json"
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOREVER = "public, max-age=31536000, immutable"
_PAGE_QUERY = re.compile(rb"epoch=([0-9]{1,16})&first=([0-9]{1,16})&count=([0-9]{1,16})")


class TooLarge(FederationError):
    """The body of the request is beyond the cap."""

    problem = "too_large"


class TooManyRequests(FederationError):
    """This client address, or member, asked more often than it may."""

    problem = "too_many_requests"


class JoinRefused(FederationError):
    """The coordinator does not take this request to join: too many wait, one by other keys waits under that name, or
    that name is a member's, none of whose keys has signed."""

    problem = "join_refused"


_STATUS: dict[type[Exception], tuple[int, str]] = {
    BadSignature: (401, "The signature is missing or wrong"),
    UnknownKey: (401, "The key is not in the directory"),
    StaleMessage: (401, "Outside the window of time"),
    NotAMember: (403, "Not a member"),
    Suspended: (403, "Suspended"),
    MalformedMessage: (400, "Not what this address takes"),
    NotServed: (404, "Nothing there"),
    Replayed: (409, "Seen before"),
    JoinRefused: (409, "Not taken now"),
    NotAdmitted: (409, "Never taken"),
    TooLarge: (413, "Too large"),
    TooManyRequests: (429, "Too many requests"),
    JournalDamaged: (503, "This node signs nothing at the moment"),
    NoDirectory: (503, "This node has no directory yet"),
}


class DirectoryHost(Protocol):
    """The coordinator's TUF repository, as served."""

    def read(self, path: str) -> bytes | None:
        """The file under `/directory/`, None when there is none of that name."""
        ...

    def change_keys(self, request: bytes, now: datetime) -> Members | None:
        """List a member's new keys by the online role; the list in force. None when they need a person's decision."""
        ...


@dataclass(frozen=True, slots=True)
class Result:
    """An answer before it is signed."""

    content_type: str = ""
    body: bytes = b""
    status: int = 200
    caching: str = "no-store"


class Answers(Generic[U]):
    """The endpoints without HTTP around them, and the frame that verifies, limits, refuses and signs."""

    def __init__(self, fed: Federation[U], on_hint: Callable[[str], None]) -> None:
        self.fed = fed
        self.on_hint = on_hint
        self.addresses = Buckets(fed.limits.public_requests_a_minute)
        self.joining = Buckets(fed.limits.join_requests_a_minute)
        self.strangers = Buckets(fed.limits.refusals_a_minute)
        self.members = Buckets(fed.limits.member_requests_a_minute)

    def public(self, request: Request, act: Callable[[], Result]) -> Response:
        """Carry out what anyone may ask."""
        try:
            self._take(self.addresses, _address(request))
            result = act()
        except (FederationError, ProtocolError) as error:
            result = _problem(error)
        return self._response(None, result)

    def signed(
        self, request: Request, body: bytes | None, act: Callable[[Request, bytes, VerifiedRequest], Result]
    ) -> Response:
        """Carry out what a member asks, once it is known that it does. Who is none is refused, unsigned."""
        try:
            caller = self._identified(request, body)
        except (FederationError, ProtocolError) as error:
            return self._response(None, _problem(error))
        assert body is not None
        try:
            check_current(caller, self.fed.now())
            self._take(self.members, caller.member.id)
            self._heard(caller.member)
            result = act(request, body, caller)
        except (FederationError, ProtocolError) as error:
            result = _problem(error)
        return self._response(request, result)

    def _identified(self, request: Request, body: bytes | None) -> VerifiedRequest:
        try:
            if body is None:
                raise TooLarge(f"more than {self.fed.limits.request_bytes} bytes")
            target, now = self.fed.base_url + _path_and_query(request), self.fed.now()
            return identify_request(request.method, target, request.headers, body, self.fed.members(), now)
        except (FederationError, ProtocolError):
            self._take(self.strangers, _address(request))
            raise

    def _take(self, buckets: Buckets, name: str) -> None:
        if buckets.take(name, self.fed.now().timestamp()):
            raise TooManyRequests("wait a minute")

    def checkpoint(self, epoch: str) -> Result:
        """The signed checkpoint of our journal."""
        self._check_epoch(epoch)
        return Result(TEXT, current_checkpoint(self.fed), caching="no-cache")

    def vkey(self, epoch: str) -> Result:
        """The key that signs it, as one line."""
        self._check_epoch(epoch)
        key = self.fed.journal_key()
        return Result(TEXT, f"{vkey(key.name, key.public)}\n".encode(), caching="no-cache")

    def tile(self, epoch: str, path: str) -> Result:
        """One tile of it."""
        self._check_epoch(epoch)
        return Result(BYTES, read_tile(self.fed, path), caching=FOREVER)

    def page(self, request: Request, body: bytes, caller: VerifiedRequest) -> Result:
        """What a member may see of our journal from an entry on."""
        asked = _PAGE_QUERY.fullmatch(request.scope["query_string"])
        if asked is None:
            raise MalformedMessage("page: not exactly epoch, first and count")
        epoch, first, count = map(int, asked.groups())
        self._check_epoch(str(epoch))
        return Result(PAGE_TYPE, build_page(self.fed, caller.member, first, min(count, MAX_RECORDS)))

    def hint(self, request: Request, body: bytes, caller: VerifiedRequest) -> Result:
        """A member says that it has news: it is visited soon."""
        hint = decode(body, Hint)
        now, peer = self.fed.now(), caller.member.id
        with self.fed.database.write() as uow:
            if not uow.nonces.remember(caller.key_id, caller.nonce, now):
                raise Replayed("this request was carried out before")
            news = hint.epoch != caller.member.epoch or hint.size > uow.replica.cursor(peer, hint.epoch).range.size
            if news:
                state = uow.peers.state(peer) or first_state(self.fed.node_id, peer, now, self.fed.pace)
                uow.peers.save(next_state(self.fed.node_id, state, Hinted(), now, 0.0, self.fed.pace))
        if news:
            self.on_hint(peer)
        return Result(status=204)

    def join(self, request: Request, body: bytes | None, host: DirectoryHost) -> Result:
        """A request to join, which waits for a person; or a member's new keys, which the online role lists."""
        self._take(self.joining, _address(request))
        if body is None:
            raise TooLarge(f"more than {self.fed.limits.request_bytes} bytes")
        now = self.fed.now()
        try:
            members: Members | None = self.fed.members()
        except NoDirectory:
            members = None
        try:
            asked = read_request(members, body, now)
        except UnknownKey:
            raise JoinRefused(
                "that name is a member's: only a request that one of its present keys has signed too can change it"
            ) from None
        known = None if members is None else members.find(asked.id)
        if known is not None and known.status == ACTIVE and only_keys_differ(known, asked):
            listed = host.change_keys(body, now)
            if listed is not None:
                with self.fed.database.write() as uow:
                    keep_members(uow.directory, listed, now)
                return Result("application/json", b'{"status":"listed"}')
        with self.fed.database.write() as uow:
            pending = uow.directory.join_requests()
            before = pending.get(asked.id)
            member = known is not None
            if before is None and not member and self._waiting(uow, pending) >= self.fed.limits.join_requests:
                raise JoinRefused("too many requests to join are waiting")
            if before is not None and _key_ids(before) != _key_ids(body):
                raise JoinRefused("a request by other keys is waiting under that name: the coordinator may refuse it")
            uow.directory.save_join_request(asked.id, body, now)
        return Result("application/json", b'{"status":"pending"}', 202)

    def _waiting(self, uow: U, pending: Mapping[str, bytes]) -> int:
        """How many wait. Nobody can admit a request that is too old: once there seem to be too many, such go."""
        if len(pending) < self.fed.limits.join_requests:
            return len(pending)
        oldest = timestamp(self.fed.now() - JOIN_REQUEST_LIVES)
        old = [node for node, data in pending.items() if decode(data, SignedJoinRequest).request.at < oldest]
        for node in old:
            uow.directory.drop_join_request(node)
        return len(pending) - len(old)

    def _check_epoch(self, epoch: str) -> None:
        if epoch != str(self.fed.epoch):
            raise NotServed("no such epoch of this journal")

    def _heard(self, member: Member) -> None:
        with self.fed.database.read() as uow:
            state = uow.peers.state(member.id)
        if state is None or not state.failures:
            return
        now = self.fed.now()
        with self.fed.database.write() as uow:
            state = uow.peers.state(member.id) or state
            uow.peers.save(next_state(self.fed.node_id, state, Heard(), now, 0.0, self.fed.pace))

    def _response(self, signed: Request | None, result: Result) -> Response:
        """Signed for the request whose signature was proven; no other answer ever is, or it could be passed off as the
        answer to a signed request whose signature somebody copied."""
        headers = {"content-type": result.content_type} if result.content_type else {}
        if signed is not None:
            headers |= sign_response(result.status, headers, result.body, signed.headers, self.fed.keys, self.fed.now())
        headers["cache-control"] = result.caching
        return Response(result.body, result.status, headers)


def _problem(error: FederationError | ProtocolError) -> Result:
    status, title = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), (400, "Refused"))
    problem: dict[str, Any] = {
        "type": PROBLEM_TYPE + problem_of(error),
        "title": title,
        "status": status,
        "detail": str(error),
    }
    skew = getattr(error, "skew_seconds", None)
    if skew is not None:
        problem["skew_seconds"] = skew
    return Result(PROBLEM_JSON, msgspec.json.encode(problem), status)


def directory_file(files: DirectoryHost, path: str) -> Result:
    """A file of the directory; NotServed when there is none of that name."""
    data = files.read(path)
    if data is None:
        raise NotServed("no such file of the directory")
    return Result("application/json", data, caching="no-cache")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _path_and_query(request: Request) -> str:
    """As the caller spelled them, so that they can be compared with what it signed."""
    path: str = request.scope["raw_path"].decode("ascii", "replace")
    query: str = request.scope["query_string"].decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def _key_ids(signed_request: bytes) -> set[str]:
    return {key.key_id for key in decode(signed_request, SignedJoinRequest).request.keys}
