"""Which measures stay among the best when nobody knows which of them will work?"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.decisions.evidence import Measure
from hotspot.decisions.knapsack import choose
from hotspot.decisions.portfolio import FRONTIER, packages

DRAWS = 500
"""METHODS 10: solve for 500 draws."""
LIMITS = (2.5, 97.5)
Numbers = npt.NDArray[np.float64]
Works = npt.NDArray[np.bool_]


class Robust(NamedTuple):
    """How much a choice of measures hangs on what nobody knows.

    Parameters
    ----------
    included
        Share of the draws in which a candidate is chosen, by ``site``.
    frontier
        For each budget of the portfolio's frontier: budget_dkk, and benefit_low and benefit_high, between which the
        benefit of its best choice lies in 95 % of the draws.
    draws
        How many.
    """

    included: pd.Series
    frontier: pd.DataFrame
    draws: int


def robust_plan(
    candidates: pd.DataFrame,
    measures: Mapping[str, Measure],
    budget_dkk: float,
    rng: np.random.Generator,
    *,
    draws: int = DRAWS,
    tell: Callable[[float], None] = lambda _share: None,
) -> Robust:
    """Choose measures anew for many draws of which of them work.

    Parameters
    ----------
    candidates
        Indexed by ``site``: area_id, measure, cost_dkk, p_effect and benefit, as
        `hotspot.decisions.portfolio.Portfolio.candidates`.
    measures
        The evidence.
    budget_dkk
        What may be spent. [DKK]
    rng
        Source of the draws.
    draws
        How many.
    tell
        Told how much is done, 0 to 1.

    Returns
    -------
    Robust
        Candidates without a price or a benefit are never chosen: NaN.

    Notes
    -----
    In each draw a measure works or does not, with its probability; the same draw holds at every place, and measures
    of one mechanism share it. The benefit of a choice is then the weighted people at places where anything works, whose
    mean over the draws is the objective itself. Priorities and prices are held as they are.

    How it misleads: each draw chooses with hindsight, knowing what works. A measure is never chosen in more of the
    draws than it works in, and a cheaper, less certain one may be chosen more often than the one that is best
    beforehand. A low share says that the choice hangs on what nobody knows, not that another choice is better now.

    References
    ----------
    Kellerer, Pferschy & Pisinger (2004), Knapsack Problems, ch. 11. doi:10.1007/978-3-540-24777-7
    """
    usable = candidates[(candidates["benefit"] > 0) & candidates["cost_dkk"].notna()].sort_index()
    usable = usable.assign(mechanism=[measures[str(key)].mechanism for key in usable["measure"]])
    worth = (usable["benefit"] / usable["p_effect"]).groupby(usable["area_id"]).first()
    options = packages(usable, worth)
    works = _works(usable, measures, draws, rng)
    reached = _reached(options, usable.index, works) * options["place"].map(worth).to_numpy(float)
    times = pd.Series(0.0, index=usable.index)
    patterns, often = np.unique(reached, axis=0, return_counts=True)  # the same draw twice has the same answer
    for number, (benefit, n) in enumerate(zip(patterns, often, strict=True), start=1):
        own = options.assign(benefit=benefit)
        taken = choose(own[own["benefit"] > 0], budget_dkk)
        for site in (part for parts in options.loc[taken, "parts"] for part in parts):
            times[site] += n
        tell(number / len(patterns))
    frontier = [_spread(options, reached, factor * budget_dkk) for factor in FRONTIER]
    return Robust((times / draws).reindex(candidates.index), pd.DataFrame(frontier), draws)


def _works(usable: pd.DataFrame, measures: Mapping[str, Measure], draws: int, rng: np.random.Generator) -> Works:
    """Draw which candidates work, shape (draws, candidates)."""
    kinds = usable["mechanism"].tolist()
    names = sorted({measures[key].mechanism for key in measures})
    chance = rng.random((draws, len(names)))
    return np.asarray(chance[:, [names.index(kind) for kind in kinds]] < usable["p_effect"].to_numpy(float))


def _reached(options: pd.DataFrame, sites: pd.Index, works: Works) -> Numbers:
    """Whether anything of each package works, shape (draws, packages)."""
    found = np.zeros((len(works), len(options)))
    for at, parts in enumerate(options["parts"]):
        found[:, at] = works[:, sites.get_indexer(pd.Index(parts))].any(axis=1)
    return found


def _spread(options: pd.DataFrame, reached: Numbers, budget_dkk: float) -> dict[str, float]:
    """Between which limits the benefit of a budget's best choice lies."""
    taken = options.index.get_indexer(pd.Index(choose(options, budget_dkk)))
    low, high = (float(each) for each in np.percentile(reached[:, taken].sum(axis=1), LIMITS))
    return {"budget_dkk": budget_dkk, "benefit_low": low, "benefit_high": high}
