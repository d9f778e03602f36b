"""Seventeen patterns over time: how a place that is hot or cold in some steps is called."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError
from hotspot.stats.trend import mann_kendall

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LEAST_STEPS = 10  # Esri's tool and METHODS 8.1 take no fewer
NO_PATTERN = "no pattern"
# The rules of one side, the first that holds decides. "lasting": hot in at least nine of ten steps; "now": hot in the
# last; "rising", "falling": the trend; "once": in one step only; "both": ever significant on the other side;
# "unbroken": all its hot steps, at least two, are the last ones.
RULES: tuple[tuple[str, dict[str, bool]], ...] = (
    ("intensifying", {"lasting": True, "now": True, "rising": True}),
    ("diminishing", {"lasting": True, "now": True, "falling": True}),
    ("historical", {"lasting": True, "now": False}),
    ("persistent", {"lasting": True}),
    ("new", {"now": True, "once": True, "both": False}),
    ("oscillating", {"now": True, "both": True}),
    ("consecutive", {"now": True, "unbroken": True}),
    ("sporadic", {"now": True}),
)
SIDES = ("hot", "cold")
PATTERNS = (*(f"{name} {side}" for side in SIDES for name, _ in RULES), NO_PATTERN)
_NAME = f"<U{max(map(len, PATTERNS))}"


def classify(hot: ArrayLike, cold: ArrayLike, trend: ArrayLike) -> NDArray[np.str_]:
    """Which of the seventeen patterns does each place show?

    Parameters
    ----------
    hot, cold
        Shape (places, steps) or (steps,), in time order. True where a step is significantly high, or low.
    trend
        Shape (places,) or (). 1 where the series rises significantly, -1 where it falls, 0 otherwise.

    Returns
    -------
    NDArray
        Shape (places,) or (). One of `PATTERNS`: eight of hot, eight of cold, "no pattern".

    Raises
    ------
    HotspotError
        When there are fewer than ten steps, or the shapes differ.

    Notes
    -----
    `RULES` is the whole of it: the hot side is read first, then the cold side with hot and cold, and rising and
    falling, changed round. Esri's wording leaves cases open that the order settles: new with an earlier cold step
    is oscillating; hot in nine of ten steps but not the last is historical whatever its trend.

    References
    ----------
    Esri, How Emerging Hot Spot Analysis works, ArcGIS Pro documentation.
    """
    high, low, way = np.asarray(hot, dtype=bool), np.asarray(cold, dtype=bool), np.asarray(trend)
    if high.shape != low.shape or way.shape != high.shape[:-1]:
        raise HotspotError(
            "hot, cold and trend are of the same places and steps.",
            "{hot}, {cold} and {trend}",
            "give hot and cold of shape (places, steps) and trend of shape (places,).",
            hot=str(high.shape),
            cold=str(low.shape),
            trend=str(way.shape),
        )
    enough(high.shape[-1])
    klass = np.full(way.shape, NO_PATTERN, dtype=_NAME)
    for side, own, other, towards in (("cold", low, high, -way), ("hot", high, low, way)):  # the later one wins
        found = _side(own, other, towards)
        klass = np.where(found == "", klass, np.char.add(found, f" {side}")).astype(_NAME)
    return klass


def enough(steps: int) -> None:
    """Refuse a series that is too short to tell a pattern from.

    Parameters
    ----------
    steps
        How many steps there are.

    Raises
    ------
    HotspotError
        When there are fewer than ten.
    """
    if steps < LEAST_STEPS:
        raise HotspotError(
            N_("Emerging hot spots need at least {least} steps in time."),
            N_("{steps} steps"),
            N_("choose a longer period or shorter steps."),
            least=LEAST_STEPS,
            steps=steps,
        )


def _side(own: BoolArray, other: BoolArray, towards: FloatArray) -> NDArray[np.str_]:
    """The first rule that holds on one side, "" where none does."""
    steps, times = own.shape[-1], own.sum(axis=-1)
    run = np.where(own.all(axis=-1), steps, np.argmin(own[..., ::-1], axis=-1))  # steps in the final unbroken run
    facts = {
        "lasting": LEAST_STEPS * times >= (LEAST_STEPS - 1) * steps,
        "now": own[..., -1],
        "rising": towards > 0,
        "falling": towards < 0,
        "once": times == 1,
        "both": other.any(axis=-1),
        "unbroken": (run == times) & (times > 1),
    }
    holds = [np.all([facts[fact] == wanted for fact, wanted in rule.items()], axis=0) for _, rule in RULES]
    return np.asarray(np.select(holds, [np.asarray(name) for name, _ in RULES], default=""))


def pattern(z: ArrayLike, pvalue: ArrayLike, *, level: float = 0.05) -> NDArray[np.str_]:
    """Which pattern does a place show whose score and p-value are known step by step?

    Parameters
    ----------
    z, pvalue
        Shape (places, steps) or (steps,). Scores, positive where high, and their p-values after any correction.
    level
        A step is hot or cold where p is at most this; also the level of the Mann-Kendall test for trend.

    Returns
    -------
    NDArray
        Shape (places,) or (). As `classify`.

    Raises
    ------
    HotspotError
        As `classify`.

    Notes
    -----
    hot = p <= level and z > 0, cold = p <= level and z < 0, trend = `mann_kendall` of z at the level; then
    `classify`.

    How it misleads: the names are of the z that was put in: of what, against what and how corrected is not in the
    name. The trend is tested at the level for every place, uncorrected.

    References
    ----------
    Esri, How Emerging Hot Spot Analysis works, ArcGIS Pro documentation. Our own order of the rules.
    """
    score, p = np.asarray(z, dtype=np.float64), np.asarray(pvalue, dtype=np.float64)
    trend = mann_kendall(score)
    return classify((p <= level) & (score > 0), (p <= level) & (score < 0), direction(trend.z, trend.pvalue, level))


def direction(z: FloatArray, pvalue: FloatArray, level: float) -> FloatArray:
    """Tell which way a series goes, if it goes anywhere.

    Parameters
    ----------
    z, pvalue
        Shape (places,). Mann-Kendall of the series.
    level
        Largest p of a trend.

    Returns
    -------
    NDArray
        Shape (places,). 1 where it rises significantly, -1 where it falls, 0 otherwise.
    """
    return np.where(pvalue <= level, np.sign(z), 0.0)
