"""What commands are asked with, and what is refused before any work begins."""

import difflib
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from hotspot.errors import N_, StoreError, StudyError
from hotspot.glossary import LANGUAGES, Language, words

Folder = Annotated[Path, typer.Argument(help="The study's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Languages = Annotated[str, typer.Option("--language", help="da or en.")]
SpokenIn = Annotated[str | None, typer.Option("--language", help="da or en.")]
Audiences = Annotated[str, typer.Option(help="council, partner, planner, liaison or admin.")]
Owner = Annotated[str, typer.Option(help="For a partner: whose areas.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]


def spoken(language: str | None, default: Language) -> Language:
    """Return the language asked for.

    Parameters
    ----------
    language
        As given with ``--language``; None where it is not given.
    default
        What is spoken then.

    Returns
    -------
    str
        ``"da"`` or ``"en"``.

    Raises
    ------
    StudyError
        If it is another.
    """
    if language is None:
        return default
    if language not in LANGUAGES:
        raise StudyError(N_("A language is da or en."), N_("{language}"), N_("--language da"), language=language)
    return "da" if language == "da" else "en"


def said_or_asked(said: str | None, language: Language, question: str, option: str, usual: str = "") -> str:
    """Return what an option says; where it says nothing, ask at a terminal.

    Parameters
    ----------
    said
        The option's value, None where it is not given.
    language
        Which language to ask in.
    question
        What is asked.
    option
        The option's name.
    usual
        What is taken where nobody can be asked; empty where there is no such thing.

    Returns
    -------
    str
        The value.

    Raises
    ------
    StudyError
        If nobody can be asked and nothing is usual.
    """
    if said is not None:
        return said
    if sys.stdin is not None and sys.stdin.isatty():
        return str(typer.prompt(words(language)(question), default=usual or None))
    if usual:
        return usual
    raise StudyError(
        N_("A new study has a name and an outline."), N_("no {option}"), N_("add {option}, or answer at a terminal"),
        option=option,
    )  # fmt: skip


def one_of(value: str, known: Sequence[str], rule: str) -> None:
    """Refuse a word that is not known, and name the nearest that is.

    Parameters
    ----------
    value
        What was given.
    known
        What may be given.
    rule
        What must hold.

    Raises
    ------
    StudyError
        If it is not known.
    """
    if value not in known:
        near = difflib.get_close_matches(value, known, 1)
        fix = N_("did you mean {near}?") if near else N_("one of {known}")
        raise StudyError(rule, N_("{value}"), fix, value=value, near=near, known=list(known))


def check_target(out: Path, endings: Sequence[str]) -> None:
    """Refuse a file that cannot be written, before there is anything to write.

    Parameters
    ----------
    out
        The file wanted.
    endings
        How its name may end, such as ``".pdf"``; ``""`` for a folder.

    Raises
    ------
    StudyError
        If its name ends otherwise.
    StoreError
        If its folder is missing or closed, or a folder or a file of the wrong sort is in the way.
    """
    ending = out.suffix.lower()
    if ending not in endings:
        raise StudyError(
            N_("A file's name says what it is."),
            N_("{out}"),
            N_("end its name in {endings}"),
            out=out.name,
            endings=[each or "/" for each in endings],
        )
    folder = out.parent
    if not folder.is_dir():
        raise StoreError(
            N_("A file is written into a folder that is there."),
            N_("no folder {folder}"),
            N_("mkdir -p {folder}"),
            folder=str(folder),
        )
    if out.exists() and out.is_dir() != (ending == ""):
        raise not_written(out, os.strerror(errno.EISDIR if ending else errno.ENOTDIR))
    if not os.access(out if out.is_dir() else folder, os.W_OK):
        raise not_written(out, os.strerror(errno.EACCES))


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Tell as the user's mistake what the machine refuses to write.

    Parameters
    ----------
    out
        The file or folder that the user named.

    Raises
    ------
    StoreError
        If the machine refuses: no room, no right, a file in the way.
    """
    try:
        yield
    except OSError as refused:
        raise not_written(out, refused.strerror or str(refused)) from refused


def not_written(out: Path, why: str) -> StoreError:
    """Return as the user's mistake that something cannot be written.

    Parameters
    ----------
    out
        The file or folder.
    why
        What the machine says.

    Returns
    -------
    StoreError
        To be raised or told.
    """
    return StoreError(
        N_("A file is written where this user may write."),
        N_("{out}: {why}"),
        N_("name another file or folder"),
        out=str(out),
        why=why,
    )
