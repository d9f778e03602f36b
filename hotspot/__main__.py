"""``python -m hotspot`` is the command line."""

from hotspot.cli import main

main()
