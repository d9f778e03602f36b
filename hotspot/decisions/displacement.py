"""Did incidents move around the corner: the treated ground, the ring around it, and a comparison."""

from typing import NamedTuple

NAN = float("nan")


class Change(NamedTuple):
    """Incidents of one ground before and after. [incidents]"""

    before: float
    after: float


class Displacement(NamedTuple):
    """What happened on the treated ground and around it, against the comparison.

    Parameters
    ----------
    gross
        Fewer incidents on the treated ground; negative for more.
    success
        Change of the treated ground's share of the comparison; below 0 is good.
    around
        The same of the ring around it.
    quotient
        ``around`` over ``success``, only where there was success: above 1 the ring gained more than the ground
        itself, 0 to 1 the gain spread, -1 to 0 some incidents moved but fewer than were gained, below -1 the
        loss around outweighs the gain. NaN without success.
    net
        Incidents prevented on the ground and in the ring together, if both had followed the comparison.
    """

    gross: float
    success: float
    around: float
    quotient: float
    net: float


def displacement(treated: Change, ring: Change, comparison: Change) -> Displacement:
    """Did incidents move around the corner, or did the gain spread?

    Parameters
    ----------
    treated, ring, comparison
        Incidents on the treated ground, in the ring around it and in the comparison, over equal lengths of time.

    Returns
    -------
    Displacement
        All but ``gross`` NaN where the comparison had no incidents before or after.

    Notes
    -----
    The weighted displacement quotient has no interval: read it beside `hotspot.decisions.evaluation.wdd` with
    the ring as the displaced place, and never alone.

    References
    ----------
    Bowers and Johnson (2003), Journal of Quantitative Criminology 19:275. doi:10.1023/A:1024909009240
    """
    gross = treated.before - treated.after
    if not (comparison.before > 0 and comparison.after > 0):
        return Displacement(gross, NAN, NAN, NAN, NAN)
    success = treated.after / comparison.after - treated.before / comparison.before
    around = ring.after / comparison.after - ring.before / comparison.before
    trend = comparison.after / comparison.before
    net = (treated.before * trend - treated.after) + (ring.before * trend - ring.after)
    return Displacement(gross, success, around, around / success if success < 0 else NAN, net)
