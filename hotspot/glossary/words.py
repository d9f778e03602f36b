"""Sentences in the reader's language: gettext catalogues, numbers and dates as that language writes them."""

import datetime as dt
import gettext
import math
import string
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal, Protocol, get_args

from hotspot.errors import by_number

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_LOCALE = {"da": "da_DK", "en": "en_GB"}
_CANNOT_SAY = "cannot say"


class _Sentence(Protocol):
    """A template with its values, such as `hotspot.errors.Told`."""

    @property
    def template(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...


Words = Callable[..., str]


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return one language's gettext catalogue, read from its ``.po`` file.

    Parameters
    ----------
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    gettext.NullTranslations
        Translations for the whole product; a missing message comes back in English.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = files("hotspot.glossary") / "locale" / language / "LC_MESSAGES" / "hotspot.po"
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=_LOCALE[language]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def amount(value: float, language: Language, spec: str = "") -> str:
    """Write a number as the language does, with NaN told in words.

    Parameters
    ----------
    value
        The number; NaN means "cannot say".
    language
        ``"da"`` or ``"en"``.
    spec
        ``""`` (three significant digits, whole numbers whole), ``".1f"`` (decimals),
        ``".0%"`` (per cent) or ``"d"`` (a year or code: no grouping).

    Returns
    -------
    str
        For instance ``"1.234,5"`` in Danish.
    """
    from babel.numbers import format_decimal, format_percent

    if math.isnan(value):
        return catalogue(language).gettext(_CANNOT_SAY)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    locale = _LOCALE[language]
    if spec == "d":
        return str(int(value))
    if spec.endswith("%"):
        return format_percent(
            value,
            _pattern(spec) + "\N{NO-BREAK SPACE}%" if language == "da" else _pattern(spec) + "%",
            locale=locale,
        )
    if spec.endswith("f"):
        return format_decimal(value, _pattern(spec), locale=locale)
    if float(value).is_integer():
        return format_decimal(int(value), "#,##0", locale=locale)
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return format_decimal(round(value, digits), "#,##0." + "#" * digits if digits else "#,##0", locale=locale)


def _pattern(spec: str) -> str:
    decimals = int(spec.strip(",.f%") or 0)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


class _Formatter(string.Formatter):
    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - any value that a sentence may hold
        if "|" in format_spec:
            return by_number(value, format_spec)
        if isinstance(value, bool) or value is None:
            return str(value)
        if isinstance(value, int | float) or hasattr(value, "__float__"):
            number = int(value) if isinstance(value, int) else float(value)
            return amount(number, self.language, format_spec)
        if isinstance(value, dt.date):
            return _date(value, self.language)
        if isinstance(value, list | tuple):
            return ", ".join(self.format_field(each, format_spec) for each in value)
        if hasattr(value, "template"):
            return say(value, self.language)
        if isinstance(value, Mapping) and self.language in value:
            return str(value[self.language])
        return str(value)


def _date(value: dt.date, language: Language) -> str:
    from babel.dates import format_date, format_datetime

    if isinstance(value, dt.datetime):
        return format_datetime(
            value, "d. MMMM y HH:mm" if language == "da" else "d MMMM y HH:mm", locale=_LOCALE[language]
        )
    return format_date(value, "d. MMMM y" if language == "da" else "d MMMM y", locale=_LOCALE[language])


def say(sentence: _Sentence, language: Language) -> str:
    """Return a told sentence in one language.

    Parameters
    ----------
    sentence
        A template with values, such as `hotspot.errors.Told`.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        The sentence, with numbers and dates as the language writes them.
    """
    return words(language)(sentence.template, **sentence.values)


@cache
def words(language: Language) -> Words:
    """Return the function that says a sentence in one language.

    Parameters
    ----------
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    callable
        ``_("{n} {n:incident|incidents}", n=3)``: the translated template filled with the values. A value that is
        itself a told sentence, or a mapping with both languages, is said in the same language; words with a bar
        between them follow the number (`hotspot.errors.by_number`).
    """
    translations, formatter = catalogue(language), _Formatter(language)

    def told(template: str, /, **values: Any) -> str:  # noqa: ANN401 - any printable value
        text = translations.gettext(template) if template else ""
        return formatter.vformat(text, (), values) if values else text

    return told
