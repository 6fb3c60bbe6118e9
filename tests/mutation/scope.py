"""What is mutated, by package, and the tests that may notice.

The wire format whole; of the federation what decides whom and what to believe, and what is erased; of the node the life
of a forward, the delivery of what happened, and the release of sheets. What moves bytes or rows has its own checks
(contracts, storms, kill points).
"""

from pathlib import Path

ROOT = Path(__file__).parents[2]

PACKAGES = {
    "protocol": ["protocol/**/*.py"],
    "verification": ["federation/peers/verification.py", "federation/peers/taking_in.py"],
    "signatures": ["federation/transport/signatures.py"],
    "erasure": [
        "federation/erasure/orders.py",
        "federation/erasure/certificates.py",
        "node/services/forwards/disclosures.py",
    ],
    "forwards": [
        "node/mission/forwards/moves.py",
        "node/mission/forwards/standing.py",
        "node/mission/forwards/saying.py",
        "node/mission/forwards/forward.py",
        "node/services/forwards/answers.py",
        "node/services/forwards/messages.py",
        "node/services/forwards/sending.py",
        "node/services/network/inbound.py",
    ],
    "events": ["node/services/listening.py", "node/storage/happened.py"],
    "sheets": [
        "node/mission/sheets/release.py",
        "node/mission/offers/published.py",
        "node/mission/sheets/rules.py",
        "node/mission/sheets/occupation_tree.py",
    ],
}

TESTS = [
    "tests/protocol",
    "tests/federation",
    "tests/interop",
    "tests/contracts/test_happened.py",
    "tests/node/mission/forwards/test_moves.py",
    "tests/node/mission/sheets/test_release.py",
    "tests/node/mission/offers/test_published.py",
    "tests/node/services/agreements/test_withdrawing.py",
    "tests/node/services/agreements/test_own_town.py",
    "tests/node/services/test_listening.py",
    "tests/node/storage/test_migrations.py",
    "tests/node/services/forwards/test_sending.py",
    "tests/node/services/forwards/test_refusals.py",
    "tests/node/services/network/test_inbound.py",
    "tests/node/services/sheets/test_releasing.py",
]


def modules() -> dict[str, str]:
    """The files that are mutated, as paths from the root, each with its package."""
    return {
        str(path.relative_to(ROOT)): package
        for package, patterns in PACKAGES.items()
        for pattern in patterns
        for path in sorted(ROOT.glob(pattern))
    }
