"""The recipe: what is asked of which place, period, categories and weights, as plain values."""

import datetime as dt
import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotspot.errors import N_, StudyError
from hotspot.glossary import LANGUAGES, Language

LIGHT = ("day", "dusk", "dark")
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Study:
    """What is asked: of which place, when, about what, with which weights and budget.

    Parameters
    ----------
    name
        The study's title, as it stands on maps and papers.
    crs
        The one metric reference system of the whole run, such as ``"EPSG:25832"``.
    language
        Language of the command line's words and of files that carry one language.
    timezone
        The place's time zone.
    period
        First and last day, both included; None takes the days that every source covers.
    categories
        Codes of the category tree; empty takes all.
    light
        Any of ``"day"``, ``"dusk"``, ``"dark"``.
    layers
        Keys of layer files to run; empty takes all.
    weights
        Layer key to weight in the combined priority, where the study departs from the layer file.
    budget_dkk
        What may be spent. [DKK]
    cell_m
        Side of an analysis cell, a divisor or multiple of the national 100 m grid. [m]
    seed
        Seed of every draw in the run.
    """

    name: str
    crs: str
    language: Language = "da"
    timezone: str = "Europe/Copenhagen"
    period: tuple[dt.date, dt.date] | None = None
    categories: tuple[str, ...] = ()
    light: tuple[str, ...] = LIGHT
    layers: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    budget_dkk: float = 1_000_000.0
    cell_m: float = 100.0
    seed: int = 1

    def __post_init__(self) -> None:
        """Normalise the values and refuse what no run could answer."""
        object.__setattr__(self, "categories", tuple(sorted(set(self.categories))))
        object.__setattr__(self, "light", tuple(part for part in LIGHT if part in self.light))
        object.__setattr__(self, "weights", MappingProxyType({k: float(v) for k, v in sorted(self.weights.items())}))
        _refuse_impossible(self)

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self.key)

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from plain values, since a mapping proxy cannot be sent to another process."""
        return (
            Study,
            (
                self.name,
                self.crs,
                self.language,
                self.timezone,
                self.period,
                self.categories,
                self.light,
                self.layers,
                dict(self.weights),
                self.budget_dkk,
                self.cell_m,
                self.seed,
            ),
        )

    @property
    def key(self) -> str:
        """Twelve characters that stand for exactly this recipe."""
        return hashlib.sha256(json.dumps(_plain(self), sort_keys=True).encode()).hexdigest()[:12]

    def but(self, **changes: Any) -> Self:  # noqa: ANN401 - any field's value
        """Return the same recipe with some fields changed.

        Parameters
        ----------
        **changes
            Field names and new values.

        Returns
        -------
        Study
            A new recipe.
        """
        return replace(self, **changes)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a recipe from ``study.toml``.

        Parameters
        ----------
        path
            The file.

        Returns
        -------
        Study
            The recipe.

        Raises
        ------
        StudyError
            If the file is missing, is no TOML, or holds an unknown or impossible value.
        """
        try:
            rows = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError as missing:
            raise StudyError(
                N_("A study is a folder with a study.toml."),
                N_("no {path}"),
                N_("hotspot init {folder}"),
                path=str(path),
                folder=str(path.parent),
            ) from missing
        except tomllib.TOMLDecodeError as broken:
            raise StudyError(
                N_("study.toml is written in TOML."),
                N_("{path}: {error}"),
                N_("mend the line, or start again with hotspot init"),
                path=str(path),
                error=str(broken),
            ) from broken
        return cls.from_plain(rows)

    @classmethod
    def from_plain(cls, rows: Mapping[str, Any]) -> Self:
        """Make a recipe from plain values, as TOML and JSON hold them.

        Parameters
        ----------
        rows
            Field name to plain value; the period as ``"2023-01-01..2025-12-31"``.

        Returns
        -------
        Study
            The recipe.

        Raises
        ------
        StudyError
            If a field is unknown or a value impossible.
        """
        known = [each.name for each in fields(cls)]
        unknown = [name for name in rows if name not in known]
        if unknown:
            nearest = difflib.get_close_matches(unknown[0], known, 1)
            raise StudyError(
                N_("A study holds only the fields {known}."),
                N_("{unknown}"),
                N_("{fix}"),
                known=known,
                unknown=unknown,
                fix=nearest[0] if nearest else known,
            )
        _refuse_wrong_kinds(rows)
        values = dict(rows)
        if "period" in values:
            values["period"] = parse_period(values["period"])
        for name in ("categories", "light", "layers"):
            if name in values:
                values[name] = tuple(values[name])
        return cls(**values)

    def plain(self) -> dict[str, Any]:
        """Return the recipe as plain values, the inverse of `from_plain`.

        Returns
        -------
        dict
            Only TOML and JSON types; an unset period is left out.
        """
        return _plain(self)

    def write(self, path: Path) -> None:
        """Write the recipe as TOML, whole or not at all.

        Parameters
        ----------
        path
            The file to write.
        """
        import tomli_w

        beside = path.with_suffix(".tmp")
        beside.write_text(tomli_w.dumps(_plain(self)), "utf-8")
        beside.replace(path)

    def arguments(self) -> list[str]:
        """Return the options of ``hotspot run`` that mean this recipe.

        Returns
        -------
        list of str
            Options and values, such as ``["--seed", "1"]``.
        """
        words = [
            "--light",
            ",".join(self.light),
            "--budget",
            f"{self.budget_dkk:.17g}",
            "--seed",
            str(self.seed),
        ]
        words += [
            "--categories",
            ",".join(self.categories) or "all",
            "--layers",
            ",".join(self.layers) or "all",
        ]
        words += ["--period", _period_text(self.period) or "all", "--cell", f"{self.cell_m:.17g}"]
        return words + [part for key, weight in self.weights.items() for part in ("--weight", f"{key}={weight:.17g}")]


