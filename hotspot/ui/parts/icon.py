"""The app's own small picture, drawn here so that the browser asks nobody for one."""

import io
from functools import cache

import numpy as np
from PIL import Image

_SIDE = 64


@cache
def icon() -> Image.Image:
    """Return a disc with a ring, in the app's colour.

    Returns
    -------
    Image
        64 by 64 pixels.
    """
    y, x = np.mgrid[:_SIDE, :_SIDE] - (_SIDE - 1) / 2
    radius = np.hypot(x, y)
    pixels = np.zeros((_SIDE, _SIDE, 4), np.uint8)
    pixels[radius <= 30] = (0, 82, 122, 255)  # noqa: PLR2004 - the disc
    pixels[(radius <= 21) & (radius > 15)] = (255, 255, 255, 255)  # noqa: PLR2004 - the ring
    pixels[radius <= 8] = (230, 159, 0, 255)  # noqa: PLR2004 - the spot
    return Image.open(io.BytesIO(_png(pixels)))


def _png(pixels: "np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]") -> bytes:
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "PNG")
    return made.getvalue()
