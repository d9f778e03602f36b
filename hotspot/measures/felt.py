"""Measures over survey answers: which share feels unsafe where, and against what is recorded there."""

import math

import numpy as np
import pandas as pd

from hotspot.counting import places_of
from hotspot.errors import N_, Told
from hotspot.measures.areas import per_head
from hotspot.measures.scene import PIXEL_M, Scene
from hotspot.measures.values import Measured, Surface
from hotspot.stats.survey import smooth, smooth_bandwidth, weighted_share

_LEAST_ANSWERS = 10  # below this a share says nothing worth printing (METHODS 12 asks for 10 on surfaces)
EVERY_WAVE = "all"
UNSAFE_FEW, UNSAFE_MANY = "felt unsafe, few recorded", "felt unsafe, many recorded"
SAFE_FEW, SAFE_MANY = "felt safe, few recorded", "felt safe, many recorded"
NEITHER, CANNOT_SAY = "neither", "cannot say"


def answers(scene: Scene, item: str, wave: str) -> pd.DataFrame:
    """Return the sample's answers to one item, each with the place it belongs to.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    item
        A column of the answers.
    wave
        Which survey; empty takes the latest one that asked the item, ``"all"`` every one.

    Returns
    -------
    DataFrame
        The chosen rows with ``area_id`` filled from the position where the answer names none.
    """
    rows = scene.frame("responses")
    rows = rows[(rows["mode"] == "sample") & rows[item].notna()]
    waves = rows.groupby("wave")["asked_at"].max().sort_values(na_position="first")
    chosen = wave or (str(waves.index[-1]) if len(waves) else "")
    if chosen != EVERY_WAVE:
        rows = rows[rows["wave"] == chosen]
    placed = rows[rows.geometry.notna()]
    by_position = places_of(placed.geometry, scene.places, scene.place.boundary).reindex(rows.index)
    known = rows["area_id"].where(rows["area_id"].isin(scene.places.index))
    return rows.assign(area_id=known.where(known.notna(), by_position))


def felt(scene: Scene, *, item: str = "unsafe_dark", wave: str = "") -> Measured:
    """Which share feels unsafe?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    item
        A column of the answers; by default walking alone after dark.
    wave
        Which survey; empty takes the latest.

    Returns
    -------
    Measured
        Per place: ``value``, ``lower`` and ``upper`` (share 0 to 1, Wilson 95 % on effective answers), ``n`` (answers),
        ``effective``. NaN with fewer than ten answers: cannot say.

    Notes
    -----
    Only answers of the sample, weighted; self-selected answers never mix with it. People who never go out after
    dark did not answer how it feels to walk there: their share is told.
    """
    rows = answers(scene, item, wave)
    shares = {
        area_id: weighted_share(own[item].to_numpy(), own["weight"].to_numpy())
        for area_id, own in rows.groupby("area_id")
    }
    frame = pd.DataFrame(
        {
            area_id: {
                "value": s.value,
                "lower": s.lower,
                "upper": s.upper,
                "n": s.n,
                "effective": s.effective,
            }
            for area_id, s in shares.items()
        },
        index=["value", "lower", "upper", "n", "effective"],
    ).T.reindex(scene.places.index)
    frame["n"] = frame["n"].fillna(0.0)
    few = frame["n"] < _LEAST_ANSWERS
    frame.loc[few, ["value", "lower", "upper", "effective"]] = np.nan
    whole = weighted_share(rows[item].to_numpy(), rows["weight"].to_numpy())
    return Measured(
        frame=frame.astype(float),
        notes=_notes(scene, rows, few & (frame["n"] > 0)),
        facts={
            "share_all": whole.value,
            "share_all_lower": whole.lower,
            "share_all_upper": whole.upper,
            "n": float(whole.n),
        },
    )


def _notes(scene: Scene, rows: pd.DataFrame, few: pd.Series) -> tuple[Told, ...]:
    told = []
    if len(rows):
        told.append(
            Told(
                N_("{n} {n:answer|answers} of the sample, survey {wave}."),
                {"n": len(rows), "wave": ", ".join(sorted(map(str, rows["wave"].unique())))},
            )
        )
    if few.any():
        told.append(
            Told(
                N_("{count} {count:place has|places have} fewer than {k} answers: cannot say."),
                {"count": int(few.sum()), "k": _LEAST_ANSWERS},
            )
        )
    every = scene.frame("responses")
    selected = int((every["mode"] != "sample").sum())
    if selected:
        told.append(
            Told(
                N_("{count} self-selected {count:answer is|answers are} not mixed with the sample."),
                {"count": selected},
            )
        )
    wave = every[(every["mode"] == "sample") & (every["wave"] == rows["wave"].iloc[0])] if len(rows) else every.iloc[:0]
    if "never_out_dark" in wave and wave["never_out_dark"].notna().any():
        never = weighted_share(wave["never_out_dark"].to_numpy(float), wave["weight"].to_numpy())
        told.append(
            Told(
                N_("{share:.0%} never go out after dark and are not part of the share that feels unsafe."),
                {"share": never.value},
            )
        )
    return tuple(told)


