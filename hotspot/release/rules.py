"""What each audience may see, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hotspot.measures import Support
from hotspot.release.suppression import LEAST_ANSWERS, LEAST_INCIDENTS
from hotspot.site import Audience


@dataclass(frozen=True)
class Rule:
    """What one audience may see.

    Parameters
    ----------
    supports
        Layers whose values belong to one of these.
    least
        Smallest count shown; 0 shows all.
    least_answers
        Smallest effective number of answers behind a pixel of a survey surface.
    base
        What may be drawn underneath.
    points
        Tables whose single points may be seen.
    hours
        Whether the hours of a hot spot are shown.
    own_only
        Whether only the areas of the reader's own owner are shown.
    record
        Whether hashes, times and versions are shown.
    marks
        Whether small counts, shown all the same, are marked as such.
    """

    supports: frozenset[Support]
    least: int
    least_answers: int
    base: tuple[str, ...]
    points: tuple[str, ...] = ()
    hours: bool = False
    own_only: bool = False
    record: bool = False
    marks: bool = False


_ALL: frozenset[Support] = frozenset(("surface", "cells", "areas", "segments"))
_AREAS: frozenset[Support] = frozenset(("areas",))
_AREAS_AND_PATHS: frozenset[Support] = frozenset(("areas", "segments"))
_QUIET = ("roads", "green", "buildings")

RULES: Mapping[Audience, Rule] = MappingProxyType(
    {
        "council": Rule(_AREAS, LEAST_INCIDENTS, LEAST_ANSWERS, _QUIET),
        "partner": Rule(_AREAS_AND_PATHS, LEAST_INCIDENTS, LEAST_ANSWERS, (*_QUIET, "lamps"), own_only=True),
        "planner": Rule(_ALL, LEAST_INCIDENTS, LEAST_ANSWERS, (*_QUIET, "lamps"), record=True),
        "liaison": Rule(_ALL, 0, 0, (*_QUIET, "lamps"), ("incidents",), hours=True, marks=True),
        "admin": Rule(_ALL, 0, 0, (*_QUIET, "lamps"), ("incidents",), hours=True, record=True),
    }
)
