"""What a reader could work out: every published number becomes an equation, and a linear program does the rest.

Where each attack is tried: differencing filters and neighbouring periods here and in `test_search`; drawn polygons here
and in `test_attack_maps`; zooms here, in `test_doors` (cells of another size) and in `test_attack_pixels`; sorting and
histograms in `test_attack_maps`; sentences, exports and messages here and, all doors at once, in `test_attack_twins`.
"""

import datetime as dt
import re
import shutil
from io import BytesIO

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pypdf
import pytest
import rasterio
import scipy.sparse as sp
from scipy.optimize import linprog

from hotspot.counting import in_period
from hotspot.errors import AccessError
from hotspot.pipeline import run
from hotspot.release import before, cells, linked, note, release
from hotspot.release.order import OUT
from hotspot.release.ties import small_counts
from hotspot.report import priority_table, row_sentence
from hotspot.report.export import write_csv, write_geojson, write_surfaces
from hotspot.report.frames import priority_frame
from hotspot.report.geopackage import write_geopackage
from hotspot.report.paper import paper_pdf
from hotspot.store import Store

K = 5
OWNER = "Boligselskabet Fyrtårnet"
EXCEPT_FIRE = ("burglary", "drugs", "gathering", "riding", "theft", "vandalism", "violence")


@pytest.fixture(scope="module")
def store(town, tmp_path_factory):
    """A copy of the town's study: what is released is noted in it."""
    folder = tmp_path_factory.mktemp("attacked") / "town"
    shutil.copytree(town, folder, ignore=shutil.ignore_patterns("raw"))
    return Store(folder)


@pytest.fixture(scope="module")
def result(store):
    return run(store.study, store.snapshot(), shelf=store.shelf)


@pytest.fixture(scope="module")
def small(store):
    """So few incidents that many counts must be hidden."""
    return run(store.study.but(categories=("fire",)), store.snapshot(), shelf=store.shelf)


class Adversary:
    """Knows which incidents every printed number counts, adds and subtracts, and knows that no count is negative."""

    def __init__(self, result):
        rows = result.points["incidents"]
        zone = result.place.timezone
        years = {y: in_period(rows, (dt.date(y, 1, 1), dt.date(y, 12, 31)), zone) for y in (2024, 2025)}
        share = pd.DataFrame(years).assign(rest=lambda t: (rows["membership"] - t.sum(axis=1)).clip(lower=0.0))
        places = [*result.places.index, "outside"]
        kinds = sorted(rows["category"].unique())
        self.atoms = pd.MultiIndex.from_product([places, ["2024", "2025", "rest"], kinds])
        told = rows[["category"]].assign(area_id=rows["area_id"].fillna("outside"))
        long = pd.concat(told.assign(when=str(when), n=share[when]) for when in share)
        counted = long.groupby(["area_id", "when", "category"])["n"].sum()
        self.truth = counted.reindex(self.atoms, fill_value=0.0).to_numpy()
        self.parents = {"burglary": "property", "fire": "property", "theft": "property", "vandalism": "property",
                        "drugs": "nuisance", "gathering": "nuisance", "riding": "nuisance",
                        "violence": "persons"}  # fmt: skip
        self.lines, self.told, self.names = [], [], []

    def which(self, area="", period="", category=""):
        place, when, kind = (self.atoms.get_level_values(level) for level in range(3))
        own = (
            np.isin(kind, list(category))
            if isinstance(category, tuple)
            else ((kind == category) | (kind.map(self.parents) == category) if category else np.ones(len(kind), bool))
        )
        inside = (place == area) if area else (place != "outside")
        return own & inside & ((when == period) if period else np.ones(len(kind), bool))

    def hear(self, name, which, value):
        if np.isfinite(value):
            self.lines.append(which)
            self.told.append(value)
            self.names.append(name)

    def read(self, shown):
        """Take in every number of a release that counts incidents."""
        for area_id, n in shown.places["n"].items():
            self.hear(f"places {area_id}", self.which(area_id), n)
        for _, row in shown.counts.iterrows():
            line = self.which(row["area_id"], row["period"], row["category"])
            line = line & (self.atoms.get_level_values(1) != "rest")  # the table holds whole years
            self.hear(f"counts {tuple(row[:3])}", line, row["n"])
        for key in ("nuisance", "observed_expected", "felt_recorded"):
            layer = shown.layers[key]
            codes = tuple(layer.spec.parameters.get("categories", ())) or ""
            for area_id, n in layer.frame["n"].items():
                self.hear(f"{key} {area_id}", self.which(area_id, "", codes), n)
            if "n" in layer.facts:
                self.hear(f"{key} in all", self.which("", "", codes), layer.facts["n"])

    def check_reading(self):
        """What was read must be true, or the attack would prove nothing."""
        for line, n, name in zip(self.lines, self.told, self.names, strict=True):
            assert self.truth[line].sum() == pytest.approx(n, abs=1e-6), name

    def interval(self, which):
        lines = sp.csr_array(np.array(self.lines, dtype=float))
        ends = [
            linprog(sign * which.astype(float), A_eq=lines, b_eq=self.told, bounds=(0, 5_000), method="highs").fun
            for sign in (1.0, -1.0)
        ]
        return ends[0], -ends[1]

    def secrets(self, result):
        """Every small count of the tables that the town prints."""
        rows = [(a, p, c) for a in result.places.index for p in ("", "2024", "2025")
                for c in ("", *sorted({*self.parents, *self.parents.values()}))]  # fmt: skip
        found = {row: self.which(*row) for row in rows}
        found |= {(a, "", "not nuisance"): self.which(a) & ~self.which(a, "", ("riding", "gathering"))
                  for a in result.places.index}  # fmt: skip
        return {
            name: which for name, which in found.items() if small_counts(self.truth[which].sum(keepdims=True), K)[0]
        }

    def worked_out(self, result, most=400):
        """The small counts that are known to within less than 1."""
        found = []
        for name, which in list(self.secrets(result).items())[:most]:
            low, high = self.interval(which)
            if high - low < 1 - 1e-6:
                found.append((name, low, high))
        return found


