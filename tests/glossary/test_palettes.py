"""Palettes: facts taken over unchanged, even steps, and colours that colour-blind readers tell apart."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

from hotspot.errors import HotspotError
from hotspot.glossary.palettes import CANNOT_SAY, PALETTES, contrast, palette

SEQUENTIAL = [name for name, one in PALETTES.items() if one.kind == "sequential"]
DIVERGING = [name for name, one in PALETTES.items() if one.kind == "diverging"]
SOURCE = {"ylorrd": "YlOrRd", "ylgnbu": "YlGnBu", "burd": "RdBu_r", "puor": "PuOr_r", "brbg": "BrBG"}
# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes 2009, doi:10.1109/TVCG.2009.113: full dichromacy.
BLIND = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


def linear(colour):
    channels = np.array(to_rgb(colour))
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lightness(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def lab(light):
    """CIE L*a*b* under D65."""
    white = np.array([0.95047, 1.0, 1.08883])
    matrix = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    bent = np.cbrt(np.maximum(np.array(matrix) @ light, 0.0) / white)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


@pytest.mark.parametrize("name", [*SEQUENTIAL, *DIVERGING])
def test_anchors_are_those_of_the_source(name):
    anchors = PALETTES[name].anchors
    source = colormaps[SOURCE.get(name, name if name in ("viridis", "magma", "cividis") else name.capitalize())]
    expected = [to_hex(source(x)) for x in np.linspace(0, 1, len(anchors))]
    pairs = zip(anchors, expected, strict=True)
    assert max(np.abs(np.array(to_rgb(a)) - to_rgb(b)).max() for a, b in pairs) < 0.02  # 256 steps, rounded


@pytest.mark.parametrize("name", SEQUENTIAL)
@pytest.mark.parametrize("classes", range(3, 10))
def test_more_is_always_darker_or_always_lighter(name, classes):
    steps = np.diff([lightness(colour) for colour in palette(name, classes)])
    assert (steps > 0).all() or (steps < 0).all()


@pytest.mark.parametrize("name", DIVERGING)
def test_the_middle_is_the_lightest_and_both_sides_mirror(name):
    shades = [lightness(colour) for colour in palette(name, 7)]
    assert np.argmax(shades) == 3
    assert (np.diff(shades[:4]) > 0).all()
    assert (np.diff(shades[3:]) < 0).all()


@pytest.mark.parametrize("blind", BLIND)
@pytest.mark.parametrize("name", ["viridis", "cividis", "ylorrd", "burd", "puor", "brbg"])
def test_five_classes_are_told_apart_by_the_colour_blind(name, blind):
    colours = [lab(np.array(BLIND[blind]) @ linear(colour)) for colour in palette(name, 5)]
    differences = [np.linalg.norm(a - b) for i, a in enumerate(colours) for b in colours[:i]]
    assert min(differences) > 10  # about four just noticeable differences (2.3)


def test_ends_are_kept_and_order_can_be_turned():
    assert palette("viridis", 4)[0] == "#440154"
    assert palette("viridis", 4)[-1] == "#fde725"
    assert palette("viridis", 4, reverse=True) == palette("viridis", 4)[::-1]
    assert palette("viridis", 9) == PALETTES["viridis"].anchors


def test_contrast_is_that_of_the_accessibility_rules():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the rules' well-known near miss


@pytest.mark.parametrize("ground", ["#ffffff", "#0e1117"])
def test_hatching_shows_in_light_and_dark(ground):
    assert contrast(CANNOT_SAY, ground) > 3


def test_unknown_palettes_and_too_many_classes_are_refused():
    with pytest.raises(HotspotError, match="use one of viridis"):
        palette("jet", 5)
    with pytest.raises(HotspotError, match="10 classes, of at most 9"):
        palette("viridis", 10)
