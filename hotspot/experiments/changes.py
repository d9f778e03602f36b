"""What is new: recorded incidents since a day against the same length of time before it."""

import datetime as dt

import numpy as np
import pandas as pd
from scipy.stats import binom

from hotspot.errors import N_, StudyError
from hotspot.measures.areas import counted
from hotspot.measures.scene import Scene
from hotspot.stats.significance import benjamini_hochberg, two_sided
from hotspot.store import Snapshot
from hotspot.study import Study

_LEVEL = 0.05
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
        Per place, largest change first: name, before, after (incidents), pvalue, qvalue and klass ("more", "fewer", "no
        change shown", "cannot say").

    Raises
    ------
    StudyError
        If the days before or since are not covered.

    Notes
    -----
    Exact conditional binomial test of equal rates, both tails, Benjamini-Hochberg over places. The same season
    is compared only if the length is whole years: otherwise winter may be held against summer.
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
    counts = {
        name: counted(Scene(study.but(period=days), snapshot.place, snapshot.tables), "study", ()).round()
        for name, days in (("before", before), ("after", (since, last)))
    }
    table = pd.DataFrame(counts).assign(name=whole.places["name"])
    both = table["before"] + table["after"]
    upper, lower = binom.sf(table["after"] - 1, both, 0.5), binom.cdf(table["after"], both, 0.5)
    table["pvalue"] = np.where(both > 0, two_sided(upper, lower), np.nan)
    table["qvalue"] = benjamini_hochberg(table["pvalue"].to_numpy())
    shown = table["qvalue"] <= _LEVEL
    table["klass"] = np.select(
        [both == 0, shown & (table["after"] > table["before"]), shown], [CANNOT_SAY, MORE, FEWER], SAME
    )
    return table.sort_values(["qvalue", "name"], kind="stable", na_position="last")