def parse_period(text: str) -> tuple[dt.date, dt.date] | None:
    """Read ``"2023-01-01..2025-12-31"``, both days included, or ``"all"``.

    Parameters
    ----------
    text
        What the user wrote.

    Returns
    -------
    tuple of date or None
        First and last day; None for ``"all"``.

    Raises
    ------
    StudyError
        If it is neither.
    """
    if text == "all":
        return None
    match = _PERIOD.fullmatch(text.strip())
    try:
        if match:
            return dt.date.fromisoformat(match[1]), dt.date.fromisoformat(match[2])
    except ValueError:
        pass
    raise StudyError(
        N_("A period is two days, first and last."),
        N_("{text}"),
        N_("write it as 2023-01-01..2025-12-31, or all"),
        text=text,
    )


def parse_weights(pairs: Iterable[str]) -> dict[str, float]:
    """Read weights given as ``layer=number``.

    Parameters
    ----------
    pairs
        Such as ``["felt_unsafe=0.45"]``.

    Returns
    -------
    dict
        Layer key to weight.

    Raises
    ------
    StudyError
        If a pair is not a name, an equals sign and a number.
    """
    weights = {}
    for pair in pairs:
        key, _, number = pair.partition("=")
        try:
            weights[key.strip()] = float(number)
        except ValueError as broken:
            raise StudyError(
                N_("A weight is a layer's key and a number."),
                N_("{pair}"),
                N_("write --weight felt_unsafe=0.45"),
                pair=pair,
            ) from broken
    return weights


def _plain(study: Study) -> dict[str, Any]:
    rows = {each.name: getattr(study, each.name) for each in fields(study)}
    rows["weights"] = dict(study.weights)
    for name in ("categories", "light", "layers"):
        rows[name] = list(rows[name])
    rows["period"] = _period_text(study.period)
    return {name: value for name, value in rows.items() if value is not None}


def _period_text(period: tuple[dt.date, dt.date] | None) -> str | None:
    return f"{period[0].isoformat()}..{period[1].isoformat()}" if period else None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _refuse_wrong_kinds(rows: Mapping[str, Any]) -> None:
    kinds: dict[str, Any] = {"budget_dkk": (int, float), "cell_m": (int, float), "seed": int, "weights": Mapping}
    kinds |= dict.fromkeys(("categories", "light", "layers"), list | tuple)
    found = [f"{name} = {value!r}" for name, value in rows.items() if not isinstance(value, kinds.get(name, str))]
    found += [f"{name} = ?" for name in ("name", "crs") if name not in rows]
    if found:
        raise StudyError(
            N_("A study names its place and its reference system, and each field is of its kind."),
            N_("{found}"),
            N_("change it in study.toml or on the command line"),
            found=found,
        )


def _refuse_impossible(study: Study) -> None:
    holds = {
        "language": study.language in LANGUAGES,
        "timezone": _is_zone(study.timezone),
        "period": not study.period or study.period[0] <= study.period[1],
        "light": bool(study.light),
        "budget_dkk": study.budget_dkk >= 0,
        "cell_m": study.cell_m > 0 and (100 % study.cell_m == 0 or study.cell_m % 100 == 0),
        "seed": study.seed >= 0,
        "weights": all(weight >= 0 for weight in study.weights.values()),
    }
    given = _plain(study)
    found = [f"{name} = {given[name]}" for name, held in holds.items() if not held]
    if found:
        raise StudyError(
            N_(
                "A study has a language (da, en), a known time zone, days in order, some light (day, dusk, dark), a "
                "budget, weights and a seed that are "
                "not negative, and cells that divide the national 100 m grid or are multiples of it."
            ),
            N_("{found}"),
            N_("change it in study.toml or on the command line"),
            found=found,
        )
