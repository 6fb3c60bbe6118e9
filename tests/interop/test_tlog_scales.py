"""An exported and cosigned journal is accepted by tlog-scales, a C2SP implementation in Python by other authors.

It is not a dependency: pip install tlog-scales. Unlike the Go package it also knows cosignatures.
"""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature

from protocol.cosignature import cosign_checkpoint
from protocol.note import COSIGNATURE, add_signatures, vkey
from protocol.proofs import verify_consistency, verify_inclusion
from protocol.tree import MerkleTree
from tests.interop.journals import ORIGIN, export, journal
from tests.protocol.conftest import public_of, seeded_key

scales = pytest.importorskip("tlog_scales.tlog", reason="no tlog-scales: pip install tlog-scales")
reader_module = pytest.importorskip("tlog_scales.reader")
backend = pytest.importorskip("tlog_scales.backend")
signing = pytest.importorskip("tlog_scales.signing")

SIZES = [1, 2, 255, 256, 257, 600, 70_000]


@pytest.mark.parametrize("size", SIZES)
def test_python_accepts_an_exported_journal(tmp_path: Path, size: int) -> None:
    entries, _ = journal(size)
    reader = reader_module.TilesReader(backend.LocalBackend(export(size, tmp_path)))
    checkpoint = reader.get_checkpoint()
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, size)
    key = signing.Vkey.from_string((tmp_path / "vkey").read_text().strip())
    key.get_verifier().verify_note(checkpoint.signatures[0], checkpoint)
    assert reader.calculate_root_hash() == checkpoint.root_hash

    tree = MerkleTree(entries)
    for index in {0, size // 3, size // 2, size - 1}:
        assert reader.get_entry(index) == entries[index]
        leaf = tree.node(0, index)
        theirs = reader.get_inclusion_proof(index, size)
        theirs.check(leaf, checkpoint.root_hash)
        scales.InclusionProof(index, size, tree.inclusion_proof(index)).check(leaf, checkpoint.root_hash)
        verify_inclusion(index, size, leaf, theirs.node_hashes, checkpoint.root_hash)
    for old in {1, size // 2 or 1, max(size - 1, 1)}:
        theirs = reader.get_consistency_proof(old, size)
        theirs.check(tree.root(old), checkpoint.root_hash)
        scales.ConsistencyProof(old, size, tree.consistency_proof(old)).check(tree.root(old), checkpoint.root_hash)
        verify_consistency(old, size, theirs.node_hashes, tree.root(old), checkpoint.root_hash)


def test_python_accepts_a_witness_and_refuses_a_moved_time() -> None:
    _, note = journal(5)
    name, key = "trelaze.emploi.example/witness", seeded_key("Trélazé witness")
    cosigned = add_signatures(note, cosign_checkpoint(note, name, key, 1_795_000_000))
    checkpoint = scales.Checkpoint.from_text(cosigned.decode())
    verifier = signing.Vkey.from_string(vkey(name, public_of(key), COSIGNATURE)).get_verifier()
    verifier.verify_note(checkpoint.signatures[1], checkpoint)
    payload = checkpoint.signatures[1].payload
    assert verifier.get_timestamp(payload) == 1_795_000_000
    with pytest.raises(InvalidSignature):
        verifier.verify((1_795_000_001).to_bytes(8, "big") + payload[8:], checkpoint)
