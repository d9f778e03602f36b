"""Who may see what: the only door out of a result."""

from hotspot.release.contract import Choice, Release, Shown
from hotspot.release.ledger import before, note
from hotspot.release.make import release
from hotspot.release.settled import Settled, settle

__all__ = ["Choice", "Release", "Settled", "Shown", "before", "note", "release", "settle"]