def felt_surface(scene: Scene, *, item: str = "unsafe_dark", wave: str = "", bandwidth_m: float = 0.0) -> Measured:
    """How is felt unsafety spread across boundaries?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    item
        A column of the answers.
    wave
        Which survey; empty takes the latest.
    bandwidth_m
        Standard deviation of the Gaussian; 0 chooses by cross-validation, at least 100 m. [m]

    Returns
    -------
    Measured
        A surface of the share with its standard error; NaN where fewer than ten effective answers reach.
    """
    rows = answers(scene, item, wave)
    rows = rows[rows.geometry.notna()]
    lattice = scene.grid.lattice(min(2 * PIXEL_M, scene.study.cell_m))
    xy = np.column_stack([rows.geometry.x, rows.geometry.y])
    used = bandwidth_m or smooth_bandwidth(xy, rows[item].to_numpy(float), rows["weight"].to_numpy())
    x, y = lattice.centres()
    inside = scene.inside_of(lattice)
    at = np.column_stack([each[inside] for each in np.meshgrid(x, y)])
    values, error, effective = (np.full(lattice.shape, np.nan) for _ in range(3))
    notes: tuple[Told, ...] = (Told(N_("{n} {n:answer has|answers have} a position."), {"n": len(rows)}),)
    if math.isfinite(used):
        found = smooth(xy, rows[item].to_numpy(float), rows["weight"].to_numpy(), at, used)
        enough = found.effective >= _LEAST_ANSWERS
        values[inside] = np.where(enough, found.value, np.nan)
        error[inside] = np.where(enough, found.error, np.nan)
        effective[inside] = found.effective
    return Measured(
        surface=Surface(lattice, values, error=error, effective=effective),
        notes=notes,
        facts={"bandwidth_m": used, "n": float(len(rows))},
    )


def felt_recorded(scene: Scene, *, item: str = "unsafe_dark", wave: str = EVERY_WAVE) -> Measured:
    """Where does it feel unsafe although little is recorded, and the other way round?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    item
        A column of the answers.
    wave
        Which survey; ``"all"`` takes every one, as the incidents are those of all days counted.

    Returns
    -------
    Measured
        Per place: ``klass`` (one of four, "neither" or "cannot say"), ``value`` (1 where felt and recorded
        disagree, else 0), ``share``,
        ``share_all``, ``ratio`` (observed over expected), ``n`` (incidents) and ``answers``.

    Notes
    -----
    Felt unsafe or safe: the share's interval lies above or below the whole municipality's share. Many or few:
    the interval of recorded over what the number of people alone would give lies above or below 1; not
    adjusted for age, since what people meet is not. "Neither" where one of them is as elsewhere;
    "cannot say" where answers or people are too few.
    """
    felt_at, recorded = felt(scene, item=item, wave=wave), per_head(scene)
    assert felt_at.frame is not None  # noqa: S101 - a measure of areas has a table
    assert recorded.frame is not None  # noqa: S101 - as above
    share, counts, everyone = felt_at.frame, recorded.frame, felt_at.facts["share_all"]
    unsafe, safe = share["lower"] > everyone, share["upper"] < everyone
    many, few = counts["lower"] > 1.0, counts["upper"] < 1.0
    klass = pd.Series(NEITHER, index=share.index, dtype=object)
    for name, here in (
        (UNSAFE_FEW, unsafe & few),
        (UNSAFE_MANY, unsafe & many),
        (SAFE_MANY, safe & many),
        (SAFE_FEW, safe & few),
    ):
        klass[here] = name
    klass[share["value"].isna() | counts["value"].isna()] = CANNOT_SAY
    frame = pd.DataFrame(
        {
            "klass": klass,
            "value": klass.isin([UNSAFE_FEW, SAFE_MANY]).astype(float).mask(klass == CANNOT_SAY),
            "share": share["value"],
            "share_all": everyone,
            "ratio": counts["value"],
            "n": counts["n"],
            "answers": share["n"],
        }
    )
    return Measured(frame=frame, notes=(*felt_at.notes, *recorded.notes), facts={"share_all": everyone})
