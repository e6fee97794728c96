"""CPU seconds that other libraries take for the univariate drift of a window in memory.

Usage: univariate_speed.py <reference> <window> <columns>; both files hold float64 values, column after column. Prints one
line per library: its name, a tab, the seconds. Loading, importing and a first run on a few rows are not timed; neither is
what a library does to the reference alone (NannyML's fit).
"""

import logging
import sys
import time
import warnings

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import jensenshannon

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
columns = int(sys.argv[3])
names = [f"x{i}" for i in range(columns)]


def load(path):
    return np.fromfile(path).reshape(columns, -1)


reference, window = load(sys.argv[1]), load(sys.argv[2])
frames = [pd.DataFrame(dict(zip(names, part))) for part in (reference, window)]


def timed(name, run):
    start = time.process_time()
    run()
    print(f"{name}\t{time.process_time() - start:.6f}", flush=True)


def by_hand(a, b):
    """KS, chi-square, PSI, JS and Wasserstein with SciPy: what a careful person would write."""
    for x, y in zip(a, b):
        stats.ks_2samp(x, y, method="asymp")
        edges = np.quantile(x, np.linspace(0, 1, 11))[1:-1]
        counts = [np.bincount(np.searchsorted(edges, v, side="right"), minlength=10) for v in (x, y)]
        stats.chi2_contingency(counts, correction=False)
        q, p = ((c + 0.5) / (c.sum() + 5) for c in counts)
        np.sum((p - q) * np.log(p / q))
        jensenshannon(q, p, base=2)
        stats.wasserstein_distance(x, y)


by_hand(reference[:, :500], window[:, :500])
timed("SciPy by hand", lambda: by_hand(reference, window))

from nannyml import UnivariateDriftCalculator

for label, methods in {
    "NannyML, KS": ["kolmogorov_smirnov"],
    "NannyML, KS + JS + Wasserstein": ["kolmogorov_smirnov", "jensen_shannon", "wasserstein"],
}.items():
    calculator = UnivariateDriftCalculator(column_names=names, continuous_methods=methods, chunk_number=1)
    calculator.fit(frames[0])
    calculator.calculate(frames[1].head(1000))
    timed(label, lambda: calculator.calculate(frames[1]))

from evidently import Dataset, DataDefinition, Report
from evidently.presets import DataDriftPreset

definition = DataDefinition(numerical_columns=names)


def evidently(methods, a, b):
    current, base = (Dataset.from_pandas(f, data_definition=definition) for f in (b, a))
    for method in methods:
        Report([DataDriftPreset(num_method=method)]).run(current, base).dict()


evidently(["ks"], frames[0].head(500), frames[1].head(500))
timed("Evidently, default", lambda: evidently([None], *frames))
timed("Evidently, KS + PSI + JS + Wasserstein", lambda: evidently(["ks", "psi", "jensenshannon", "wasserstein"], *frames))
