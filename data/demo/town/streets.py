"""Streets, paths, bridges and tunnels: drawn district by district on the flat sheet, then joined into a network."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
import shapely.ops
from shapely import LineString

from .plan import DISTRICTS, EPSG, District, Rect, bent, flat_district

STEMS: Final = (
    "Hejre", "Spove", "Viber", "Klyde", "Stær", "Gøge", "Solsort", "Drossel", "Musvit", "Gråand", "Svale", "Irisk",
    "Rødhals", "Pirol", "Bogfinke", "Ærte", "Havtorn", "Marehalm", "Strandkål", "Timian", "Lyng", "Revling", "Porse",
    "Slåen", "Hyben", "Kvæde", "Mirabel", "Rønne", "Avnbøg", "Elle", "Birke", "Aske", "Linde", "Ahorn", "Pile",
    "Rav", "Flint", "Granit", "Kridt", "Ler", "Muld", "Sand", "Tang", "Blæretang", "Musling", "Konk", "Østers", "Rur",
    "Makrel", "Sild", "Torsk", "Rødspætte", "Ulk", "Ål", "Laks", "Krabbe", "Reje", "Sæl", "Marsvin", "Måge",
)  # fmt: skip
MAIN: Final = (
    ("Vestre Allé", "main", ((1700, 950), (1700, 2850))), ("Vestre Bro", "bridge", ((1700, 2850), (1700, 2950))),
    ("Vestre Allé", "main", ((1700, 2950), (1700, 4600))),
    ("Fyrvej", "main", ((2500, 950), (2500, 2840))), ("Fyrtunnelen", "tunnel", ((2500, 2840), (2500, 2960))),
    ("Lyngvej", "main", ((2500, 2960), (2500, 4600))),
    ("Søndergade", "main", ((3200, 950), (3200, 2840))), ("Nørregade", "main", ((3200, 2960), (3200, 4700))),
    ("Stationstunnelen", "tunnel", ((3650, 2850), (3650, 2950))),
    ("Stationspladsen", "path", ((3650, 2650), (3650, 2850))), ("Nordpladsen", "path", ((3650, 2950), (3650, 3100))),
    ("Kollegievej", "main", ((3800, 950), (3800, 1700))), ("Lærkevej", "main", ((4300, 950), (4300, 1700))),
    ("Møllevej", "main", ((4100, 1700), (4100, 2850))), ("Møllebroen", "bridge", ((4100, 2850), (4100, 2950))),
    ("Møllevej", "main", ((4100, 2950), (4100, 4700))),
    ("Værftsvej", "main", ((4900, 1700), (4900, 2850))), ("Værftsbroen", "bridge", ((4900, 2850), (4900, 2950))),
    ("Værftsvej", "main", ((4900, 2950), (4900, 4700))), ("Engvej", "main", ((600, 950), (600, 1850))),
    ("Brynet", "main", ((600, 3000), (600, 4000))), ("Østre Strandvej", "main", ((5700, 950), (5700, 1700))),
    ("Strandboulevarden", "main", ((600, 950), (5700, 950))), ("Midtervej", "main", ((2500, 1700), (6200, 1700))),
    ("Sydvej", "main", ((600, 1850), (2500, 1850))), ("Banegade", "main", ((3200, 2650), (4100, 2650))),
    ("Kildevej", "main", ((3200, 3100), (4100, 3100))), ("Nordvej", "main", ((1700, 3750), (3200, 3750))),
    ("Nordvej", "main", ((3200, 3900), (4100, 3900))), ("Tranevej", "main", ((4100, 3700), (4900, 3700))),
    ("Skovvej", "main", ((600, 4000), (1700, 4000))), ("Støberivej", "main", ((4900, 4000), (5950, 4000))),
    ("Parkvej", "main", ((1700, 4600), (3200, 4600))), ("Bakkevej", "main", ((3200, 4700), (4900, 4700))),
    ("Banestien Syd", "path", ((1700, 2840), (3200, 2840))), ("Banestien Nord", "path", ((1700, 2960), (3200, 2960))),
    ("Banestien Nord", "path", ((600, 3000), (900, 2970), (1700, 2960))),
    ("Banestien Øst", "path", ((4100, 2840), (6250, 2840))), ("Perronstien", "path", ((3200, 2840), (4100, 2840))),
    ("Perronstien", "path", ((3200, 2960), (4100, 2960))), ("Banestien Øst", "path", ((4100, 2960), (4900, 2960))),
)  # fmt: skip
PARK_PATH: Final = ((2500, 4080), (2640, 4140), (2780, 4150), (2920, 4210), (3060, 4300), (3200, 4330))


class Street(NamedTuple):
    """One street as drawn on the flat sheet."""

    name: str
    kind: str
    line: LineString


def _wave(start: tuple[float, float], end: tuple[float, float], swing: float, waves: float = 1.0) -> LineString:
    """A line between two points that swings to the side, as a path does."""
    t = np.linspace(0, 1, 25)
    a, b = np.array(start, float), np.array(end, float)
    side = np.array([-(b - a)[1], (b - a)[0]]) / np.hypot(*(b - a))
    return LineString(a + np.outer(t, b - a) + np.outer(swing * np.sin(np.pi * waves * t), side))


def _ring(x: float, y: float, rx: float, ry: float) -> LineString:
    t = np.linspace(0, 2 * np.pi, 49)
    return LineString(np.column_stack([x + rx * np.cos(t), y + ry * np.sin(t)]))


def _margins(rect: Rect) -> Rect:
    """The rectangle less the strip along the railway, where the drawn path and not a road is the edge."""
    x0, y0, x1, y1 = rect
    return x0, (2960 if y0 == 2900 else y0), x1, (2840 if y1 == 2900 else y1)


def _villa(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    middle = (y0 + y1) / 2
    yield "residential", _wave((x0, middle), (x1, middle + 40), 45, 2)
    count = round((x1 - x0) / 135)
    for i in range(1, count):
        x = x0 + (x1 - x0) * i / count
        if i % 3 == 1:
            yield "residential", _wave((x, y0), (x, y1 - 75), 22, 1)
            yield "path", LineString([(x, y1 - 75), (x, y1)])
        else:
            yield "residential", _wave((x, y0 if i % 3 else y0 + 70), (x, y1), -22, 1)


def _garden(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    x, y, w, h = (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0
    yield "residential", _ring(x, y, 0.17 * w, 0.17 * h)
    yield "residential", _ring(x, y, 0.36 * w, 0.36 * h)
    for dx, dy in ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5)):
        yield "residential", LineString([(x + 0.34 * dx * w, y + 0.34 * dy * h), (x + dx * w, y + dy * h)])
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        yield (
            "path",
            LineString([(x + 0.12 * dx * w, y + 0.12 * dy * h), (x + 0.44 * dx * w, y + 0.44 * dy * h)]),
        )
        yield "residential", LineString([(x + 0.2546 * dx * w, y + 0.2546 * dy * h), (x + 0.45 * dx * w, y + 0.3 * dy * h),
                                         (x + 0.5 * dx * w, y + 0.3 * dy * h)])  # fmt: skip


def _terraced(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    rows = 2 if y1 - y0 > 900 else 1
    for row in range(rows):
        low, high = y0 + (y1 - y0) * row / rows, y0 + (y1 - y0) * (row + 1) / rows
        middle = (low + high) / 2
        yield "residential", _wave((x0, middle), (x1, middle), 18, 2)
        yield "path", LineString([(x0, high - 45), (x1, high - 45)])
        yield "path", LineString([(x0, low + 45), (x1, low + 45)])
        count = round((x1 - x0) / 78)
        for i in range(1, count):
            x = x0 + (x1 - x0) * i / count
            yield "residential", LineString([(x, low + 70), (x, high - 70)])
            if i % 2:
                yield "path", LineString([(x, high - 70), (x, high - 45)])
                yield "path", LineString([(x, low + 45), (x, low + 70)])


def _highrise(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    ring = shapely.box(x0 + 90, y0 + 90, x1 - 90, y1 - 90).buffer(-60).buffer(60).exterior
    yield "residential", LineString(ring.coords)
    for x, y, ex, ey in ((x0, y0 + 300, x0 + 90, y0 + 300), (x1 - 90, y0 + 360, x1, y0 + 360)):
        yield "residential", LineString([(x, y), (ex, ey)])
    middle = (x0 + x1) / 2
    yield "path", LineString([(middle, y0), (middle, y1)])
    count = round((y1 - y0 - 180) / 165)
    for i in range(1, count):
        y = y0 + 90 + (y1 - y0 - 180) * i / count
        yield "path", _wave((x0 + 90, y), (x1 - 90, y), 16, 2)
    yield "path", LineString([(x0 + 90, y1 - 150), (x0, y1 - 150)])
    yield "path", LineString([(x1 - 90, y1 - 150), (x1, y1 - 150)])


def _perimeter(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    across, up = round((x1 - x0) / 175), round((y1 - y0) / 150)
    for i in range(1, across):
        x = x0 + (x1 - x0) * i / across
        yield "residential", LineString([(x, y0), (x, y1)])
    for j in range(1, up):
        y = y0 + (y1 - y0) * j / up
        yield "residential", LineString([(x0, y), (x1, y)])
    yield "path", LineString([(x0, y0 + 75), (x1, y0 + 75)])


def _student(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    yield (
        "residential",
        LineString([(x0, y0 + 180), (x0 + 220, y0 + 180), (x0 + 220, y1 - 180), (x0, y1 - 180)]),
    )
    yield "path", _wave((x0 + 220, y0 + 180), (x1, y0 + 120), 12)
    yield "path", _wave((x0 + 220, y1 - 180), (x1, y1 - 150), -12)
    yield "path", LineString([(x0 + 360, y0), (x0 + 360, y1)])
    yield "path", LineString([(x0 + 100, y0), (x0 + 100, y1)])


def _mixed(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    split = y0 + 0.52 * (y1 - y0)
    yield "residential", _wave((x0, split), (x1, split), 20, 2)
    yield from _perimeter((x0, y0, x1, split - 40))
    yield from _terraced((x0, split, x1, y1))


def _centre(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    yield "path", LineString([(x0, 2230), (x0 + 450, 2230), (x1, 2260)])
    yield "path", LineString([(x0 + 450, y0), (x0 + 450, y1)])
    for x in (x0 + 225, x0 + 675):
        yield "residential", LineString([(x, y0), (x, y1)])
    for y in (1930, 2080, 2440):
        yield "residential", LineString([(x0, y), (x1, y)])


def _station(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, _ = rect
    yield (
        "residential",
        LineString([(x0 + 200, y0), (x0 + 200, y0 + 110), (x1 - 200, y0 + 110), (x1 - 200, y0)]),
    )
    yield "path", LineString([(x0 + 450, 3100), (x0 + 450, 3030), (x0 + 200, 3030), (x0 + 200, 2960)])


def _school(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    middle = (x0 + x1) / 2
    yield "service", LineString([(x0, y0 + 280), (middle, y0 + 280)])
    yield "path", _wave((middle, y0), (middle, y1), 40, 1)
    yield "path", _wave((x0, y0 + 480), (x1, y0 + 500), 25, 2)
    yield "path", LineString([(middle, y0 + 280), (x1, y0 + 300)])


def _industry(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, _, y1 = rect
    for x in (x0 + 330, x0 + 680, x0 + 1020):
        yield "street", LineString([(x, y0), (x, y1)])
    for y in (y0 + 0.36 * (y1 - y0), y0 + 0.7 * (y1 - y0)):
        yield "street", LineString([(x0, y), (x0 + 1020, y), (x0 + 1240, y + 30)])


def _park(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    yield "path", _wave((x0 + 200, y0), (x0 + 260, y1), 70, 1)
    yield "path", _wave((x1 - 180, y0), (x1 - 150, y1), -50, 1)
    yield "path", _wave((x0, y1 - 200), (x1, y1 - 160), 30, 2)
    yield "path", _ring((x0 + x1) / 2, y0 + 170, 130, 80)
    yield "path", LineString(PARK_PATH)


def _sports(rect: Rect) -> Iterator[tuple[str, LineString]]:
    x0, y0, x1, y1 = rect
    yield "service", LineString([(x0, y0 + 300), (x0 + 200, y0 + 300)])
    yield "path", LineString([(x0 + 200, y0 + 300), (x1, y0 + 330)])
    yield "path", _wave((x0 + 400, y0), (x0 + 380, y1), 30, 2)


def _wood(_: Rect) -> Iterator[tuple[str, LineString]]:
    yield "track", _wave((1300, 4000), (2100, 5250), 120, 2)
    yield "track", _wave((700, 4450), (4700, 4950), 110, 5)
    yield "track", _wave((1300, 4950), (4200, 5230), 80, 4)
    yield "track", _wave((2850, 4600), (2950, 5400), 70, 1)
    yield "track", _wave((3700, 4700), (3600, 5300), 60, 2)


def _shore(_: Rect) -> Iterator[tuple[str, LineString]]:
    yield "track", _wave((480, 760), (6150, 800), 45, 9)
    for x in (1150, 1700, 2500, 3200, 3800, 4300, 5000):
        yield "path", LineString([(x, 950), (x, 700)])


def _fields(_: Rect) -> Iterator[tuple[str, LineString]]:
    yield "service", _wave((300, 2350), (1700, 2400), 60, 2)
    yield "service", _wave((4900, 4400), (5850, 4350), 50, 2)
    yield "service", _wave((5700, 1300), (6350, 1350), 30, 2)


PATTERNS: Final[dict[str, Callable[[Rect], Iterator[tuple[str, LineString]]]]] = {
    "villa": _villa, "garden": _garden, "terraced": _terraced, "highrise": _highrise, "perimeter": _perimeter,
    "student": _student, "mixed": _mixed, "centre": _centre, "station": _station, "school": _school,
    "industry": _industry, "park": _park, "sports": _sports, "wood": _wood, "shore": _shore, "fields": _fields,
}  # fmt: skip


def _named(district: District, kind: str, number: int) -> str:
    stem = STEMS[(7 * DISTRICTS.index(district) + number) % len(STEMS)]
    ending = {"path": "stien", "track": "sporet", "service": "vænget"}.get(
        kind, ("vej", "vænget", "toften")[number % 3]
    )
    return stem + ending


def drawn() -> list[Street]:
    """Every street of the flat sheet, main roads first."""
    streets = [Street(name, kind, LineString(points)) for name, kind, points in MAIN]
    for district in DISTRICTS:
        inside = flat_district(district).buffer(0.5)
        for number, (kind, line) in enumerate(PATTERNS[district.pattern](_margins(district.rects[0]))):
            cut = line.intersection(inside)
            parts = getattr(cut, "geoms", [cut])
            name = "Parkstien" if line.coords[0] == PARK_PATH[0] else _named(district, kind, number)
            streets += [Street(name, kind, part) for part in parts if part.length > 10]
    return streets


def _noded(streets: list[Street]) -> list[Street]:
    """The same streets cut at every crossing, each piece once."""
    lines = [street.line for street in streets]
    pieces = shapely.get_parts(shapely.node(shapely.MultiLineString(lines)))
    tree = shapely.STRtree(lines)
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    found: dict[int, int] = {}
    for piece, parent in zip(*tree.query(middles, predicate="dwithin", distance=0.05), strict=True):
        found[int(piece)] = min(int(parent), found.get(int(piece), len(lines)))
    return [streets[parent]._replace(line=pieces[piece]) for piece, parent in sorted(found.items())]


def streets_of_town() -> gpd.GeoDataFrame:
    """The street network: one row per stretch between two crossings, stretches over 120 m cut in equal parts."""
    rows: list[tuple[str, str, LineString]] = []
    for street in _noded(drawn()):
        parts = max(1, int(np.ceil(street.line.length / 130)))
        for i in range(parts):
            piece = shapely.ops.substring(street.line, i / parts, (i + 1) / parts, normalized=True)
            rows.append((street.name, street.kind, bent(piece)))
    frame = gpd.GeoDataFrame(rows, columns=["name", "kind", "geometry"], geometry="geometry", crs=EPSG)
    frame = frame[frame.length > 2].reset_index(drop=True)
    frame["lit"] = ~frame["kind"].isin(["track", "service"])
    frame.insert(0, "road_id", [f"V{i + 1:05d}" for i in range(len(frame))])
    return frame
