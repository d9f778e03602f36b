"""What is new: recorded incidents since a day against the same length of time before it."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import N_, StudyError
from hotspot.measures.areas import counted
from hotspot.measures.scene import Scene
from hotspot.stats.period_change import period_change, within_dispersion
from hotspot.store import Snapshot
from hotspot.study import Study

_LEVEL = 0.05
_WEEK = 7  # bursts and repeats come within days, seasons over months: METHODS 8.3 counts in steps of seven days
MORE, FEWER, SAME, CANNOT_SAY = "more", "fewer", "no change shown", "cannot say"


def changed_since(study: Study, snapshot: Snapshot, since: dt.date) -> pd.DataFrame:
    """Compare the days since a date with as many days before it.

    Parameters
    ----------
    study
        Categories, light and the counted period's end.
    snapshot
        The data.
    since
        First day of what is new.

    Returns
    -------
    DataFrame
        Per place, surest change first: name, before, after (incidents), ratio, lower and upper (95 %), pvalue,
        qvalue and klass ("more", "fewer", "no change shown", "cannot say").

    Raises
    ------
    StudyError
        If the days before or since are not covered.

    Notes
    -----
    Exact conditional test of equal rates and its interval, both widened by how much more the weeks of a place vary
    than chance alone; Benjamini-Hochberg over places. The same season is compared only if the length is whole
    years: otherwise winter may be held against summer. A place picked because it was high falls by itself.

    References
    ----------
    Przyborowski and Wilenski (1940), doi:10.1093/biomet/31.3-4.313.
    """
    whole = Scene(study, snapshot.place, snapshot.tables)
    first, last = whole.period
    length = (last - since).days + 1
    before = (since - dt.timedelta(days=length), since - dt.timedelta(days=1))
    if length < 1 or before[0] < first:
        raise StudyError(
            N_("What is new is compared with as many days before it, all within the days counted ({first} to {last})."),
            N_("since {since}: {length} days"),
            N_("choose a day in the second half of the period"),
            first=first,
            last=last,
            since=since,
            length=length,
        )
    scenes = [Scene(study.but(period=days), snapshot.place, snapshot.tables) for days in (before, (since, last))]
    table = pd.DataFrame(
        {name: counted(each, "study", ()).round() for name, each in zip(("before", "after"), scenes, strict=True)}
    ).assign(name=whole.places["name"])
    varies = within_dispersion(np.vstack([_by_week(each) for each in scenes]))
    found = period_change(table["before"], table["after"], dispersion=1.0 if np.isnan(varies) else varies)
    table = table.assign(
        ratio=found.ratio, lower=found.lower, upper=found.upper, pvalue=found.pvalue, qvalue=found.qvalue
    )
    both, shown = table["before"] + table["after"], table["qvalue"] <= _LEVEL
    table["klass"] = np.select(
        [both == 0, shown & (table["after"] > table["before"]), shown], [CANNOT_SAY, MORE, FEWER], SAME
    )
    return table.sort_values(["qvalue", "name"], kind="stable", na_position="last")


def _by_week(scene: Scene) -> npt.NDArray[np.float64]:
    """Incidents by place and whole week, counted back from the last day; without a whole week nothing is known."""
    first, last = scene.period
    weeks = ((last - first).days + 1) // _WEEK
    rows = scene.incidents
    days = rows["start"].dt.tz_convert(scene.place.timezone).dt.tz_localize(None).dt.normalize()
    week = ((pd.Timestamp(last) - days).dt.days // _WEEK).to_numpy()
    place = scene.places.index.get_indexer(pd.Index(rows["area_id"]))
    kept = (place >= 0) & (week >= 0) & (week < weeks)
    table = np.zeros((len(scene.places), weeks))
    np.add.at(table, (place[kept], week[kept]), rows["membership"].to_numpy()[kept])
    return table
