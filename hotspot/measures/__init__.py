"""The literal register of measures: a name, the function that answers it, and what it depends on."""

from hotspot.measures.values import Measure, Measured, Support, Surface

MEASURES: dict[str, Measure] = {}

__all__ = ["MEASURES", "Measure", "Measured", "Support", "Surface"]
