"""Any file in, a checked table and its quarantine out. Read `reading`, then `raw`, `fields`, `places`."""

from hotspot.sources.diagnosis import Diagnosis, diagnose
from hotspot.sources.findings import Finding
from hotspot.sources.joined import lacks_places, read_figures
from hotspot.sources.reading import read_table
from hotspot.sources.wrappers import read_areas, read_incidents, read_outline

__all__ = [
    "Diagnosis",
    "Finding",
    "diagnose",
    "lacks_places",
    "read_areas",
    "read_figures",
    "read_incidents",
    "read_outline",
    "read_table",
]
