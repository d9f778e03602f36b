"""The parts a paper is made of, the same for PDF and DOCX: headings, text, lists, tables, figures."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "right"]
_UNIT = re.compile(r"(?<=\d) (?=(?:kr\.|%|m²|m\b|km\b))|(?<=DKK) (?=\d)")
_LONG = re.compile(r"\S{18,}")
_JOINT = re.compile(r"(?<=[_./-])(?=\w)|(?<=[a-zæøå])(?=[A-ZÆØÅ])")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    key
        Its cell in each row.
    heading
        What stands above it.
    share
        Its share of the width, relative to the others.
    align
        ``"right"`` for numbers.
    """

    key: str
    heading: str
    share: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class Heading:
    """A heading of a section."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph.

    Parameters
    ----------
    text
        What it says.
    style
        ``"plain"``, ``"lead"`` for what the reader must not miss, ``"note"`` for small print.
    """

    text: str
    style: Literal["plain", "lead", "note"] = "plain"


@dataclass(frozen=True)
class Points:
    """A list, each point perhaps with a name in front.

    Parameters
    ----------
    points
        Name, empty without one, and text.
    style
        ``"plain"``, or ``"lead"`` for what the reader must not miss.
    """

    points: tuple[tuple[str, str], ...]
    style: Literal["plain", "lead"] = "plain"


@dataclass(frozen=True)
class Table:
    """A table with a header row.

    Parameters
    ----------
    caption
        What it shows.
    columns
        Its columns.
    rows
        Cells by column key.
    width
        Share of the text's width.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[dict[str, str]]
    width: float = 1.0


@dataclass(frozen=True)
class Figure:
    """A picture.

    Parameters
    ----------
    name
        Its file, without ending.
    alt
        What it shows, in words.
    caption
        Its caption.
    """

    name: str
    alt: str
    caption: str


Block = Heading | Text | Points | Table | Figure


@dataclass(frozen=True)
class Paper:
    """A paper before it has a format.

    Parameters
    ----------
    language
        ``"da"`` or ``"en"``.
    title, subtitle
        At its head.
    footer
        At the foot of each page.
    blocks
        Its parts, in order.
    """

    language: str
    title: str
    subtitle: str
    footer: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def columns_of(
    headings: Mapping[str, str], shares: Sequence[tuple[str, float]], right: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Return a table's columns.

    Parameters
    ----------
    headings
        Column key to what stands above it.
    shares
        Column keys in order, each with its share of the width.
    right
        Keys of columns of numbers.

    Returns
    -------
    tuple of Column
        In order.
    """
    return tuple(Column(key, headings[key], share, "right" if key in right else "left") for key, share in shares)


def unbroken(text: str) -> str:
    """Keep a number and its unit on one line.

    Parameters
    ----------
    text
        A sentence.

    Returns
    -------
    str
        With no-break spaces.
    """
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


def cell_text(text: str) -> str:
    """Let a long name of a file or column break where its parts meet, so that it stays inside its cell.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    str
        With numbers kept beside their units, and zero-width spaces inside long words.
    """
    return _LONG.sub(lambda word: _JOINT.sub("\N{ZERO WIDTH SPACE}", word.group()), unbroken(text))