def collude(result):
    """Everybody who may not see small counts puts what they see together."""
    adversary = Adversary(result)
    adversary.read(release(result, "council"))
    adversary.read(release(result, "planner"))
    partner = release(result, "partner", owner=OWNER)
    for area_id, n in partner.places["n"].items():
        adversary.hear(f"partner {area_id}", adversary.which(area_id), n)
    adversary.check_reading()
    return adversary


def test_nobody_can_work_out_a_small_count_by_adding_and_subtracting(small):
    adversary = collude(small)
    assert len(adversary.secrets(small)) > 20
    assert not adversary.worked_out(small)


def test_nor_in_the_whole_town(result):
    adversary = collude(result)
    secrets = adversary.secrets(result)
    assert len(secrets) > 100
    found = [name for name in list(secrets)[::4] if np.ptp(adversary.interval(secrets[name])) < 1 - 1e-6]
    assert not found


def test_the_attack_succeeds_on_a_rule_that_hides_small_counts_alone(small, monkeypatch):
    monkeypatch.setattr(
        linked, "hide_tied", lambda tied, k, _besides=None: small_counts(tied.counts, k) | ~tied.printed
    )
    assert collude(small).worked_out(small)


# differencing filters and neighbouring periods: whoever asks twice knows the difference


def asked_after(store, *changes):
    """What a planner is shown of each recipe, asked for one after the other."""
    (store.folder / "released.jsonl").unlink(missing_ok=True)
    snapshot, shown = store.snapshot(), []
    for change in changes:
        found = run(store.study.but(**change), snapshot, shelf=store.shelf)
        shown.append((found, release(found, "planner", before=before(store, snapshot, found))))
        note(store, snapshot, found, "planner", shown[-1][1])
    (store.folder / "released.jsonl").unlink(missing_ok=True)
    return shown


def small_differences(one, other, column="n"):
    gap = (one[column] - other[column]).abs()
    return int(((gap > 1e-6) & (gap < K)).sum())


@pytest.fixture(scope="module", params=["a category left out", "a week left out"])
def pair(request, store, result):
    change = {"categories": EXCEPT_FIRE}
    if request.param == "a week left out":
        first, last = result.record.period
        change = {"period": (first, last - dt.timedelta(days=7))}
    return asked_after(store, {}, change)


def test_two_answers_of_a_planner_never_differ_by_a_few_incidents(pair):
    (_, one), (_, other) = pair
    assert not small_differences(one.places, other.places)
    for key in (
        "hotspots",
        "hotspots_dark",
        "local_moran",
        "emerging",
        "observed_expected",
        "nuisance",
        "felt_recorded",
    ):
        assert not small_differences(one.layers[key].frame, other.layers[key].frame), key


