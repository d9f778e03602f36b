"""The best measures within a budget, with felt safety and incidents told apart."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.decisions.knapsack import Demands, choose
from hotspot.errors import N_, Told

CHOSEN, LEFT_OUT, UNPRICED, UNKNOWN = "chosen", "not within the budget", "unpriced", "no known effect"
UNWEIGHTED = "place without priority"
MOST_PARTS = 2
"""Most measures taken at one place in one choice; more would rest on effects nobody has seen together."""
FRONTIER = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Budgets shown beside the asked one, as multiples of it."""
OBJECTIVE = Told(
    N_(
        "Best within the budget means: the measures that together reach the most people exposed after dark, each place "
        "weighted by its priority, each measure by the probability that it makes the place felt to be safer or brings "
        "fewer incidents, whichever is more probable. Both effects are shown apart; a probability that rests on an "
        "assumption weighs in the choice and is not told as a number."
    )
)


class Portfolio(NamedTuple):
    """What to do for the money.

    Parameters
    ----------
    candidates
        All candidates with an effect, best first, with ``p_effect``, ``benefit`` (weighted people), ``per_million``
        (benefit for each million DKK; NaN unpriced) and ``status``: chosen, not within the budget, unpriced,
        no known effect, place without priority (its worth cannot be said, or nobody is exposed).
    pilots
        Measures without known effect that fit a place.
    frontier
        Other budgets: budget_dkk, spent_dkk, benefit, measures.
    spent_dkk
        What the chosen measures cost. [DKK]
    objective
        What "best" means.
    """

    candidates: pd.DataFrame
    pilots: pd.DataFrame
    frontier: pd.DataFrame
    spent_dkk: float
    objective: Told

    @property
    def chosen(self) -> pd.DataFrame:
        """The chosen candidates, best first."""
        return self.candidates[self.candidates["status"] == CHOSEN]


def best_portfolio(
    candidates: pd.DataFrame,
    worth: pd.Series,
    budget_dkk: float,
    demands: Demands | None = None,
) -> Portfolio:
    """Choose measures within a budget.

    Parameters
    ----------
    candidates
        Indexed by ``site``: area_id, measure, mechanism, pilot, cost_dkk (NaN unpriced), p_fewer, p_felt.
    worth
        People exposed after dark times priority score, by area_id; NaN where it cannot be said.
    budget_dkk
        What may be spent in the first year. [DKK]
    demands
        What must or must not be done.

    Returns
    -------
    Portfolio
        Unpriced candidates are ranked and never chosen: not free, unknown.

    Raises
    ------
    StudyError
        If the demands cannot be met within the budget.

    Notes
    -----
    benefit = worth × p, p the larger of the probabilities of feeling safer and of fewer incidents. Up to two
    measures at one place: p = 1 - (1 - p1)(1 - p2), or the larger p where both work by the same mechanism.
    A 0/1 multiple-choice knapsack over these packages, solved exactly by HiGHS. The objective counts the
    people reached, not the size of an effect, which for most measures nobody knows for felt safety.
    """
    pilots = candidates[candidates["pilot"].astype(bool)]
    table = candidates[~candidates["pilot"].astype(bool)].copy()
    table["p_effect"] = table[["p_felt", "p_fewer"]].max(axis=1)
    table["benefit"] = table["p_effect"] * table["area_id"].map(worth).astype(float)
    table["per_million"] = table["benefit"] / (table["cost_dkk"] / 1e6).where(table["cost_dkk"] > 0)
    open_to = table[table["benefit"].notna() & (table["benefit"] > 0) & table["cost_dkk"].notna()]
    options = packages(open_to, worth)
    taken = choose(options, budget_dkk, demands)
    parts = {part for own in options.loc[taken, "parts"] for part in own}
    table["status"] = np.select(
        [
            table.index.isin(list(parts)),
            ~(table["p_effect"] > 0),
            table["cost_dkk"].isna(),
            ~(table["benefit"] > 0),
        ],
        [CHOSEN, UNKNOWN, UNPRICED, UNWEIGHTED],
        LEFT_OUT,
    )
    ordered = table.sort_values(["benefit", "cost_dkk"], ascending=[False, True], kind="stable", na_position="last")
    spent = float(table.loc[table["status"] == CHOSEN, "cost_dkk"].sum())
    return Portfolio(ordered, pilots, _frontier(options, budget_dkk), spent, OBJECTIVE)


def packages(table: pd.DataFrame, worth: pd.Series) -> pd.DataFrame:
    """List single measures and pairs at every place.

    Parameters
    ----------
    table
        Indexed by ``site``: area_id, mechanism, cost_dkk, p_effect.
    worth
        As for `best_portfolio`.

    Returns
    -------
    frame
        Indexed by ``package``: place, parts (tuple of sites), cost and benefit, for
        `hotspot.decisions.knapsack.choose`.
    """
    rows = []
    for area_id, own in table.sort_index().groupby("area_id", sort=True):
        sites = [str(site) for site in own.index]
        works = [str(each) for each in own["mechanism"]]
        cost, p = own["cost_dkk"].to_numpy(float), own["p_effect"].to_numpy(float)
        for size in range(1, MOST_PARTS + 1):
            for chosen in map(list, combinations(range(len(own)), size)):
                parts = tuple(sites[at] for at in chosen)
                same = len({works[at] for at in chosen}) < size
                rows.append(
                    {
                        "package": " + ".join(parts),
                        "place": str(area_id),
                        "parts": parts,
                        "cost": float(cost[chosen].sum()),
                        "benefit": _together(p[chosen], same=same) * float(worth[area_id]),
                    }
                )
    return pd.DataFrame(rows, columns=["package", "place", "parts", "cost", "benefit"]).set_index("package")


def _together(p: npt.NDArray[np.float64], *, same: bool) -> float:
    return float(p.max()) if same else float(1.0 - np.prod(1.0 - p))


def _frontier(packages: pd.DataFrame, budget_dkk: float) -> pd.DataFrame:
    """Say what other budgets would reach."""
    rows = []
    for times in FRONTIER:
        budget = times * budget_dkk
        taken = choose(packages, budget) if len(packages) else []
        rows.append(
            {
                "budget_dkk": budget,
                "spent_dkk": float(packages.loc[taken, "cost"].sum()),
                "benefit": float(packages.loc[taken, "benefit"].sum()),
                "measures": sum(map(len, packages.loc[taken, "parts"])),
            }
        )
    return pd.DataFrame(rows)
