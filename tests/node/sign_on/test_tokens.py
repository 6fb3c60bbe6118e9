"""What a provider signed, and what only looks like it."""

import base64
import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa as plain_rsa
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from node.sign_on.tokens import Expected, UnknownSigningKey, check_id_token, read_keys, verify
from node.sign_on.troubles import SignOnFailed, Trouble
from tests.federation.conftest import NOW
from tests.node.web.oidc_provider import ec, rsa

AT = int(NOW.timestamp())
EXPECTED = Expected("ProConnect", "https://p.example", "maillon", NOW)
NONCE = "n" * 43
CLAIMS = {"iss": "https://p.example", "aud": "maillon", "sub": "k", "exp": AT + 60, "iat": AT, "nonce": NONCE}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwks(*keys: object) -> bytes:
    return json.dumps(
        {"keys": [key.as_dict(private=False) if isinstance(key, RSAKey | ECKey) else key for key in keys]}
    ).encode()


def trouble_of(token: str, *keys: object) -> Trouble:
    with pytest.raises(SignOnFailed) as caught:
        verify(token, read_keys(jwks(*keys)), "ProConnect")
    return caught.value.trouble


@pytest.mark.parametrize(("alg", "key"), [("RS256", rsa()), ("ES256", ec())])
def test_both_algorithms_with_and_without_the_keys_name(alg: str, key: RSAKey | ECKey) -> None:
    keys = read_keys(jwks(rsa("other"), ec("other"), rsa(), ec()))
    for header in ({"alg": alg, "kid": key.kid}, {"alg": alg}):
        assert verify(jwt.encode(header, dict(CLAIMS), key, algorithms=[alg]), keys, "ProConnect") == CLAIMS


def test_a_name_that_is_not_there_is_told_apart_from_a_wrong_signature() -> None:
    token = jwt.encode({"alg": "RS256", "kid": "rsa-9"}, dict(CLAIMS), rsa())
    with pytest.raises(UnknownSigningKey):
        verify(token, read_keys(jwks(rsa(), ec())), "ProConnect")
    assert trouble_of(jwt.encode({"alg": "RS256"}, dict(CLAIMS), rsa("forger")), rsa()) is Trouble.BAD_SIGNATURE


def test_a_public_key_is_no_shared_secret() -> None:
    """The classical confusion: HMAC under the public key, which anyone has."""
    pem = rsa().as_pem(private=False)
    head = f"{b64(json.dumps({'alg': 'HS256', 'kid': 'rsa-1'}).encode())}.{b64(json.dumps(CLAIMS).encode())}"
    token = f"{head}.{b64(hmac.digest(pem, head.encode(), sha256))}"
    assert trouble_of(token, rsa()) is Trouble.BAD_SIGNATURE


@pytest.mark.parametrize("alg", ["none", "None", "RS512", "PS256", "EdDSA", "", None, 3, ["RS256"]])
def test_no_other_algorithm(alg: object) -> None:
    _head, body, signature = jwt.encode({"alg": "RS256", "kid": "rsa-1"}, dict(CLAIMS), rsa()).split(".")
    for end in (signature, ""):
        token = f"{b64(json.dumps({'alg': alg, 'kid': 'rsa-1'}).encode())}.{body}.{end}"
        assert trouble_of(token, rsa()) in (Trouble.BAD_SIGNATURE, Trouble.BAD_ANSWER)


def test_an_altered_claim_shows() -> None:
    head, _body, signature = jwt.encode({"alg": "ES256", "kid": "ec-1"}, dict(CLAIMS), ec()).split(".")
    token = f"{head}.{b64(json.dumps(CLAIMS | {'sub': 'x'}).encode())}.{signature}"
    assert trouble_of(token, ec()) is Trouble.BAD_SIGNATURE


def test_a_key_in_the_token_is_not_looked_at() -> None:
    forged = rsa("forger")
    header: dict[str, Any] = {"alg": "RS256", "jwk": dict(forged.as_dict(private=False)), "jku": "https://x.example"}
    assert trouble_of(jwt.encode({"alg": "RS256"} | header, dict(CLAIMS), forged), rsa()) in (
        Trouble.BAD_SIGNATURE,
        Trouble.BAD_ANSWER,
    )


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "é.é.é", "e30.e30.", b64(b"[" * 3000) + ".e30.e30", "e30." * 5, "x" * 200_000]
)
def test_what_is_no_token(token: str) -> None:
    assert trouble_of(token, rsa()) in (Trouble.BAD_ANSWER, Trouble.BAD_SIGNATURE)


@given(st.text(max_size=300))
def test_any_text_is_refused_in_words(token: str) -> None:
    with pytest.raises(SignOnFailed):
        verify(token, [rsa()], "ProConnect")


def test_claims_that_are_no_object() -> None:
    head = b64(json.dumps({"alg": "RS256", "kid": "rsa-1"}).encode())
    for payload in (b"3", b"[]", b"nonsense", b"[" * 60_000):
        signed = f"{head}.{b64(payload)}"
        raw = rsa().private_key
        assert isinstance(raw, plain_rsa.RSAPrivateKey)
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        token = f"{signed}.{b64(raw.sign(signed.encode(), PKCS1v15(), hashes.SHA256()))}"
        assert trouble_of(token, rsa()) is Trouble.BAD_SIGNATURE


def test_weak_odd_and_secret_keys_are_passed_by() -> None:
    numbers = plain_rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    weak = {"kty": "RSA", "kid": "w", "e": "AQAB", "n": b64(numbers.n.to_bytes(128, "big"))}
    padded = weak | {"n": b64(numbers.n.to_bytes(300, "big"))}
    odd = [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA"},
        3,
        None,
    ]
    enciphers = dict(ec().as_dict(private=False)) | {"use": "enc"}
    assert read_keys(jwks(weak, padded, *odd, enciphers, {"kty": "EC", "crv": "P-384"})) == []
    assert len(read_keys(jwks(*odd, rsa(), ec()))) == 2
    assert len(read_keys(jwks(*[ec()] * 500))) == 50


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"3", b'{"keys": {}}', b"\xff", b"[" * 60_000, b"null"])
def test_what_is_no_set_of_keys(data: bytes) -> None:
    with pytest.raises(ValueError, match="set of keys"):
        read_keys(data)


def test_clocks_may_differ_by_a_minute_and_no_more() -> None:
    for change in ({"exp": AT - 59}, {"iat": AT + 60}):
        assert check_id_token(CLAIMS | change, EXPECTED, NONCE, "", ()) == "k"
    for change in ({"exp": AT - 60}, {"iat": AT + 61}, {"nbf": AT + 61}, {"exp": AT - 10**6}):
        with pytest.raises(SignOnFailed) as caught:
            check_id_token(CLAIMS | change, EXPECTED, NONCE, "", ())
        assert caught.value.trouble is Trouble.EXPIRED


def test_every_reason_has_its_own_sentence_in_the_providers_name() -> None:
    said = {str(SignOnFailed(trouble, "Keycloak")) for trouble in Trouble}
    assert len(said) == len(Trouble)
    assert sum("Keycloak" in one for one in said) >= len(Trouble) - 2
    assert not any("{" in one for one in said)