def test_later_answers_tell_no_exact_count_of_a_hot_spot(pair):
    """Hot spots of two recipes may differ by a cell, whose count their difference would be."""
    (found, one), (other, later) = pair
    told = later.hotspots["n"].dropna()
    assert len(told) > 0
    assert ((told - other.hotspots["n"].reindex(told.index)).abs() <= 5).all()
    assert (told % 10 == 0).all()
    assert later.hotspots[["pvalue", "qvalue", "lower", "upper", "dark_share"]].isna().all().all()
    assert not any(later.hotspots["by_category"])
    assert one.hotspots["n"].tolist() == found.hotspots["n"].reindex(one.hotspots.index).tolist()


def test_without_looking_back_they_would(pair):
    (_full, one), (found, _) = pair
    forgetful = release(found, "planner")
    assert small_differences(one.layers["hotspots"].frame, forgetful.layers["hotspots"].frame)


def test_the_difference_of_two_surfaces_shows_no_single_incident(pair):
    (first, one), (second, other) = pair
    gone = ~first.points["incidents"].index.isin(second.points["incidents"].index)
    left = first.points["incidents"][gone]
    a, b = one.layers["density_gaussian"].surface, other.layers["density_gaussian"].surface
    if not np.isfinite(a.values).any() or a.lattice != b.lattice:
        return
    x, y = a.lattice.centres()
    seen = np.isfinite(a.values) & np.isfinite(b.values)
    for point in left.geometry.iloc[:40]:
        row, col = int(np.abs(y - point.y).argmin()), int(np.abs(x - point.x).argmin())
        if seen[row, col]:
            reach = 2 * first.layers["density_gaussian"].measured.facts["sigma_m"] + 2 * a.lattice.pixel_m
            near = (abs(left.geometry.x - x[col]) <= reach) & (abs(left.geometry.y - y[row]) <= reach)
            assert near.sum() >= K


def test_a_period_and_its_parts_do_not_tell_the_rest(store, result):
    """Two years asked for apart and the two together; then all but a few days of them."""
    (_, both), (_, first), (_, second) = asked_after(
        store,
        {"period": (dt.date(2024, 1, 1), dt.date(2025, 12, 31))},
        {"period": (dt.date(2024, 1, 1), dt.date(2024, 12, 31))},
        {"period": (dt.date(2025, 1, 5), dt.date(2025, 12, 31))},
    )
    gap = both.places["n"] - first.places["n"] - second.places["n"]
    assert not ((gap > 1e-6) & (gap < K)).any()


def test_asking_again_gives_the_same_answer(store, result):
    shown = asked_after(store, {}, {"categories": EXCEPT_FIRE}, {})
    pd.testing.assert_series_equal(shown[0][1].places["n"], shown[2][1].places["n"])
    assert len(shown[2][1].counts)


# drawn polygons, zooms, sorting, histograms


def test_no_drawn_polygon_of_cells_tells_a_small_count(result):
    """A polygon is a set of cells; its sum is known only if none of them is hidden, and then each is large or zero."""
    for key in ("hotspots", "local_moran", "hotspots_dark", "emerging"):
        frame = release(result, "planner").layers[key].frame
        n = frame["n"].dropna()
        assert not ((n > 0) & (n < K)).any()
    groups = cells._groups(result)
    true = result.layers["hotspots"].measured.frame["n"].to_numpy(float)
    hidden = cells.hidden_cells(result, K)["hotspots"]
    for group in groups:
        inside = group[hidden[group]]
        if len(inside):
            rest = true[inside].sum() - true[inside]
            assert len(inside) > 1
            assert (np.minimum(true[inside] + rest, 4) >= np.minimum(4, true[inside])).all()


