"""A study on disk. Read `folder`, then `snapshot`, `register`, `files`."""

from hotspot.store.folder import Store
from hotspot.store.register import Import
from hotspot.store.snapshot import Snapshot

__all__ = ["Import", "Snapshot", "Store"]
