"""The steps of a run, in order."""

import platform
from collections.abc import Callable, Mapping
from importlib.metadata import version

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.decisions.priorities import Priorities, prioritise
from hotspot.decisions.ranks import Uncertainty
from hotspot.errors import N_, StudyError, Told
from hotspot.layers import Layer, LayerSpec, read_layers
from hotspot.measures import MEASURES, Measured
from hotspot.measures.scene import Scene
from hotspot.pipeline.by_category import counted_in, told_indoors
from hotspot.pipeline.choices import choose
from hotspot.pipeline.clock import Clock
from hotspot.pipeline.earlier import evaluate_earlier
from hotspot.pipeline.facts import place_facts, yearly_counts
from hotspot.pipeline.kept import Keeper, Shelf, layer_key, pack, unpack
from hotspot.pipeline.per_place import per_place
from hotspot.pipeline.result import Record, Result
from hotspot.pipeline.second import kept_second, with_second
from hotspot.pipeline.spots import named_hotspots
from hotspot.store import Snapshot
from hotspot.study import Study

Progress = Callable[[Told, float], None]
MAIN_HOTSPOTS = "hotspots"
_VERSIONS = (
    "hotspot", "numpy", "scipy", "pandas", "geopandas", "shapely", "numba", "libpysal", "pyproj", "rasterio", "pyarrow",
)  # fmt: skip
_BASE = ("roads", "green", "buildings", "lamps")


def run(
    study: Study,
    snapshot: Snapshot,
    *,
    shelf: Shelf | None = None,
    progress: Progress | None = None,
) -> Result:
    """Answer a recipe on a snapshot: layers, hot spots, priorities, measures, evaluations.

    Parameters
    ----------
    study
        The recipe.
    snapshot
        Exactly which data, evidence and layer files.
    shelf
        Where layers' answers are kept between runs; without one everything is measured again.
    progress
        Told what is being done and how much is done, 0 to 1.

    Returns
    -------
    Result
        At full resolution; release it before anybody sees it.

    Raises
    ------
    StudyError
        If the study asks for a layer that does not exist, weights included.
    """
    tell = progress or (lambda _step, _share: None)
    clock = Clock()
    asked = _asked_layers(study, read_layers(snapshot.layer_folders))
    specs = {key: counted_in(spec, snapshot.categories) for key, spec in asked.items()}
    keeper = Keeper(shelf, snapshot.hashes, snapshot.code)
    scene = Scene(study, snapshot.place, snapshot.tables, keeper.frame)
    layers: dict[str, Layer] = {}
    findings: list[Told] = [*snapshot.findings]
    if scene.has("incidents"):
        with clock.timing("incidents"):
            _ = scene.incidents
    for number, (key, spec) in enumerate(specs.items()):
        tell(Told(N_("measuring: {layer}"), {"layer": spec.title}), 0.8 * number / max(len(specs), 1))
        missing = [kind for kind in MEASURES[spec.measure].needs if not scene.has(kind)]
        if missing:
            findings.append(_cannot(spec, missing))
            continue
        with clock.timing(key):
            layers[key] = Layer(spec, _measured(spec, scene, snapshot, shelf, clock))
    findings[:0] = _noted(scene, snapshot) if scene.has("incidents") else ()
    tell(Told(N_("ranking places")), 0.82)
    with clock.timing("priorities"):
        hotspots = named_hotspots(scene, layers.get(MAIN_HOTSPOTS), snapshot.categories)
        ranked = _ranked(study, scene, layers)
    tell(Told(N_("choosing measures")), 0.9)
    with clock.timing("portfolio"):
        facts = place_facts(scene, layers, hotspots, snapshot.categories)
        counts = yearly_counts(scene) if scene.has("incidents") else None
        choice = choose(study, scene, snapshot, ranked, facts=facts, counts=counts)
    with clock.timing("evaluations"):
        evaluations = evaluate_earlier(scene, snapshot)
    findings += [*ranked.notes, *choice.notes]
    priorities = titled(ranked.table, layers).join(scene.places[["name", "kind", "owner"]])
    record = _record(study, snapshot, scene, clock)
    result = Result(
        study=study,
        place=snapshot.place,
        grid=scene.grid,
        places=_places(scene),
        segments=scene.segments,
        layers=layers,
        hotspots=hotspots,
        priorities=priorities,
        choice=choice,
        evaluations=evaluations,
        base={kind: scene.frame(kind) for kind in _BASE if scene.has(kind)},
        points={"incidents": scene.incidents} if scene.has("incidents") else {},
        findings=tuple(findings),
        record=record,
        categories=snapshot.categories,
    )
    return with_second(result, kept_second(shelf, record.key))


def _noted(scene: Scene, snapshot: Snapshot) -> list[Told]:
    return [*scene.notes, *told_indoors(scene.incidents["category"].unique(), snapshot.categories)]


