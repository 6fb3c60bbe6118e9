"""The base pages, seen on a phone and on a desk."""

import pytest

from node.mission.vocabulary import Role
from tests.browser.conftest import DESK, PHONE, Visit, check, shoot

pytestmark = pytest.mark.browser

PUBLIC = ["/", "/etat", "/connexion", "/composants", "/nulle-part"]


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(visit: Visit, path: str, width: int) -> None:
    page = visit(path, width=width)
    shoot(page, f"{path.strip('/') or 'accueil'}-{width}")
    if path != "/nulle-part":
        check(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_today(visit: Visit, width: int) -> None:
    page = visit("/aujourdhui", role=Role.HEAD, width=width)
    shoot(page, f"aujourdhui-{width}")
    check(page)
