"""A town's node in a directory of its own, made by the same code as `maillon init`."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from node.app import open_node
from node.config import load
from node.kit.i18n import set_language
from node.services.network.founding import Created, Wish, create_node
from node.services.node import Node

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith("MAILLON_"):
            monkeypatch.delenv(name)
    set_language("fr")


PORT = 8101
BASE_URL = f"http://127.0.0.1:{PORT}"


@cache
def _template(folder: Path, node_id: str, role: str) -> Created:
    """Made once: the key backup's passphrase is slow to derive, on purpose."""
    wish = Wish(id=node_id, name=node_id.partition(".")[0].capitalize(), role=role, base_url=BASE_URL, port=PORT)
    return create_node(folder / node_id, wish, os.urandom, NOW)


@pytest.fixture
def make_node(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Created]:
    """Make a node's directory, named after the first label of its id."""

    def make(node_id: str = "montlucon.emploi.example", role: str = "town", port: int = PORT) -> Created:
        template = _template(tmp_path_factory.getbasetemp() / f"templates-{role}", node_id, role)
        directory = tmp_path / node_id.partition(".")[0]
        shutil.copytree(template.config.parent, directory)
        config = directory / template.config.name
        text = config.read_text(encoding="utf-8")
        assert text.count(str(PORT)) == 2, "once in the address, once as the server's"
        config.write_text(text.replace(str(PORT), str(port)), encoding="utf-8")
        return replace(
            template,
            config=config,
            token=directory / template.token.name,
            backup=directory / template.backup.name,
        )

    return make


@pytest.fixture
def created(make_node: Callable[..., Created]) -> Created:
    """Montluçon's directory."""
    return make_node()


@pytest.fixture
def node(created: Created) -> Iterator[Node]:
    """Montluçon, open."""
    opened = open_node(load(created.config))
    yield opened
    opened.close()


def french(text: str) -> str:
    """With plain spaces where French has no-break ones, for tests to read."""
    return text.replace("\u00a0", " ")
