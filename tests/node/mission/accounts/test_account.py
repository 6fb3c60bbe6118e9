"""Who may do what, cell by cell; when a key locks; which passwords are refused; codes copied from paper."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.accounts.account import (
    FREE_FAILURES,
    Account,
    AccountState,
    Attempts,
    LinkPurpose,
    MagicLink,
    PasswordFault,
    Session,
    after_failure,
    digest,
    fold_code,
    fold_email,
    password_fault,
    readable_code,
)
from node.mission.accounts.roles import ACCOUNT_ROLES, PERMISSIONS, Permission, Role

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
C, H, N, E, A = Role.COUNSELLOR, Role.HEAD, Role.COORDINATOR, Role.EMPLOYER, Role.ADMINISTRATOR

TABLE: dict[Permission, set[Role]] = {
    Permission.SEE_TODAY: {C, H},
    Permission.READ_FILES: {C, H},
    Permission.EDIT_FILES: {C, H},
    Permission.READ_OBSTACLES: {C, H},
    Permission.EDIT_OBSTACLES: {C, H},
    Permission.TREAT_DEPOSITS: {C, H},
    Permission.SIGN_READY: {C, H},
    Permission.MERGE_FILES: {C, H},
    Permission.ERASE_FILES: {C, H},
    Permission.HAND_OVER: {C, H},
    Permission.RUN_WORKSHOPS: {C, H},
    Permission.MANAGE_DESKS: {C, H},
    Permission.MANAGE_PARTNERS: {C, H},
    Permission.IMPORT_DATA: {C, H},
    Permission.READ_OFFERS: {C, H},
    Permission.EDIT_OFFERS: {C, H},
    Permission.PUT_FORWARD: {C, H},
    Permission.PAUSE_EMPLOYERS: {H},
    Permission.ANSWER_SENDINGS: {E},
    Permission.SEE_TEAM: {H},
    Permission.READ_TRAIL: {H},
    Permission.MANAGE_ACCOUNTS: {H, A},
    Permission.GIVE_ACCESS: {H},
    Permission.MANAGE_SETTINGS: {H, A},
    Permission.SEE_NETWORK: {N, A},
    Permission.ADMIT_MEMBERS: {N},
    Permission.OPERATE: {A},
}
"""The table as a data protection officer would read it, written a second time on purpose."""


def account(*roles: Role, state: AccountState = AccountState.ACTIVE) -> Account:
    return Account(
        id="a1", email="k.benali@drancy.fr", name="Karima Benali", roles=frozenset(roles), created=NOW, state=state
    )


class TestPermissions:
    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("permission", Permission)
    def test_each_cell(self, role: Role, permission: Permission) -> None:
        assert account(role).may(permission) is (role in TABLE[permission])

    def test_every_action_is_somebodys(self) -> None:
        assert set(TABLE) == set(Permission)
        assert set(PERMISSIONS) == set(ACCOUNT_ROLES)
        assert all(TABLE.values())

    def test_who_runs_the_server_or_the_network_opens_no_file(self) -> None:
        about_people = {Permission.READ_FILES, Permission.READ_OBSTACLES, Permission.TREAT_DEPOSITS}
        assert not account(A, N, E).permissions & about_people

    def test_several_roles_add_up(self) -> None:
        assert account(H, A).permissions == PERMISSIONS[H] | PERMISSIONS[A]

    def test_a_closed_account_may_do_nothing(self) -> None:
        assert account(H, A, state=AccountState.CLOSED).permissions == frozenset()


class TestLocks:
    def fail(self, times: int, kind: str = "account", at: datetime = NOW, before: Attempts | None = None) -> Attempts:
        for _number in range(times):
            before = after_failure(before, "key", kind, at)
        assert before is not None
        return before

    def test_the_first_failures_are_free(self) -> None:
        assert not self.fail(FREE_FAILURES["account"] - 1).is_locked(NOW)
        assert self.fail(FREE_FAILURES["account"]).is_locked(NOW)

    def test_a_town_hall_behind_one_address_is_more_patiently_heard(self) -> None:
        assert not self.fail(20, kind="address").is_locked(NOW)
        assert self.fail(FREE_FAILURES["address"], kind="address").is_locked(NOW)

    def test_each_further_failure_locks_twice_as_long_up_to_an_hour(self) -> None:
        locks = []
        for times in range(5, 20):
            until = self.fail(times).locked_until
            assert until is not None
            locks.append((until - NOW) / timedelta(minutes=1))
        assert locks[:7] == [1, 2, 4, 8, 16, 32, 60]
        assert max(locks) == 60

    def test_a_lock_ends(self) -> None:
        locked = self.fail(5)
        assert not locked.is_locked(NOW + timedelta(minutes=1))

    def test_yesterdays_failures_are_forgotten(self) -> None:
        assert self.fail(1, at=NOW + timedelta(days=1), before=self.fail(12)).failures == 1

    @given(times=st.integers(1, 2000))
    def test_no_lock_is_longer_than_an_hour(self, times: int) -> None:
        until = after_failure(Attempts("key", times, NOW), "key", "account", NOW).locked_until
        assert until is None or until - NOW <= timedelta(hours=1)


class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "fault"),
        [
            ("onze lettre", PasswordFault.SHORT),
            ("", PasswordFault.SHORT),
            ("aaaaaaaaaaaaaaaa", PasswordFault.MONOTONOUS),
            ("121212121212", PasswordFault.MONOTONOUS),
            ("karima.benali", PasswordFault.PERSONAL),
            ("BenaliKarima1", PasswordFault.PERSONAL),
            ("k.benali12345", PasswordFault.PERSONAL),
            ("x y z" * 60, PasswordFault.LONG),
            ("mairie panier vélo loire", None),
            ("azertyuiopqs", None),
        ],
    )
    def test_what_is_refused(self, password: str, fault: PasswordFault | None) -> None:
        assert password_fault(password, "k.benali@drancy.fr", "Karima Benali") is fault

    @given(st.text(max_size=300), st.text(max_size=50), st.text(max_size=50))
    def test_any_text_gets_an_answer(self, password: str, email: str, name: str) -> None:
        assert password_fault(password, email, name) in (None, *PasswordFault)


class TestCodes:
    @given(st.binary(min_size=10, max_size=10))
    def test_a_code_copied_by_hand_is_the_same(self, secret: bytes) -> None:
        code = readable_code(secret)
        assert len(code) == 19
        assert not set("ILOU") & set(code)
        copied = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert fold_code(copied) == fold_code(code)

    @given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
    def test_different_secrets_have_different_codes(self, one: bytes, other: bytes) -> None:
        assert (fold_code(readable_code(one)) == fold_code(readable_code(other))) is (one == other)

    @given(st.text())
    def test_any_text_has_a_digest(self, text: str) -> None:
        assert len(digest(text)) == 64


def test_addresses_are_compared_folded() -> None:
    assert fold_email("  K.Benali@Drancy.FR ") == "k.benali@drancy.fr"


class TestTimes:
    def test_a_session_ends_at_its_hour(self) -> None:
        session = Session("s", "a1", "", NOW, NOW + timedelta(hours=8), "")
        assert session.is_open(NOW + timedelta(hours=7, minutes=59))
        assert not session.is_open(NOW + timedelta(hours=8))

    def test_a_link_opens_once_and_a_printed_code_again(self) -> None:
        link = MagicLink("l", LinkPurpose.CANDIDATE, "p1", NOW, NOW + timedelta(minutes=30), used=NOW)
        paper = MagicLink("l", LinkPurpose.PAPER, "p1", NOW, NOW + timedelta(days=365), used=NOW)
        assert (link.opens(NOW), paper.opens(NOW)) == (False, True)
        assert not paper.opens(NOW + timedelta(days=365))
