"""Makes autocorrelation_geoda.csv: ``python tests/reference/autocorrelation_geoda.py``, from the project's folder.

The values in it were made on 2026-11-25 with pygeoda 0.1.3, esda 2.9.0 and the data of libpysal 4.14.1.
"""

from pathlib import Path

import esda
import geopandas as gpd
import pandas as pd
import pygeoda
from libpysal import examples
from libpysal.graph import Graph
from pygeoda.sa.moran import local_moran_eb

FOLDER = Path(__file__).parent
columbus = gpd.read_file(examples.get_path("columbus.shp"))
queen = pygeoda.queen_weights(pygeoda.open(columbus))
crime, income, value = (columbus[name].tolist() for name in ("CRIME", "INC", "HOVAL"))
draws = {"permutations": 99_999, "seed": 1, "significance_cutoff": 1.0}
moran = pygeoda.local_moran(queen, crime, **draws)
geary = pygeoda.local_geary(queen, crime, **draws)
three = pygeoda.local_multigeary(queen, [crime, income, value], **draws)
graph = Graph.build_contiguity(columbus, rook=False).transform("r")
peer = esda.Moran_Local(columbus["CRIME"], graph, permutations=9_999, seed=1)  # one-sided on the side found
joins = pygeoda.local_joincount(queen, [int(each > 50) for each in crime], **draws)
pd.DataFrame(
    {
        "moran": moran.lisa_values(),
        "moran_p": moran.lisa_pvalues(),
        "cluster": [moran.lisa_labels()[each] for each in moran.lisa_clusters()],
        "geary": geary.lisa_values(),
        "geary_p": geary.lisa_pvalues(),
        "geary_three": three.lisa_values(),
        "geary_three_p": three.lisa_pvalues(),
        "g": pygeoda.local_g(queen, crime, **draws).lisa_values(),
        "g_star": pygeoda.local_gstar(queen, crime, **draws).lisa_values(),
        "bivariate": pygeoda.local_bimoran(queen, income, crime, **draws).lisa_values(),
        "bb": joins.lisa_values(),
        "bb_p": joins.lisa_pvalues(),
        "esda_moran": peer.Is,
        "esda_moran_p": peer.p_sim,
    }
).to_csv(FOLDER / "autocorrelation_geoda.csv", index=False, float_format="%.15g")

sids = gpd.read_file(examples.get_path("sids2.shp"))
counties = pygeoda.queen_weights(pygeoda.open(sids))
rates = local_moran_eb(counties, sids["SID74"].tolist(), sids["BIR74"].tolist(), **draws)
pd.DataFrame(
    {
        "observed": sids["SID74"].astype(int),
        "births": sids["BIR74"].astype(int),
        "queen": [" ".join(map(str, counties.get_neighbors(i))) for i in range(len(sids))],
        "moran_eb": rates.lisa_values(),
        "moran_eb_p": rates.lisa_pvalues(),
    }
).to_csv(FOLDER / "autocorrelation_geoda_rates.csv", index=False, float_format="%.15g")
