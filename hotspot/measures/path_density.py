"""The measure of density along paths and streets: incidents per kilometre of way and year."""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.counting import total_by
from hotspot.environment.routes import SNAP_LIMIT_M, nearest_segment
from hotspot.errors import N_, Told
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.stats.network_density import Network, OnNetwork, Split, network_density

_PER_KM = 1000.0


def path_density(
    scene: Scene,
    *,
    bandwidth_m: float = 150.0,
    split: Split = "discontinuous",
    light: str = "study",
    categories: tuple[str, ...] = (),
) -> Measured:
    """How many incidents are there per kilometre of path or street and year?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    bandwidth_m
        How far along the ways an incident reaches (the radius of a quartic kernel). [m]
    split
        ``"discontinuous"``, ``"continuous"`` or ``"simple"``: what an incident becomes at a junction.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per piece of way: ``value`` at its middle [incidents per km and year], ``n`` (incidents nearest to it),
        ``length_m``, and what carries the value: ``effective_n`` and ``within`` (incidents) and ``addresses`` (distinct
        positions, to the metre) in reach of the middle. The note says how many incidents lie on no way and are left
        out.

    Notes
    -----
    Ways are cut into pieces of at most 50 m, shorter than a kernel's half; how a street is cut changes nothing. An
    incident indoors is put on the nearest way within 30 m, which may not be the one its door is on.

    References
    ----------
    Okabe, Satoh and Sugihara (2009), doi:10.1080/13658810802475491.
    """
    chance = membership(scene, light, tuple(categories))
    counted = scene.incidents[chance > 0]
    segments = scene.segments
    snapped = nearest_segment(counted.geometry, segments).frame
    found = snapped["segment_id"].notna().to_numpy()
    weights = chance[chance > 0].to_numpy(dtype=float)
    piece = segments.index.get_indexer(pd.Index(snapped.loc[found, "segment_id"]))
    ways, middles = network_of(segments)
    source = OnNetwork(piece, snapped.loc[found, "along_m"].to_numpy(dtype=float))
    addresses = _addresses(counted[found])
    carried = network_density(
        ways, source, middles, bandwidth_m, weights=weights[found], addresses=addresses, split=split
    )
    n = total_by(snapped["segment_id"], chance[chance > 0], segments.index)
    columns = {"value": carried.density * _PER_KM / scene.years, "n": n, "length_m": segments["length_m"]}
    behind = {"effective_n": carried.effective, "addresses": carried.addresses, "within": carried.within}
    frame = pd.DataFrame(columns | behind, index=segments.index)
    template = N_("{share} % of the incidents lie more than {limit_m} m from any way and are left out.")
    lost = float(weights[~found].sum() / weights.sum()) if weights.sum() > 0 else 0.0
    notes = (Told(template, {"share": round(100 * lost), "limit_m": SNAP_LIMIT_M}),)
    return Measured(frame=frame, notes=notes, facts={"bandwidth_m": bandwidth_m, "n": float(n.sum())})


def network_of(segments: gpd.GeoDataFrame) -> tuple[Network, OnNetwork]:
    """Return pieces of way as a network, and their middles on it.

    Parameters
    ----------
    segments
        As ``split_roads(...).frame``.

    Returns
    -------
    tuple
        The network, piece by piece in the order of the rows, and one place on each.
    """
    length = segments["length_m"].to_numpy(dtype=float)
    start, end = (segments[name].to_numpy(dtype=np.int64) for name in ("from_node", "to_node"))
    return Network(start, end, length), OnNetwork(np.arange(len(segments)), length / 2.0)


def _addresses(incidents: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Number distinct positions, to the metre."""
    xy = np.column_stack([incidents.geometry.x, incidents.geometry.y])
    return np.asarray(np.unique(np.round(xy), axis=0, return_inverse=True)[1], dtype=np.int64).ravel()
