"""The keys of an open node: read again when the key file was replaced, chosen anew when the directory was refreshed.

Guarantees: a caller sees one whole set; a file that cannot be read any more (being replaced, or lost) leaves the last
set in use, and is `check`'s and `/readyz`'s to tell. Safe to share between threads. Read next: key_file.py."""

from collections.abc import Sequence
from pathlib import Path

from federation.ports import Clock
from node import identity
from node.key_file import HeldKeys
from node.kit.errors import NodeError
from protocol.keys import NodeKeys, PublicKey


class FileKeyring:
    """The key ring of one node (`federation.ports.Keyring`)."""

    def __init__(self, path: Path, node_id: str, clock: Clock) -> None:
        """Raises IdentityError when the keys cannot be read, or are another node's."""
        self.path = path
        self._node_id = node_id
        self._clock = clock
        self._listed: Sequence[PublicKey] = ()
        self._stamp = self._stat()
        self.held = identity.load_keys(path, node_id)
        self._chosen = self.held.in_use((), clock.now())

    @property
    def current(self) -> NodeKeys:
        """The keys that sign and open now."""
        stamp = self._stat()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self.held = identity.load_keys(self.path, self._node_id)
            except NodeError:
                return self._chosen
            self.choose(self._listed)
        return self._chosen

    def choose(self, listed: Sequence[PublicKey]) -> None:
        """Take note of what the directory lists of this node now."""
        self._listed = listed
        self._chosen = self.held.in_use(listed, self._clock.now())

    def put(self, held: HeldKeys, listed: Sequence[PublicKey]) -> None:
        """Replace the key file, durable on return, and go on with these. The caller holds the file's lock."""
        identity.replace_keys(self.path, held)
        self.held, self._stamp = held, self._stat()
        self.choose(listed)

    def _stat(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)
