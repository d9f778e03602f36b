"""What commands print: sentences, tables and progress for people, JSON for programs."""

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from hotspot.errors import Told
from hotspot.glossary import Language, say


def line(text: str = "") -> None:
    """Print one line.

    Parameters
    ----------
    text
        The line.
    """
    print(text, flush=True)  # noqa: T201 - a command line


def table(rows: Sequence[Mapping[str, str]], columns: Mapping[str, str], *, right: Iterable[str] = ()) -> None:
    """Print rows in aligned columns.

    Parameters
    ----------
    rows
        Column key to text.
    columns
        Column key to heading, in order.
    right
        Columns set to the right.
    """
    widths = {key: max([len(head), *(len(row.get(key, "")) for row in rows)]) for key, head in columns.items()}
    flush = set(right)

    def laid(row: Mapping[str, str]) -> str:
        cells = [
            row.get(key, "").rjust(width) if key in flush else row.get(key, "").ljust(width)
            for key, width in widths.items()
        ]
        return "  ".join(cells).rstrip()

    line(laid(columns))
    line("  ".join("-" * width for width in widths.values()))
    for row in rows:
        line(laid(row))


class Progress:
    """Prints what is being done, on the error stream, once per step.

    Parameters
    ----------
    language
        Whose words.
    quiet
        Whether to print nothing.
    """

    def __init__(self, language: Language, *, quiet: bool = False) -> None:
        self.language, self.quiet = language, quiet

    def __call__(self, step: Told, share: float) -> None:
        """Tell a step and how much is done, 0 to 1."""
        if not self.quiet:
            print(f"{share:4.0%}  {say(step, self.language)}", file=sys.stderr, flush=True)  # noqa: T201 - as above


def as_json(value: Any) -> None:  # noqa: ANN401 - anything that can be told as JSON
    """Print a value as JSON; NaN becomes null.

    Parameters
    ----------
    value
        Plain values, frames and told sentences.
    """
    line(json.dumps(plain(value), ensure_ascii=False, indent=1))


def plain(value: Any) -> Any:  # noqa: ANN401 - anything that can be told as JSON
    """Return a value as JSON holds it.

    Parameters
    ----------
    value
        Plain values, frames and told sentences.

    Returns
    -------
    Any
        Numbers, texts, lists and dictionaries; None for NaN.
    """
    if isinstance(value, pd.DataFrame):
        frame = pd.DataFrame(value.drop(columns="geometry", errors="ignore")).reset_index()
        return [plain(dict(row)) for row in frame.to_dict("records")]
    if isinstance(value, Told):
        return {"da": say(value, "da"), "en": say(value, "en")}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if hasattr(value, "isoformat"):
        return None if pd.isna(value) else value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) or math.isinf(value) else value
    return value if isinstance(value, bool | int | str) or value is None else str(value)
