"""What each kind of table must hold: columns, types, believable ranges and allowed values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from hotspot.errors import N_, TableError

Type = Literal["text", "number", "time", "day"]
Shape = Literal["point", "line", "polygon", "any"]

COVARIATE_PREFIX = "x_"
RAW_PREFIX = "raw_"


class Column(NamedTuple):
    """One column of a contract.

    Attributes
    ----------
    type
        ``text``, ``number`` (float, NaN unknown), ``time`` (UTC, NaT unknown) or ``day`` (a date, no zone).
    required
        Whether a row without it is of no use.
    lowest, highest
        The believable range, in the unit of the column's name.
    allowed
        The only values there are; empty if any will do.
    default
        What a delivery without the column means; None means unknown.
    """

    type: Type
    required: bool = False
    lowest: float | None = None
    highest: float | None = None
    allowed: tuple[str, ...] = ()
    default: str | float | None = None


class Contract(NamedTuple):
    """Everything a kind of table promises."""

    kind: str
    id: str
    columns: Mapping[str, Column]
    shape: Shape | None
    needs_place: bool = True
    unique: bool = True


_TEXT = Column("text")
_NUMBER = Column("number")
_AMOUNT = Column("number", lowest=0)
_TIME = Column("time")
_NEEDED = Column("text", required=True)
_ANSWER = Column("number", lowest=0, highest=1)

GREEN_KINDS = (
    *("grass", "flowerbed", "groundcover", "shrub", "thicket", "hedge", "grove", "wood", "screen", "tree"),
    *("paving", "path", "fence", "barrier", "furniture", "other"),
)
HEIGHT_CLASSES = ("low", "medium", "understory", "canopy", "dense", "screen", "none")
ITEMS = (
    *("unsafe_area", "unsafe_day", "unsafe_dark", "never_out_dark", "saw_riding", "saw_gathering"),
    *("neighbours_help", "uses_outdoors", "victim", "reported"),
)
_UNITS = ("per lamp", "per m2", "per metre", "per piece", "per site")


def _kind(allowed: str, default: str = "other") -> Column:
    return Column("text", required=True, allowed=tuple(allowed.split()), default=default)


def _contract(
    kind: str, key: str, shape: Shape | None, columns: Mapping[str, Column], *, needs_place: bool = True
) -> Contract:
    return Contract(kind, key, MappingProxyType({key: _NEEDED, **columns}), shape, needs_place, shape is not None)


CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {
        contract.kind: contract
        for contract in (
            _contract(
                "incidents",
                "incident_id",
                "point",
                {
                    "source": _NEEDED,
                    "code": _NEEDED,
                    "start": Column("time", required=True),
                    "end": Column("time", required=True),
                    "time_basis": Column("text", required=True, allowed=("instant", "interval", "date")),
                    "weight": Column("number", required=True, lowest=0, default=1.0),
                    "location_error_m": _AMOUNT,
                },
            ),
            _contract(
                "lamps",
                "lamp_id",
                "point",
                {
                    "owner": _TEXT,
                    "height_m": Column("number", lowest=0.2, highest=40),
                    "flux_lm": Column("number", lowest=50, highest=200_000),
                    "power_w": Column("number", lowest=1, highest=2_000),
                    "source_type": Column("text", allowed=("led", "sodium", "metal_halide", "fluorescent", "mercury")),
                    "out_from": _TIME,
                    "out_to": _TIME,
                    "dimming": _TEXT,
                    "photometry": _TEXT,
                },
            ),
            _contract(
                "green",
                "green_id",
                "any",
                {
                    "kind": Column("text", required=True, allowed=GREEN_KINDS, default="other"),
                    "height_class": Column("text", allowed=HEIGHT_CLASSES),
                    "condition": Column("number", lowest=1, highest=3),
                    "care": Column("text", allowed=("garden", "park", "nature")),
                },
            ),
            _contract(
                "roads",
                "road_id",
                "line",
                {
                    "kind": _kind("street residential path tunnel bridge service other"),
                    "name": _TEXT,
                    "lit": Column("number", lowest=0, highest=1),
                },
            ),
            _contract("buildings", "building_id", "polygon", {"kind": Column("text", default="other")}),
            _contract(
                "areas",
                "area_id",
                "polygon",
                {
                    "name": _NEEDED,
                    "kind": _kind("housing centre station school industry green shore other"),
                    "owner": _TEXT,
                    "residents": _AMOUNT,
                    "households": _AMOUNT,
                },
            ),
            _contract(
                "population",
                "cell_id",
                "polygon",
                {
                    "residents": _AMOUNT,
                    "households": _AMOUNT,
                    **dict.fromkeys(("age_0_17", "age_18_29", "age_30_64", "age_65_plus"), _AMOUNT),
                },
            ),
            _contract(
                "visits",
                "visit_id",
                "point",
                {
                    "kind": _kind("station shop workplace school leisure other"),
                    "visits_per_day": Column("number", required=True, lowest=0),
                },
            ),
            _contract(
                "responses",
                "response_id",
                "point",
                {
                    "wave": _NEEDED,
                    "asked_at": Column("day"),
                    "mode": Column("text", required=True, allowed=("sample", "self-selected")),
                    "weight": Column("number", required=True, lowest=0, default=1.0),
                    **dict.fromkeys(ITEMS, _ANSWER),
                    "area_id": _TEXT,
                },
                needs_place=False,
            ),
            _contract(
                "interventions",
                "intervention_id",
                "any",
                {
                    "kind": _NEEDED,
                    "title": _TEXT,
                    "started": Column("day"),
                    "finished": Column("day"),
                    "cost_dkk": _AMOUNT,
                    "owner": _TEXT,
                    "status": Column("text", required=True, allowed=("planned", "running", "done")),
                },
            ),
            _contract(
                "prices",
                "measure",
                None,
                {
                    "unit": Column("text", required=True, allowed=_UNITS),
                    "capex_dkk": _AMOUNT,
                    "opex_dkk_year": _AMOUNT,
                    "life_years": Column("number", lowest=1, highest=100),
                    "source": _TEXT,
                },
                needs_place=False,
            ),
        )
    }
)
KINDS = tuple(CONTRACTS)


def contract_of(kind: str) -> Contract:
    """Return what a kind of table must hold.

    Parameters
    ----------
    kind
        One of ``KINDS``.

    Raises
    ------
    TableError
        If there is no such kind.
    """
    if kind not in CONTRACTS:
        raise TableError(
            N_("A table is of a known kind."),
            N_("'{kind}'"),
            N_("use one of: {kinds}"),
            kind=kind,
            kinds=", ".join(KINDS),
        )
    return CONTRACTS[kind]
