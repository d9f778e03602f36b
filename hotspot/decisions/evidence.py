"""What measures do, as values: checked once, from the records of the evidence folder."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hotspot.decisions.records import LANGUAGES, TESTS, TEXTS, problems_of
from hotspot.errors import StudyError

NAN = float("nan")

Text = Mapping[str, str]


class Effect(NamedTuple):
    """One finding about a measure.

    Parameters
    ----------
    outcome
        ``"incidents"`` or ``"felt_safety"``; the two are never mixed.
    used
        Whether calculations use it for its categories and light classes; others are shown beside it.
    categories, light, where
        What it acts on: category codes, light classes, and whether only in the open.
    direction
        ``"better"``, ``"none shown"`` or ``"worse"``.
    rr
        Ratio of what remains, below 1 is better; NaN where only a direction is known.
    interval
        ``"reported"`` (low, high), ``"assumed"`` (se_log) or ``"none"``.
    low, high, se_log
        95% limits of rr, or the standard error of its logarithm.
    p_below
        The source's p is below this; NaN where it says none.
    strength
        A to E.
    studies, design, country, year, citation, doi
        Where it comes from; an empty DOI was not seen.
    seen, mark
        Whether the figure was read in its source, and which part is memory or assumption.
    note
        One sentence, by language.
    """

    outcome: str
    used: bool
    categories: tuple[str, ...]
    light: tuple[str, ...]
    where: str
    direction: str
    rr: float
    interval: str
    low: float
    high: float
    se_log: float
    p_below: float
    strength: str
    studies: float
    design: str
    country: str
    year: float
    citation: str
    doi: str
    seen: bool
    mark: str
    note: Text


class Condition(NamedTuple):
    """What must hold of one fact of a place.

    Parameters
    ----------
    fact
        Name of the fact.
    test
        ``"above"``, ``"at_least"``, ``"below"``, ``"at_most"`` or ``"one_of"``.
    value
        A number, or for ``"one_of"`` a tuple of texts.
    """

    fact: str
    test: str
    value: float | tuple[str, ...]


class Quantity(NamedTuple):
    """How many units of a measure a place needs.

    Parameters
    ----------
    fact
        Fact that is counted; empty for a constant.
    constant
        Number of units where no fact is counted.
    divide_by
        What the fact is divided by.
    whole
        Whether it is rounded up to whole units.
    basis
        Where the rule is from.
    """

    fact: str = ""
    constant: float = NAN
    divide_by: float = 1.0
    whole: bool = True
    basis: str = ""


class Measure(NamedTuple):
    """A measure that can be taken at a place.

    Parameters
    ----------
    key
        The name under which prices and interventions know it.
    pilot
        No effect is known: only as a pilot with evaluation.
    mechanism
        How it works; of two measures with one mechanism the weaker counts half.
    aims_at
        Categories it is meant for.
    unit
        What a price is per.
    texts
        ``name``, ``description``, ``owner``, ``decides``, ``cautions``, ``equality`` and ``fits``,
        by language.
    conditions
        All must hold of a place for the measure to fit.
    quantity
        How many units.
    life_years
        How long it lasts where the price list does not say; NaN = not known. [years]
    effects
        The findings.
    emmie
        The five dimensions, NaN where not seen.
    """

    key: str
    pilot: bool
    mechanism: str
    aims_at: tuple[str, ...]
    unit: str
    texts: Mapping[str, Text]
    conditions: tuple[Condition, ...]
    quantity: Quantity
    life_years: float
    effects: tuple[Effect, ...]
    emmie: Mapping[str, float]

    def used(self, outcome: str) -> tuple[Effect, ...]:
        """Return the findings that calculations use.

        Parameters
        ----------
        outcome
            ``"incidents"`` or ``"felt_safety"``.

        Returns
        -------
        tuple
            Effects; empty where nothing is known.
        """
        return tuple(each for each in self.effects if each.used and each.outcome == outcome)


def measures_from(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Measure]:
    """Turn the records of the evidence folder into measures.

    Parameters
    ----------
    records
        Measure key to the content of its file, as read from TOML.

    Returns
    -------
    dict
        Key to measure, in the order of the keys.

    Raises
    ------
    StudyError
        If anything is missing or impossible; all problems at once.
    """
    problems = [problem for key in sorted(records) for problem in problems_of(key, records[key])]
    if problems:
        raise StudyError(
            "Every measure of the evidence folder is complete, and says how sure each figure is.",
            "{problems}",
            "Correct the files; README.md beside them explains every field.",
            problems="; ".join(problems),
        )
    return {key: _measure(key, records[key]) for key in sorted(records)}


def _measure(key: str, record: Mapping[str, Any]) -> Measure:
    return Measure(
        key=key,
        pilot=record["list"] == "pilot",
        mechanism=record["mechanism"],
        aims_at=tuple(record["aims_at"]),
        unit=record["unit"],
        texts={name: {language: record[name][language] for language in LANGUAGES} for name in TEXTS},
        conditions=tuple(_condition(each) for each in record["fits"]["all"]),
        quantity=Quantity(**record["quantity"]),
        life_years=float(record["lifetime"]["years"]),
        effects=tuple(_effect(each) for each in record.get("effect", ())),
        emmie={name: float(value) for name, value in record["emmie"].items() if name != "words"},
    )


def _condition(record: Mapping[str, Any]) -> Condition:
    test = next(name for name in TESTS if name in record)
    value = record[test]
    return Condition(record["fact"], test, tuple(value) if test == "one_of" else float(value))


def _effect(record: Mapping[str, Any]) -> Effect:
    plain = {name: record[name] for name in Effect._fields if name in record}
    plain |= {"categories": tuple(record["categories"]), "light": tuple(record["light"])}
    return Effect(**plain, note={language: record[f"note_{language}"] for language in LANGUAGES})
