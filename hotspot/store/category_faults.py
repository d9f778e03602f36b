"""What can be wrong with a study's table of categories, each fault in three parts."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from hotspot.errors import N_, StudyError

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_PERSONS = ("unge", "ungdom", "børn", "bande", "bander", "beboere", "youth", "youths", "gang", "gangs")
# What can be wrong in one row: the rule, and what to do; `of_a_row` says what was found.
_ROWS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "category": (
            N_("A category is one that is known, or a new one with parent, da and en."),
            N_("one of {near}; or fill in parent, da and en in one row of the new category"),
        ),
        "group": (N_("A code means a category; groups only gather what lies below them."), N_("one of {near}")),
        "code": (
            N_("The code of a category has small letters a to z, digits and underscores."),
            N_("write it as bicycle_theft, and its names under da and en"),
        ),
        "point_or_line": (
            N_("point_or_line is point for what belongs to a spot, line for what belongs to a stretch."),
            N_("write point or line; an empty cell leaves it as it was"),
        ),
        "measures": (
            N_("measures names files of data/evidence, with blanks between them, or none."),
            N_("of {near}"),
        ),
        "persons": (
            N_("A category is named after behaviour at a place, never after persons or groups of people."),
            N_("name what happens, such as “Gathering and disturbance”"),
        ),
        "loop": (N_("A category never lies below itself."), N_("name another parent")),
        "nothing": (
            N_("A row gives a code its category, or says something of a category."),
            N_("fill in the code, or take the row out"),
        ),
        "of nothing": (
            N_("What a row says is said of its category."),
            N_("fill in the category, or empty the row’s other cells"),
        ),
    }
)


_MISSING: Mapping[str, str] = MappingProxyType(
    {"nothing": N_("{name}, row {row}: neither"), "of nothing": N_("{name}, row {row}: no category")}
)


def is_code(text: str) -> bool:
    """Say whether a text can be the code of a category."""
    return bool(_CODE.fullmatch(text))


def names_persons(text: str) -> bool:
    """Say whether a name speaks of persons or groups of people, by a short list of words."""
    return any(word in _PERSONS for word in re.findall(r"\w+", text.casefold()))


def nearest(text: str, known: Iterable[str]) -> list[str]:
    """Return what of the known is written most alike, or all of it."""
    there = sorted(known)
    return difflib.get_close_matches(text, there, 3) or there


def of_a_row(wrong: str, name: str, row: int, found: str = "", near: Iterable[str] = ()) -> StudyError:
    """Refuse a row for what one of its cells says, or for saying nothing.

    Parameters
    ----------
    wrong
        A key of the rules of a row.
    name, row
        The file and the row.
    found
        What stands there, if anything.
    near
        What might have been meant.
    """
    rule, fix = _ROWS[wrong]
    seen = _MISSING.get(wrong, N_("{name}, row {row}: “{found}”"))
    return StudyError(rule, seen, fix, name=name, row=row, found=found, near=list(near))


def not_a_table(name: str, error: str) -> StudyError:
    """Refuse what is no table of text."""
    return StudyError(
        N_("A table of categories is a CSV file with commas or semicolons."),
        N_("{name}: {error}"),
        N_("save it as CSV, or write it anew: hotspot categories FOLDER --write"),
        name=name, error=error,
    )  # fmt: skip


def other_columns(name: str, unknown: Sequence[str], lacking: Sequence[str], known: Sequence[str]) -> StudyError:
    """Refuse a table with other columns."""
    return StudyError(
        N_("A table of categories has the columns code and category, and may have {more}, each once."),
        N_("{name} with {unknown}") if unknown else N_("{name} without {lacking}"),
        N_("name the column {near}"),
        more=list(known[2:]), name=name, unknown=list(unknown), lacking=list(lacking),
        near=nearest(unknown[0], known)[:1] if unknown and not lacking else list(lacking or known[:2]),
    )  # fmt: skip


def two_meanings(name: str, code: str, first: int, second: int) -> StudyError:
    """Refuse a code with two categories."""
    return StudyError(
        N_("A code means one category; upper and lower case and blanks make no difference."),
        N_("{name}: “{code}” in rows {first} and {second}"),
        N_("take one of the two rows out"),
        name=name, code=code, first=first, second=second,
    )  # fmt: skip


def said_twice(name: str, category: str, column: str, rows: tuple[int, int]) -> StudyError:
    """Refuse two different things said of one category."""
    return StudyError(
        N_("What is said of a category holds for all of its codes."),
        N_("{name}: {column} of “{category}” differs between rows {first} and {second}"),
        N_("write the same in both, or give one of the codes a new category with parent {category}"),
        name=name, column=column, category=category, first=rows[0], second=rows[1],
    )  # fmt: skip


def without_name(name: str, row: int, category: str, missing: Sequence[str]) -> StudyError:
    """Refuse a new category without its names."""
    return StudyError(
        N_("A new category has a Danish and an English name."),
        N_("{name}, row {row}: “{found}” without {missing}"),
        N_("fill in {missing} in one of its rows"),
        name=name, row=row, found=category, missing=list(missing),
    )  # fmt: skip


def neither_yes_nor_no(name: str, row: int, column: str, found: str) -> StudyError:
    """Refuse a cell that is neither yes nor no."""
    return StudyError(
        N_("outdoor and dark_relevant are yes or no."),
        N_("{name}, row {row}: {column} is “{found}”"),
        N_("write yes or no; an empty cell leaves it as it was"),
        name=name, row=row, column=column, found=found,
    )  # fmt: skip
