"""The best choice within a budget: at most one package for each place, exactly solved."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, sparse

from hotspot.errors import StudyError

Numbers = npt.NDArray[np.float64]

SLACK = 1e-7
"""Relative difference at which two sums of benefits are the same."""
TRIES = 3


class Demands(NamedTuple):
    """What the choice must respect besides the budget.

    Parameters
    ----------
    must_do
        Parts that have to be in.
    conflicts
        Pairs of parts that cannot both be in.
    shares
        Owner to the least share of the budget to be spent on that owner's places.
    """

    must_do: tuple[str, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    shares: Mapping[str, float] = MappingProxyType({})

    def single(self) -> dict[str, "Demands"]:
        """Return each demand alone, by a name that says which it is.

        Returns
        -------
        dict
            Name to demands with one entry.
        """
        alone = {f"must do {part}": Demands(must_do=(part,)) for part in self.must_do}
        alone |= {f"not both {a} and {b}": Demands(conflicts=((a, b),)) for a, b in self.conflicts}
        return alone | {f"share of {owner}": Demands(shares={owner: x}) for owner, x in self.shares.items()}

    def without(self, name: str) -> "Demands":
        """Return all demands but one.

        Parameters
        ----------
        name
            A name of `single`.

        Returns
        -------
        Demands
            The others.
        """
        gone = self.single()[name]
        return Demands(
            tuple(part for part in self.must_do if part not in gone.must_do),
            tuple(pair for pair in self.conflicts if pair not in gone.conflicts),
            {owner: x for owner, x in self.shares.items() if owner not in gone.shares},
        )


def choose(options: pd.DataFrame, budget: float, demands: Demands | None = None) -> list[str]:
    """Which packages together bring most for the money?

    Parameters
    ----------
    options : frame
        Indexed by package: place, parts (tuple), cost, benefit, and owner where shares are demanded. Costs
        and benefits are finite and not negative; taking nothing at a place is always an option.
    budget
        The sum of costs may not exceed it.
    demands
        Must-do parts, conflicts, and shares of the budget.

    Returns
    -------
    list
        Chosen packages, in the order of their names.

    Raises
    ------
    StudyError
        If the demands cannot be met, naming those whose removal would make it possible.

    Notes
    -----
    A 0/1 multiple-choice knapsack: maximise the sum of benefits, at most one package for each place, costs
    within the budget; solved to optimality by HiGHS through `scipy.optimize.milp`. Of equally good choices
    the cheapest is taken, then the one that comes first by name.

    References
    ----------
    Kellerer, Pferschy & Pisinger (2004), Knapsack Problems, ch. 11. doi:10.1007/978-3-540-24777-7
    """
    asked = demands or Demands()
    ordered = options.sort_index()
    taken = _solve(ordered, budget, asked)
    if taken is None:
        _refuse(ordered, budget, asked)
        return []
    return [str(name) for name in ordered.index[taken]]


def _solve(options: pd.DataFrame, budget: float, demands: Demands) -> npt.NDArray[np.bool_] | None:
    """Best choice in the order of the options, or None when there is none."""
    if options.empty:
        return None if demands.must_do or any(share > 0 for share in demands.shares.values()) else np.zeros(0, bool)
    cost, benefit = options["cost"].to_numpy(np.float64), options["benefit"].to_numpy(np.float64)
    scaled = benefit / max(benefit.max(), np.finfo(np.float64).tiny)
    limit = budget
    for _ in range(TRIES):
        rules = _rules(options, limit, budget, demands)
        taken = _best(cost, scaled, rules)
        if taken is None or cost[taken].sum() <= budget:
            return taken
        limit -= cost[taken].sum() - budget + SLACK * budget
    return None


def _best(cost: Numbers, benefit: Numbers, rules: list[optimize.LinearConstraint]) -> npt.NDArray[np.bool_] | None:
    """Most benefit; of those the least cost; of those the first names."""
    most = _milp(-benefit, rules)
    if most is None:
        return None
    good = benefit[most].sum()
    enough = optimize.LinearConstraint(benefit[None, :], good - SLACK * max(good, 1.0), np.inf)
    cheap = _milp(cost / max(cost.max(), 1.0), [*rules, enough])
    cheap = most if cheap is None else cheap
    limit = cost[cheap].sum()
    low = optimize.LinearConstraint(cost[None, :], -np.inf, limit + SLACK * max(limit, 1.0))
    first = _milp(np.arange(1, len(cost) + 1) / len(cost), [*rules, enough, low])
    return cheap if first is None else first


@contextmanager
def _silent() -> Iterator[None]:
    """Keep the solver's own lines off the standard output, where a command's JSON may be going."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _milp(aim: Numbers, rules: list[optimize.LinearConstraint]) -> npt.NDArray[np.bool_] | None:
    with _silent():
        found = optimize.milp(
            aim,
            constraints=rules,
            integrality=np.ones(len(aim)),  # type: ignore[arg-type]  # the stubs are narrower than the library
            bounds=optimize.Bounds(0, 1),
            options={"mip_rel_gap": 0.0},
        )
    return None if found.x is None else np.asarray(found.x > 1 / 2)


def _rules(options: pd.DataFrame, limit: float, budget: float, demands: Demands) -> list[optimize.LinearConstraint]:
    """One package a place, the budget, and the demands."""
    cost = options["cost"].to_numpy(np.float64)
    places, n = pd.factorize(options["place"])[0], len(options)
    one = sparse.csr_array((np.ones(n), (places, np.arange(n))))
    rules = [
        optimize.LinearConstraint(one, -np.inf, 1),
        optimize.LinearConstraint(cost[None, :], -np.inf, limit),
    ]
    rules += [optimize.LinearConstraint(_holds(options, part)[None, :], 1, np.inf) for part in demands.must_do]
    for a, b in demands.conflicts:
        rules.append(optimize.LinearConstraint((_holds(options, a) + _holds(options, b))[None, :], -np.inf, 1))
    for owner, share in demands.shares.items():
        own = cost * (options["owner"] == owner).to_numpy(np.float64)
        rules.append(optimize.LinearConstraint(own[None, :], share * budget, np.inf))
    return rules


def _holds(options: pd.DataFrame, part: str) -> Numbers:
    """Which packages hold a part."""
    return np.asarray([part in parts for parts in options["parts"]], dtype=np.float64)


def _refuse(options: pd.DataFrame, budget: float, demands: Demands) -> None:
    """Name what stands in the way."""
    names = list(demands.single())
    guilty = [name for name in names if _solve(options, budget, demands.without(name)) is not None]
    raise StudyError(
        "What must be done fits into the budget.",
        "No choice within {budget} kr. meets all demands; these stand in the way: {names}.",
        "Drop one of them, or raise the budget.",
        budget=budget,
        names=", ".join(guilty or names),
    )
