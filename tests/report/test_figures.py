"""Printed maps: drawn alike for alike releases, saying in words what they show."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.image import imread

from hotspot.release.contract import Release
from hotspot.report.figures import OUTLINES, hotspots_map, layer_map, map_words, priorities_map


def test_same_release_same_bytes(council: Release) -> None:
    for form in ("png", "svg"):
        assert priorities_map(council, "da", form) == priorities_map(council, "da", form)  # type: ignore[arg-type]


def test_map_shows_the_colours_of_its_classes(council: Release) -> None:
    pixels = (imread(BytesIO(priorities_map(council, "en")))[..., :3] * 255).round().astype(int)
    seen = {tuple(int(c) for c in colour) for colour in np.unique(pixels.reshape(-1, 3), axis=0)}
    assert (84, 39, 143) in seen or (0x54, 0x27, 0x8F) in seen


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_layer_can_be_drawn(admin: Release, language: str) -> None:
    for key in admin.layers:
        assert layer_map(admin, key, language).startswith(b"\x89PNG")  # type: ignore[arg-type]
    assert hotspots_map(admin, language, "svg").startswith(b"<?xml")  # type: ignore[arg-type]


def test_words_stand_in_for_the_map(council: Release) -> None:
    assert map_words(council, "en").endswith("First come Lyngen, Kastanjen, Jernbanen.")
    assert "2 significant hot spots" in map_words(council, "en", OUTLINES)
    ratio = map_words(council, "en", "observed_expected")
    assert "hidden (protects fewer than 5) 8%" in ratio
    assert "cannot say 8%" in ratio
