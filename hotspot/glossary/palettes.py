"""Colours that colour-blind readers can tell apart, shared by map, legend and paper.

The anchors of the named palettes are facts taken over unchanged; any number of classes is interpolated
between them in the perceptual space OKLab.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hotspot.errors import HotspotError

PaletteKind = Literal["sequential", "diverging", "categorical"]
Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """A named row of colours and what it is fit for.

    Parameters
    ----------
    kind
        ``"sequential"`` (little to much), ``"diverging"`` (below, middle, above) or ``"categorical"``.
    anchors
        Colours as ``#rrggbb``, in order.
    source
        Where the colours come from.
    """

    kind: PaletteKind
    anchors: tuple[str, ...]
    source: str

    def colours(self, classes: int) -> tuple[str, ...]:
        """Return as many colours as there are classes, the ends of the palette first and last.

        Parameters
        ----------
        classes
            How many colours are wanted.

        Returns
        -------
        tuple of str
            ``#rrggbb``. Categorical colours are taken in order and never mixed.

        Raises
        ------
        HotspotError
            When there are more classes than readers can tell apart.
        """
        most = len(self.anchors)
        if not 1 <= classes <= most:
            raise HotspotError(
                "A palette has no more classes than readers can tell apart.",
                "{classes} classes, of at most {most}",
                "use fewer classes",
                classes=classes,
                most=most,
            )
        if self.kind == "categorical":
            return self.anchors[:classes]
        if classes == 1:
            return (self.anchors[most // 2],)
        return tuple(_between(self.anchors, i * (most - 1) / (classes - 1)) for i in range(classes))


_MATPLOTLIB = "matplotlib (S. van der Walt, N. Smith and E. Firing, CC0), every eighth of its range"
_CIVIDIS = "J. R. Nuñez, C. R. Anderton and R. S. Renslow 2018, doi:10.1371/journal.pone.0199239"
_BREWER = "ColorBrewer 2.0 (C. Brewer, M. Harrower and The Pennsylvania State University, Apache 2.0)"
_OKABE_ITO = "M. Okabe and K. Ito 2008, Color Universal Design; its yellow and black left out"


def _row(colours: str) -> tuple[str, ...]:
    """Return colours typed as ``rrggbb`` with blanks between them."""
    return tuple(f"#{colour}" for colour in colours.split())


PALETTES: Mapping[str, Palette] = MappingProxyType(
    {
        "viridis": Palette(
            "sequential", _row("440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725"), _MATPLOTLIB
        ),
        "magma": Palette(
            "sequential", _row("000004 1d1147 51127c 832681 b73779 e75263 fc8961 fec488 fcfdbf"), _MATPLOTLIB
        ),
        "cividis": Palette(
            "sequential", _row("00224e 1a386f 434e6c 61656f 7d7c78 9b9476 bcae6c dec958 fee838"), _CIVIDIS
        ),
        "ylorrd": Palette(
            "sequential", _row("ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026"), _BREWER
        ),
        "ylgnbu": Palette(
            "sequential", _row("ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58"), _BREWER
        ),
        "blues": Palette("sequential", _row("f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b"), _BREWER),
        "purples": Palette(
            "sequential", _row("fcfbfd efedf5 dadaeb bcbddc 9e9ac8 807dba 6a51a3 54278f 3f007d"), _BREWER
        ),
        "greens": Palette(
            "sequential", _row("f7fcf5 e5f5e0 c7e9c0 a1d99b 74c476 41ab5d 238b45 006d2c 00441b"), _BREWER
        ),
        "burd": Palette(
            "diverging",
            _row("053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f"),
            f"{_BREWER}, RdBu from blue to red",
        ),
        "puor": Palette(
            "diverging",
            _row("2d004b 542788 8073ac b2abd2 d8daeb f7f7f7 fee0b6 fdb863 e08214 b35806 7f3b08"),
            f"{_BREWER}, PuOr from purple to orange",
        ),
        "brbg": Palette(
            "diverging",
            _row("543005 8c510a bf812d dfc27d f6e8c3 f5f5f5 c7eae5 80cdc1 35978f 01665e 003c30"),
            _BREWER,
        ),
        "okabe_ito": Palette("categorical", _row("0072b2 d55e00 009e73 cc79a7 56b4e9 e69f00"), _OKABE_ITO),
        "classes": Palette("categorical", _row("d55e00 e69f00 cc79a7 0072b2 56b4e9 d9dce1"), _OKABE_ITO),
    }
)

# Classes of a layer: warm for more (or felt unsafe), blue for less, greys for "nothing found" and "cannot say"; the
# strong colours are Okabe and Ito's, which differ in lightness too, so that they survive a copying machine.
CLASS_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "hot": "#d55e00",
        "busy": "#e69f00",
        "cold": "#0072b2",
        "not significant": "#e8eaee",
        "too few data": "#c3c8d0",
        "undefined": "#8a8f98",
        "no neighbours": "#8a8f98",
        "hot, new or growing": "#d55e00",
        "hot, lasting": "#7f2704",
        "hot, off and on": "#e69f00",
        "hot, fading or over": "#cc79a7",
        "no pattern": "#e8eaee",
        "first 1%": "#99000d",
        "first 5%": "#ef6548",
        "first 10%": "#fdbb84",
        "the rest": "#e8eaee",
        "near repeats": "#d55e00",
        "more after dark": "#d55e00",
        "fewer after dark": "#0072b2",
        "high-high": "#d55e00",
        "high-low": "#e69f00",
        "low-high": "#56b4e9",
        "low-low": "#0072b2",
        "felt unsafe, few recorded": "#cc79a7",
        "felt unsafe, many recorded": "#d55e00",
        "felt safe, many recorded": "#e69f00",
        "felt safe, few recorded": "#0072b2",
        "neither": "#e8eaee",
        "cannot say": "#8a8f98",
        "fewer": "#0072b2",
        "as expected": "#e8eaee",
        "more": "#d55e00",
    }
)
CANNOT_SAY = "#8a8f98"  # the hatching of places about which nothing can be said; 3:1 on white and on #0e1117
HIDDEN = "#6f7580"  # the dots of places whose number is withheld


def palette(name: str, classes: int, *, reverse: bool = False) -> tuple[str, ...]:
    """Return the colours of a named palette for a number of classes.

    Parameters
    ----------
    name
        A key of `PALETTES`.
    classes
        How many colours are wanted.
    reverse
        Whether the order is turned round.

    Returns
    -------
    tuple of str
        ``#rrggbb``, first class first.

    Raises
    ------
    HotspotError
        When there is no such palette, or it has too few colours.
    """
    if name not in PALETTES:
        raise HotspotError(
            "A palette is one of those that colour-blind readers can tell apart.",
            "{name}",
            "use one of {known}",
            name=name,
            known=", ".join(PALETTES),
        )
    colours = PALETTES[name].colours(classes)
    return colours[::-1] if reverse else colours


def contrast(first: str, second: str) -> float:
    """Return how strongly two colours differ in lightness, as accessibility rules count it.

    Parameters
    ----------
    first, second
        Colours as ``#rrggbb``.

    Returns
    -------
    float
        From 1 (the same lightness) to 21 (black on white); graphics need 3, text 4.5.

    References
    ----------
    W3C, Web Content Accessibility Guidelines 2.2, "contrast ratio".
    """
    weights = (0.2126, 0.7152, 0.0722)
    light, dark = sorted(
        (sum(w * c for w, c in zip(weights, _linear(colour), strict=True)) for colour in (first, second)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def _between(anchors: tuple[str, ...], position: float) -> str:
    """Mix the two anchors round a position in OKLab."""
    low = min(math.floor(position), len(anchors) - 2)
    share = position - low
    pairs = zip(_oklab(_linear(anchors[low])), _oklab(_linear(anchors[low + 1])), strict=True)
    lightness, green_red, blue_yellow = (a + (b - a) * share for a, b in pairs)
    return _hex(_from_oklab((lightness, green_red, blue_yellow)))


def _linear(colour: str) -> Rgb:
    """Return red, green and blue as amounts of light, 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _unbent(red), _unbent(green), _unbent(blue)


