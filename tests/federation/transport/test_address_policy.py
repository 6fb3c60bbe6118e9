"""Where a node connects to, however the address is dressed up."""

import socket
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import AddressRefused, Unreachable
from federation.transport.address_policy import AddressPolicy, deadline, remaining, system_resolver

PUBLIC_V4, PUBLIC_V6 = "185.24.184.1", "2a01:e0a::1"


def answering(*addresses: str) -> AddressPolicy:
    """A policy in a world where every name has these addresses."""
    return AddressPolicy(resolve=lambda host, port: addresses)


@pytest.mark.parametrize("address", [PUBLIC_V4, PUBLIC_V6, f"::ffff:{PUBLIC_V4}"])
def test_towns_on_public_addresses_are_reached(address: str) -> None:
    assert answering(address).addresses("drancy.emploi.example", 443) == [address]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.7",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:b918:b801::1",
        "2001:0:b918:b801::1",
    ],
)
def test_no_other_address_is(address: str) -> None:
    with pytest.raises(AddressRefused):
        answering(address).addresses("drancy.emploi.example", 443)


@pytest.mark.parametrize(
    "host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "localhost", "::1", "::ffff:127.0.0.1"]
)
def test_a_host_counts_for_the_address_that_it_stands_for(host: str) -> None:
    try:
        system_resolver(host, 80)
    except OSError:
        pytest.skip("this system does not read such a host at all")
    with pytest.raises(AddressRefused):
        AddressPolicy().addresses(host, 80)


def test_a_town_hall_allows_its_own_network_and_nothing_beside() -> None:
    policy = AddressPolicy.allowing(["10.20.0.0/16", "fd00:20::/32"])
    assert policy.permits("10.20.255.1")
    assert policy.permits("::ffff:10.20.0.1")
    assert policy.permits("fd00:20::5")
    assert not policy.permits("10.21.0.1")
    assert not policy.permits("127.0.0.1")
    assert not policy.permits("fd00:21::5")


def test_a_name_with_good_and_bad_addresses_is_reached_at_the_good_ones() -> None:
    assert answering("127.0.0.1", PUBLIC_V4, "::1", PUBLIC_V6).addresses("x.example", 443) == [PUBLIC_V4, PUBLIC_V6]


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    def nothing(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    def unwritable(host: str, port: int) -> Sequence[str]:
        return [host.encode("idna").decode()]

    with pytest.raises(Unreachable):
        AddressPolicy(resolve=nothing).addresses("nowhere.example", 443)
    with pytest.raises(Unreachable):
        AddressPolicy(resolve=unwritable).addresses("a" * 64 + ".example", 443)


def test_configured_text_that_is_no_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.20\.0\.1/16"):
        AddressPolicy.allowing(["10.20.0.1/16"])


def test_a_deadline_holds_inside_its_block_alone() -> None:
    assert remaining() == float("inf")
    with deadline(5):
        assert 4 < remaining() <= 5
    assert remaining() == float("inf")


def _addresses() -> Iterator[st.SearchStrategy[IPv4Address | IPv6Address]]:
    yield st.ip_addresses(v=4)
    yield st.ip_addresses(v=6)


@given(st.one_of(*_addresses()))
def test_only_global_unicast_is_permitted_and_dressing_up_changes_nothing(address: IPv4Address | IPv6Address) -> None:
    permitted = AddressPolicy().permits(str(address))
    assert not permitted or (address.is_global and not address.is_multicast)
    if isinstance(address, IPv4Address):
        assert AddressPolicy().permits(f"::ffff:{address}") == permitted
        assert not AddressPolicy().permits(str(ip_address(int(IPv6Address("64:ff9b::")) + int(address))))
