"""Who may see what: the only door out of a result."""

from hotspot.release.contract import Choice, Release, Shown

__all__ = ["Choice", "Release", "Shown"]
