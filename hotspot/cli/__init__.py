"""The command line. Read `door`, then `intake`, `answers`, `handover`."""

from hotspot.cli.door import main

__all__ = ["main"]
