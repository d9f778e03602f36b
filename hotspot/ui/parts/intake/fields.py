"""What the fields of a delivery are called, for a person who confirms columns."""

from collections.abc import Mapping
from types import MappingProxyType

from hotspot.errors import N_
from hotspot.glossary import Words
from hotspot.schema import COVARIATE_PREFIX
from hotspot.sources.fields import aliases

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "x": N_("easting (x)"),
        "y": N_("northing (y)"),
        "lon": N_("longitude"),
        "lat": N_("latitude"),
        "wkt": N_("shape as text"),
        "date": N_("day it began"),
        "time": N_("time of day it began"),
        "end_date": N_("day it ended"),
        "end_time": N_("time of day it ended"),
        "year": N_("year"),
        "month": N_("month"),
        "day": N_("day of the month"),
        "hour": N_("hour"),
        "minute": N_("minute"),
        "incident_id": N_("number of the incident"),
        "source": N_("source"),
        "code": N_("what happened"),
        "start": N_("when it began"),
        "end": N_("when it ended"),
        "time_basis": N_("how exact the time is"),
        "weight": N_("weight"),
        "location_error_m": N_("error of the place (m)"),
        "lamp_id": N_("number of the lamp"),
        "owner": N_("owner"),
        "height_m": N_("height (m)"),
        "flux_lm": N_("light (lumen)"),
        "power_w": N_("power (W)"),
        "source_type": N_("kind of lamp"),
        "out_from": N_("out of order from"),
        "out_to": N_("out of order until"),
        "dimming": N_("dimming"),
        "photometry": N_("file of light distribution"),
        "green_id": N_("number of the element"),
        "kind": N_("kind"),
        "height_class": N_("height class"),
        "condition": N_("condition"),
        "care": N_("level of care"),
        "road_id": N_("number of the road"),
        "name": N_("name"),
        "lit": N_("lit or not"),
        "building_id": N_("number of the building"),
        "area_id": N_("number of the area"),
        "residents": N_("number of residents"),
        "households": N_("number of households"),
        "cell_id": N_("cell of the national grid"),
        "age_0_17": N_("aged 0 to 17"),
        "age_18_29": N_("aged 18 to 29"),
        "age_30_64": N_("aged 30 to 64"),
        "age_65_plus": N_("aged 65 and over"),
        "visit_id": N_("number of the place"),
        "visits_per_day": N_("visits per day"),
        "response_id": N_("number of the answer"),
        "wave": N_("wave of the survey"),
        "asked_at": N_("day it was asked"),
        "mode": N_("sample or self-selected"),
        "unsafe_area": N_("unsafe in the area"),
        "unsafe_day": N_("unsafe by day"),
        "unsafe_dark": N_("unsafe after dark"),
        "never_out_dark": N_("never goes out after dark"),
        "saw_riding": N_("saw reckless riding"),
        "saw_gathering": N_("saw gatherings"),
        "neighbours_help": N_("neighbours help each other"),
        "uses_outdoors": N_("uses the outdoor places"),
        "victim": N_("was a victim"),
        "reported": N_("reported it"),
        "intervention_id": N_("number of the measure"),
        "title": N_("title"),
        "started": N_("day the work began"),
        "finished": N_("day the work was done"),
        "cost_dkk": N_("cost (kr.)"),
        "status": N_("status"),
        "measure": N_("measure"),
        "unit": N_("unit"),
        "capex_dkk": N_("price to build (kr.)"),
        "opex_dkk_year": N_("price to keep (kr. a year)"),
        "life_years": N_("lifetime (years)"),
    }
)


def field_name(field: str, _: Words) -> str:
    """Return what a field is called; one without a name of its own is called as in files.

    Parameters
    ----------
    field
        As contracts and alias lists call it.
    _
        The reader's words.

    Returns
    -------
    str
        In the reader's language.
    """
    return _(_NAMES[field]) if field in _NAMES else field.removeprefix(COVARIATE_PREFIX)


def fields_of(kind: str) -> list[str]:
    """Return the fields that a column of a kind of delivery may be confirmed as.

    Parameters
    ----------
    kind
        A kind of `hotspot.tables.KINDS`.

    Returns
    -------
    list of str
        Those of its contract first, then those of places and times.
    """
    return sorted(aliases(kind), key=lambda field: list(_NAMES).index(field) if field in _NAMES else len(_NAMES))
