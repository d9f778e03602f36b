"""The planted truth as TOML, for tests to read; the analysis never sees it."""

import json
from typing import Final

import shapely

from .geography import DARK_PATH, Geography
from .incidents import footprint, planted
from .plants import AREA_RATES, DISPERSION, FELT, MEASURES, PLANTS, RATE, SERIES, SERIES_MEAN, SHARES
from .survey import FELT_SHARES

Value = str | int | float | bool | list[str] | dict[str, float] | None
HEADING: Final = "# Written by `python data/demo/town --truth`; what it means and what has to be met is in TRUTH.md.\n"


def _line(key: str, value: Value) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{k} = {round(v, 3)}" for k, v in value.items())
        return f"{key} = {{ {inside} }}"
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _block(heading: str, values: dict[str, Value]) -> str:
    return "\n".join([heading, *(_line(k, v) for k, v in values.items() if v is not None)]) + "\n"


def _wkt(shape: shapely.Geometry) -> str:
    return str(shapely.to_wkt(shapely.simplify(shape, 0.5), rounding_precision=1))


def truth(geo: Geography) -> str:
    """Everything planted, with its geometry in EPSG:25832 and, for this town, the counts to be expected."""
    null: dict[str, Value] = {"per_resident_or_daily_visit": RATE, "shares": SHARES, "dispersion": DISPERSION,
                              "series_share": SERIES, "series_mean": SERIES_MEAN}  # fmt: skip
    blocks = [HEADING, _block("[null]", null)]
    for plant in PLANTS:
        counts = planted(geo, plant)
        blocks.append(_block("[[hot_spot]]", {
            "id": plant.key, "title": plant.title, "rate_ratio": plant.rates, "light": plant.light,
            "line": plant.line, "expected": {c: base for c, (base, _) in counts.items()},
            "added": {c: extra for c, (_, extra) in counts.items()},
            "cells": sorted(geo.cells.loc[footprint(plant, geo.cells), "cell_id"]), "geometry": _wkt(plant.shape),
        }))  # fmt: skip
    for area_id, title in FELT.items():
        blocks.append(_block("[[area]]", {
            "area_id": area_id, "title": title, "rate_ratio": AREA_RATES[area_id],
            "unsafe": dict(zip(("area", "day", "dark"), FELT_SHARES[area_id], strict=True)),
        }))  # fmt: skip
    path = shapely.line_merge(shapely.union_all(geo.roads.geometry[geo.roads["name"] == DARK_PATH].to_numpy()))
    blocks.append(_block("[dark_path]", {"name": DARK_PATH, "geometry": _wkt(path)}))
    blocks += [
        _block("[[measure]]", {"id": m.key, "kind": m.kind, "title": m.title, "started": m.started,
                               "finished": m.finished, "rate_ratio": m.rate, "verdict": m.verdict,
                               "geometry": _wkt(m.shape)})
        for m in MEASURES
    ]  # fmt: skip
    return "\n".join(blocks)
