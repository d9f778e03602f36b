"""Any file in, a checked table and its quarantine out. Read `reading`, then `raw`, `fields`, `places`."""

from hotspot.sources.joined import read_figures
from hotspot.sources.reading import read_table
from hotspot.sources.wrappers import read_areas, read_incidents, read_outline

__all__ = ["read_areas", "read_figures", "read_incidents", "read_outline", "read_table"]
