"""Oracle values of ShareTest from SciPy's binomial and beta laws: python generate.py > shares.json"""
import json

import scipy
from scipy.stats import beta, binom

tails = [
    [hits, count, share, float(binom.sf(hits - 1, count, share))]
    for hits, count, share in [
        (0, 10, 0.1), (1, 10, 0.1), (3, 20, 0.01), (5, 5, 0.01), (1, 10_000_000, 0.001), (10_500, 10_000_000, 0.001),
        (60, 1_000, 0.05), (999, 1_000, 0.5), (20, 20, 0.5), (700, 1_000, 0.7),
    ]
]
bounds = [
    [hits, count, error, float(beta.ppf(1 - error, hits + 1, count - hits))]
    for hits, count, error in [(0, 1_000, 0.001), (7, 50, 0.05), (4_999, 5_000, 0.001), (1, 10_000_000, 0.001)]
]
outside = [[count, error, float(beta.ppf(1 - error, 2, count - 1))] for count, error in [(2, 0.05), (1_000, 0.001), (50_000, 0.001)]]
print(json.dumps({"scipy": scipy.__version__, "tails": tails, "bounds": bounds, "outside": outside}, indent=1))
