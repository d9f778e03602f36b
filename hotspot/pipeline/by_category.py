"""What the table of categories makes of layers, measures and facts: which incidents count, what acts on them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from hotspot.decisions.evidence import Effect, Measure
from hotspot.errors import N_, Told
from hotspot.layers import LayerSpec
from hotspot.packaged import Tree, above, with_those_below

_NONE = ("",)  # a layer's empty list would mean all


def counted_in(spec: LayerSpec, tree: Tree) -> LayerSpec:
    """Return a layer with all the categories that it counts.

    Parameters
    ----------
    spec
        As its file declares it.
    tree
        Code to category.

    Returns
    -------
    LayerSpec
        Categories that the layer names are joined by those below them. A layer about a light of its own that names
        none counts those that happen in the open and of which dark is relevant.
    """
    named = spec.parameters.get("categories", ())
    if named:
        return replace(spec, parameters={**spec.parameters, "categories": list(with_those_below(named, tree))})
    if spec.parameters.get("light", "study") == "study":
        return spec
    codes = sorted(code for code, each in tree.items() if each.after_dark)
    return replace(spec, parameters={**spec.parameters, "categories": codes or list(_NONE)})


def acting(measures: Mapping[str, Measure], tree: Tree) -> dict[str, Measure]:
    """Return the measures with the categories that each acts on in one study.

    Parameters
    ----------
    measures
        The evidence.
    tree
        Code to category.

    Returns
    -------
    dict
        A finding acts on a category if it was made of it, or of one above it, and the table of categories lists the
        measure there. A measure that no category lists any more is left out; one that aims at none by itself stays.
    """
    found = {}
    for key, measure in measures.items():
        aims = tuple(code for code, each in tree.items() if key in each.measures)
        if aims or not measure.aims_at:
            effects = tuple(_of(each, aims, tree) for each in measure.effects)
            found[key] = measure._replace(aims_at=aims, effects=effects)
    return found


def _of(effect: Effect, aims: Iterable[str], tree: Tree) -> Effect:
    """Return a finding with the categories that it holds for; one that is only shown, or on felt safety, as it is."""
    if not effect.used or effect.outcome != "incidents":
        return effect
    of = {*effect.categories}
    return effect._replace(categories=tuple(code for code in aims if of & {*above(code, tree)}))


def with_those_above(amounts: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Return amounts by category, each holding those below it too.

    Parameters
    ----------
    amounts
        A column for each category.
    tree
        Code to category.

    Returns
    -------
    DataFrame
        Every category that is there or lies above one; groups too.
    """
    codes = sorted({code for column in amounts for code in above(str(column), tree)})
    parts = {code: [each for each in with_those_below([code], tree) if each in amounts] for code in codes}
    return pd.DataFrame({code: amounts[own].sum(axis=1) for code, own in parts.items()}, index=amounts.index)


def told_indoors(found: Iterable[str], tree: Tree) -> list[Told]:
    """Say which categories questions about darkness leave out.

    Parameters
    ----------
    found
        Categories of the incidents.
    tree
        Code to category.

    Returns
    -------
    list of Told
        One sentence, or none.
    """
    names = [
        Told("{name}", {"name": tree[code].name}) for code in sorted({*found} & {*tree}) if not tree[code].after_dark
    ]
    sentence = N_(
        "Layers about darkness do not count what the table of categories calls indoor or not dark-relevant: {names}."
    )
    return [Told(sentence, {"names": names})] if names else []
