"""The listener of a serving process; the whole process is tried in tests/node/test_app.py and by the demo."""

import socket

from node.server import _listening
from node.services.node import Node


def test_answers_leave_at_once(node: Node) -> None:
    """A page is written in two parts: the second must not wait for the receipt of the first."""
    config = node.config.model_copy(update={"server": node.config.server.model_copy(update={"port": 0})})
    free = Node(config, node.keyring, node.database, node.federation, node.desk, node.listeners)
    with _listening(free) as listener, socket.create_connection(listener.getsockname()):
        connection, _address = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
