"""Values that nobody here made: R's spdep 1.2-7, GeoDa (pygeoda 0.1.3) and esda 2.9.0, on Columbus and SIDS.

Statistics agree to rounding (1e-9). Where a p or a scale differs, a test says by how much and why; the same
is told in docs/autocorrelation.md. How the files were made: tests/reference/autocorrelation.R and _geoda.py.
"""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.stats.autocorrelation import Global
from hotspot.stats.bivariate import bivariate_moran, lee, local_bivariate_moran, local_lee
from hotspot.stats.geary import geary, local_geary
from hotspot.stats.getis_ord import getis_ord_g, local_g
from hotspot.stats.join_counts import join_counts, local_join_counts
from hotspot.stats.lags import weighted
from hotspot.stats.moran import local_moran, moran
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.rate_autocorrelation import eb_moran, eb_standardised, local_eb_moran

FOLDER = Path(__file__).parents[1] / "reference"
TEXT = {"queen": str, "nearest": str}
COLUMBUS = pd.read_csv(FOLDER / "autocorrelation_columbus.csv", dtype=TEXT)
GLOBAL = pd.read_csv(FOLDER / "autocorrelation_global.csv").set_index(["weights", "name"])
GEODA = pd.read_csv(FOLDER / "autocorrelation_geoda.csv")
SIDS = pd.read_csv(FOLDER / "autocorrelation_rates.csv", dtype=TEXT)
GEODA_SIDS = pd.read_csv(FOLDER / "autocorrelation_geoda_rates.csv", dtype=TEXT)
CRIME, INCOME, VALUE, HIGH = (COLUMBUS[name].to_numpy() for name in ("CRIME", "INC", "HOVAL", "high"))
KINDS = ("queen W", "queen B", "nearest W")
DRAWS = 9_999


def neighbours(lists: pd.Series) -> Neighbours:
    """Read the neighbours of each place, written as positions."""
    pairs = [(i, int(j)) for i, each in enumerate(lists) for j in each.split()]
    return Neighbours.from_pairs(*np.array(pairs).T, len(lists))


QUEEN, NEAREST = neighbours(COLUMBUS["queen"]), neighbours(COLUMBUS["nearest"])
COUNTIES = neighbours(SIDS["queen"])


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def found(name: str, kind: str) -> Global:
    near, rows = QUEEN if kind.startswith("queen") else NEAREST, kind.endswith("W")
    if name in {"bb", "bw", "ww"}:
        return getattr(join_counts(HIGH, weighted(near, row_standardised=rows)), name)
    one = {"geary": geary, "g": getis_ord_g}
    return one[name](CRIME, near, row_standardised=rows)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["geary", "g", "bb", "bw", "ww"])
