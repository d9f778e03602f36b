"""Layers: questions somebody asks, declared in TOML, and the answers to them.

A layer file names a measure and its parameters, how the answer is shown and said, and whether it counts
in the combined priority. The file is input, not code: unknown keys are refused with the nearest name.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from hotspot.errors import N_, StudyError
from hotspot.measures import MEASURES, Measured, Support

Direction = Literal["more is worse", "less is worse"]
Aggregate = Literal["value", "mean", "sum", "share", "per_resident", "per_hectare", "per_path_metre"]
Status = Literal["established", "emerging"]
_SAID = dict[str, str]
_TOP = {
    "title",
    "question",
    "support",
    "measure",
    "unit",
    "status",
    "parameters",
    "show",
    "words",
    "priority",
    "reference",
}
_SHOW = {"palette", "breaks", "opacity", "pattern", "column", "classes"}
_WORDS = {"reads_as", "caveat", "not_for"}
_PRIORITY = {"direction", "weight", "aggregate", "column", "threshold"}
_REFERENCE = {"doi", "text"}
_LANGUAGES = {"da", "en"}


@dataclass(frozen=True)
class Show:
    """How a layer is drawn.

    Parameters
    ----------
    palette
        A name in `hotspot.glossary.palettes`.
    column
        The column that is drawn; ``"value"`` unless told otherwise.
    breaks
        Class limits in the layer's unit; empty lets the map choose quantiles once per run.
    classes
        Codes of a layer of classes, in legend order, each a term of the glossary.
    opacity
        Between 0 and 1.
    pattern
        Hatch for "cannot say".
    """

    palette: str
    column: str = "value"
    breaks: tuple[float, ...] = ()
    classes: tuple[str, ...] = ()
    opacity: float = 0.75
    pattern: str = "hatch"


@dataclass(frozen=True)
class InPriority:
    """How a layer counts in the combined priority.

    Parameters
    ----------
    direction
        Which way is worse.
    weight
        The layer file's proposal; the study may set another.
    aggregate
        How the layer becomes one number per place.
    column
        The column that is aggregated.
    threshold
        For ``aggregate = "share"``: the share of the support at or beyond this value in the worse direction.
    """

    direction: Direction
    weight: float
    aggregate: Aggregate
    column: str = "value"
    threshold: float | None = None


@dataclass(frozen=True)
class LayerSpec:
    """One declared layer.

    Parameters
    ----------
    key
        The file's name without its ending.
    title, question
        Language to text.
    support
        What the values belong to: a surface, cells, areas or segments.
    measure
        A name in `hotspot.measures.MEASURES`.
    unit
        Unit of the value, a term or plain text.
    status
        ``"established"`` or ``"emerging"``.
    parameters
        The measure's parameters.
    show
        How it is drawn.
    words
        ``reads_as``, ``caveat`` and ``not_for``, each language to text.
    priority
        How it counts in the combined priority, or None.
    references
        Sources, each with a DOI or a text.
    """

    key: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    support: Support
    measure: str
    unit: str
    status: Status
    show: Show
    words: Mapping[str, Mapping[str, str]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    priority: InPriority | None = None
    references: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Layer:
    """A layer's answer: its declaration and what was measured.

    Parameters
    ----------
    spec
        The declaration.
    measured
        Values per row of the support, or a surface, with the notes of the measure.
    """

    spec: LayerSpec
    measured: Measured

    def __repr__(self) -> str:
        """Say what it is in one line."""
        return f"<Layer {self.spec.key}: {self.spec.support}, {self.measured!r}>"


def read_layers(folders: Iterable[Path]) -> dict[str, LayerSpec]:
    """Read every layer file of some folders; a later folder's file of the same name wins.

    Parameters
    ----------
    folders
        Where the TOML files lie: the packaged layers first, then the study's own.

    Returns
    -------
    dict
        Key to declaration, in order of the keys.

    Raises
    ------
    StudyError
        If a file is no TOML or holds an unknown or impossible entry.
    """
    paths = {path.stem: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))}
    return {key: read_layer(path) for key, path in sorted(paths.items())}


def read_layer(path: Path) -> LayerSpec:
    """Read one layer file.

    Parameters
    ----------
    path
        The TOML file; its name is the layer's key.

    Returns
    -------
    LayerSpec
        The declaration.

    Raises
    ------
    StudyError
        If it is no TOML or holds an unknown or impossible entry.
    """
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as broken:
        raise StudyError(
            N_("A layer file is written in TOML."),
            N_("{path}: {error}"),
            N_("mend the line"),
            path=path.name,
            error=str(broken),
        ) from broken
    return _Reader(path.name).spec(path.stem, rows)


class _Reader:
    """Turns one file's rows into a declaration, naming the file in every refusal."""

    def __init__(self, name: str) -> None:
        self.name = name

    def spec(self, key: str, rows: Mapping[str, Any]) -> LayerSpec:
        self.known(rows, _TOP, "")
        self.present(rows, _TOP - {"parameters", "priority", "reference", "status"}, "")
        measure = self.one_of(rows["measure"], MEASURES, "measure")
        support = self.one_of(rows["support"], get_args(Support), "support")
        register = MEASURES[measure]
        if support not in register.supports:
            self.refuse(f"support = {support}", f"{measure}: {', '.join(register.supports)}")
        self.known(rows.get("parameters", {}), register.parameters(), "parameters")
        words = rows["words"]
        self.known(words, _WORDS, "words")
        self.present(words, _WORDS, "words")
        return LayerSpec(
            key=key,
            title=self.said(rows, "title"),
            question=self.said(rows, "question"),
            support=support,
            measure=measure,
            unit=str(rows["unit"]),
            status=self.one_of(rows.get("status", "established"), get_args(Status), "status"),
            show=self.show(rows["show"]),
            words={name: self.said(words, name) for name in sorted(_WORDS)},
            parameters=dict(rows.get("parameters", {})),
            priority=self.priority(rows["priority"]) if "priority" in rows else None,
            references=tuple(self.reference(row) for row in rows.get("reference", [])),
        )

    def show(self, rows: Mapping[str, Any]) -> Show:
        from hotspot.glossary.palettes import PALETTES

        self.known(rows, _SHOW, "show")
        self.present(rows, {"palette"}, "show")
        self.one_of(rows["palette"], PALETTES, "palette")
        lists = {name: tuple(rows[name]) for name in ("breaks", "classes") if name in rows}
        return Show(**{**rows, **lists})

    def priority(self, rows: Mapping[str, Any]) -> InPriority:
        self.known(rows, _PRIORITY, "priority")
        self.present(rows, {"direction", "weight", "aggregate"}, "priority")
        self.one_of(rows["direction"], get_args(Direction), "direction")
        self.one_of(rows["aggregate"], get_args(Aggregate), "aggregate")
        if not float(rows["weight"]) >= 0:
            self.refuse(f"weight = {rows['weight']}", "0")
        return InPriority(**rows)

    def reference(self, rows: Mapping[str, Any]) -> Mapping[str, str]:
        self.known(rows, _REFERENCE, "reference")
        return {name: str(text) for name, text in rows.items()}

    def said(self, rows: Mapping[str, Any], name: str) -> _SAID:
        text = rows[name]
        if (
            not isinstance(text, dict)
            or set(text) != _LANGUAGES
            or not all(str(each).strip() for each in text.values())
        ):
            self.refuse(f"{name} = {text}", '{ da = "…", en = "…" }')
        return {language: str(each) for language, each in text.items()}

    def known(self, rows: Mapping[str, Any], names: Iterable[str], where: str) -> None:
        for name in rows:
            if name not in names:
                self.refuse(f"{where}.{name}".lstrip("."), self.nearest(name, names))

    def present(self, rows: Mapping[str, Any], names: Iterable[str], where: str) -> None:
        missing = sorted(set(names) - set(rows))
        if missing:
            self.refuse(N_("nothing"), ", ".join(f"{where}.{name}".lstrip(".") for name in missing))

    def one_of(self, value: Any, names: Iterable[str], where: str) -> Any:  # noqa: ANN401 - checked here
        if value not in names:
            self.refuse(f"{where} = {value}", self.nearest(str(value), names))
        return value

    @staticmethod
    def nearest(name: str, names: Iterable[str]) -> str:
        close = difflib.get_close_matches(name, list(names), 1)
        return close[0] if close else ", ".join(sorted(names))

    def refuse(self, found: str, fix: str) -> None:
        raise StudyError(
            N_("A layer file holds only what layers/README.md lists, each with a known name."),
            N_("{file}: {found}"),
            N_("write {fix}"),
            file=self.name,
            found=found,
            fix=fix,
        )
