"""Roles come from the sign-in alone; a stranger and an expired sign-in see nothing."""

import re
import time
from typing import Any

import pytest

from hotspot.site import Site
from hotspot.ui import access

SITE = Site(
    sign_in="oidc", roles={"plan": "planner", "council": "council", "homes": "partner"}, partners={"homes": "Fyrtårnet"}
)


class User(dict[str, Any]):
    def __init__(self, groups: list[str], seconds: float = 600, *, signed_in: bool = True) -> None:
        super().__init__(groups=groups, exp=time.time() + seconds)
        self.is_logged_in = signed_in


def seen(monkeypatch: pytest.MonkeyPatch, user: User) -> access.Reader | None:
    monkeypatch.setattr(access.st, "user", user)
    return access.who_looks(SITE)


def test_without_a_sign_in_the_machine_has_one_user() -> None:
    assert access.who_looks(Site()) == access.Reader("admin")


def test_the_highest_role_of_the_groups_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen(monkeypatch, User(["council", "plan"])) == access.Reader("planner")


def test_a_partner_sees_its_own_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen(monkeypatch, User(["homes"])) == access.Reader("partner", "Fyrtårnet")


@pytest.mark.parametrize(
    "user",
    [User([]), User(["unknown"]), User(["plan"], -1), User(["plan"], signed_in=False)],
    ids=["no group", "unknown", "expired", "out"],
)
def test_strangers_and_expired_sign_ins_see_nothing(monkeypatch: pytest.MonkeyPatch, user: User) -> None:
    assert seen(monkeypatch, user) is None


def test_nobody_may_look_with_eyes_above_their_own() -> None:
    assert access.LOWERS["council"] == ("council",)
    assert "admin" not in {each for role in ("planner", "liaison", "partner") for each in access.LOWERS[role]}
    assert set(access.FREE_FILTERS).isdisjoint({"council", "partner"})


def test_the_account_knows_the_sign_in_again_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (seen(monkeypatch, User(["homes"])) for _ in range(2))
    assert one
    assert two
    assert one.mark == two.mark
    assert re.fullmatch("[0-9a-f]{12}", one.mark)
