"""What `make run` leaves for whoever looks around: CVs that wait at the first town, handed in as from a telephone."""

import pytest

from node.demo.visit import hand_in
from node.services.deposits import deposits
from tests.browser.conftest import Site

pytestmark = pytest.mark.sockets


def test_three_people_hand_something_in(site: Site) -> None:
    hand_in(site.url, site.node.desk.today())
    waiting = {one.last_name: one for one in deposits.waiting_deposits(site.node.desk).rows}
    assert set(waiting) == {"Benmansour", "N'Diaye-Œuvrard", "Fabre"}
    assert waiting["Fabre"].call_back and not waiting["Fabre"].document and waiting["Fabre"].network is None
    read = waiting["Benmansour"]
    assert read.keep is not None and read.network is not None and read.document
    site.underway.wait()
    proposal = str(deposits.one_deposit(site.node.desk, read.id).proposal)
    assert "N1103" in proposal, "her occupation is read from the PDF"
