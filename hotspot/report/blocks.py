"""The parts a paper is made of, the same for PDF and DOCX: headings, text, lists, tables, figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "right"]


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
    """A list, each point perhaps with a name in front."""

    points: tuple[tuple[str, str], ...]


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
    """

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[dict[str, str]]


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
