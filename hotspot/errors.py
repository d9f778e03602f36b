"""The error tree and the form of every sentence that a reader will see.

::

    HotspotError (ValueError)          the user's mistake: rule, found, fix; exit code 2
    ├── ReferenceSystemError           no reference system, or one that is not metric
    ├── TableError                     a table breaks its contract
    │   └── PersonalDataError          something that points at a person was found
    ├── SourceError                    a file cannot be read as what it was given as
    ├── StudyError                     a recipe, site or layer file says something impossible
    ├── StoreError                     a study folder is missing, locked or damaged
    └── AccessError                    an audience asked for what it may not see
"""

import datetime as dt
import string
from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - the customary name, which message extraction looks for
    """Mark a literal for translation and return it unchanged."""
    return text


def by_number(value: object, choice: str) -> str:
    """Return the word that goes with a number: ``{n} {n:row|rows}`` says "1 row" and "2 rows".

    Parameters
    ----------
    value
        The number, or a list, of which its length counts.
    choice
        The words for one and for any other number, with a bar between them; Danish and English part there alike.
    """
    one, _, other = choice.partition("|")
    number = len(value) if isinstance(value, Sized) and not isinstance(value, str) else value
    return one if number == 1 else other


class _English(string.Formatter):
    """Fills a template as `str.format` does, with words that follow a number."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - any printable value
        return by_number(value, format_spec) if "|" in format_spec else str(super().format_field(value, format_spec))


@dataclass(frozen=True)
class Told:
    """A sentence for a reader: a template in English and the values that fill it.

    Kept apart until the language is known, so that results never hold translated text.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return _English().vformat(self.template, (), self.values)

    def plain(self) -> dict[str, Any]:
        """Return the sentence as JSON holds it, the inverse of `from_plain`."""
        return {
            "template": self.template,
            "values": {name: _plain(value) for name, value in self.values.items()},
        }

    @classmethod
    def from_plain(cls, row: Mapping[str, Any]) -> "Told":
        """Make a sentence from what `plain` returned."""
        return cls(row["template"], {name: _value(value) for name, value in row["values"].items()})


def _plain(value: Any) -> Any:  # noqa: ANN401 - any printable value
    if isinstance(value, Told):
        return {"told": value.plain()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dt.date):
        return {"moment" if isinstance(value, dt.datetime) else "day": value.isoformat()}
    if hasattr(value, "item"):
        return value.item()
    return value if isinstance(value, bool | int | float | str | dict | None) else str(value)


def _value(value: Any) -> Any:  # noqa: ANN401 - any printable value
    if isinstance(value, list):
        return [_value(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "told" in value:
        return Told.from_plain(value["told"])
    if "day" in value:
        return dt.date.fromisoformat(value["day"])
    return dt.datetime.fromisoformat(value["moment"]) if "moment" in value else value


class HotspotError(ValueError):
    """A mistake that the user can mend, told in three parts.

    Parameters
    ----------
    rule
        What must hold.
    found
        What was found instead, with the value, row or file.
    fix
        The next thing to do or type.
    **values
        What fills the ``{names}`` in the three templates.
    """

    def __init__(self, rule: str, found: str, fix: str, /, **values: Any) -> None:  # noqa: ANN401 - any printable value
        self.rule, self.found, self.fix = rule, found, fix
        self.values: Mapping[str, Any] = values
        super().__init__(f"{self.told[0]}\nfound: {self.told[1]}\nfix: {self.told[2]}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel whole to another process."""
        return _made_again, (type(self), (self.rule, self.found, self.fix), dict(self.values))

    @property
    def told(self) -> tuple[Told, Told, Told]:
        """The rule, what was found and the fix, ready to be translated."""
        return Told(self.rule, self.values), Told(self.found, self.values), Told(self.fix, self.values)


def _made_again(kind: type[HotspotError], parts: tuple[str, str, str], values: Mapping[str, Any]) -> HotspotError:
    return kind(*parts, **values)


class ReferenceSystemError(HotspotError):
    """Coordinates without a reference system, or in one that is not metric."""


class TableError(HotspotError):
    """A table that breaks its contract."""


class PersonalDataError(TableError):
    """Something that points at a person was found in a delivery."""


class SourceError(HotspotError):
    """A file that cannot be read as what it was given as."""


class StudyError(HotspotError):
    """A recipe, site file or layer file that says something impossible."""


class StoreError(HotspotError):
    """A study folder that is missing, locked or damaged."""


class AccessError(HotspotError):
    """An audience asked for what it may not see."""
