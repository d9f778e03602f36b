"""Answers kept on disk by what they depend on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hotspot.store.files import write_text, write_whole
from hotspot.store.parquet import frame_of

Parts = dict[str, "pd.DataFrame | np.ndarray[Any, Any]"]


class DiskShelf:
    """Keeps frames and arrays under a key; whole entries only.

    Parameters
    ----------
    folder
        Where entries lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, key: str) -> tuple[Parts, dict[str, Any]] | None:
        """Return what was kept under a key.

        Parameters
        ----------
        key
            As from `hotspot.pipeline.kept.layer_key`.

        Returns
        -------
        tuple or None
            Frames and arrays by name, and words; None if there is no whole entry.
        """
        entry = self.folder / key
        if not (entry / "words.json").exists():
            return None
        parts: Parts = {path.stem: np.load(path, allow_pickle=False) for path in sorted(entry.glob("*.npy"))}
        parts |= {path.stem: frame_of(path.read_bytes()) for path in sorted(entry.glob("*.parquet"))}
        return parts, json.loads((entry / "words.json").read_text("utf-8"))

    def put(self, key: str, parts: Parts, words: dict[str, Any]) -> None:
        """Keep something under a key; the words are written last and make the entry whole.

        Parameters
        ----------
        key
            Where it belongs.
        parts
            Frames and arrays by name.
        words
            What JSON can hold.
        """
        entry = self.folder / key
        for name, part in parts.items():
            if isinstance(part, pd.DataFrame):
                write_whole(entry / f"{name}.parquet", part.to_parquet)
            else:
                write_whole(entry / f"{name}.npy", lambda path, array=part: _save(path, array))  # type: ignore[misc]
        write_text(entry / "words.json", json.dumps(words, ensure_ascii=False, default=str))


def _save(path: Path, array: np.ndarray[Any, Any]) -> None:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
