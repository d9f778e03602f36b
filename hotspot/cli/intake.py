"""Commands that bring data in: demo, init, import, check, undo; and the table of categories."""

import csv
import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspot.cli.categories import categories
from hotspot.cli.options import Folder, Json, Languages, SpokenIn, said_or_asked, spoken, writing
from hotspot.cli.output import Progress, as_json, line, table
from hotspot.errors import N_, StudyError, Told
from hotspot.glossary import amount, say, words
from hotspot.packaged import packaged_folder
from hotspot.study import Study

_USUAL_CRS = "EPSG:25832"
_DELIVERIES = "deliveries.csv"  # what the town's raw files are, one a line


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the study is made.")] = Path("demo-study"),
    *,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the fictional town.")] = 1,
    language: Languages = "da",
    json: Json = False,
) -> None:
    """Write a fictional town's raw files, import them, run, and print the first priorities."""
    progress = Progress(spoken(language, "da"), quiet=json)
    raw = folder / "raw"
    if (folder / "study.toml").exists():
        _require_town(folder, raw)
        from hotspot.store import Store

        store = Store(folder)
    else:
        progress(Told(N_("writing the fictional town's raw files to {folder}"), {"folder": str(raw)}), 0.0)
        study = Study("Ternevig Kommune", _USUAL_CRS, language=progress.language)
        with writing(folder):
            raw.mkdir(parents=True, exist_ok=True)
        store = _write_town(raw, seed, study)
    from hotspot.cli.answers import print_priorities, print_result
    from hotspot.report.results import run_and_keep

    _import_town(store, raw, progress)
    settled = run_and_keep(store, store.study, progress)
    if json:
        print_result(settled.result)
        return
    line()
    print_priorities(settled, progress.language, 10)
    line()
    _ = words(progress.language)
    line(_("The study lies in {folder}. See it on a map: hotspot serve {folder}", folder=str(folder)))


def _require_town(folder: Path, raw: Path) -> None:
    """Let no study but the fictional town be filled with the fictional town."""
    if not (raw / _DELIVERIES).exists():
        raise StudyError(
            N_("hotspot demo goes on only with a town that it has written itself."),
            N_("{folder}, a study without {file}"),
            N_("hotspot demo another-folder"),
            folder=str(folder),
            file=f"raw/{_DELIVERIES}",
        )


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
    from hotspot.store.against import known_tables
    from hotspot.tables import Coverage

    with (raw / _DELIVERIES).open(encoding="utf-8", newline="") as file:
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
            known=known_tables(store, row["kind"]),
            codes=store.categories().codes,
        )
        store.keep(delivery)


