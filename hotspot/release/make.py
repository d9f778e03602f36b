"""The only maker of a `Release`: one result, one audience."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.counting import areas_of
from hotspot.errors import N_, AccessError, Told
from hotspot.layers import Layer
from hotspot.measures import MEASURES, Surface
from hotspot.pipeline import Result
from hotspot.pipeline.choices import Choices
from hotspot.release.coarse import coarse_surface, coarsened
from hotspot.release.contract import Choice, Release, Shown
from hotspot.release.deliveries import changed_evaluations, of_outlines
from hotspot.release.earlier import Differences, told_on
from hotspot.release.households import without_few_households
from hotspot.release.linked import ACTS, COUNT, CUBE, Hidden, counts_answers, over_all
from hotspot.release.rules import RULES
from hotspot.release.settled import Settled, settle
from hotspot.release.tables import (
    blanked,
    in_round_numbers,
    in_tens,
    masked_surface,
    shown_evaluations,
    shown_hotspots,
    without_small,
)
from hotspot.release.ties import LEAST_INCIDENTS
from hotspot.release.told import told_of
from hotspot.release.ways import LEAST_REACH_M, on_ways, told_of_ways
from hotspot.site import AUDIENCES, Audience

_GEOMETRY = {"cells": ("geometry",), "segments": ("name", "kind", "length_m", "area_id", "geometry")}
_COUNTED = ("acts_on", "fewer", "fewer_low", "fewer_high", "rr", "rr_low", "rr_high")
NO_TABLE = N_(
    "No fixed table is told: one of other periods, other kinds of incidents or other places was told before, and the "
    "two together would tell small counts. A closed period of whole years keeps the table."
)
OTHER_GRID = N_(
    "Cells, surfaces and incidents along ways are hidden on this grid: numbers on cells of another size were told "
    "before, and the two together would tell of what lies between them."
)
_SCORED = ("score", "score_low", "score_high", "first_share")


def release(
    result: Result | Settled, audience: Audience, *, owner: str = "", before: Differences | None = None
) -> Release:
    """Return what one audience may see of a result.

    Parameters
    ----------
    result
        A run's result; or, for several audiences, what `hotspot.release.settle` found of it, ``before`` included.
    audience
        Whose eyes it is for.
    owner
        For a partner: whose areas.
    before
        How the result differs from what was released before, from `hotspot.release.before`. Whatever it would tell
        about few incidents by comparison is hidden, and with it all that is only told of the study's own recipe.

    Returns
    -------
    Release
        Everything that leaves a result goes through here.

    Raises
    ------
    AccessError
        If the audience is unknown, or a partner names no owner.
    """
    if audience not in AUDIENCES or (audience == "partner" and not owner):
        raise AccessError(
            N_("A result is released to one of {audiences}; a partner names whose areas."),
            N_("{audience} {owner}"),
            N_("choose an audience with --audience"),
            audiences=list(AUDIENCES),
            audience=audience,
            owner=owner,
        )
    known = result if isinstance(result, Settled) else settle(result, before)
    made = _Maker(known, audience, owner).release()
    return coarsened(made) if RULES[audience].least else made


class _Maker:
    """Holds one result and one rule while the parts of a release are made."""

    def __init__(self, known: Settled, audience: Audience, owner: str) -> None:
        self.known, self.rule, self.audience = known, RULES[audience], audience
        self.result, places = known.result, known.result.places
        self.ids = places.index[places["owner"] == owner] if self.rule.own_only else places.index
        self.linked: Hidden | None = known.linked if self.rule.least else None
        self.filtered = known.filtered and self.linked is not None

    def release(self) -> Release:
        """Put the parts together."""
        result, rule = self.result, self.rule
        hotspots, findings = self._hotspots()
        priorities = self._priorities()
        evaluations = self._evaluations()
        spots = result.hotspots.loc[~(result.hotspots["addresses"].astype(float) < rule.least)]
        return Release(
            audience=self.audience,
            study=result.study,
            place=result.place,
            key=result.record.key,
            layers={
                key: self._shown(key, layer)
                for key, layer in result.layers.items()
                if layer.spec.support in rule.supports
            },
            geometry=self._geometry(hotspots),
            places=self._places().drop(columns="geometry"),
            hotspots=hotspots,
            priorities=priorities,
            choice=self._choice(result.choice, priorities),
            evaluations=evaluations.iloc[: 0 if rule.own_only else None],
            findings=(
                *without_small(result.findings, rule.least, points="incidents" in rule.points),
                *findings,
                *([Told(NO_TABLE)] if self.known.no_table else []),
            ),
            coverage=in_round_numbers(result.record.coverage) if rule.least else result.record.coverage,
            record=self._record(),
            counts=self._counts(),
            categories=result.categories,
            counted={key: each.spec for key, each in result.layers.items() if each.spec.priority},
            told={} if self.linked is None else told_of(result, self.linked, self.known.layers, spots, evaluations),
        )

    def _hotspots(self) -> tuple[gpd.GeoDataFrame, tuple[Told, ...]]:
        """Hot spots, and what the reader should know of what is not told of them."""
        every, rule = self.result.hotspots, self.rule
        own = every[every["area_id"].isin(self.ids)] if rule.own_only else every
        shown = shown_hotspots(own, self.linked, rule.least, hours=rule.hours)
        told: list[Told] = []
        deliveries = self.known.deliveries
        if self._on_other_grid():
            told.append(Told(OTHER_GRID))
        if rule.least and len(shown) and (told or self.filtered or not deliveries.hold(of_outlines(shown))):
            shown = in_tens(shown)
            told.append(Told(N_("Hot spots' incidents are told in tens here: other answers were shown before.")))
        withheld = int((every["addresses"].astype(float) < rule.least).sum())
        if withheld:
            few = N_(
                "{count} hot {count:spot is|spots are} not shown, because fewer than {k} addresses carry "
                "{count:it|them}."
            )
            told.append(Told(few, {"count": withheld, "k": rule.least}))
        if rule.least and deliveries.told:
            since = N_(
                "What differs by fewer than {k} incidents from what was told of an earlier delivery is hidden until "
                "more have come: the difference would tell those few."
            )
            told.append(Told(since, {"k": rule.least}))
        return shown, tuple(told)

    def _on_other_grid(self) -> bool:
        """Say whether this audience was told numbers on cells of another size before."""
        return self.linked is not None and self.known.before is not None and self.known.before.other_grid

    def _evaluations(self) -> pd.DataFrame:
        table, least = self.result.evaluations, self.rule.least
        if self.filtered:
            return shown_evaluations(table.iloc[:0], least)
        changed = changed_evaluations(table, self.known.deliveries, least) if least else None
        return shown_evaluations(table, least, changed)

    def _hidden(self, key: str, layer: Layer) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say which rows of a layer this audience may not see for their count."""
        if self.linked is not None:
            return self.known.layers[key]
        return np.zeros(0 if layer.measured.frame is None else len(layer.measured.frame), dtype=bool)

    def _counts(self) -> pd.DataFrame:
        """The fixed table as this audience sees it."""
        cube = self.known.cube
        rows = [key for key in cube.counts if key[0] in self.ids or (key[0] == "" and not self.rule.own_only)]
        table = pd.DataFrame(rows, columns=["area_id", "period", "category"])
        hidden = self._withheld(*((CUBE, *key) for key in rows))
        n = pd.Series([cube.counts[key] for key in rows], dtype=float)
        return table.assign(n=n.mask(hidden), hidden=hidden)

    def _withheld(self, *keys: tuple[object, ...]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.zeros(len(keys), dtype=bool) if self.linked is None else self.linked.of(*keys)

    def _shown(self, key: str, layer: Layer) -> Shown:
        rule = self.rule
        measured = told_of_ways(layer.measured) if rule.least and on_ways(layer) else layer.measured
        notes = without_small(measured.notes, rule.least, points="incidents" in rule.points)
        facts = self._facts(key, measured.facts)
        if measured.surface is not None:
            least = rule.least_answers if counts_answers(layer) else rule.least
            surface, few = masked_surface(
                measured.surface, least, self._kept_back(layer), self._pixels(measured.surface)
            )
            if least and measured.surface.effective is not None:
                surface = coarse_surface(surface, share=counts_answers(layer))
            return Shown(layer.spec, surface=surface, hidden=few, notes=notes, facts=facts)
        frame = measured.frame if measured.frame is not None else pd.DataFrame()
        cells = layer.spec.support == "cells"
        shown = blanked(frame, self._spread(key, layer), keeps_class=cells)
        if rule.marks and "n" in frame:
            shown["small"] = frame["n"].between(0, LEAST_INCIDENTS, inclusive="neither")
        if layer.spec.support == "areas":
            shown = without_few_households(shown, self.result.places) if rule.least else shown
            shown = shown[shown.index.isin(self.ids)]
        elif rule.own_only:
            own = self.result.segments["area_id"].isin(self.ids)
            shown = shown[shown.index.isin(own.index[own])]
        return Shown(layer.spec, frame=shown, notes=notes, facts=facts)

    def _facts(self, key: str, facts: Mapping[str, float]) -> Mapping[str, float]:
        """Numbers about the whole, without a total that tells a small count or the few outside every area."""
        n = facts.get("n", 0.0)
        if not self.rule.least or n <= 0:
            return facts
        totals = [(key, ""), *([] if counts_answers(self.result.layers[key]) else [(COUNT, "")])]
        if n < self.rule.least or self.filtered or self._withheld(*totals).any():
            return {name: value for name, value in facts.items() if name != "n"}
        inside = float(self.result.places["n"].sum())
        return {**facts, "n": inside} if 0 < n - inside < self.rule.least else facts

    def _kept_back(self, layer: Layer) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]] | None:
        """Which pixels of a surface are hidden for more than the few behind them.

        All where the kernel is so narrow that it points out addresses; those that a comparison with earlier surfaces
        of incidents would tell too much of.
        """
        surface, before, facts = layer.measured.surface, self.known.before, layer.measured.facts
        if self.linked is None or surface is None:
            return None
        reach = max(facts.get("bandwidth_m", 0.0), 2 * facts.get("sigma_m", 0.0))
        incidents = "incidents" in MEASURES[layer.spec.measure].needs
        if reach < LEAST_REACH_M or (incidents and self._on_other_grid()):
            return np.ones(surface.values.shape, dtype=bool)
        if before is None or not incidents:
            return None
        return told_on(surface, before, reach, self.rule.least)

    def _pixels(self, surface: Surface) -> int:
        """How many pixels make the side of a cell."""
        return max(1, round(self.result.grid.cell_m / surface.lattice.pixel_m))

    def _spread(self, key: str, layer: Layer) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Hide a cell's numbers too where they were made with a hidden neighbour's count."""
        hidden = self._hidden(key, layer)
        if layer.spec.support != "cells" or not hidden.any():
            return hidden
        cells = self.result.grid.frame
        touched = np.zeros((int(cells["row"].max()) + 3, int(cells["col"].max()) + 3), dtype=bool)
        rows, cols = cells["row"].to_numpy()[hidden], cells["col"].to_numpy()[hidden]
        for down in range(3):
            for across in range(3):
                touched[rows + down, cols + across] = True
        return np.asarray(touched[cells["row"].to_numpy() + 1, cells["col"].to_numpy() + 1])

    def _places(self) -> gpd.GeoDataFrame:
        places = self.result.places
        hidden = self._withheld(*((COUNT, area_id) for area_id in places.index))
        shown = places.assign(n=places["n"].mask(hidden), hidden=hidden)
        if self.rule.marks:
            shown["small"] = places["n"].between(0, LEAST_INCIDENTS, inclusive="neither")
        told = without_few_households(shown, places) if self.rule.least else shown
        return gpd.GeoDataFrame(told[told.index.isin(self.ids)], geometry="geometry", crs=places.crs)

    def _priorities(self) -> pd.DataFrame:
        """The order, which is one for all; those who may not see small counts miss the numbers behind it."""
        table, gone = self.result.priorities.drop(columns=["why"], errors="ignore").copy(), self.known.order
        if self.linked is None:
            return table[table.index.isin(self.ids)].assign(hidden=False)
        for key in gone:
            table[f"value_{key}"] = table[f"value_{key}"].mask(gone[key])
        missing = gone.any(axis=1)
        table.loc[missing, list(_SCORED)] = np.nan
        return table[table.index.isin(self.ids)].assign(hidden=missing)

    def _choice(self, choice: Choices, priorities: pd.DataFrame) -> Choice:
        hidden = priorities.index[priorities["hidden"]]
        chosen = self._measures(choice.chosen, hidden)
        own = self.rule.own_only
        return Choice(
            chosen=chosen,
            candidates=self._measures(choice.candidates, hidden),
            pilots=self._measures(choice.pilots, hidden),
            frontier=choice.frontier.iloc[:0] if own else choice.frontier,
            objective=choice.objective,
            budget_dkk=choice.budget_dkk,
            spent_dkk=float(chosen["cost_dkk"].sum()) if own else choice.spent_dkk,
        )

    def _measures(self, table: pd.DataFrame, hidden: pd.Index) -> pd.DataFrame:
        shown = table[table["area_id"].isin(self.ids)].copy()
        acts_on = shown["acts_on"].fillna(0.0)
        keys = ((ACTS, str(a), over_all(n, self.result)) for a, n in zip(shown["area_id"], acts_on, strict=True))
        few = self._withheld(*keys) | self.filtered
        for name in _COUNTED:
            shown[name] = shown[name].astype(float).mask(few)
        for name in ("benefit", "per_million", "included"):
            if name in shown:
                shown[name] = shown[name].astype(float).mask(shown["area_id"].isin(hidden))
        return shown.assign(hidden=few)

    def _geometry(self, hotspots: gpd.GeoDataFrame) -> Mapping[str, gpd.GeoDataFrame]:
        result, rule = self.result, self.rule
        areas = result.places.loc[self.ids, ["name", "kind", "owner", "geometry"]]
        frames = {"areas": areas, "hotspots": hotspots}
        if "cells" in rule.supports:
            frames["cells"] = result.grid.frame[["geometry"]]
        if "segments" in rule.supports:
            own = result.segments["area_id"].isin(self.ids) | (not rule.own_only)
            frames["segments"] = result.segments.loc[own, list(_GEOMETRY["segments"])]
        frames |= {name: result.base[name] for name in rule.base if name in result.base}
        if rule.own_only and "lamps" in frames:
            frames["lamps"] = frames["lamps"][areas_of(frames["lamps"].geometry, areas).notna()]
        return frames | {name: result.points[name] for name in rule.points if name in result.points}

    def _record(self) -> Mapping[str, Mapping[str, object]]:
        record = self.result.record
        if not self.rule.record:
            return {}
        return {
            "hashes": record.hashes,
            "seconds": record.seconds,
            "mebibytes": record.mebibytes,
            "kept": dict.fromkeys(sorted(record.kept), True),
            "versions": record.versions,
            "period": dict(zip(("first", "last"), record.period or (), strict=False)) | {"years": record.years},
        }
