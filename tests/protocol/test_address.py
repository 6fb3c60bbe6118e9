"""One address has one form, from the first configuration to the last signature."""

import re
from ipaddress import IPv6Address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from protocol.address import AddressFault, BadAddress, canonical_address, is_canonical, same_address
from protocol.wire_types import BaseUrl

WIRE = inspect.type_info(BaseUrl)
labels = st.from_regex(r"\A[a-z]([a-z0-9-]{0,10}[a-z0-9])?\Z").filter(lambda label: label[2:4] != "--")
names = st.lists(labels, min_size=1, max_size=4).map(".".join)
fours = st.ip_addresses(v=4).map(str)
sixes = st.integers(2**96, 2**128 - 1).map(lambda number: f"[{IPv6Address(number).compressed}]")
hosts = names | fours | sixes
schemes = st.sampled_from(["http", "https"])
ports = st.none() | st.integers(1, 65535)


def spelled(draw: st.DrawFn, scheme: str, host: str, port: int | None) -> str:
    """One of the ways in which this address may be written."""
    if port is None and draw(st.booleans()):
        port = 443 if scheme == "https" else 80
    if not host.startswith("[") and draw(st.booleans()):
        host += "."
    text = f"{scheme}://{host}" + (f":{port:0{draw(st.integers(1, 5))}}" if port else "")
    return "".join(sign.upper() if draw(st.booleans()) else sign for sign in text)


@st.composite
def two_spellings(draw: st.DrawFn) -> tuple[str, str]:
    scheme, host, port = draw(schemes), draw(hosts), draw(ports)
    return spelled(draw, scheme, host, port), spelled(draw, scheme, host, port)


@given(two_spellings())
def test_equal_addresses_have_one_form_that_stays(pair: tuple[str, str]) -> None:
    one, other = pair
    form = canonical_address(one)
    assert canonical_address(other) == canonical_address(form) == form
    assert is_canonical(form)
    assert same_address(one, other)
    assert isinstance(WIRE, inspect.StrType)
    assert re.search(WIRE.pattern or "", form), "the directory can list it"


@given(two_spellings(), st.sampled_from(["", "/", "/federation/v1/page?epoch=1&first=0", "/journal/1/tile/0/x001/067"]))
def test_what_a_client_asks_for_is_what_the_other_side_builds(pair: tuple[str, str], path: str) -> None:
    """An HTTP client has a form of its own, which goes into `@target-uri`."""
    form = canonical_address(pair[0])
    if path:
        assert str(httpx.URL(form + path)) == form + path
        assert str(httpx.URL(canonical_address(pair[1]) + path)) == form + path


@given(schemes, hosts, ports, schemes, hosts, ports)
def test_other_addresses_have_another_form(
    scheme: str, host: str, port: int | None, scheme_2: str, host_2: str, port_2: int | None
) -> None:
    def meant(scheme: str, host: str, port: int | None) -> tuple[str, str, int]:
        return scheme, host, port or (443 if scheme == "https" else 80)

    def text(scheme: str, host: str, port: int | None) -> str:
        return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"

    one, other = (scheme, host, port), (scheme_2, host_2, port_2)
    assert same_address(text(*one), text(*other)) == (meant(*one) == meant(*other))


@given(st.text(max_size=60) | st.from_regex(r"\Ahttps?://[^/]{0,30}\Z"))
def test_any_text_is_an_address_in_its_form_or_refused(text: str) -> None:
    try:
        form = canonical_address(text)
    except BadAddress as error:
        assert error.fault in AddressFault
        assert not is_canonical(text)
    else:
        assert canonical_address(form) == form
        assert httpx.URL(form + "/x").host


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("HTTPS://Emploi.Montlucon.Example:443", "https://emploi.montlucon.example"),
        ("http://emploi.example:80", "http://emploi.example"),
        ("http://emploi.example:443", "http://emploi.example:443"),
        ("https://emploi.example:08443", "https://emploi.example:8443"),
        ("https://emploi.example.:8443", "https://emploi.example:8443"),
        ("https://emploi.vézère.example", "https://emploi.xn--vzre-6oae.example"),
        ("https://EMPLOI.VÉZÈRE.example", "https://emploi.xn--vzre-6oae.example"),
        ("https://XN--vzre-6oae.example", "https://xn--vzre-6oae.example"),
        ("https://[2001:0DB8::0:1]:443", "https://[2001:db8::1]"),
        ("http://127.0.0.1:8101", "http://127.0.0.1:8101"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_spellings(text: str, form: str) -> None:
    assert canonical_address(text) == form


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("emploi.example", "scheme"), ("ftp://emploi.example", "scheme"), ("//emploi.example", "scheme"),
        ("", "scheme"), ("https://mission@emploi.example", "user"), ("https://emploi.example/", "path"),
        ("https://emploi.example/maillon", "path"), ("https://emploi.example?x", "path"),
        ("https://emploi.example#x", "path"), ("https://emploi.example\\x", "path"),
        ("https://emploi.example:", "port"), ("https://emploi.example:0", "port"),
        ("https://emploi.example:65536", "port"),
        ("https://emploi.example:８０", "port"), ("https://mission_emploi.example", "underscore"),
        ("https://127.1", "number"), ("https://0x7f.0.0.1", "number"), ("https://1.2.3.256", "number"),
        ("https://01.2.3.4", "number"), ("https://[::1%25eth0]", "number"), ("https://[::ffff:192.0.2.1]", "number"),
        ("https://[nope]", "number"), ("https://", "host"), ("https://.", "host"), ("https://a..example", "host"),
        ("https://a.example..", "host"), ("https://-a.example", "host"), ("https://a-.example", "host"),
        ("https://a b.example", "host"), (f"https://{'a' * 64}.example", "host"), ("https://xn--a.example", "host"),
        ("https://a.example:1:2", "host"), (" https://a.example", "scheme"), ("https://a.example\n", "host"),
        ("https://" + "a." * 150, "length"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(text: str, fault: str) -> None:
    with pytest.raises(BadAddress) as refused:
        canonical_address(text)
    assert refused.value.fault == fault
    assert fault in str(refused.value)
    assert text not in str(refused.value) or not text
