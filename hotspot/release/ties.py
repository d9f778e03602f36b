"""Which of several counts tied to each other by sums to hide, so that no small one can be worked out."""

from itertools import pairwise

import numpy as np

from hotspot.release.book import LEAST_INCIDENTS, SURE, Book, Mask, Tied, small_counts
from hotspot.release.worlds import Bounds, Seen, moved, price_of, too_sure, worked_out

__all__ = ["LEAST_INCIDENTS", "Book", "Tied", "hide_tied", "small_counts", "too_sure", "worked_out"]


def hide_tied(tied: Tied, k: int = LEAST_INCIDENTS, besides: Mask | None = None) -> Mask:
    """Say which counts to hide, so that by adding and subtracting everything shown no small one can be worked out.

    Parameters
    ----------
    tied
        Counts and the sums that tie them. Totals may have to be hidden too.
    k
        Smallest count that may be shown; a true zero is shown.
    besides : array of bool, shape (counts,), optional
        Counts hidden for another reason, which nobody may work out either.

    Returns
    -------
    array of bool, shape (counts,)
        True where a reader does not see it; of counts that nobody prints, True unless it can be worked out.

    Notes
    -----
    Small counts first. Then, until nothing changes: a sum with one single unknown that matters takes its cheapest other
    count along. Last the check by linear programming, for two readers. One knows every sum and that no count is
    negative, and must hold every value from 1 to k - 1 possible for each small count. The other knows besides which
    counts are hidden for being from 1 to k - 1, and must still not know one to within less than 1; and so must neither
    know a larger count that is hidden for another reason. Where that fails, the cheapest counts that leave it free are
    hidden beside it.

    References
    ----------
    Hundepool et al. (2012) Statistical Disclosure Control. https://doi.org/10.1002/9781118348239
    """
    small = small_counts(tied.counts, k)
    secret = small if besides is None else small | besides
    hidden = (secret | ~tied.printed) & ~tied.known
    _complement(tied, secret, hidden)
    seen, given = Seen(tied.counts), worked_out(tied, k)
    for knows_small in (True, False):
        bounds = Bounds(tied.counts, k, knows_small=knows_small)
        left = secret & ~given
        while len(pinned := too_sure(tied, hidden, k, knows_small=knows_small, seen=seen, secret=left)):
            before = hidden.sum(), left.sum()
            for each in map(int, pinned):
                wanted = _elsewhere(float(tied.counts[each]), k, knows_small=knows_small)
                for other in wanted:
                    if not seen.holds(each, other):
                        hidden |= moved(tied, hidden, (each, other), bounds, seen)
                left[each] = all(seen.holds(each, other) for other in wanted)  # else nothing hidden would help
            if (hidden.sum(), left.sum()) == before:
                break
    return hidden


def _elsewhere(count: float, k: int, *, knows_small: bool) -> tuple[float, ...]:
    """Return the other values that a count must be able to have."""
    if count >= k - SURE:
        return (count + 1.0,)
    if knows_small:
        return (count + 1.0 if count + 1.0 <= k - 1.0 else count - 1.0,)
    return k - 1.0, min(1.0, count)


def _complement(tied: Tied, secret: Mask, hidden: Mask) -> None:
    """Leave no sum with one single unknown, in place."""
    by_sum = [tied.sums.indices[a:b] for a, b in pairwise(tied.sums.indptr)]
    price = price_of(tied)
    changed = True
    while changed:
        changed = False
        for members in by_sum:
            inside = members[hidden[members]]
            if len(inside) != 1:
                continue
            only = inside[0]
            others = members[~hidden[members] & tied.printed[members]]
            if not tied.printed[only] and not secret[only]:
                hidden[only], changed = False, True  # a large rest that can be worked out: nothing lost
            elif len(others):
                hidden[others[np.lexsort((others, price[others]))[0]]] = changed = True
