"""Makes the classes of emerging hot spots: ``python tests/reference/emerging_pyehsa.py``, from the project's folder.

The file emerging_pyehsa.csv beside it was made on 2026-11-30 with PyEhsa 0.1.2, which turns R's sfdep into Python. It
draws its p at random and over neighbours in time as well, so only its rules and its trend are asked, of given z.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from pyehsa.ehsa_classification import EhsaClassification
from pyehsa.mann_kendall import MannKendall
from scipy.stats import norm

LEVEL, STEPS = 0.05, 12
rng = np.random.default_rng(7)
rows = []
for _ in range(240):
    share = rng.choice([0.0, 0.2, 0.5, 0.9, 1.0])  # of steps that stand out, before and at the end
    late = int(rng.choice([0, 1, 3]))
    out = rng.random(STEPS) < share
    out[STEPS - late :] = True
    side = np.where(rng.random(STEPS) < rng.choice([0.0, 0.15]), -1, 1) * rng.choice([-1, 1])
    size = np.where(out, rng.uniform(2, 4, STEPS), rng.uniform(0.1, 1.5, STEPS))
    if rng.random() < 0.4:  # a trend, unless it changes what stands out
        size = np.where(out, np.sort(size)[:: int(rng.choice([-1, 1]))].clip(2), size)
    z = (side * size).round(2)
    trend = MannKendall.mann_kendall_test(z)
    named = EhsaClassification.classify_hotspot(
        z, 2 * norm.sf(abs(z)) <= LEVEL, trend["tau"], trend["sl"], threshold=LEVEL
    )
    rows.append((" ".join(f"{each:.2f}" for each in z), trend["sl"], named["name"]))
table = pd.DataFrame(rows, columns=["z", "trend_pvalue", "name"])
table.to_csv(Path("tests/reference/emerging_pyehsa.csv"), index=False, float_format="%.12g")
