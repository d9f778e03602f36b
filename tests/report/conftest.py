"""The small release, for two audiences."""

import pytest

from hotspot.release.contract import Release
from tests.report.small_release import small_release


@pytest.fixture
def council() -> Release:
    return small_release("council")


@pytest.fixture
def admin() -> Release:
    return small_release("admin")
