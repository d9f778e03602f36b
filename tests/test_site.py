import pytest

from hotspot.errors import StudyError
from hotspot.site import Site


def test_without_a_file_one_user_on_this_machine(tmp_path):
    assert Site.read(tmp_path) == Site()
    assert Site().address == "127.0.0.1"


def test_without_sign_in_no_other_machine_can_reach_it():
    with pytest.raises(StudyError, match="this machine only"):
        Site(address="0.0.0.0")  # noqa: S104 - refused
    assert Site(sign_in="oidc", address="0.0.0.0").port == 8501  # noqa: S104 - behind a sign-in


def test_roles_are_read_and_unknown_ones_refused(tmp_path):
    (tmp_path / "site.toml").write_text('sign_in = "oidc"\n[roles]\nplan = "planner"\n')
    assert Site.read(tmp_path).roles == {"plan": "planner"}
    (tmp_path / "site.toml").write_text('[roles]\nplan = "emperor"\n')
    with pytest.raises(StudyError, match="emperor"):
        Site.read(tmp_path)
    (tmp_path / "site.toml").write_text("colour = 1\n")
    with pytest.raises(StudyError, match="colour"):
        Site.read(tmp_path)
    (tmp_path / "site.toml").write_text("= 1\n")
    with pytest.raises(StudyError, match="written in TOML"):
        Site.read(tmp_path)
