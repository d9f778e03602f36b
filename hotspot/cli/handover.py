"""Commands that hand something over: report, export, layers, serve."""

from pathlib import Path
from typing import Annotated

import typer

from hotspot.cli.answers import Audiences, Owner, current_release
from hotspot.cli.intake import Folder, Json
from hotspot.cli.output import as_json, line, table
from hotspot.errors import N_, StudyError
from hotspot.glossary import Language, words

Out = Annotated[Path, typer.Option("--out", help="The file to write.")]


def _spoken(language: str | None, default: Language) -> Language:
    if language is None:
        return default
    if language not in ("da", "en"):
        raise StudyError(N_("A language is da or en."), N_("{language}"), N_("--language da"), language=language)
    return "da" if language == "da" else "en"


def report(
    folder: Folder,
    *,
    out: Out,
    audience: Audiences = "council",
    owner: Owner = "",
    language: Annotated[str | None, typer.Option("--language", help="da or en.")] = None,
) -> None:
    """Write the council's paper as PDF or DOCX."""
    from hotspot.report import write_report

    shown = current_release(folder, audience, owner)
    spoken = _spoken(language, shown.study.language)
    write_report(shown, out, spoken)
    line(words(spoken)("{out} is written for {audience}.", out=str(out), audience=audience))


def export(
    folder: Folder,
    *,
    out: Out,
    audience: Audiences = "planner",
    owner: Owner = "",
    language: Annotated[str | None, typer.Option("--language", help="da or en.")] = None,
) -> None:
    """Write a GeoPackage (.gpkg), the priorities as .csv or .geojson, or a folder with surfaces as GeoTIFF."""
    from hotspot.report.export import write_csv, write_geojson, write_surfaces
    from hotspot.report.frames import priority_frame
    from hotspot.report.geopackage import write_geopackage

    shown = current_release(folder, audience, owner)
    spoken = _spoken(language, shown.study.language)
    ending = out.suffix.lower()
    if ending == ".gpkg":
        write_geopackage(shown, out, spoken)
    elif ending == ".csv":
        write_csv(priority_frame(shown, spoken), out, spoken)
    elif ending == ".geojson":
        write_geojson(shown, "priorities", out, spoken)
    elif not ending:
        write_surfaces(shown, out)
    else:
        raise StudyError(
            N_("An export is .gpkg, .csv, .geojson, or a folder for surfaces."),
            N_("{out}"),
            N_("end its name in one of these"),
            out=out.name,
        )
    line(words(spoken)("{out} is written for {audience}.", out=str(out), audience=audience))


def layers(
    folder: Annotated[Path | None, typer.Argument(help="A study with layer files of its own.")] = None,
    *,
    language: Annotated[str, typer.Option("--language", help="da or en.")] = "en",
    json: Json = False,
) -> None:
    """List and check the layer files."""
    from hotspot.layers import read_layers
    from hotspot.packaged import packaged_folder

    folders = [packaged_folder("layers"), *([folder / "layers"] if folder else [])]
    spoken = _spoken(language, "en")
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
    _ = words(spoken)
    rows = [
        {
            "key": key,
            "support": spec.support,
            "title": spec.title[spoken],
            "weight": f"{spec.priority.weight:g}" if spec.priority else "",
            "question": spec.question[spoken],
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
    port: Annotated[int | None, typer.Option(help="Where the app listens.")] = None,
) -> None:
    """Open the app and the map service for a study."""
    from hotspot.site import Site
    from hotspot.store import Store
    from hotspot.ui.serve import serve as open_app

    Store(folder).close()
    open_app(folder, Site.read(folder), port)


COMMANDS = (report, export, layers, serve)
