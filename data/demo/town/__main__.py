"""Write the raw files of the fictional municipality: ``python data/demo/town OUT_FOLDER --seed 1 --plants``."""

import argparse
import sys
from pathlib import Path

if __package__:
    from .build import build
    from .geography import geography
    from .truth import truth
    from .write import write
else:  # run as a folder: only its parent is missing from the path
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from town.build import build
    from town.geography import geography
    from town.truth import truth
    from town.write import write


def main() -> None:
    """Read the command line, build, write and tell what was written."""
    parser = argparse.ArgumentParser(description="Write the raw files of the fictional municipality.")
    parser.add_argument("folder", type=Path, nargs="?", help="where to write the raw files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plants", action=argparse.BooleanOptionalAction, default=True, help="with the planted truth")
    parser.add_argument("--truth", action="store_true", help="print the planted truth as TOML and write nothing")
    given = parser.parse_args()
    if given.truth:
        sys.stdout.write(truth(geography(given.seed)))
    elif given.folder is None:
        parser.error("give the folder to write to, or --truth")
    else:
        for path in write(build(given.seed, plants=given.plants), given.folder):
            sys.stdout.write(f"{path}\n")


main()
