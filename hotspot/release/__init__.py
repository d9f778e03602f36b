"""Who may see what: the only door out of a result."""

from hotspot.release.contract import Choice, Release, Shown
from hotspot.release.earlier import before, note
from hotspot.release.make import release

__all__ = ["Choice", "Release", "Shown", "before", "note", "release"]
