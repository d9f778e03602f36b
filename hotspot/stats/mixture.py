"""How much to trust each of several densities: mixture weights of largest likelihood."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError

_ROUNDS, _STEPS, _STILL = 200, 10, 1e-6  # as many steps a round, and how little one moves that ends it


def mixture_weights(densities: ArrayLike, weight: ArrayLike | None = None) -> NDArray[np.float64]:
    """Which mixture of given densities makes what was seen most likely?

    Parameters
    ----------
    densities
        Each density at each thing seen, shape (densities, seen); not negative, any common unit.
    weight
        How much each thing seen counts, shape (seen,); all alike if not given.

    Returns
    -------
    array, shape (densities,)
        Not negative, adding to 1; alike where nothing was seen.

    Raises
    ------
    HotspotError
        If a density or weight is negative or missing, or something was seen that no density allows.

    Notes
    -----
    Expectation-maximisation from equal weights; the likelihood is concave in the weights, so it has one maximum.
    Scaling one thing's densities by a constant, or repeating everything, changes nothing.

    References
    ----------
    Dempster, Laird and Rubin (1977) https://doi.org/10.1111/j.2517-6161.1977.tb01600.x
    """
    given = np.asarray(densities, dtype=np.float64)
    counts = np.ones(given.shape[1]) if weight is None else np.asarray(weight, dtype=np.float64)
    if not (given >= 0).all() or not (counts >= 0).all() or not (given.sum(axis=0) > 0).all():
        raise HotspotError(
            N_(
                "Densities and weights are known and not negative, and whatever was seen is possible under one of them."
            ),
            N_("one is not"),
            N_("add an even density, or leave out what cannot be seen"),
        )
    mix = np.full(len(given), 1 / len(given))
    if not counts.sum() > 0:
        return mix
    share, turned = counts / counts.sum(), np.ascontiguousarray(given.T)
    for _ in range(_ROUNDS):
        before = mix
        for _ in range(_STEPS):
            mix = mix * (given @ (share / (turned @ mix)))
        if np.abs(mix - before).max() < _STILL:
            break
    return mix
