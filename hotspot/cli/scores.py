"""How well each map foretold, as the accuracy command prints it."""

from typing import TYPE_CHECKING

from hotspot.cli.output import line, table
from hotspot.errors import N_
from hotspot.glossary import Language, amount, words
from hotspot.packaged import Tree

if TYPE_CHECKING:
    import pandas as pd

_ALL = "all"
_SCORES = (  # column, how it is written, its heading, for which shares of the area
    ("hit_rate", ".1%", N_("in {area:.0%}"), (0.01, 0.05, 0.10)),
    ("pai", ".1f", N_("PAI {area:.0%}"), (0.01, 0.05, 0.10)),
    ("pei", ".2f", N_("PEI {area:.0%}"), (0.05,)),
    ("rri", ".2f", N_("RRI {area:.0%}"), (0.05,)),
)


def print_scores(category: str, rows: "pd.DataFrame", language: Language, tree: Tree) -> None:
    """Print one category's maps, a line each, and by how much the forecast is ahead of each; of fixed kernels the best.

    Parameters
    ----------
    category
        Its code, or ``"all"``.
    rows
        Its rows of `hotspot.experiments.accuracy.foretold`.
    language
        The language.
    tree
        Names of the categories.
    """
    from hotspot.report.names import category_name

    _ = words(language)
    name = _("All categories") if category == _ALL else category_name(category, language, tree)
    count, windows = float(rows["n"].iloc[0]), int(rows["windows"].iloc[0])
    line(_("{category}: {n} later {n:incident|incidents}, windows: {windows}", category=name, n=count, windows=windows))
    heads, lines = {"map": _("map")}, {}
    shown = rows[~rows["map"].str.startswith("kernel ")]
    for title, of in shown.groupby("map", sort=False):
        lines[title] = {"map": _(str(title))}
        for column, spec, head, areas in _SCORES:
            for area, value in zip(of["area_share"], of[column], strict=True):
                if area in areas:
                    heads[f"{column} {area}"] = _(head, area=float(area))
                    lines[title][f"{column} {area}"] = amount(float(value), language, spec)
    table(list(lines.values()), heads, right=tuple(each for each in heads if each != "map"))
    _print_ahead(shown.dropna(subset="ahead"), language)


def _print_ahead(rows: "pd.DataFrame", language: Language) -> None:
    """Print the forecast's hit rate less each other map's, with its interval."""
    if not len(rows):
        return
    _ = words(language)
    heads, lines = {"map": _("forecast less, in percentage points (95% interval)")}, {}
    for title, of in rows.groupby("map", sort=False):
        lines[title] = {"map": _(str(title))}
        for area, *ahead in of[["area_share", "ahead", "ahead_lower", "ahead_upper"]].itertuples(index=False):
            heads[str(area)] = _("in {area:.0%}", area=float(area))
            middle, lower, upper = (amount(100 * float(each), language, ".1f") for each in ahead)
            lines[title][str(area)] = f"{middle} ({lower} – {upper})"
    table(list(lines.values()), heads, right=tuple(each for each in heads if each != "map"))
