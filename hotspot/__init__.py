"""Hotspot: where people feel unsafe, why, and which physical measures would help most for the money.

Reading order: `hotspot.study` (the recipe), `hotspot.tables` (the data), `hotspot.pipeline` (``run``),
`hotspot.release` (who may see what), `hotspot.report` and `hotspot.ui` (how it is shown).
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WHERE = {
    "HotspotError": "hotspot.errors",
    "Study": "hotspot.study",
    "count": "hotspot.counting",
    "emerging": "hotspot.stats.emerging",
    "forecast": "hotspot.stats.forecast",
    "gistar": "hotspot.stats.getis_ord",
    "hotspots": "hotspot.stats.hotspots",
    "illuminance": "hotspot.environment.light:illuminance_at",
    "kde": "hotspot.stats.kde:kde_grid",
    "knox": "hotspot.stats.knox",
    "local_moran": "hotspot.stats.moran",
    "make_grid": "hotspot.grid",
    "prioritise": "hotspot.decisions.priorities",
    "rate": "hotspot.stats.rates:sir",
    "read_areas": "hotspot.sources",
    "read_incidents": "hotspot.sources",
    "read_layers": "hotspot.layers",
    "run": "hotspot.pipeline",
    "write_report": "hotspot.report",
}
__all__ = ["__version__", *sorted(_WHERE)]  # noqa: PLE0604 - the names are those of the table above


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the named module offers
    """Import a public name where it lives, the first time it is asked for."""
    if name not in _WHERE:
        msg = f"module 'hotspot' has no attribute {name!r}"
        raise AttributeError(msg)
    module, _, own = _WHERE[name].partition(":")
    return getattr(import_module(module), own or name)


def __dir__() -> list[str]:
    """List the public page."""
    return __all__
