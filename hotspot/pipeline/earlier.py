"""What earlier measures did, by incidents before and after, there and elsewhere."""

import datetime as dt

import numpy as np
import pandas as pd
import shapely

from hotspot.counting import in_period, total_by
from hotspot.decisions.evaluation import Counts, Verdict, verdict, wdd
from hotspot.errors import N_, Told
from hotspot.measures.scene import Scene
from hotspot.store import Snapshot

_AROUND_M = 10.0  # the measure's own ground and the pavement beside it (assumption)
_APART_M = 300.0  # the comparison keeps this far away, so that spill-over does not hide in it (assumption)
_LONGEST = dt.timedelta(days=548)
_COLUMNS = (
    "title", "kind", "status", "started", "verdict", "klass", "change", "lower", "upper", "n_before", "n_after",
    "control_before", "control_after", "difference", "difference_lower", "difference_upper", "detectable", "caveats",
)  # fmt: skip


def evaluate_earlier(scene: Scene, snapshot: Snapshot) -> pd.DataFrame:
    """Say of every earlier measure what incidents can show.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    snapshot
        The measures and their evidence.

    Returns
    -------
    DataFrame
        One row per measure, indexed by ``intervention_id``: title, kind, status, started, verdict (Told),
        klass, change with ``lower`` and
        ``upper`` (relative to the comparison), n_before, n_after, control_before, control_after, difference
        (fewer incidents, with
        limits), detectable, caveats (tuple of Told). NaN where nothing can be said.

    Notes
    -----
    Incidents of all categories within 10 m of the measure's ground, equally long before and after (at most 18
    months; the days of the work itself are left out), against the rest of the place more than 300 m away.
    Overdispersion is taken from the monthly counts of the treated ground before.
    """
    if "interventions" not in snapshot.tables or not scene.has("incidents"):
        return pd.DataFrame(columns=list(_COLUMNS))
    rows = scene.tables["interventions"].frame.set_index("intervention_id").sort_index()
    every = scene.frame("incidents")
    return pd.DataFrame(
        [_row(scene, every, row) for _, row in rows.iterrows()], index=rows.index, columns=list(_COLUMNS)
    )


def _row(scene: Scene, every: pd.DataFrame, row: pd.Series) -> dict[str, object]:
    told = {"title": row["title"], "kind": row["kind"], "status": row["status"], "started": row["started"]}
    window = _window(scene, row)
    if window is None:
        missing = Told(N_("There are not yet incidents from both before and after."))
        return {**told, "verdict": missing, "klass": "cannot be shown here", "caveats": ()}
    before, after = window
    ground = shapely.buffer(row.geometry, _AROUND_M)
    shapes = np.asarray(every.geometry.array)
    near = shapely.intersects(ground, shapes)
    far = ~shapely.dwithin(ground, shapes, _APART_M - _AROUND_M)
    inside = {
        name: in_period(every, period, scene.place.timezone) for name, period in (("before", before), ("after", after))
    }
    counts = Counts(*(round(float(inside[when][where].sum())) for where in (near, far) for when in ("before", "after")))
    found = verdict(counts, _dispersion(every[near], before, scene.place.timezone))
    return {**told, **_numbers(counts, found)}


def _numbers(counts: Counts, found: Verdict) -> dict[str, object]:
    scale = counts.control_before / counts.treated_before if counts.treated_before else 0.0
    difference = wdd(counts, areas=(1.0, scale)) if scale > 0 else None
    return {
        "verdict": found.told,
        "klass": found.klass,
        "change": found.change,
        "lower": found.lower,
        "upper": found.upper,
        "n_before": counts.treated_before,
        "n_after": counts.treated_after,
        "control_before": counts.control_before,
        "control_after": counts.control_after,
        "difference": difference.estimate if difference else np.nan,
        "difference_lower": difference.lower if difference else np.nan,
        "difference_upper": difference.upper if difference else np.nan,
        "detectable": found.detectable,
        "caveats": found.caveats,
    }


def _window(scene: Scene, row: pd.Series) -> tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]] | None:
    """Return equally long periods before and after the works, within the days counted."""
    if pd.isna(row["started"]):
        return None
    start = pd.Timestamp(row["started"]).date()
    end = start if pd.isna(row["finished"]) else pd.Timestamp(row["finished"]).date()
    first, last = scene.period
    length = min(start - first, last - end, _LONGEST)
    if length.days < 1:
        return None
    day = dt.timedelta(days=1)
    return (start - length, start - day), (end + day, end + length)


def _dispersion(incidents: pd.DataFrame, period: tuple[dt.date, dt.date], timezone: str) -> float:
    """Return variance over mean of the monthly counts, at least 1."""
    months = pd.period_range(period[0], period[1], freq="M")
    inside = incidents[in_period(incidents, period, timezone) > 0]
    local = inside["start"].dt.tz_convert(timezone).dt.tz_localize(None).dt.to_period("M")
    counts = total_by(local, pd.Series(1.0, index=inside.index), pd.Index(months))
    whole = counts.iloc[1:-1] if len(counts) > 3 else counts  # noqa: PLR2004 - first and last are cut
    mean = float(whole.mean())
    return max(1.0, float(whole.var()) / mean) if mean > 0 and len(whole) > 1 else 1.0
