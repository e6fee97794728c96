"""CPU seconds that scikit-learn takes for linear models with the solver it recommends, to its default tolerance and to
1e-8.

Usage: linear.py <table> <rows> <features>; the file holds float64 values, column after column: the features, an amount, a
label of 0 and 1, and a class of 0 to 3. Prints two lines per model: its name, a tab, the seconds; ", 1e-8" is part of the
second name.
"""

import sys
import time

import numpy as np
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge

rows, features = int(sys.argv[2]), int(sys.argv[3])
table = np.fromfile(sys.argv[1]).reshape(features + 3, rows)
x = np.ascontiguousarray(table[:features].T)
amount, label, kind = table[features:]


def timed(name, model, target):
    for suffix, settings in (("", {}), (", 1e-8", {"tol": 1e-8, "max_iter": 100_000})):
        model.set_params(**settings)
        start = time.process_time()
        model.fit(x, target)
        print(f"{name}{suffix}\t{time.process_time() - start:.6f}", flush=True)


Ridge().fit(x[:500], amount[:500])
timed("ridge", Ridge(alpha=1), amount)
timed("elastic net", ElasticNet(alpha=0.01, l1_ratio=0.5), amount)
timed("logistic, ridge", LogisticRegression(), label)
timed("logistic, lasso", LogisticRegression(C=0.01, l1_ratio=1, solver="saga"), label)
timed("multinomial, ridge", LogisticRegression(), kind)
timed("multinomial, lasso", LogisticRegression(C=0.01, l1_ratio=1, solver="saga"), kind)
