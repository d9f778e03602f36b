"""Commands that bring data in: demo, init, import, check, undo."""

import csv
import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspot.cli.options import Folder, Json, Languages, spoken, writing
from hotspot.cli.output import Progress, as_json, line, table
from hotspot.errors import N_, SourceError, Told
from hotspot.glossary import amount, say, words
from hotspot.packaged import packaged_folder
from hotspot.study import Study, parse_period


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the study is made.")] = Path("demo-study"),
    *,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the fictional town.")] = 1,
    language: Languages = "da",
    json: Json = False,
) -> None:
    """Write a fictional town's raw files, import them, run, and print the first priorities."""
    progress = Progress(spoken(language, "da"), quiet=json)
    if (folder / "study.toml").exists():
        from hotspot.store import Store

        store = Store(folder)
    else:
        raw = folder / "raw"
        progress(Told(N_("writing the fictional town's raw files to {folder}"), {"folder": str(raw)}), 0.0)
        study = Study("Ternevig Kommune", "EPSG:25832", language=progress.language)
        with writing(folder):
            raw.mkdir(parents=True, exist_ok=True)
        store = _write_town(raw, seed, study)
    from hotspot.cli.answers import print_priorities, print_result
    from hotspot.report.results import run_and_keep

    _import_town(store, folder / "raw", progress)
    result = run_and_keep(store, store.study, progress)
    if json:
        print_result(result)
        return
    line()
    print_priorities(result, progress.language, 10)
    line()
    _ = words(progress.language)
    line(_("The study lies in {folder}. See it on a map: hotspot serve {folder}", folder=str(folder)))


