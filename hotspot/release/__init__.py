"""Who may see what: the only door out of a result."""

from hotspot.release.contract import Choice, Release, Shown
from hotspot.release.make import release

__all__ = ["Choice", "Release", "Shown", "release"]