def test_zooming_out_of_a_masked_surface_shows_nothing_new(result, tmp_path):
    shown = release(result, "planner")
    for path in write_surfaces(shown, tmp_path):
        own = shown.layers[path.stem].surface
        with rasterio.open(path) as file:
            for factor in (1, *file.overviews(1)):
                height, width = -(-file.height // factor), -(-file.width // factor)
                coarse = file.read(1, out_shape=(height, width))
                blocks = np.isfinite(coarse)
                for row, col in zip(*np.nonzero(blocks), strict=True):
                    block = own.values[row * factor : (row + 1) * factor, col * factor : (col + 1) * factor]
                    assert factor > 2 or np.isfinite(block).any()
                assert np.nanmax(coarse) <= np.nanmax(own.values) * (1 + 1e-6)


def test_the_order_of_rows_says_nothing_of_hidden_counts(small):
    shown = release(small, "council")
    assert list(shown.places.index) == sorted(shown.places.index)
    for layer in shown.layers.values():
        assert list(layer.frame.index) == sorted(layer.frame.index)
    keys = shown.counts[["area_id", "period", "category"]].apply(tuple, axis=1)
    assert keys.is_unique
    spots = release(small, "planner").hotspots
    assert not spots["hidden"].to_numpy()[:-1][~spots["hidden"].to_numpy()[1:]].any()


def test_a_histogram_counts_hidden_rows_in_no_class(small):
    for layer in release(small, "council").layers.values():
        rows = layer.frame[layer.frame["hidden"]]
        assert rows.drop(columns="hidden").isna().all().all(), layer.spec.key


# sentences, exports, messages


def numbers_of(small):
    """The true small numbers behind hidden rows: what must be nowhere in any file."""
    hidden = release(small, "council").layers["observed_expected"].frame["hidden"]
    true = small.layers["observed_expected"].measured.frame[hidden]
    assert len(true)
    return true


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_sentence_tells_a_hidden_number(small, language):
    shown = release(small, "council")
    rows = {row["area_id"]: row for row in priority_table(shown, language)}
    for area_id in numbers_of(small).index:
        for key in ("observed_expected", "felt_recorded"):
            said = row_sentence(shown.layers[key], area_id, language)
            assert not re.search(r"\d", said.replace(f" {K})", ")")), said  # the threshold itself is no secret
        reasons = shown.priorities.loc[area_id, "reasons"]
        assert {each.template for each in reasons if each.values.get("key") == "observed_expected"} <= {OUT}
        assert "NaN" not in rows[area_id]["why"]


@pytest.mark.parametrize("audience", ["council", "planner"])
def test_no_export_holds_a_hidden_number(small, audience, tmp_path):
    shown, true = release(small, audience), numbers_of(small)
    write_geopackage(shown, tmp_path / "a.gpkg", "en")
    areas = gpd.read_file(tmp_path / "a.gpkg", layer="areas").set_index("area_id").loc[true.index]
    columns = [name for name in areas if name.startswith(("observed_expected", "felt_recorded"))]
    assert areas[[name for name in columns if not name.endswith("hidden")]].isna().all().all()
    ranked = gpd.read_file(tmp_path / "a.gpkg", layer="priorities").set_index("area_id").loc[true.index]
    assert ranked[["score", "part_observed_expected", "value_observed_expected"]].isna().all().all()
    write_csv(priority_frame(shown, "en"), tmp_path / "a.csv", "en")
    write_geojson(shown, "priorities", tmp_path / "a.geojson", "en")
    texts = [(tmp_path / name).read_text("utf-8") for name in ("a.csv", "a.geojson")]
    for ratio in true["value"][true["value"] > 0]:
        assert not [text for text in texts if f"{ratio:.6f}"[:-1] in text]
    layers = {str(each[0]) for each in pyogrio.list_layers(tmp_path / "a.gpkg")}
    assert "incidents" not in layers


def test_the_paper_tells_no_hidden_number(small):
    shown = release(small, "council")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper_pdf(shown, "en"))).pages)
    names = shown.places["name"]
    for area_id in numbers_of(small).index:
        for line in re.findall(rf"{re.escape(names[area_id])}[^\n]*", text):
            assert "incidents against" not in line
    assert "fewer than" in text or "hidden" in text.lower()


def test_a_refusal_tells_no_number_and_no_other_owners_place(small):
    with pytest.raises(AccessError) as refused:
        release(small, "partner")
    assert not re.search(r"\d", str(refused.value))
    shown = release(small, "partner", owner=OWNER)
    assert set(shown.priorities["owner"]) == {OWNER}
    assert set(shown.counts["area_id"]) <= set(shown.places.index)


def test_earlier_measures_with_few_incidents_keep_all_their_numbers(result):
    rows = release(result, "council").evaluations
    gone = rows[rows["hidden"]]
    true = result.evaluations[["n_before", "n_after"]].astype(float)
    assert len(gone) == ((true > 0) & (true < K)).any(axis=1).sum() > 0
    assert gone.select_dtypes("number").isna().all().all()
    assert not any(each.values for each in gone["verdict"])