def _write_town(raw: Path, seed: int, study: Study) -> Any:  # noqa: ANN401 - a store, imported late
    """Write the raw files in a process of their own, while this one loads what it needs next."""
    generator = packaged_folder("data") / "demo" / "town"
    command = [sys.executable, str(generator), str(raw), "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as town:  # noqa: S603 - our own generator, run apart from the analysis
        import hotspot.report.results  # noqa: F401 - loaded meanwhile
        from hotspot.sources import read_outline
        from hotspot.store import Store

        if town.wait():
            raise subprocess.CalledProcessError(town.returncode, command)
    return Store.create(raw.parent, study, read_outline(raw / "kommunegraense.geojson", study.crs))


def _import_town(store: Any, raw: Path, progress: Progress) -> None:  # noqa: ANN401 - a store, imported late
    from hotspot.sources import read_table
    from hotspot.tables import Coverage

    with (raw / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["kind"] != "boundary"]
    for number, row in enumerate(rows):
        progress(Told(N_("importing {file}"), {"file": row["fil"]}), 0.02 + 0.4 * number / len(rows))
        source = f"{row['kilde']}-{row['lag']}" if row["kind"] == "green" else row["kilde"]
        days = row["fra"], row["til"]
        cover = (
            Coverage(source, None, *(dt.date.fromisoformat(day) for day in days))
            if all(days) and row["kind"] == "incidents"
            else None
        )
        delivery = read_table(
            raw / row["fil"],
            row["kind"],
            store.place,
            crs=row["crs"] or None,
            layer=row["lag"] or None,
            coverage=cover,
            source=source,
        )
        store.keep(delivery)


def init(
    folder: Folder,
    *,
    name: Annotated[str, typer.Option(help="What the place is called.")],
    boundary: Annotated[Path, typer.Option(help="A file with the place's outline.")],
    crs: Annotated[str, typer.Option(help="The study's metric reference system.")] = "EPSG:25832",
    boundary_crs: Annotated[
        str | None, typer.Option(help="The outline's own system, if its file does not say.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="The place's time zone.")] = "Europe/Copenhagen",
    language: Languages = "da",
) -> None:
    """Start a new study."""
    from hotspot.sources import read_outline
    from hotspot.store import Store

    study = Study(name, crs, language=spoken(language, "da"), timezone=timezone)
    outline = read_outline(boundary, crs, boundary_crs)
    with writing(folder):
        store = Store.create(folder, study, outline)
    _ = words(study.language)
    line(
        _(
            "{place} is ready: {area:.1f} km². Next: hotspot import {folder} incidents FILE",
            place=name,
            area=store.place.area_km2,
            folder=str(folder),
        )
    )


def import_(
    folder: Folder,
    kind: Annotated[
        str,
        typer.Argument(
            help="incidents, lamps, green, responses, areas, population, visits, roads, buildings, "
            "interventions or prices."
        ),
    ],
    file: Annotated[Path, typer.Argument(help="CSV, Excel, GeoJSON, GeoPackage, zipped shapefile or GeoParquet.")],
    *,
    map_: Annotated[
        list[str], typer.Option("--map", help="COLUMN=field, where a name is not known; may be repeated.")
    ] = [],  # noqa: B006
    crs: Annotated[
        str | None, typer.Option(help="Reference system of the coordinates, if the file does not say.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of a GeoPackage or sheet of a workbook.")] = None,
    coverage: Annotated[
        list[str], typer.Option(help="A polygon file or days as 2023-01-01..2025-12-31; may be repeated.")
    ] = [],  # noqa: B006
    drop: Annotated[list[str], typer.Option(help="A column to leave out; may be repeated.")] = [],  # noqa: B006
    source: Annotated[str | None, typer.Option(help="Whose delivery it is; a new one replaces the old.")] = None,
    join: Annotated[
        bool, typer.Option("--join", help="Add figures without shapes to the areas already there, by name.")
    ] = False,
    accept: Annotated[
        list[str], typer.Option(help="Codes of proposed fixes to take, with commas between, or all.")
    ] = [],  # noqa: B006
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and tell, keep nothing.")] = False,
    json: Json = False,
) -> None:
    """Take a delivery in: what stands is kept, what does not is set aside with its reason."""
    from hotspot.sources import read_table
    from hotspot.store import Store

    store = Store(folder)
    codes = [code.strip() for text in accept for code in text.split(",") if code.strip()]
    if dry_run and not json and not join:
        _print_diagnosis(store, kind, file, (_pairs(map_), crs, layer, drop, codes))
        return
    if join or _without_shapes(store, kind, file, layer, codes):
        delivery = _figures(store, kind, file, source, _pairs(map_))
    else:
        delivery = read_table(
            file,
            kind,
            store.place,
            mapping=_pairs(map_),
            crs=crs,
            layer=layer,
            coverage=_covered(coverage, store),
            drop=drop,
            source=source,
            accept=codes,
        )
    if not dry_run:
        store.keep(delivery)
    language = store.study.language
    _ = words(language)
    dropped = dict(delivery.table.dropped)
    if json:
        as_json(
            {
                "kind": kind,
                "source": delivery.source,
                "read": delivery.read,
                "kept": len(delivery.table),
                "quarantined": len(delivery.quarantine),
                "reasons": dropped,
                "findings": delivery.findings,
                "accepted": [each for each in delivery.provenance.get("accepted", "").split(",") if each],
            }
        )
        return
    line(
        _(
            "{file}: {read} rows read, {kept} kept, {out} set aside.",
            file=file.name,
            read=delivery.read,
            kept=len(delivery.table),
            out=len(delivery.quarantine),
        )
    )
    for told, n in _reasons(delivery.quarantine):
        line("  " + _("{n} rows: {why}", n=n, why=told))
    for finding in delivery.findings:
        line("  " + say(finding, language))
    if dry_run:
        line(_("Nothing was kept (--dry-run)."))


def _print_diagnosis(store: Any, kind: str, file: Path, asked: tuple[Any, ...]) -> None:  # noqa: ANN401 - a store
    """Print what the file looks like and what would become of it; keep nothing."""
    from hotspot.sources import diagnose

    mapping, crs, layer, drop, codes = asked
    language = store.study.language
    _ = words(language)
    seen = diagnose(file, kind, store.place, mapping=mapping, crs=crs, layer=layer, drop=drop, accept=codes)
    if seen.delivery is not None:
        counts = {"read": seen.rows, "kept": len(seen.delivery.table), "out": len(seen.delivery.quarantine)}
        line(_("{file}: {read} rows read, {kept} kept, {out} set aside.", file=file.name, **counts))
    for column in seen.columns:
        line("  " + say(column.reason, language))
    for finding in seen.findings:
        line("- " + say(finding.sentence, language))
        for example in finding.examples:
            line("    " + _("row {example}", example=example))
        if finding.fix is not None and not finding.accepted:
            fix = say(finding.fix, language)
            line("    " + _("proposed: {fix} (--accept {code})", fix=fix, code=finding.code))
    line(_("Nothing was kept (--dry-run)."))
    if seen.refusal is not None:
        raise seen.refusal


def _without_shapes(store: Any, kind: str, file: Path, layer: str | None, codes: list[str]) -> bool:  # noqa: ANN401
    """Tell whether a table of figures about areas is to be joined to the shapes that are there."""
    from hotspot.sources import lacks_places

    areas_are_there = any(each.kind == "areas" for each in store.imports())
    if kind != "areas" or not areas_are_there or not lacks_places(file, layer):
        return False
    if not {"join-by-name", "all"} & set(codes):
        raise SourceError(
            N_("Areas have shapes, or are figures for areas that are already there."),
            N_("{name} without shapes"),
            N_("join its figures by name: --accept join-by-name"),
            name=file.name,
        )
    return True


def _figures(store: Any, kind: str, file: Path, source: str | None, mapping: dict[str, str]) -> Any:  # noqa: ANN401
    """Read figures for areas that are already there."""
    from hotspot.sources import read_figures

    there = [each for each in store.imports() if each.kind == "areas" and source in (None, each.source)]
    if kind != "areas" or len(there) != 1:
        raise SourceError(
            N_("--join adds figures to one delivery of areas that is already there."),
            N_("{kind}; areas from {sources}"),
            N_("import areas with shapes first, and name their --source"),
            kind=kind,
            sources=[each.source for each in there] or "–",
        )
    return read_figures(file, store.snapshot().tables["areas"], there[0].source, mapping)


def _reasons(quarantine: Any) -> list[tuple[Told, int]]:  # noqa: ANN401 - a frame
    counts: dict[str, tuple[Told, int]] = {}
    for told in quarantine["reason"]:
        known = counts.get(str(told), (told, 0))
        counts[str(told)] = (told, known[1] + 1)
    return sorted(counts.values(), key=lambda pair: -pair[1])


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        column, equals, field = text.rpartition("=")
        if not equals or not column or not field:
            raise SourceError(
                N_("--map names a column and the field it holds."),
                N_("{text}"),
                N_('write --map "COLUMN=field"'),
                text=text,
            )
        pairs[column] = field
    return pairs


def _covered(texts: list[str], store: Any) -> Any:  # noqa: ANN401 - a store and a coverage, imported late
    from hotspot.sources import read_outline
    from hotspot.tables import Coverage

    if not texts:
        return None
    days = next((parse_period(text) for text in texts if ".." in text), None)
    files = [Path(text) for text in texts if ".." not in text]
    area = read_outline(files[0], store.study.crs) if files else None
    return Coverage("", area, *(days or (None, None)))  # type: ignore[arg-type]  # the stubs are narrower than the library


def check(folder: Folder, *, json: Json = False) -> None:
    """Tell what is there, what is missing, and what that makes impossible to say."""
    from hotspot.layers import read_layers
    from hotspot.measures import MEASURES
    from hotspot.store import Store

    store = Store(folder)
    snapshot = store.snapshot()
    language = store.study.language
    _ = words(language)
    specs = read_layers(snapshot.layer_folders)
    have = set(snapshot.tables)
    missing = {key: [kind for kind in MEASURES[spec.measure].needs if kind not in have] for key, spec in specs.items()}
    covers = snapshot.coverage()
    if json:
        as_json({"deliveries": covers, "cannot_say": {key: kinds for key, kinds in missing.items() if kinds}})
        return
    rows = [
        {
            "kind": row["kind"],
            "source": row["source"],
            "read": amount(row["read"], language),
            "kept": amount(row["kept"], language),
            "aside": amount(row["quarantined"], language),
            "days": f"{row['first'] or ''}..{row['last'] or ''}".strip("."),
        }
        for _i, row in covers.iterrows()
    ]
    table(
        rows,
        {
            "kind": _("kind"),
            "source": _("source"),
            "read": _("read"),
            "kept": _("kept"),
            "aside": _("set aside"),
            "days": _("days"),
        },
        right=("read", "kept", "aside"),
    )
    for key, kinds in missing.items():
        if kinds:
            line(_("“{layer}” cannot be said without {missing}.", layer=specs[key].title, missing=kinds))
    for finding in snapshot.findings:
        line("- " + say(finding, language))


def undo(
    folder: Folder,
    kind: Annotated[str, typer.Argument(help="Which kind of table.")],
    *,
    source: Annotated[str, typer.Option(help="Whose delivery.")],
    json: Json = False,
) -> None:
    """Let what counted before the last import count again."""
    from hotspot.store import Store

    store = Store(folder)
    now = store.undo(kind, source)
    if json:
        as_json({"kind": kind, "source": source, "kept": now.kept if now else 0})
        return
    _ = words(store.study.language)
    line(
        _("Nothing of {kind} from {source} counts now.", kind=kind, source=source)
        if now is None
        else _("{rows} rows of {kind} from {source} count now.", rows=now.kept, kind=kind, source=source)
    )


import_.__name__ = "import"
COMMANDS = (demo, init, import_, check, undo)
