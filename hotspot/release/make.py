"""The only maker of a `Release`: one result, one audience."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.counting import areas_of
from hotspot.errors import N_, AccessError, Told
from hotspot.layers import Layer
from hotspot.measures import MEASURES
from hotspot.pipeline import Result
from hotspot.pipeline.choices import Choices
from hotspot.release.cells import hidden_cells
from hotspot.release.contract import Choice, Release, Shown
from hotspot.release.cube import NO_CUBE, count_cube
from hotspot.release.earlier import Differences, told_on
from hotspot.release.households import without_few_households
from hotspot.release.linked import ACTS, ANSWERS, COUNT, CUBE, Hidden, counts_answers, linked, over_all
from hotspot.release.rules import RULES
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
from hotspot.site import AUDIENCES, Audience

_GEOMETRY = {"cells": ("geometry",), "segments": ("name", "kind", "length_m", "area_id", "geometry")}
_COUNTED = ("acts_on", "fewer", "fewer_low", "fewer_high")


def release(result: Result, audience: Audience, *, owner: str = "", before: Differences | None = None) -> Release:
    """Return what one audience may see of a result.

    Parameters
    ----------
    result
        A run's result.
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
    return _Maker(result, audience, owner, before).release()


class _Maker:
    """Holds one result and one rule while the parts of a release are made."""

    def __init__(self, result: Result, audience: Audience, owner: str, before: Differences | None) -> None:
        rule = RULES[audience]
        self.result, self.rule, self.audience = result, rule, audience
        self.before = before if rule.least else None
        places = result.places
        self.ids = places.index[places["owner"] == owner] if rule.own_only else places.index
        self.cube = count_cube(result) if self.before is None else NO_CUBE
        self.linked: Hidden | None = linked(result, self.cube, rule.least, self.before) if rule.least else None
        self.hidden = {key: self._hidden(key, layer) for key, layer in result.layers.items()}
        if self.linked is not None:
            self.hidden |= hidden_cells(result, rule.least, self.before)

    def release(self) -> Release:
        """Put the parts together."""
        result, rule = self.result, self.rule
        places = self._places()
        withheld = result.hotspots["addresses"].astype(float) < rule.least
        own = result.hotspots if not rule.own_only else result.hotspots[result.hotspots["area_id"].isin(self.ids)]
        hotspots = shown_hotspots(own, self.linked, rule.least, hours=rule.hours)
        findings = without_small(result.findings, rule.least, points="incidents" in rule.points)
        if self.before is not None and len(hotspots):
            hotspots = in_tens(hotspots)
            findings = (
                *findings,
                Told(N_("Hot spots' incidents are told in tens here: other answers were shown before.")),
            )
        if withheld.any():
            told = Told(
                N_("{count} hot spots are not shown, because fewer than {k} addresses carry them."),
                {"count": int(withheld.sum()), "k": rule.least},
            )
            findings = (*findings, told)
        priorities = self._priorities()
        earlier = 0 if rule.own_only or self.before is not None else None
        return Release(
            audience=self.audience,
            study=result.study,
            place=result.place,
            key=result.record.key,
            layers={key: self._shown(key, layer) for key, layer in result.layers.items() if self._may_see(layer)},
            geometry=self._geometry(hotspots),
            places=places.drop(columns="geometry"),
            hotspots=hotspots,
            priorities=priorities,
            choice=self._choice(result.choice, priorities),
            evaluations=shown_evaluations(result.evaluations.iloc[:earlier], rule.least),
            findings=findings,
            coverage=in_round_numbers(result.record.coverage) if rule.least else result.record.coverage,
            record=self._record(),
            counts=self._counts(),
            categories=result.categories,
        )

    def _may_see(self, layer: Layer) -> bool:
        """Say whether a layer is for this audience: for incidents along ways there are no masks, so not for most."""
        spec = layer.spec
        unmasked = spec.support == "segments" and "incidents" in MEASURES[spec.measure].needs
        return spec.support in self.rule.supports and not (unmasked and self.rule.least)

    def _hidden(self, key: str, layer: Layer) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say which rows of a layer this audience may not see for their count."""
        frame = layer.measured.frame
        if frame is None or self.linked is None or layer.spec.support != "areas":
            return np.zeros(0 if frame is None else len(frame), dtype=bool)
        hidden = self.linked.of(*((key, area_id) for area_id in frame.index))
        if counts_answers(layer):
            hidden |= self.linked.of(*((ANSWERS, key, area_id) for area_id in frame.index))
        return hidden

    def _counts(self) -> pd.DataFrame:
        """The fixed table as this audience sees it."""
        rows = [key for key in self.cube.counts if key[0] in self.ids or (key[0] == "" and not self.rule.own_only)]
        table = pd.DataFrame(rows, columns=["area_id", "period", "category"])
        hidden = self._withheld(*((CUBE, *key) for key in rows))
        n = pd.Series([self.cube.counts[key] for key in rows], dtype=float)
        return table.assign(n=n.mask(hidden), hidden=hidden)

    def _withheld(self, *keys: tuple[object, ...]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.zeros(len(keys), dtype=bool) if self.linked is None else self.linked.of(*keys)

    def _shown(self, key: str, layer: Layer) -> Shown:
        measured, rule = layer.measured, self.rule
        notes = without_small(measured.notes, rule.least, points="incidents" in rule.points)
        facts = self._facts(key, measured.facts)
        if measured.surface is not None:
            least = rule.least_answers if counts_answers(layer) else rule.least
            surface, few = masked_surface(measured.surface, least, self._told_on(layer))
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
        if n < self.rule.least or self.before is not None or self._withheld((key, ""))[0]:
            return {name: value for name, value in facts.items() if name != "n"}
        inside = float(self.result.places["n"].sum())
        return {**facts, "n": inside} if 0 < n - inside < self.rule.least else facts

    def _told_on(self, layer: Layer) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]] | None:
        """Which pixels of a surface of incidents a comparison with earlier ones would tell too much of."""
        surface = layer.measured.surface
        if self.before is None or surface is None or "incidents" not in MEASURES[layer.spec.measure].needs:
            return None
        facts = layer.measured.facts
        reach = max(facts.get("bandwidth_m", 0.0), 2 * facts.get("sigma_m", 0.0))
        return told_on(surface, self.before, reach, self.rule.least)

    def _spread(self, key: str, layer: Layer) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Hide a cell's numbers too where they were made with a hidden neighbour's count."""
        hidden = self.hidden[key]
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
        table = self.result.priorities.drop(columns=["why"], errors="ignore").copy()
        gone = pd.Series(data=False, index=table.index)
        for key, layer in self.result.layers.items():
            if layer.spec.support != "areas" or f"part_{key}" not in table or layer.measured.frame is None:
                continue
            hidden = pd.Series(self.hidden[key], index=layer.measured.frame.index).reindex(
                table.index, fill_value=False
            )
            table.loc[hidden, [f"part_{key}", f"value_{key}"]] = np.nan
            table["reasons"] = pd.Series(
                [
                    _without(each, key) if gone_here else each
                    for each, gone_here in zip(table["reasons"], hidden, strict=True)
                ],
                index=table.index,
            )
            gone |= hidden
        table.loc[gone, ["score", "score_low", "score_high", "first_share"]] = np.nan
        return table[table.index.isin(self.ids)].assign(hidden=gone)

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
        few = self._withheld(*keys) | (self.before is not None)
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


def _without(reasons: tuple[Told, ...], key: str) -> tuple[Told, ...]:
    """Take out a reason, and with it what the others say of the score: shares and parts would give it back."""
    kept = (each for each in reasons if each.values.get("key") != key)
    return tuple(_apart_from_score(each) if "share" in each.values and "key" in each.values else each for each in kept)


def _apart_from_score(reason: Told) -> Told:
    left = {name: value for name, value in reason.values.items() if name not in ("share", "contribution")}
    return Told(N_("{component}: worse here than in {position:.0%} of the other places."), left)