def _asked_layers(study: Study, specs: Mapping[str, LayerSpec]) -> dict[str, LayerSpec]:
    unknown = sorted({*study.layers, *study.weights} - set(specs))
    if unknown:
        raise StudyError(
            N_("A study asks for layers that exist."),
            N_("{unknown}"),
            N_("one of {known}"),
            unknown=unknown,
            known=sorted(specs),
        )
    return {key: spec for key, spec in specs.items() if not study.layers or key in study.layers}


def _cannot(spec: LayerSpec, missing: list[str]) -> Told:
    return Told(
        N_("“{layer}” cannot be said without {missing}."),
        {"layer": spec.title, "missing": [Told(_KINDS[kind]) for kind in missing]},
    )


_KINDS = {
    "incidents": N_("incidents"),
    "lamps": N_("a lamp inventory"),
    "green": N_("green areas"),
    "roads": N_("paths and streets"),
    "buildings": N_("buildings"),
    "responses": N_("survey answers"),
    "areas": N_("areas"),
    "population": N_("residents by cell"),
    "visits": N_("visits"),
}


def _measured(spec: LayerSpec, scene: Scene, snapshot: Snapshot, shelf: Shelf | None, clock: Clock) -> Measured:
    days = scene.period if scene.has("incidents") else None
    key = layer_key(spec, scene.study, snapshot.hashes, snapshot.code, days)
    found = shelf.take(key) if shelf else None
    if found is not None:
        clock.kept.add(spec.key)
        return unpack(*found)
    measured = MEASURES[spec.measure].function(scene, **arguments(spec))
    if shelf:
        shelf.put(key, *pack(measured))
    again = shelf.take(key) if shelf else None  # a kept answer and a fresh one are the same
    return unpack(*(again or pack(measured)))


def arguments(spec: LayerSpec) -> dict[str, object]:
    """Return a layer's parameters as its measure takes them.

    Parameters
    ----------
    spec
        The layer.

    Returns
    -------
    dict
        Parameter to value, lists as tuples.
    """
    return {name: tuple(value) if isinstance(value, list) else value for name, value in spec.parameters.items()}


def weights_of(study: Study, layers: Mapping[str, Layer]) -> dict[str, float]:
    """Return the weight of every layer that counts: the layer file proposes, the study decides.

    Parameters
    ----------
    study
        The recipe.
    layers
        The run's layers.

    Returns
    -------
    dict
        Layer key to weight above 0.
    """
    proposed = {key: layer.spec.priority.weight for key, layer in layers.items() if layer.spec.priority}
    return {
        key: weight
        for key, weight in {**proposed, **{k: v for k, v in study.weights.items() if k in proposed}}.items()
        if weight > 0
    }


def _ranked(study: Study, scene: Scene, layers: Mapping[str, Layer]) -> Priorities:
    weights = weights_of(study, layers)
    parts = {key: per_place(scene, layers[key]) for key in weights}
    index = scene.places.index
    values = pd.DataFrame({key: part["value"] for key, part in parts.items()}, index=index)
    lower = pd.DataFrame({key: part["lower"] for key, part in parts.items()}, index=index)
    upper = pd.DataFrame({key: part["upper"] for key, part in parts.items()}, index=index)
    rules = {key: layers[key].spec.priority for key in weights}
    directions = {key: rule.direction for key, rule in rules.items() if rule}
    return prioritise(
        values,
        weights,
        np.random.default_rng(study.seed),
        directions=directions,
        uncertainty=Uncertainty(lower=lower, upper=upper),
    )


def titled(table: pd.DataFrame, layers: Mapping[str, Layer]) -> pd.DataFrame:
    """Name components by their layer's title, keeping the key for those who may not see one.

    Parameters
    ----------
    table
        Priorities; column ``reasons``.
    layers
        The run's layers.

    Returns
    -------
    DataFrame
        The same rows.
    """

    def named(reason: Told) -> Told:
        key = reason.values.get("component")
        if key not in layers:
            return reason
        return Told(reason.template, {**reason.values, "component": layers[str(key)].spec.title, "key": key})

    return table.assign(reasons=[tuple(named(each) for each in reasons) for reasons in table["reasons"]])  # type: ignore[misc]  # the stubs are narrower than the library


def _places(scene: Scene) -> gpd.GeoDataFrame:
    columns = ["name", "kind", "owner", "residents", "households", "geometry"]
    places = scene.places[columns]
    if not scene.has("incidents"):
        return places.assign(n=np.nan)
    n = scene.incidents["membership"].groupby(scene.incidents["area_id"]).sum()
    return places.assign(n=n.reindex(places.index, fill_value=0.0))


def _record(study: Study, snapshot: Snapshot, scene: Scene, clock: Clock) -> Record:
    versions = {"python": platform.python_version(), **{name: version(name) for name in _VERSIONS}}
    return Record(
        key=snapshot.key_for(study),
        hashes={**snapshot.hashes, "code": snapshot.code},
        coverage=snapshot.coverage(),
        seconds=clock.seconds,
        mebibytes=clock.mebibytes,
        kept=frozenset(clock.kept),
        versions=versions,
        period=scene.period if scene.has("incidents") else None,
        years=scene.years if scene.has("incidents") else float("nan"),
    )
