"""Where every command comes in, and how its mistakes are told."""

import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import typer

from hotspot.cli import answers, handover, intake
from hotspot.errors import HotspotError
from hotspot.glossary import LANGUAGES, Language, say, words

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
    """Run a command: exit 0 done, 2 the user's mistake told in three parts, 1 ours with a traceback."""
    for name in _FOREIGN:
        os.environ.pop(name, None)
    try:
        app()
    except HotspotError as refused:
        tell(refused, language_of(sys.argv[1:]))
        raise SystemExit(2) from None
    raise SystemExit(0)


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
