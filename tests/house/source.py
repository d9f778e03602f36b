"""The source as the house tests read it: modules, their trees, and how long everything is.

``python tests/house/source.py`` lists what has grown beyond the aims.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hotspot"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if not {"node_modules", "dist", "_packaged"} & set(path.parts))
AIM = {"module": 300, "function": 50}  # lines; the aim
LIMIT = {"module": 400, "function": 80}  # lines; beyond this the build breaks


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(path: Path) -> str:
    """The floor's room that a module belongs to: ``hotspot/stats/kde.py`` is in ``stats``."""
    parts = dotted(path).split(".")
    return parts[1] if len(parts) > 1 else ""


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its signature, decorators and docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    last = function.body[-1].end_lineno or function.lineno
    return last - body[0].lineno + 1 if body else 0


def longer_than(sizes: dict[str, int]) -> list[str]:
    """Modules and functions beyond the given numbers of lines, each with its own."""
    found = []
    for path in MODULES:
        lines = len(path.read_text("utf-8").splitlines())
        if lines > sizes["module"]:
            found.append(f"{lines:4d} lines  {path.relative_to(ROOT)}")
        found += [
            f"{count:4d} lines  {path.relative_to(ROOT)}:{function.lineno} {function.name}"
            for function in functions(path)
            if (count := body_lines(function)) > sizes["function"]
        ]
    return found


if __name__ == "__main__":
    print("\n".join(longer_than(AIM)) or "nothing is longer than aimed at")  # noqa: T201 - that is its task