def init(
    folder: Folder,
    *,
    name: Annotated[str | None, typer.Option(help="What the place is called.")] = None,
    boundary: Annotated[Path | None, typer.Option(help="A file with the place's outline.")] = None,
    crs: Annotated[
        str | None, typer.Option(help="The study's metric reference system; EPSG:25832 if not said.")
    ] = None,
    boundary_area: Annotated[
        str | None, typer.Option(help="Name or number of the area meant, if the file holds more.")
    ] = None,
    boundary_crs: Annotated[
        str | None, typer.Option(help="The outline's own system, if its file does not say.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="The place's time zone.")] = "Europe/Copenhagen",
    language: SpokenIn = None,
) -> None:
    """Start a new study; at a terminal, ask for what is not said."""
    from hotspot.sources import read_outline
    from hotspot.store import Store

    if name is None or boundary is None:  # somebody who says both wants no more questions
        language = said_or_asked(language, "da", N_("Language, da or en"), "--language", "da")
        crs = said_or_asked(crs, spoken(language, "da"), N_("Metric reference system"), "--crs", _USUAL_CRS)
    wanted, system = spoken(language, "da"), crs or _USUAL_CRS
    place = said_or_asked(name, wanted, N_("What the place is called"), "--name")
    outlined = Path(
        said_or_asked(None if boundary is None else str(boundary), wanted, N_("A file with its outline"), "--boundary")
    )
    study = Study(place, system, language=wanted, timezone=timezone)
    outline = read_outline(outlined, system, boundary_crs, boundary_area)
    with writing(folder):
        store = Store.create(folder, study, outline)
    _ = words(study.language)
    line(
        _(
            "{place} is ready: {area:.1f} km². Next: hotspot import {folder} incidents FILE",
            place=place,
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
    file: Annotated[
        str,
        typer.Argument(
            help="CSV, Excel, GeoJSON, TopoJSON, GeoPackage, zipped shapefile or GeoParquet; a folder, of which "
            "all that is new is taken; or the address of a WFS, an OGC API or a PostGIS database."
        ),
    ],
    *,
    map_: Annotated[
        list[str], typer.Option("--map", help="COLUMN=field, where a name is not known; may be repeated.")
    ] = [],  # noqa: B006
    crs: Annotated[
        str | None, typer.Option(help="Reference system of the coordinates, if the file does not say.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Layer, sheet, feature type or table.")] = None,
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
    decline: Annotated[
        list[str],
        typer.Option(
            help="Codes of readings that are not to be made, with commas between; each is told with its code."
        ),
    ] = [],  # noqa: B006
    aside: Annotated[
        Path | None, typer.Option(help="Write rows set aside to this CSV: correct them there and import it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and tell, keep nothing.")] = False,
    json: Json = False,
) -> None:
    """Take a delivery in: what stands is kept, what does not is set aside with its reason."""
    from hotspot.cli.delivered import plain_delivery, print_delivery, print_diagnosis, print_unmapped, unmapped
    from hotspot.cli.origins import origins
    from hotspot.cli.taking import Wanted, codes_of, covered, deliveries_of, is_plain_delivery, pairs
    from hotspot.schema.readings import Word
    from hotspot.store import Store
    from hotspot.store.changes import changes
    from hotspot.store.corrections import lost_corrections
    from hotspot.store.remembered import told_remembered, word_for

    store = Store(folder)
    word = Word(codes_of(accept), codes_of(decline))
    wanted = Wanted(pairs(map_), crs, covered(coverage, store), tuple(drop), word, join, aside)
    with origins(store, kind, file, layer, source) as found:
        if dry_run and not json and len(found) == 1 and is_plain_delivery(store, kind, found[0], wanted):
            print_diagnosis(store, kind, found[0], wanted)
            return
        deliveries = deliveries_of(store, kind, found, wanted)
    lost = [unmapped(store, delivery) for delivery in deliveries]  # refuses a faulty categories.csv before all else
    told, wiped = [], [lost_corrections(store, delivery) for delivery in deliveries]
    before = [told_remembered(word_for(store, kind, each.source, word), word) for each in deliveries]
    for origin, delivery in zip(found, deliveries, strict=True):
        told.append((origin.path.name, delivery, changes(store, delivery)))
        if not dry_run:
            store.keep(delivery)
    if json:
        plain = [plain_delivery(each, how, codes) for (_name, each, how), codes in zip(told, lost, strict=True)]
        as_json(plain if Path(file).is_dir() else plain[0])
        return
    for (name, delivery, changed), codes, gone, said in zip(told, lost, wiped, before, strict=True):
        print_delivery(name, delivery, changed, store.study.language, kept=not dry_run)
        print_unmapped(codes, store.study.language)
        for each in [*said, *([] if gone is None else [gone])]:
            line("  " + say(each, store.study.language))
    if not told:
        line(words(store.study.language)("Nothing in {folder} is new.", folder=file))


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
        else _(
            "{rows} {rows:row|rows} of {kind} from {source} {rows:counts|count} now.",
            rows=now.kept,
            kind=kind,
            source=source,
        )
    )


import_.__name__ = "import"
COMMANDS = (demo, init, import_, check, categories, undo)
