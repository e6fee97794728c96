"""Writes golden.json: the cases of ../../../../shared/golden/statistics.json that StatisticsTests use, and oracle values
of SciPy for the laws that they do not cover. Run with scipy 1.17: python3 generate.py <golden statistics.json>"""

import json
import sys
import warnings

import numpy as np
from scipy import stats

warnings.simplefilter("ignore")
golden = json.load(open(sys.argv[1]))
# Left out by name: tests and distances that issue 2 does not have. Their definitions come with later issues.
used = ["ks_2samp", "wasserstein_1_and_energy", "chi2_contingency", "discrete_divergences", "psi_numeric",
        "binary_scores", "multiclass", "regression"]
cases = [c for c in golden["cases"] if c["test"] in used]

kstwo = [[n, d, float(stats.kstwo.sf(d, n))]
         for n, ds in {1: [0.3, 0.6, 0.9], 2: [0.2, 0.4, 0.55, 0.8], 5: [0.05, 0.15, 0.3, 0.45, 0.7, 0.9],
                       10: [0.04, 0.09, 0.2, 0.274, 0.4, 0.6, 0.95], 50: [0.015, 0.05, 0.1, 0.15, 0.2, 0.4, 0.9],
                       140: [0.005, 0.04, 0.07, 0.1, 0.17, 0.3, 0.6], 141: [0.005, 0.04, 0.0732, 0.1, 0.13, 0.3],
                       500: [0.0015, 0.02, 0.03, 0.05, 0.066, 0.1, 0.2, 0.5], 5000: [0.004, 0.01, 0.015, 0.02, 0.025, 0.06, 0.2],
                       100000: [0.0005, 0.002, 0.004, 0.0047, 0.01, 0.03], 2000000: [0.0005, 0.001, 0.002, 0.005]}.items()
         for d in ds]
ksone = [[n, d, float(stats.ksone.sf(d, n))] for n, d in [(3, 0.4), (20, 0.3), (1000, 0.05), (2000000, 0.002)]]
kolmogorov = [[x, float(stats.kstwobign.sf(x))] for x in [0.05, 0.3, 0.5, 0.9, 1.0, 1.3, 2.0, 5.0]]

rng = np.random.default_rng(7)
pairs = []
for m, n, shift in [(700, 650, 0.0), (1000, 1000, 0.2), (900, 601, 0.6), (1500, 1499, 1.5), (37, 2000, 0.3)]:
    a = np.round(rng.normal(size=m), 3)
    b = np.round(rng.normal(size=n) + shift, 3)
    exact = stats.ks_2samp(a, b, method="exact")
    asymp = stats.ks_2samp(a, b, method="asymp")
    pairs.append({"a": a.tolist(), "b": b.tolist(), "statistic": float(exact.statistic), "exact": float(exact.pvalue),
                  "asymp": float(asymp.pvalue)})

json.dump({"source": "scipy " + __import__("scipy").__version__, "cases": cases, "kstwo": kstwo, "ksone": ksone,
           "kolmogorov": kolmogorov, "kolmogorovSmirnovPairs": pairs}, open("golden.json", "w"), separators=(",", ":"))
