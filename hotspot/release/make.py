"""The only maker of a `Release`: one result, one audience."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.counting import areas_of
from hotspot.errors import N_, AccessError, Told
from hotspot.layers import Layer
from hotspot.pipeline import Result
from hotspot.pipeline.choices import Choices
from hotspot.release.contract import Choice, Release, Shown
from hotspot.release.rules import RULES, Rule
from hotspot.release.tables import blanked, hidden_rows, masked_surface, shown_hotspots, without_small
from hotspot.site import AUDIENCES, Audience

_GEOMETRY = {"cells": ("geometry",), "segments": ("name", "kind", "length_m", "area_id", "geometry")}
_COUNTED = ("acts_on", "fewer", "fewer_low", "fewer_high")
_EVALUATED = ("change", "lower", "upper", "n_before", "n_after", "detectable")


def release(result: Result, audience: Audience, *, owner: str = "") -> Release:
    """Return what one audience may see of a result.

    Parameters
    ----------
    result
        A run's result.
    audience
        Whose eyes it is for.
    owner
        For a partner: whose areas.

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
    return _Maker(result, RULES[audience], audience, owner).release()


class _Maker:
    """Holds one result and one rule while the parts of a release are made."""

    def __init__(self, result: Result, rule: Rule, audience: Audience, owner: str) -> None:
        self.result, self.rule, self.audience = result, rule, audience
        places = result.places
        self.ids = places.index[places["owner"] == owner] if rule.own_only else places.index
        self.hidden = {key: self._hidden(layer) for key, layer in result.layers.items()}

    def release(self) -> Release:
        """Put the parts together."""
        result, rule = self.result, self.rule
        places = self._places()
        withheld = result.hotspots["addresses"].astype(float) < rule.least
        own = result.hotspots if not rule.own_only else result.hotspots[result.hotspots["area_id"].isin(self.ids)]
        hotspots = shown_hotspots(own, places, rule.least, hours=rule.hours)
        findings = without_small(result.findings, rule.least)
        if withheld.any():
            told = Told(
                N_("{count} hot spots are not shown, because fewer than {k} addresses carry them."),
                {"count": int(withheld.sum()), "k": rule.least},
            )
            findings = (*findings, told)
        priorities = self._priorities()
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
            places=places.drop(columns="geometry"),
            hotspots=hotspots,
            priorities=priorities,
            choice=self._choice(result.choice, priorities),
            evaluations=self._evaluations(),
            findings=findings,
            coverage=result.record.coverage,
            record=self._record(),
        )

    def _hidden(self, layer: Layer) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say which rows of a layer this audience may not see."""
        frame = layer.measured.frame
        if frame is None:
            return np.zeros(0, dtype=bool)
        groups = self._groups(layer.spec.support, frame.index)
        hidden = hidden_rows(frame, groups, self.rule.least)
        if self.rule.least and layer.spec.support == "areas" and "n" in frame and "responses" not in _needs(layer):
            rest = self.result.places["n"].reindex(frame.index).to_numpy(float) - frame["n"].to_numpy(float)
            hidden |= (rest > 1e-9) & (rest < self.rule.least)  # noqa: PLR2004 - rounding
        return hidden

    def _groups(self, support: str, index: pd.Index) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """Return the rows whose total this audience can also see."""
        if support == "areas":
            return [np.arange(len(index))]
        if support != "cells":
            return []
        centres = gpd.GeoSeries(self.result.grid.frame.geometry.centroid, crs=self.result.place.crs)
        groups = [
            np.flatnonzero(owner.to_numpy())
            for owners in (areas_of(centres, self.result.places), areas_of(centres, self.result.hotspots))
            for owner in (owners.reindex(index) == each for each in owners.dropna().unique())
        ]
        return [*groups, np.arange(len(index))]

    def _shown(self, key: str, layer: Layer) -> Shown:
        measured, rule = layer.measured, self.rule
        notes = without_small(measured.notes, rule.least)
        facts = {name: value for name, value in measured.facts.items() if not (name == "n" and 0 < value < rule.least)}
        if measured.surface is not None:
            least = rule.least_answers if "responses" in _needs(layer) else rule.least
            surface, few = masked_surface(measured.surface, least)
            return Shown(layer.spec, surface=surface, hidden=few, notes=notes, facts=facts)
        frame = measured.frame if measured.frame is not None else pd.DataFrame()
        cells = layer.spec.support == "cells"
        shown = blanked(frame, self._spread(key, layer), keeps_class=cells)
        if layer.spec.support == "areas":
            shown = shown[shown.index.isin(self.ids)]
        elif rule.own_only:
            own = self.result.segments["area_id"].isin(self.ids)
            shown = shown[shown.index.isin(own.index[own])]
        return Shown(layer.spec, frame=shown, notes=notes, facts=facts)

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
        hidden = hidden_rows(places, [np.arange(len(places))], self.rule.least)
        shown = places.assign(n=places["n"].mask(hidden), hidden=hidden)
        return gpd.GeoDataFrame(shown[shown.index.isin(self.ids)], geometry="geometry", crs=places.crs)

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
        return Choice(
            chosen=self._measures(choice.chosen, hidden),
            candidates=self._measures(choice.candidates, hidden),
            pilots=self._measures(choice.pilots, hidden),
            frontier=choice.frontier,
            objective=choice.objective,
            budget_dkk=choice.budget_dkk,
            spent_dkk=choice.spent_dkk,
        )

    def _measures(self, table: pd.DataFrame, hidden: pd.Index) -> pd.DataFrame:
        shown = table[table["area_id"].isin(self.ids)].copy()
        years = self.result.record.years
        few = (shown["acts_on"] * years > 0) & (shown["acts_on"] * years < self.rule.least)
        for name in _COUNTED:
            shown[name] = shown[name].astype(float).mask(few)
        shown["benefit"] = shown["benefit"].astype(float).mask(shown["area_id"].isin(hidden))
        return shown.assign(hidden=few)

    def _evaluations(self) -> pd.DataFrame:
        table = self.result.evaluations
        k = self.rule.least
        few = pd.Series(data=False, index=table.index)
        for name in ("n_before", "n_after"):
            if name in table:
                few |= (table[name] > 0) & (table[name] < k)
        shown = table.copy()
        for name in _EVALUATED:
            if name in shown:
                shown[name] = shown[name].astype(float).mask(few)
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
        return frames | {name: result.points[name] for name in rule.points if name in result.points}

    def _record(self) -> Mapping[str, Mapping[str, object]]:
        record = self.result.record
        if not self.rule.record:
            return {}
        return {
            "hashes": record.hashes,
            "seconds": record.seconds,
            "mebibytes": record.mebibytes,
            "versions": record.versions,
        }


def _needs(layer: Layer) -> tuple[str, ...]:
    from hotspot.measures import MEASURES

    return MEASURES[layer.spec.measure].needs


def _without(reasons: tuple[Told, ...], key: str) -> tuple[Told, ...]:
    return tuple(each for each in reasons if each.values.get("key") != key)
