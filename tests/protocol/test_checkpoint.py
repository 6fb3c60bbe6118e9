"""Notes, checkpoints and cosignatures: published vectors, one form a checkpoint, and nothing unsigned
passes."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.checkpoint import Checkpoint, checkpoint_body, open_checkpoint, parse_checkpoint, sign_checkpoint
from protocol.cosignature import cosign_checkpoint, verify_cosignature
from protocol.errors import BadSignature, MalformedMessage, ProtocolError
from protocol.merkle import MAX_SIZE
from protocol.note import COSIGNATURE, SignedNote, add_signatures, key_id, parse_vkey, sign_note, verify_note, vkey
from protocol.tree import MerkleTree
from tests.protocol.conftest import Golden, public_of, seeded_key

# From the documentation of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SAID = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of C2SP tlog-cosignature.
BEHIND_THE_SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+"
    "zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0"
    "xUe+mbIUBkBIfZ+qnA==\n"
)

ORIGIN = "montlucon.emploi.example/journal/1"
KEY = seeded_key("Montluçon journal")
VKEY = vkey(ORIGIN, public_of(KEY))
WITNESS = "trelaze.emploi.example/witness"
WITNESS_KEY = seeded_key("Trélazé witness")
WITNESS_VKEY = vkey(WITNESS, public_of(WITNESS_KEY), COSIGNATURE)
STATE = Checkpoint(ORIGIN, 3, MerkleTree([b"one", b"two", b"three"]).root())
NOTE = sign_checkpoint(STATE, KEY)
NOON = 1_795_000_000


def test_a_note_from_the_go_documentation_is_accepted() -> None:
    note = f"{PETER_SAID}\n{PETER_LINE}".encode()
    assert verify_note(note, [PETER]) == PETER_SAID
    assert SignedNote.parse(note).encode() == note


def test_the_example_of_the_cosignature_specification_is_read() -> None:
    parsed = SignedNote.parse(BEHIND_THE_SOFA.encode())
    assert parse_checkpoint(parsed.text).size == 20852163
    assert [one.name for one in parsed.signatures] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    assert int.from_bytes(parsed.signatures[1].signature[:8], "big") == 1679315147
    assert parsed.encode() == BEHIND_THE_SOFA.encode()


def test_no_mangled_key_is_taken_for_a_key() -> None:
    mangled = {PETER[i:j] for i in range(len(PETER)) for j in range(i, len(PETER) + 1)} - {PETER}
    mangled |= {PETER[:i] + chr(ord(PETER[i]) + 1) + PETER[i + 1 :] for i in range(len(PETER))}
    mangled.add("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==")
    mangled.add("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    mangled.add(PETER.replace("c74f20a3", "C74F20A3"))
    for text in mangled:
        with pytest.raises(MalformedMessage):
            parse_vkey(text)
    assert vkey("PeterNeumann", parse_vkey(PETER).public) == PETER


@given(st.integers(1, MAX_SIZE), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_has_one_form_and_comes_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert parse_checkpoint(checkpoint_body(checkpoint)) == checkpoint


def test_what_a_town_signs_is_opened_with_its_key_alone() -> None:
    assert open_checkpoint(NOTE, VKEY) == STATE
    with pytest.raises(BadSignature):
        open_checkpoint(NOTE, vkey(ORIGIN, public_of(seeded_key("Bayonne journal"))))


def test_no_flipped_bit_passes() -> None:
    for at in range(len(NOTE)):
        for bit in range(8):
            with pytest.raises(ProtocolError):
                open_checkpoint(NOTE[:at] + bytes([NOTE[at] ^ 1 << bit]) + NOTE[at + 1 :], VKEY)


def test_no_truncated_or_continued_note_passes() -> None:
    for end in range(len(NOTE)):
        with pytest.raises(ProtocolError):
            open_checkpoint(NOTE[:end], VKEY)
    with pytest.raises(MalformedMessage):
        open_checkpoint(NOTE + b"\n", VKEY)


ROOT_64 = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n03\n{ROOT_64}\n",
        f"{ORIGIN}\n+3\n{ROOT_64}\n",
        f"{ORIGIN}\n1_0\n{ROOT_64}\n",
        f"{ORIGIN}\n٣\n{ROOT_64}\n",
        f"{ORIGIN}\n-1\n{ROOT_64}\n",
        f"{ORIGIN}\n{2**63}\n{ROOT_64}\n",
        f"{ORIGIN}\n\n{ROOT_64}\n",
        f"\n3\n{ROOT_64}\n",
        f"two words\n3\n{ROOT_64}\n",
        f"plus+plus\n3\n{ROOT_64}\n",
        f"{'o' * 600}\n3\n{ROOT_64}\n",
        f"{ORIGIN}\n3\n{ROOT_64}",
        f"{ORIGIN}\n3\n{ROOT_64}\nextension\n",
        f"{ORIGIN}\n3\n{ROOT_64}\n\n",
        f"{ORIGIN}\r\n3\r\n{ROOT_64}\r\n",
        f"{ORIGIN}\n3\n{ROOT_64[:-4]}\n",
        f"{ORIGIN}\n3\n{ROOT_64.rstrip('=')}\n",
        f"{ORIGIN}\n3\n{ROOT_64[:-2]}B=\n",
        f"{ORIGIN}\n3\n{ROOT_64[:10]}!!{ROOT_64[10:]}\n",
        f"{ORIGIN}\n3\n{ROOT_64[:-1]}é\n",
        f"{ORIGIN}\n3\n{base64.b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN}\n3\n",
        "",
    ],
)
def test_any_other_spelling_is_malformed_even_when_signed(text: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_checkpoint(text)
    if text.endswith("\n") and "\r" not in text:
        with pytest.raises(MalformedMessage):
            open_checkpoint(sign_note(text, ORIGIN, KEY), VKEY)


def test_an_empty_journal_is_neither_signed_nor_opened() -> None:
    empty = Checkpoint(ORIGIN, 0, MerkleTree().root())
    with pytest.raises(ValueError, match="empty"):
        sign_checkpoint(empty, KEY)
    with pytest.raises(MalformedMessage):
        open_checkpoint(sign_note(checkpoint_body(empty), ORIGIN, KEY), VKEY)


def test_a_journal_cannot_sign_for_another() -> None:
    other = Checkpoint("bayonne.emploi.example/journal/1", 3, STATE.root)
    with pytest.raises(MalformedMessage, match="origin"):
        open_checkpoint(sign_note(checkpoint_body(other), ORIGIN, KEY), VKEY)


def test_unknown_signatures_are_ignored_and_a_wrong_known_one_is_not() -> None:
    witness_line = cosign_checkpoint(NOTE, WITNESS, WITNESS_KEY, NOON)
    both = add_signatures(NOTE, witness_line)
    assert open_checkpoint(both, VKEY) == STATE
    assert verify_note(both, [WITNESS_VKEY]) == checkpoint_body(STATE)
    with pytest.raises(BadSignature):
        verify_note(both, [])

    elsewhere = sign_checkpoint(Checkpoint(ORIGIN, 4, STATE.root), KEY)
    wrong = add_signatures(NOTE, cosign_checkpoint(elsewhere, WITNESS, WITNESS_KEY, NOON))
    assert open_checkpoint(wrong, VKEY) == STATE
    with pytest.raises(BadSignature):
        verify_note(wrong, [VKEY, WITNESS_VKEY])


def test_a_witness_says_when() -> None:
    earlier = add_signatures(NOTE, cosign_checkpoint(NOTE, WITNESS, WITNESS_KEY, NOON - 3600))
    cosigned = add_signatures(earlier, cosign_checkpoint(NOTE, WITNESS, WITNESS_KEY, NOON))
    assert verify_cosignature(earlier, WITNESS_VKEY) == NOON - 3600
    assert verify_cosignature(cosigned, WITNESS_VKEY) == NOON
    with pytest.raises(BadSignature):
        verify_cosignature(NOTE, WITNESS_VKEY)
    with pytest.raises(ValueError, match="not a cosignature key"):
        verify_cosignature(cosigned, VKEY)


def test_a_cosignature_cannot_be_moved_in_time() -> None:
    line = cosign_checkpoint(NOTE, WITNESS, WITNESS_KEY, NOON).decode()
    data = base64.b64decode(line.split(" ")[2])
    for forged in (
        data[:4] + (NOON + 1).to_bytes(8, "big") + data[12:],
        data[:4] + b"\xff" + data[5:],
        data[:-1],
        data + b"x",
        data[:4] + data[12:],
    ):
        forged_line = f"— {WITNESS} {base64.b64encode(forged).decode()}\n".encode()
        with pytest.raises(BadSignature):
            verify_cosignature(add_signatures(NOTE, forged_line), WITNESS_VKEY)


@pytest.mark.parametrize("timestamp", [0, -1, 2**63])
def test_a_cosignature_has_a_possible_time(timestamp: int) -> None:
    with pytest.raises(ValueError, match="timestamp"):
        cosign_checkpoint(NOTE, WITNESS, WITNESS_KEY, timestamp)


def test_the_same_key_has_another_id_for_another_purpose() -> None:
    public = public_of(KEY)
    ids = {key_id(ORIGIN, public), key_id(ORIGIN, public, COSIGNATURE), key_id(WITNESS, public, COSIGNATURE)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "no dash\n",
        "-- name AAAAAAAA\n",
        "— name  AAAAAAAA\n",
        "— two words AAAAAAAA\n",
        "— pl+us AAAAAAAA\n",
        "— name AAAA\n",
        "— name AAAAAAA\n",
        "— name AAAAAAB=\n",
        "— name AAAAAAAA",
        "— name AAAAAAAA \n",
        "— name\u00a0x AAAAAAAA\n",
        "— name AAAAAAAA\n" * 101,
        f"— {'n' * 70_000} AAAAAAAA\n",
        "— name AAAAAAAA\x0b\n",
    ],
)
def test_a_note_with_other_lines_below_is_malformed(lines: str) -> None:
    with pytest.raises(MalformedMessage):
        SignedNote.parse(f"text\n\n{lines}".encode())


def test_bytes_that_are_no_text_are_malformed() -> None:
    for note in (b"", b"\n\n", b"text\n", b"\xff\n\n" + PETER_LINE.encode(), b"te\x00xt\n\n" + PETER_LINE.encode()):
        with pytest.raises(MalformedMessage):
            SignedNote.parse(note)


def test_a_note_is_split_at_its_last_empty_line() -> None:
    note = sign_note("first\n\nsecond\n", ORIGIN, KEY)
    assert verify_note(note, [VKEY]) == "first\n\nsecond\n"


@pytest.mark.parametrize("text", ["no newline", "bell\x07\n", ""])
def test_only_a_text_that_can_be_read_back_is_signed(text: str) -> None:
    with pytest.raises(ValueError, match="newline"):
        sign_note(text, ORIGIN, KEY)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=60), st.text(max_size=20))
def test_what_is_signed_is_read_back(text: str, name: str) -> None:
    if re.search(r"[\s+]", name) or not name or not name.isprintable():
        name = "lormont.emploi.example"
    note = sign_note(f"x{text}\n", name, KEY)
    assert verify_note(note, [vkey(name, public_of(KEY))]) == f"x{text}\n"


def test_golden(golden: Golden) -> None:
    line = cosign_checkpoint(NOTE, WITNESS, WITNESS_KEY, NOON)
    golden(
        "checkpoint",
        {
            "private_key_hex": KEY.private_bytes_raw().hex(),
            "vkey": VKEY,
            "origin": STATE.origin,
            "size": STATE.size,
            "root_hex": STATE.root.hex(),
            "body": checkpoint_body(STATE),
            "note": NOTE.decode(),
            "witness_private_key_hex": WITNESS_KEY.private_bytes_raw().hex(),
            "witness_vkey": WITNESS_VKEY,
            "witness_timestamp": NOON,
            "cosignature_line": line.decode(),
            "cosigned_note": add_signatures(NOTE, line).decode(),
        },
    )
