"""Where every command comes in, and how its mistakes are told."""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import typer

from hotspot.cli import answers, handover, intake
from hotspot.cli.options import not_written, one_of
from hotspot.errors import N_, HotspotError, StudyError
from hotspot.glossary import LANGUAGES, Language, say, words

_MISTYPED: type[Exception] = typer.BadParameter.__mro__[1]  # Typer names no other way to all that its parser refuses
_STOPPED = 130
_FOREIGN = ("PROJ_DATA", "PROJ_LIB", "GDAL_DATA")  # another program's data breaks rasterio

app = typer.Typer(
    name="hotspot",
    help="Where people feel unsafe, why, and which physical measures would help most for the money.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (*intake.COMMANDS, *answers.COMMANDS, *handover.COMMANDS):
    app.command()(command)


def main() -> NoReturn:
    """Run a command: exit 0 done, 2 the user's mistake told in three parts, 1 ours with a traceback.

    130 where the user stopped it; a study is then as it was, since it changes only by whole files and one pointer.
    """
    for name in _FOREIGN:
        os.environ.pop(name, None)
    given = sys.argv[1:]
    try:
        code = app(given or ["--help"], standalone_mode=False)
    except HotspotError as refused:
        tell(refused, language_of(given))
        raise SystemExit(2) from None
    except _MISTYPED as refused:
        tell(mistyped(refused, given), language_of(given))
        raise SystemExit(2) from None
    except PermissionError as refused:
        tell(not_written(Path(refused.filename or "."), refused.strerror or ""), language_of(given))
        raise SystemExit(2) from None
    if code == _STOPPED:
        _ = words(language_of(given))
        print(_(N_("Stopped. The study is as it was.")), file=sys.stderr)  # noqa: T201 - a command line
    raise SystemExit(code if isinstance(code, int) else 0)


def mistyped(refused: Any, given: Sequence[str]) -> HotspotError:  # noqa: ANN401 - a private class of Typer's parser
    """Return a command line that cannot be read as a mistake in three parts, with the nearest name.

    Parameters
    ----------
    refused
        What the parser raised.
    given
        The command line's words.

    Returns
    -------
    HotspotError
        To be told.
    """
    known = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    try:
        one_of(given[0], known, N_("hotspot is given one of its commands."))
    except StudyError as unknown:
        return unknown
    option, param = getattr(refused, "option_name", None), getattr(refused, "param", None)
    name = option or (param.get_error_hint() if param else "")
    told = {
        "NoSuchOption": N_("no option {name}"),
        "MissingParameter": N_("{name} is missing"),
        "BadParameter": N_("a value that {name} cannot take"),
    }
    near = getattr(refused, "possibilities", None) or [f"hotspot {given[0]} --help"]
    return StudyError(
        N_("A command is given what its --help asks for."),
        told.get(type(refused).__name__, N_("a word too many")),
        N_("{near}"),
        name=name.replace("'", ""),
        near=near,
    )


def tell(refused: HotspotError, language: Language) -> None:
    """Print a mistake on the error stream: the rule, what was found, what to do.

    Parameters
    ----------
    refused
        The mistake.
    language
        Whose words.
    """
    _ = words(language)
    rule, found, fix = (say(part, language) for part in refused.told)
    print(rule, f"{_('found')}: {found}", f"{_('fix')}: {fix}", sep="\n", file=sys.stderr)  # noqa: T201 - a command line


def language_of(arguments: list[str]) -> Language:
    """Return the language to speak: ``--language``, that of the study named, or that of the terminal.

    Parameters
    ----------
    arguments
        The command line's words.

    Returns
    -------
    str
        ``"da"`` or ``"en"``.
    """
    for option, value in pairwise(arguments):
        if option == "--language" and value in LANGUAGES:
            return "da" if value == "da" else "en"
    for each in arguments[1:2]:
        recipe = Path(each) / "study.toml"
        if recipe.is_file() and 'language = "da"' in recipe.read_text("utf-8"):
            return "da"
        if recipe.is_file():
            return "en"
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "da" if spoken.startswith("da") else "en"
