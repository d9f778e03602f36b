"""Figures without shapes, such as a census table, added by name to areas that are already there."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from hotspot.errors import N_, SourceError, Told
from hotspot.schema import COVARIATE_PREFIX, contract_of
from hotspot.schema.readings import EXAMPLES, Word, reading, said
from hotspot.sources.compared import names_of_areas, nearest_names
from hotspot.sources.fields import folded, folded_covariate, match_columns
from hotspot.sources.groups import column_of_dates, latest_of
from hotspot.sources.opening import content_hash, without_columns
from hotspot.sources.personal import refuse_personal
from hotspot.sources.raw import Raw, read_raw
from hotspot.sources.values import numbers
from hotspot.tables import Delivery, Table, table_of

ACCEPTED = N_("Accepted: {fix}.")
PROPOSED = N_("Proposed: {fix} (--accept {code}).")
_PERIOD = re.compile(r"(?:19|20)\d{2}(?:[KQM]\d{1,2})?")
_RESIDENTS = ("population", "befolkning", "folketal", "indbyggere", "residents")
_LONGEST = 40  # of an example
_DIGITS = 4  # of codes of municipalities and parishes
_MOST_NAMES = 0.5  # a table whose columns name at least half of the areas has its variables in rows


def read_figures(  # noqa: PLR0913 - what an import takes
    path: Path,
    areas: Table,
    source: str,
    mapping: Mapping[str, str] | None = None,
    *,
    layer: str | None = None,
    accept: Collection[str] = (),
    decline: Collection[str] = (),
    drop: Collection[str] = (),
    raw: Raw | None = None,
) -> Delivery:
    """Read figures about areas from a table without shapes.

    Parameters
    ----------
    path
        A table with one row per area, or one row per variable and one column per area, or one column per period.
    areas
        The areas that are already there.
    source
        Whose areas they are; the delivery takes the place of theirs.
    mapping
        Column, or row heading, to field: ``residents``, ``households`` or a covariate ``x_…``.
    layer
        Sheet of a workbook.
    accept
        Codes of accepted fixes, or ``all``.
    decline
        Codes of readings that are not made, and of proposed fixes that are not taken.
    drop
        Columns to leave out before anything is looked at.
    raw
        The file's rows, where they were read already.

    Returns
    -------
    Delivery
        The same areas with the figures; rows of the file that name no area are set aside.

    Raises
    ------
    SourceError
        If no area or no figure is recognised, or a fix has to be accepted first.
    """
    word = Word(tuple(accept), tuple(decline))
    raw = read_raw(path, layer, declined=word.decline) if raw is None else raw
    raw = replace(raw, cells=without_columns(raw.cells, drop))
    upright, told = _upright(raw, areas, word.decline)
    cells = raw.cells if "variables-in-rows" in word.decline else upright
    refuse_personal(cells)
    known = names_of_areas(areas)
    found = _Figures(path.name, raw.decimal, cells, dict(mapping or {}), word, [*raw.findings, *told])
    wanted = found.wanted(raw.titles)
    own = dict(zip(areas.frame["area_id"].astype(str), areas.frame["name"].astype(str), strict=True))
    named = found.named(known, own)
    if not wanted or not named.notna().any():
        raise SourceError(
            N_("A table of figures names areas that are there, and says which figures it holds."),
            N_("{name}: {areas} {areas:area|areas} recognised, figures: {figures}"),
            N_('name a figure: --map "HEADING=residents", or =households, or =x_share_65_plus'),
            name=path.name,
            areas=int(named.notna().sum()),
            figures=", ".join(wanted) or "–",
        )
    aside = {row: Told(N_("names no area that is there")) for row in named.index[named.isna()]}
    aside |= found.earlier(named)
    frame = areas.frame.set_index("area_id")
    stands = named.drop(index=list(aside))
    for field, column in wanted.items():
        read = numbers(found.cells.loc[stands.index, column], raw.decimal).values
        frame[field] = read.groupby(stands).first().reindex(frame.index)
    return _delivery(path, areas, source, frame.reset_index(), found, stands=stands, aside=aside)


class _Figures:
    """A table of figures on its way in: what was noticed, and which fixes were taken."""

    def __init__(
        self,
        name: str,
        decimal: str,
        cells: pd.DataFrame,
        mapping: dict[str, str],
        word: Word,
        findings: list[Told],
    ) -> None:
        self.name, self.decimal, self.cells, self.mapping = name, decimal, cells, mapping
        self.word, self.accepted, self.findings = word, list[str](), findings

    def takes(self, code: str) -> bool:
        """Tell whether a fix is accepted."""
        return bool({code, "all"} & {*self.word.accept}) and code not in self.word.decline

    def take(self, code: str, sentence: Told, fix: Told) -> None:
        """Take a fix that is accepted, or refuse the file with it."""
        if not self.takes(code):
            raise SourceError(
                N_("What a table of figures means is said by its owner."),
                N_("{name}: {found}"),
                N_("{fix}: --accept {code}"),
                name=self.name,
                found=sentence,
                fix=fix,
                code=code,
            )
        self.accepted.append(code)
        self.findings += [sentence, Told(ACCEPTED, {"fix": fix})]

    def wanted(self, titles: Sequence[str]) -> dict[str, str]:
        """Return field to column of the figures: by name, or the latest of many periods."""
        fields = match_columns(self.cells.columns, "areas", self.mapping)
        wanted = {field: column for field, column in fields.columns.items() if _is_figure(field)}
        periods = sorted(str(name) for name in self.cells.columns if _PERIOD.fullmatch(str(name)))
        if wanted or len(periods) < 2:  # noqa: PLR2004 - one period is a column like any other
            return wanted
        field = _field_of(titles)
        values = {
            "n": len(periods),
            "first": periods[0],
            "last": periods[-1],
            "field": field,
            "title": " ".join(titles[:1]),
        }
        self.take(
            "latest-period",
            Told(N_("{n} columns are periods, {first} to {last}, of one figure (“{title}”)."), values),
            Told(N_("read the latest, {last}, as {field}"), values),
        )
        return {field: periods[-1]}

    def tell_spelling(self, text: pd.Series, named: pd.Series, own: Mapping[str, str]) -> None:
        """Say which areas are named otherwise than in the study, though without doubt."""
        both = [(name, own[area]) for name, area in zip(text, named, strict=True) if isinstance(area, str)]
        pairs = {f"{name} = {mine}" for name, mine in both if name != mine}
        pairs = {pair for pair in pairs if not pair.partition(" = ")[0].isdigit()}
        if pairs:
            self.findings.append(Told(N_("Some areas are spelt otherwise: {names}."), {"names": sorted(pairs)}))

    def named(self, known: Mapping[str, str], own: Mapping[str, str]) -> pd.Series:
        """Return which area each row names."""
        fields = match_columns(self.cells.columns, "areas", self.mapping).columns
        first = [fields[field] for field in ("name", "area_id") if field in fields]
        labels = {
            str(name): self.cells[name].map(lambda text: _area(text, known)) for name in [*first, *self.cells.columns]
        }
        label = max(labels, key=lambda name: int(labels[name].notna().sum()))
        named: pd.Series = labels[label]
        text = self.cells[label]
        self.tell_spelling(text, named, own)
        near = nearest_names(sorted({*text[named.isna()].dropna()}), known)
        near = {name: area for name, area in near.items() if area not in {*named.dropna()}}
        if near:
            told = [f"{name} = {area}" for name, area in sorted(near.items())]
            sentence = Told(
                N_("{n} {n:name is|names are} almost that of an area: {told}."), {"n": len(near), "told": told}
            )
            fix = Told(N_("take them for these areas"))
            if self.takes("near-names"):
                self.take("near-names", sentence, fix)
                named = named.fillna(text.map(near))
            else:
                self.findings += [sentence, Told(PROPOSED, {"fix": fix, "code": "near-names"})]
        return named

    def earlier(self, named: pd.Series) -> dict[object, Told]:
        """Return the rows of earlier dates, where each area stands once for each of several."""
        column = column_of_dates(self.cells.loc[named.notna()], named.dropna())
        if column is None:
            return {}
        text = self.cells.loc[named.notna(), column]
        latest, aside = latest_of(text)
        values = {"n": int(text.nunique()), "column": column, "latest": latest}
        self.take(
            "latest-date",
            Told(N_("{column} holds {n} dates, and each row stands once for every one of them."), values),
            Told(N_("read only the rows of {latest}"), values),
        )
        return aside


def _area(text: object, known: Mapping[str, str]) -> str | None:
    """Return the area that a cell names, also where a number has lost or won zeros at its start."""
    if not isinstance(text, str):
        return None
    name = folded(text)
    return known.get(name) or (known.get(name.zfill(_DIGITS)) if name.isdigit() else None)


def _field_of(titles: Sequence[str]) -> str:
    """Return the field that a table's title speaks of: residents, or a covariate of the title's first words."""
    title = folded(" ".join(titles))
    if any(word in title for word in _RESIDENTS):
        return "residents"
    first = re.split(r" (?:by|efter|fordelt|pr\.?)\b", titles[0].lower() if titles else "figure")[0]
    return folded_covariate(" ".join(first.split()[:3]))


def lacks_places(path: Path, layer: str | None = None) -> bool:
    """Tell whether a file about areas has neither shapes nor columns that say where its rows lie.

    Parameters
    ----------
    path
        The file.
    layer
        Layer of a GeoPackage, sheet of a workbook.

    Returns
    -------
    bool
        True if it can only be figures for areas that are already there.
    """
    return has_no_places(read_raw(path, layer, "areas"))


def has_no_places(raw: Raw) -> bool:
    """Tell of a file that was read what `lacks_places` tells.

    Parameters
    ----------
    raw
        The file.
    """
    fields = match_columns(raw.cells.columns, "areas").columns
    return raw.geometry is None and not {"x", "lon", "wkt", "cell_id"} & set(fields)


def _delivery(  # noqa: PLR0913 - everything that a delivery is made of
    path: Path,
    areas: Table,
    source: str,
    frame: pd.DataFrame,
    found: _Figures,
    *,
    stands: pd.Series,
    aside: Mapping[object, Told],
) -> Delivery:
    told = [*found.findings]
    missing = frame.loc[~frame["area_id"].isin(stands), "name"].astype(str).tolist()
    if missing:
        told.append(Told(N_("No figures for: {names}."), {"names": missing}))
    quarantine = pd.DataFrame({"row": list(aside), "reason": list(aside.values())})
    covers = tuple(each for each in areas.coverage if each.source == source) or areas.coverage
    made = table_of("areas", gpd.GeoDataFrame(frame, crs=areas.frame.crs), areas.place, covers)
    provenance = {
        "file": path.name,
        "sha256": content_hash(path),
        "accepted": ",".join(["join-by-name", *found.accepted]),
        **said(found.findings, found.accepted, found.word),
    }
    return Delivery(made, quarantine, tuple(told), len(frame) + len(aside), source, provenance)


def _upright(raw: Raw, areas: Table, declined: Collection[str]) -> tuple[pd.DataFrame, list[Told]]:
    """Turn a table whose columns are the areas so that its rows are, and say so."""
    cells = raw.cells
    known = {folded(str(name)) for name in areas.frame["name"]}
    columns = [column for column in cells.columns if folded(str(column)) in known]
    columns = [c for i, c in enumerate(columns) if folded(str(c)) not in {folded(str(b)) for b in columns[:i]}]
    if len(columns) < _MOST_NAMES * len(known):
        return cells, []
    first = next((c for c in cells.columns if c not in columns and _holds_headings(cells[c])), None)
    if first is None:
        return cells, []
    headings = cells[first].fillna("").astype(str).str.strip()
    once = headings.ne("") & ~headings.duplicated()
    turned = cells.loc[once, columns].T
    turned.columns = pd.Index(headings[once])
    turned.insert(0, "name", [str(column).strip() for column in columns])
    sentence = N_(
        "The table has its variables in rows and one column per area ({areas}); it was turned ({rows:row|rows} {rows})."
    )
    shown = [f"{row}: {text[:_LONGEST]}" for row, text in headings[once].head(EXAMPLES).items()]
    values = {"areas": [str(column).strip() for column in columns[:EXAMPLES]], "rows": shown}
    return turned.reset_index(drop=True), [reading("variables-in-rows", sentence, values, declined)]


def _holds_headings(column: pd.Series) -> bool:
    return sum(map(_is_heading, column.dropna())) > _MOST_NAMES * len(column)


def _is_heading(text: str) -> bool:
    return not text.strip().replace(",", "").replace(".", "").isdigit()


def _is_figure(field: str) -> bool:
    column = contract_of("areas").columns.get(field)
    return field.startswith(COVARIATE_PREFIX) or (column is not None and column.type == "number")
