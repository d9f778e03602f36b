"""Files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a private path beside the wanted one, and move it there when everything is written.

    Parameters
    ----------
    path
        Where the file shall stand.

    Yields
    ------
    Path
        Where to write, of the same ending. If writing fails, the old file stays and nothing else is left.
    """
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as name:
        private = Path(name) / path.name
        yield private
        with private.open("rb+") as written:
            os.fsync(written.fileno())
        private.replace(path)
