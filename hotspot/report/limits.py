"""What a paper cannot say, how it was made, and from which data."""

import dataclasses

from hotspot.errors import N_, Told
from hotspot.glossary import Language, say, words
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Heading, Points, Table, Text, columns_of
from hotspot.report.short import PLACELESS, layers_not_made, placeless, were_asked
from hotspot.report.tables import coverage_table, findings_text, headings
from hotspot.report.words import hidden_text

_DATA = (
    *(("kind", 1.5), ("source", 1.8), ("read", 0.9), ("kept", 0.9), ("lost", 1.0)),
    *(("period", 2.8), ("share", 1.1)),
)
_METHOD = (
    N_(
        "Each place gets one number from each layer that counts. The numbers become positions among all "
        "places, from 0 (best) to 1 (worst), and the score is their weighted mean. What is not known of a "
        "place is left out, not set to zero."
    ),
    N_(
        "The rank interval holds the rank in 9 of 10 draws in which the numbers vary within their own "
        "uncertainty. Places whose intervals overlap cannot be ordered surely."
    ),
    N_(
        "A hot spot is a group of cells with more incidents than the people who live and pass there explain; where "
        "these are not known, more than the rest and than its own surroundings. All cells are tested at once: of "
        "100 maps that hold nothing but chance, about 5 at most would show any."
    ),
    N_(
        "Effects come from published studies, for incidents and for felt safety apart. Strength A is a "
        "review of controlled studies, E is no evidence. An effect found elsewhere need not be found here: "
        "evaluate."
    ),
)
_TWO_THINGS = N_("The survey says how safe people feel; the records say what was reported. Neither is the other.")
_WITHOUT = N_("Without {missing}")
_NO_PLACE = N_("Recorded without a place, so shown on no map")
_LAMP_LIST = N_("The lamp list")
_SILENT = N_("nothing is said of: {names}.")
_NOT_COUNTED = N_("Known of no place, so not in the order")
_CUT_OFF = "The list has exactly {count} rows"
_TOLD_APART = N_(
    "“{hidden}”: the number is small, or a small one could be worked out from it. “Cannot say”: there is too "
    "little data to know. Zero: looked, and found none."
)
_WEIGHTS = N_("Weights: {weights}. They are a choice, not a measurement.")
_OTHERS = N_("Also counted, though not shown as maps in this edition: {names}.")
_KEY = N_("Result {key} stands for exactly this recipe on exactly these data, prices, evidence and layer files.")


def what_is_not_said(release: Release, language: Language) -> list[Block]:
    """Return the closing sections: limits, method, data.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of Block
        In order.
    """
    return [*_limits(release, language), *_method(release, language), *_data(release, language)]


def _limits(release: Release, language: Language) -> list[Block]:
    """Hidden numbers, what nobody delivered, and what the layers that count cannot carry."""
    _ = words(language)
    weighted = [each.spec for key, each in release.layers.items() if each.spec.priority and _known(release, key)]
    caveats = [(spec.title[language], spec.words["caveat"][language]) for spec in weighted]
    return [
        Heading(_(N_("What this cannot say"))),
        Text(_(_TOLD_APART, hidden=hidden_text(language))),
        Points((*_without(release, language), *caveats)),
    ]


def _known(release: Release, key: str) -> bool:
    """Tell whether anything is known of a layer at any place."""
    column = f"value_{key}"
    return column not in release.priorities or bool(release.priorities[column].notna().any())


def _without(release: Release, language: Language) -> list[tuple[str, str]]:
    """Say which layers and kinds of incidents the paper is silent about, and for want of what."""
    _ = words(language)
    layers: dict[str, list[str]] = {}
    for title, missing in layers_not_made(release, language).items():
        layers.setdefault(missing, []).append(title)
    points = [(_(_WITHOUT, missing=each), _(_SILENT, names=names)) for each, names in layers.items()]
    kinds = [_("{what} ({n})", what=code, n=n) for code, n in placeless(release).items()]
    points += [(_(_NO_PLACE), ", ".join(kinds) + ".")] if kinds else []
    empty = [shown.spec.title[language] for key, shown in release.layers.items() if not _known(release, key)]
    points += [(_(_NOT_COUNTED), ", ".join(empty) + ".")] if empty else []
    cut = [each for each in release.findings if each.template.startswith(_CUT_OFF)]
    return points + [(_(_LAMP_LIST), say(each, language)) for each in cut]


def _is_a_point(told: Told) -> bool:
    """Tell whether a finding stands among the limits already."""
    return set(told.values) == {"layer", "missing"} or told.template.startswith((PLACELESS, _CUT_OFF))


def weights_text(release: Release, language: Language) -> str:
    """Say which weights the ranking used.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Two sentences, the weights scaled to add up to 100 %, the same for everybody; empty if no layer counts.
    """
    _ = words(language)
    weights = {
        key: release.study.weights.get(key, own.weight)
        for key, spec in release.counted.items()
        if (own := spec.priority) is not None and _known(release, key)
    }
    whole = sum(weights.values())
    if not whole:
        return ""
    told = [
        _(N_("{layer} {weight:.0%}"), layer=release.counted[key].title, weight=weight / whole)
        for key, weight in weights.items()
    ]
    return _(_WEIGHTS, weights=told)


def _method(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    told = (*_METHOD, *([_TWO_THINGS] if were_asked(release) else []))
    blocks: list[Block] = [Heading(_(N_("Method"))), *(Text(_(text)) for text in told)]
    weights = weights_text(release, language)
    if weights:
        blocks.append(Text(weights))
    others = _counted_but_not_shown(release)
    return [*blocks, Text(_(_OTHERS, names=others))] if others else blocks


def _counted_but_not_shown(release: Release) -> list[object]:
    """Return the titles of layers that count in the score but that this audience does not see."""
    counted = {key: spec for key, spec in release.counted.items() if f"part_{key}" in release.priorities}
    return [spec.title for key, spec in sorted(counted.items()) if key not in release.layers]


def _data(release: Release, language: Language) -> list[Block]:
    """What was read and kept, and in small print the automatic choices and losses that can change an answer."""
    _ = words(language)
    blocks: list[Block] = [Heading(_(N_("Data")))]
    rows = coverage_table(release, language)
    if rows:
        columns = columns_of(headings(language), _DATA, ("read", "kept", "lost", "share"))
        blocks.append(Table(_(N_("Tables, what was read and kept, and what they cover")), columns, rows))
    rest = dataclasses.replace(release, findings=tuple(each for each in release.findings if not _is_a_point(each)))
    found = findings_text(rest, language, minor=False)
    left = len(findings_text(rest, language)) - len(found)
    if left:
        found.append(
            _(N_("{n} small {n:remark|remarks} more on the deliveries {n:stands|stand} on the page Data."), n=left)
        )
    return [*blocks, *([Text(" ".join(found), "note")] if found else []), Text(_(_KEY, key=release.key), "note")]
