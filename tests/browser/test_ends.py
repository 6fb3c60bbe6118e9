"""Notices of ends on the first pages of those who may act, on a phone and on a desk."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from node.mission.accounts.roles import Role
from tests.browser.conftest import DESK, PHONE, Site, Visit, check, shoot
from tests.node.mirrored import put_in_network

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_notices_fit_their_pages(visit: Visit, site: Site, width: int) -> None:
    now = site.node.now()
    put_in_network(site.node, now + timedelta(days=20), now - timedelta(days=366))
    for role, path in ((Role.HEAD, "/aujourdhui"), (Role.ADMINISTRATOR, "/comptes"), (Role.ADMINISTRATOR, "/etat")):
        page = visit(path, role=role, width=width)
        shoot(page, f"echeances-{path.strip('/')}-{role.value}-{width}")
        expect(page.locator(".notice")).to_have_count(2)
        check(page)
    page = visit("/etat", width=width)
    shoot(page, f"echeances-etat-public-{width}")
    expect(page.locator(".notice")).to_have_count(1)
    check(page)
