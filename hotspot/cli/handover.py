"""Commands that hand something over: report, export, layers, serve."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hotspot.cli.answers import current_release
from hotspot.cli.options import Audiences, Folder, Json, Languages, Out, Owner, SpokenIn, check_target, spoken, writing
from hotspot.cli.output import as_json, line, table
from hotspot.errors import N_, StudyError
from hotspot.glossary import Language, words

_ENDINGS = (".gpkg", ".csv", ".geojson", "")
_WRITTEN = N_("{out} is written for {audience}.")
_COUNTS = N_(
    "Incidents by place, whole year and category. Empty text is all of them. A year's counts stand as they were told "
    "first: rows delivered later do not change them. A row with hidden = 1 may not be told."
)
_NO_COUNTS = N_("none can be told of this recipe beside those told before")
_TABLES = ("priorities", "counts")
_READERS = {
    "council": N_("the council"),
    "partner": N_("the housing association"),
    "planner": N_("the planner"),
    "liaison": N_("the police liaison"),
    "admin": N_("the administrator"),
}


def report(
    folder: Folder,
    *,
    out: Out,
    audience: Audiences = "council",
    owner: Owner = "",
    language: SpokenIn = None,
) -> None:
    """Write the council's paper as PDF or DOCX."""
    from hotspot.report import write_report

    spoken(language, "da")
    check_target(out, (".pdf", ".docx"))
    with current_release(folder, audience, owner) as shown, writing(out):
        wanted = spoken(language, shown.study.language)
        write_report(shown, out, wanted)
    _say_written(out, audience, wanted)


def export(
    folder: Folder,
    *,
    out: Out,
    table: Annotated[str, typer.Option("--table", help="For .csv: priorities or counts.")] = "priorities",
    audience: Audiences = "planner",
    owner: Owner = "",
    language: SpokenIn = None,
) -> None:
    """Write a GeoPackage (.gpkg), the priorities as .csv or .geojson, or a folder with surfaces as GeoTIFF."""
    from hotspot.report.export import write_csv, write_geojson, write_surfaces
    from hotspot.report.frames import priority_frame
    from hotspot.report.geopackage import write_geopackage

    spoken(language, "da")
    check_target(out, _ENDINGS)
    _check_table(table, out)
    with current_release(folder, audience, owner) as shown, writing(out):
        wanted = spoken(language, shown.study.language)
        match out.suffix.lower():
            case ".gpkg":
                write_geopackage(shown, out, wanted)
            case ".csv" if table == "counts":
                write_csv(_counts(shown, wanted), out, wanted)
            case ".csv":
                write_csv(priority_frame(shown, wanted), out, wanted)
            case ".geojson":
                write_geojson(shown, "priorities", out, wanted)
            case _:
                _needs_surfaces(shown, out)
                write_surfaces(shown, out)
    _say_written(out, audience, wanted)
    if table == "counts":
        line(words(wanted)(_COUNTS))


def _check_table(table: str, out: Path) -> None:
    if table not in _TABLES or (table == "counts" and out.suffix.lower() != ".csv"):
        raise StudyError(
            N_("A table is priorities, or counts as a .csv."), N_("{table} as {name}"),
            N_("--table counts --out counts.csv"),
            table=table, name=out.name,
        )  # fmt: skip


def _counts(shown: Any, language: Language) -> Any:  # noqa: ANN401 - a release; a frame
    from hotspot.report.frames import counts_frame

    if shown.counts.empty:
        raise StudyError(
            N_("The table of counts is of the study's own recipe, and one only."), _NO_COUNTS,
            N_("give the study back the categories, light and places of the first table"),
        )  # fmt: skip
    return counts_frame(shown, language)


def _needs_surfaces(shown: Any, out: Path) -> None:  # noqa: ANN401 - a release
    if all(layer.surface is None for layer in shown.layers.values()):
        raise StudyError(
            N_("A folder holds surfaces, for those who may see surfaces."),
            N_("none among the layers for {audience}"),
            N_("write --out {name}.gpkg, or name another --audience"),
            audience=shown.audience,
            name=out.name,
        )


def _say_written(out: Path, audience: str, language: Language) -> None:
    _ = words(language)
    line(_(_WRITTEN, out=str(out), audience=_(_READERS[audience])))


def layers(
    folder: Annotated[Path | None, typer.Argument(help="A study with layer files of its own.")] = None,
    *,
    language: Languages = "en",
    json: Json = False,
) -> None:
    """List and check the layer files."""
    from hotspot.layers import read_layers
    from hotspot.packaged import packaged_folder

    if folder is not None and not folder.is_dir():
        raise StudyError(
            N_("A study is a folder with a study.toml."), N_("no {path}"), N_("hotspot init {folder}"),
            path=str(folder), folder=str(folder),
        )  # fmt: skip
    folders = [packaged_folder("layers"), *([folder / "layers"] if folder else [])]
    wanted = spoken(language, "en")
    specs = read_layers(folders)
    if json:
        as_json(
            {
                key: {
                    "title": spec.title,
                    "question": spec.question,
                    "support": spec.support,
                    "measure": spec.measure,
                    "unit": spec.unit,
                    "weight": spec.priority.weight if spec.priority else None,
                }
                for key, spec in specs.items()
            }
        )
        return
    _ = words(wanted)
    rows = [
        {
            "key": key,
            "support": spec.support,
            "title": spec.title[wanted],
            "weight": f"{spec.priority.weight:g}" if spec.priority else "",
            "question": spec.question[wanted],
        }
        for key, spec in specs.items()
    ]
    table(
        rows,
        {
            "key": _("key"),
            "support": _("belongs to"),
            "weight": _("weight"),
            "title": _("title"),
            "question": _("question"),
        },
        right=("weight",),
    )


def serve(
    folder: Folder = Path("demo-study"),
    *,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where the app listens.")] = None,
) -> None:
    """Open the app and the map service for a study."""
    from hotspot.site import Site
    from hotspot.store import Store

    Store(folder).close()
    from hotspot.ui.serve import serve as open_app

    open_app(folder, Site.read(folder), port)


COMMANDS = (report, export, layers, serve)