def _unbent(channel: float) -> float:
    """Undo the sRGB curve."""
    return channel / 12.92 if channel <= _BEND * 12.92 else ((channel + 0.055) / 1.055) ** 2.4


def _hex(light: Rgb) -> str:
    """Write amounts of light as ``#rrggbb``."""
    bent = (12.92 * c if c <= _BEND else 1.055 * c ** (1 / 2.4) - 0.055 for c in light)
    return "#" + "".join(f"{round(255 * min(max(c, 0.0), 1.0)):02x}" for c in bent)


_BEND = 0.0031308  # where the sRGB curve turns from a line into a power (IEC 61966-2-1)

# B. Ottosson 2020, "A perceptual color space for image processing": the two matrices and their inverses.
_TO_CONES = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
             (0.0883024619, 0.2817188376, 0.6299787005))  # fmt: skip
_TO_LAB = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099),
           (0.0259040371, 0.7827717662, -0.8086757660))  # fmt: skip
_FROM_LAB = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728),
             (1.0, -0.0894841775, -1.2914855480))  # fmt: skip
_FROM_CONES = ((4.0767416621, -3.3077115913, 0.2309699292), (-1.2684380046, 2.6097574011, -0.3413193965),
               (-0.0041960863, -0.7034186147, 1.7076147010))  # fmt: skip


def _times(matrix: tuple[Rgb, Rgb, Rgb], vector: Rgb) -> Rgb:
    """Multiply a matrix with a vector."""
    first, second, third = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _oklab(light: Rgb) -> Rgb:
    """Return lightness, green to red and blue to yellow."""
    first, second, third = _times(_TO_CONES, light)
    return _times(_TO_LAB, (math.cbrt(first), math.cbrt(second), math.cbrt(third)))


def _from_oklab(lab: Rgb) -> Rgb:
    """Return the amounts of light of an OKLab colour."""
    first, second, third = _times(_FROM_LAB, lab)
    return _times(_FROM_CONES, (first**3, second**3, third**3))
