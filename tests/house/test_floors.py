"""What no linter can see of the house: who reprojects, who opens files, what things are called, how long."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.house.source import LIMIT, MODULES, PACKAGE, dotted, longer_than, room, tree

REPROJECTS = {"to_crs", "set_crs", "estimate_utm_crs"}
OPENERS = {"sources", "store", "study", "site", "layers", "report", "glossary", "packaged"}
OPENS = {
    *("open", "read_text", "write_text", "read_bytes", "write_bytes", "savefig", "mkdir", "unlink", "rmtree"),
    *("read_parquet", "to_parquet", "read_file", "to_file", "read_csv", "read_excel", "to_excel"),
    *("read_dataframe", "write_dataframe", "TemporaryDirectory", "NamedTemporaryFile"),
}
MAY_OPEN: dict[str, str] = {  # module: why it opens a file though its room does not
    "hotspot.decisions.knapsack": "sends the solver's own lines nowhere",
    "hotspot.pipeline.clock": "asks the system how much memory the process holds",
    "hotspot.cli.door": "reads which language a study speaks before anything else is known",
    "hotspot.cli.intake": "reads the list of deliveries that the fictional town's generator wrote",
    "hotspot.ui.desk": "looks whether a run's answers already lie beside the study",
    "hotspot.ui.parts.icon": "draws the icon in memory",
    "hotspot.experiments.large_density": "writes a raster larger than memory tile by tile, where the user says",
    "hotspot.cli.corrected": "writes the rows that were set aside where the user says",
    "hotspot.ui.parts.intake.places": "draws the rows in memory",
    "hotspot.ui.parts.intake.reading": "lays an uploaded file down for the reader",
}
DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "tools",
    "core",
    "base",
    "shared",
}
HEAVY = {
    *("geopandas", "pandas", "numpy", "scipy", "shapely", "pyproj", "rasterio", "numba", "libpysal", "esda"),
    *("mapclassify", "statsmodels", "matplotlib", "streamlit", "typer", "babel", "sqlalchemy", "typst"),
}
PAGE_LINES = 80


def where(claim: Callable[[ast.AST], bool], path: Path) -> list[str]:
    """Lines of a module whose syntax fulfils a claim."""
    return [f"{dotted(path)}:{node.lineno}" for node in ast.walk(tree(path)) if claim(node)]


def reprojects(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    return node.attr in REPROJECTS or (node.attr == "crs" and isinstance(node.ctx, ast.Store))


def opens(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) in OPENS


def writes_session(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Subscript | ast.Attribute)
        and isinstance(node.ctx, ast.Store | ast.Del)
        and getattr(node.value, "attr", "") == "session_state"
    )


def outside(*rooms: str) -> Iterator[Path]:
    return (path for path in MODULES if room(path) not in rooms)


def test_only_crs_reprojects() -> None:
    found = [line for path in outside("crs") for line in where(reprojects, path)]
    assert not found, f"hotspot.crs reprojects, nothing else does: {found}"


def test_only_some_rooms_open_files() -> None:
    found = [line for path in outside(*OPENERS) if dotted(path) not in MAY_OPEN for line in where(opens, path)]
    assert not found, f"only {sorted(OPENERS)} open files: {found}"


def test_only_the_form_writes_the_session() -> None:
    others = [path for path in MODULES if not dotted(path).startswith("hotspot.ui.form")]
    found = [line for path in others for line in where(writes_session, path)]
    assert not found, f"only ui/form writes to session_state: {found}"


def test_the_claims_see_what_they_forbid(tmp_path: Path) -> None:
    def seen(claim: Callable[[ast.AST], bool], text: str) -> bool:
        return any(claim(node) for node in ast.walk(ast.parse(text)))

    assert all(seen(reprojects, text) for text in ("frame.to_crs(1)", "frame.crs = 1", "gpd.set_crs(f)"))
    assert not seen(reprojects, "crs = frame.crs")
    assert all(seen(opens, text) for text in ("open(p)", "p.read_text()", "rasterio.open(p)", "f.to_parquet(p)"))
    assert not seen(opens, "opened(p)")
    assert all(seen(writes_session, text) for text in ("st.session_state['a'] = 1", "st.session_state.a = 1"))
    assert not seen(writes_session, "a = st.session_state['a']")


def test_modules_are_named_by_the_fields_nouns() -> None:
    drawers = [dotted(path) for path in MODULES if set(dotted(path).replace("_", ".").split(".")) & DRAWERS]
    assert not drawers, f"a function lives with its noun: {drawers}"


def test_modules_open_with_a_sentence() -> None:
    first = {dotted(path): (ast.get_docstring(tree(path)) or "").split("\n\n")[0] for path in MODULES}
    assert not [name for name, sentence in first.items() if not sentence.endswith((".", ":", "?"))]


def test_nothing_is_too_long() -> None:
    assert not (long := longer_than(LIMIT)), "\n".join(long)


def test_pages_stay_short() -> None:
    pages = {path.name: path.read_text("utf-8") for path in (PACKAGE / "ui" / "pages").glob("*.py")}
    assert not {name for name, text in pages.items() if len(text.splitlines()) > PAGE_LINES}


def test_modules_hold_no_state() -> None:
    found = [line for path in MODULES for line in where(lambda node: isinstance(node, ast.Global), path)]
    assert not found, f"a module's state is changed: {found}"


def test_import_stays_light() -> None:
    ask = "import sys, hotspot; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert not (heavy := set(loaded.split()) & HEAVY), f"import hotspot also imports {heavy}"


def test_the_public_page_holds_what_it_promises() -> None:
    ask = "import hotspot\nfor name in hotspot.__all__: assert getattr(hotspot, name) is not None, name"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
