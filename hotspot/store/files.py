"""Writing files so that a reader sees the old one or the new one, never half of one."""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, force it to disk and move it there in one step.

    Parameters
    ----------
    path
        Where the file will be.
    write
        Writes to the path it is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        write(beside)
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole.

    Parameters
    ----------
    path
        Where the file will be.
    text
        Its content.
    """
    write_whole(path, lambda beside: beside.write_text(text, "utf-8"))


def digest(data: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of some bytes.

    Parameters
    ----------
    data
        What is hashed.

    Returns
    -------
    str
        Enough to tell apart every table that a municipality will ever deliver.
    """
    return hashlib.sha256(data).hexdigest()[:16]


def digest_files(paths: list[Path]) -> str:
    """Return one hash over names and contents of some files, in any order.

    Parameters
    ----------
    paths
        Files that exist.

    Returns
    -------
    str
        As `digest`.
    """
    parts = sorted((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths)
    return digest(repr(parts).encode())
