"""Oracle values for Sources/Statistics/Sequential, from SciPy 1.14.1: python generate.py > tails.json"""
import json
import math

import scipy
from scipy.stats import beta, chi2, ncx2

assert scipy.__version__ == "1.14.1", scipy.__version__

binned = []
for degrees in (1, 2, 9, 49):
    for samples, tolerance in ((200, 0.0005), (1_000, 0.0279), (5_000, 0.0279), (100_000, 0.001)):
        centre = degrees + samples * tolerance
        for times in (0.5, 1.0, 1.5, 3.0):
            x = centre * times
            for dispersion in (1.0, 4.0):
                tail = ncx2.sf(x / dispersion, degrees, samples * tolerance / dispersion)
                if tail > 1e-30:
                    binned.append([x, degrees, samples, tolerance, dispersion, tail])

reference_error = [[d, m, chi2.ppf(0.999, d) / m] for d in (1, 9, 49) for m in (1_000, 50_000)]
bounds = []
for count, total in ((0, 1_000), (3, 1_000), (500, 1_000), (1_000, 1_000), (2_500, 50_000)):
    lower = beta.ppf(0.001, count, total - count + 1) if count else 0.0
    upper = beta.ppf(0.999, count + 1, total - count) if count < total else 1.0
    bounds.append([count, total, lower, upper])
calibrator = []
for p in (1e-300, 1e-12, 1e-4, 0.01, 0.05, 0.5, 0.9):
    calibrator.append([p, math.log((1 - p + p * math.log(p)) / (p * math.log(p) ** 2))])
print(json.dumps({"binned": binned, "referenceError": reference_error, "bounds": bounds, "calibrator": calibrator}, indent=0))