def test_global_statistic_mean_and_variance_are_those_of_spdep(name, kind):
    ours, theirs = found(name, kind), GLOBAL.loc[(kind, name)]
    assert (ours.statistic, ours.expected) == pytest.approx((theirs["statistic"], theirs["expected"]), rel=1e-9)
    assert ours.variance == pytest.approx(theirs["variance"], rel=1e-9)
    sign = -1 if name == "geary" else 1  # spdep turns Geary's z, so that positive means alike
    assert ours.z == pytest.approx(sign * theirs["z"], rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_moran_is_that_of_spdep(kind):
    near = QUEEN if kind.startswith("queen") else NEAREST
    ours = moran(CRIME, near, row_standardised=kind.endswith("W"))
    random, normal = GLOBAL.loc[(kind, "moran")], GLOBAL.loc[(kind, "moran_normal")]
    assert (ours.statistic, ours.variance_random) == pytest.approx((random["statistic"], random["variance"]), rel=1e-9)
    assert (ours.z_normal, ours.z_random) == pytest.approx((normal["z"], random["z"]), rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_lee_has_the_value_and_the_mean_of_spdep(kind):
    near, rows = QUEEN if kind.startswith("queen") else NEAREST, kind.endswith("W")
    ours, theirs = lee(INCOME, CRIME, near, row_standardised=rows), GLOBAL.loc[(kind, "lee")]
    assert (ours.statistic, ours.expected) == pytest.approx((theirs["statistic"], theirs["expected"]), rel=1e-9)
    smoothing = lee(CRIME, CRIME, near, row_standardised=rows).statistic
    assert smoothing == pytest.approx(GLOBAL.loc[(kind, "lee_itself"), "statistic"], rel=1e-9)
    # the variance printed by spdep's lee.test is not that of dealing out: its own lee.mc (below) draws a smaller one
    assert 1.15 < theirs["variance"] / ours.variance < 1.6


def test_lee_has_the_variance_that_spdep_draws():
    drawn = pd.read_csv(FOLDER / "autocorrelation_lee.csv").loc[0]
    ours = lee(INCOME, CRIME, QUEEN)
    assert ours.expected == pytest.approx(drawn["mean"], abs=4 * (ours.variance / drawn["draws"]) ** 0.5)
    assert ours.variance == pytest.approx(drawn["variance"], rel=0.04)  # three times its Monte Carlo error


def test_bivariate_moran_is_that_of_spdep_up_to_the_sum_of_weights():
    for kind, near, rows in (("queen W", QUEEN, True), ("nearest W", NEAREST, True), ("queen B", QUEEN, False)):
        ours = bivariate_moran(INCOME, CRIME, near, row_standardised=rows).statistic
        # spdep and esda do not divide by S0 / n, which is 1 for row-standardised weights only
        scale = 1.0 if rows else len(near.indices) / 49
        assert ours * scale == pytest.approx(GLOBAL.loc[(kind, "bivariate"), "statistic"], rel=1e-9)
    # METHODS 7, from esda
    assert bivariate_moran(INCOME, CRIME, QUEEN).statistic == pytest.approx(-0.4516227, abs=5e-8)
    assert bivariate_moran(CRIME, INCOME, QUEEN).statistic == pytest.approx(-0.4286322, abs=5e-8)


def test_local_statistics_are_those_of_spdep():
    args = {"permutations": 99, "rng": rng()}
    local = local_moran(CRIME, QUEEN, **args).statistic
    assert local * 49 / 48 == pytest.approx(COLUMBUS["moran"], rel=1e-9)  # spdep divides by n, esda and GeoDa by n - 1
    assert local == pytest.approx(COLUMBUS["moran_mean_n"], rel=1e-9)  # spdep with mlvar = FALSE
    assert local_g(CRIME, QUEEN, star=False, **args).statistic == pytest.approx(COLUMBUS["g"], rel=1e-9)
    assert local_g(CRIME, QUEEN, **args).statistic == pytest.approx(COLUMBUS["g_star"], rel=1e-9)
    assert local_geary(CRIME, QUEEN, **args).statistic == pytest.approx(COLUMBUS["geary"], rel=1e-9)
    three = np.column_stack([CRIME, INCOME, VALUE])
    assert local_geary(three, QUEEN, **args).statistic == pytest.approx(COLUMBUS["geary_three"], rel=1e-9)
    bivariate = local_bivariate_moran(INCOME, CRIME, QUEEN, **args).statistic
    assert bivariate == pytest.approx(COLUMBUS["bivariate"], rel=1e-9)
    assert local_lee(INCOME, CRIME, QUEEN, **args).statistic == pytest.approx(COLUMBUS["lee"], rel=1e-9)
    assert (local_join_counts(HIGH, QUEEN).statistic == COLUMBUS["bb"]).all()


def test_local_statistics_are_those_of_geoda():
    args = {"permutations": 99, "rng": rng()}
    local = local_moran(CRIME, QUEEN, **args)
    assert local.statistic == pytest.approx(GEODA["moran"], rel=1e-9)
    named = {"High-High": "HH", "Low-High": "LH", "Low-Low": "LL", "High-Low": "HL"}
    assert (local.quadrant == GEODA["cluster"].map(named)).all()
    assert local_geary(CRIME, QUEEN, **args).statistic == pytest.approx(GEODA["geary"], rel=1e-9)
    three = np.column_stack([CRIME, INCOME, VALUE])
    assert local_geary(three, QUEEN, **args).statistic == pytest.approx(GEODA["geary_three"], rel=1e-9)
    bivariate = local_bivariate_moran(INCOME, CRIME, QUEEN, **args).statistic
    assert bivariate == pytest.approx(GEODA["bivariate"], rel=1e-9)
    assert (local_join_counts(HIGH, QUEEN).statistic == GEODA["bb"]).all()


def test_geoda_prints_the_share_where_we_and_spdep_print_its_z():
    around, size = QUEEN.around(CRIME), QUEEN.cardinalities
    assert GEODA["g"].to_numpy() == pytest.approx(around / size / (CRIME.sum() - CRIME), rel=1e-9)
    assert GEODA["g_star"].to_numpy() == pytest.approx((around + CRIME) / (size + 1) / CRIME.sum(), rel=1e-9)


def test_the_draws_give_the_p_of_every_possible_draw():
    # k of the 48 others: few enough to list for places with up to four neighbours
    z = CRIME - CRIME.mean()
    drawn = local_moran(CRIME, QUEEN, permutations=99_999, rng=rng()).pvalue
    peer = {"geoda": 2 * GEODA["moran_p"].to_numpy(), "spdep": COLUMBUS["moran_p"].to_numpy()}
    apart: dict[str, list[float]] = {"ours": [], "geoda": [], "spdep": []}
    for place in np.flatnonzero(QUEEN.cardinalities <= 3):
        near = QUEEN.indices[QUEEN.indptr[place] : QUEEN.indptr[place + 1]]
        sums = np.array([sum(each) for each in combinations(np.delete(z, place), len(near))])
        observed = z[near].sum()
        exact = min(1.0, 2 * min(np.mean(sums >= observed - 1e-9), np.mean(sums <= observed + 1e-9)))
        apart["ours"].append(abs(drawn[place] - exact))
        for name, p in peer.items():
            apart[name].append(abs(p[place] - exact))
    assert max(apart["ours"]) < 0.01
    # spdep draws with replacement; GeoDa's draws are not even at 49 places. With 9,999 and 99,999 draws, chance
    # alone explains .015 and .005.
    assert max(apart["spdep"]) == pytest.approx(0.026, abs=0.02)
    assert max(apart["geoda"]) > 0.03


def test_p_of_spdep_is_two_sided_and_its_folded_p_is_half_of_it():
    assert 2 * COLUMBUS["moran_folded"].to_numpy() == pytest.approx(COLUMBUS["moran_p"], abs=2e-3)
    ours = local_moran(CRIME, QUEEN, permutations=DRAWS, rng=rng()).pvalue
    assert ours == pytest.approx(COLUMBUS["moran_p"], abs=0.06)
    assert np.corrcoef(ours, COLUMBUS["moran_p"])[0, 1] > 0.995


def test_p_of_esda_is_one_sided_on_the_side_that_the_data_chose():
    ours = local_moran(CRIME, QUEEN, permutations=DRAWS, rng=rng())
    assert ours.statistic == pytest.approx(GEODA["esda_moran"], rel=1e-9)
    doubled = np.minimum(1, 2 * GEODA["esda_moran_p"].to_numpy())
    assert doubled == pytest.approx(ours.pvalue, abs=0.04)  # 9,999 draws on either side


def test_local_join_counts_of_geoda_are_one_sided_and_above_the_exact_tail():
    greater = local_join_counts(HIGH, QUEEN, alternative="greater").pvalue
    both = np.isfinite(greater) & GEODA["bb_p"].notna().to_numpy()
    assert both.sum() >= 10
    assert (GEODA["bb_p"].to_numpy()[both] >= greater[both] - 0.01).mean() > 0.7


def test_rates_are_those_of_spdep_and_geoda():
    observed, births = SIDS["observed"].to_numpy(), SIDS["births"].to_numpy()
    assert eb_standardised(observed, births) == pytest.approx(SIDS["z"], rel=1e-9)
    assert eb_moran(observed, births, COUNTIES).statistic == pytest.approx(SIDS["moran"][0], rel=1e-9)
    assert SIDS["moran"][0] == pytest.approx(0.2487462, abs=5e-8)  # METHODS 7, from esda
    raw = moran(observed / births, COUNTIES).statistic  # METHODS 7: what is left of it once small counties count less
    assert raw == pytest.approx(0.2309104, abs=5e-8)
    near = neighbours(GEODA_SIDS["queen"])
    local = local_eb_moran(GEODA_SIDS["observed"], GEODA_SIDS["births"], near, permutations=DRAWS, rng=rng())
    assert local.statistic == pytest.approx(GEODA_SIDS["moran_eb"], rel=1e-9)
    assert local.pvalue / 2 == pytest.approx(GEODA_SIDS["moran_eb_p"], abs=0.025)


def test_an_island_counts_in_n_and_in_the_mean():
    table = pd.read_csv(FOLDER / "autocorrelation_island.csv").set_index(["name", "adjusted"])
    line = Neighbours.from_pairs([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 6)
    for name, statistic in (("moran", moran), ("geary", geary)):
        ours = statistic([1, 2, 3, 8, 9, 7], line)
        kept, left_out = table.loc[(name, False)], table.loc[(name, True)]
        assert (ours.statistic, ours.expected) == pytest.approx((kept["statistic"], kept["expected"]), rel=1e-9)
        assert ours.statistic != pytest.approx(left_out["statistic"], rel=1e-3)  # spdep's default, adjust.n = TRUE
