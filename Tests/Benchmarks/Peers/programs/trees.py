"""300 boosted trees by Python's XGBoost on the rows that the suite "trees" wrote; one JSON line.

Arguments: <folder> <rows> <feature types, as "qqc…"> <base score> <repeats>. In the folder: cells (single precision, row by
row), labels (single precision), model.ubj (the suite's own model, trained with the same parameters). Writes scores: what
that model says of each row. CPU seconds, best of the repeats: the matrix is filled and the trees are grown; imports and
reading do not count."""

import json
import pathlib
import sys
import time

import numpy as np
import xgboost as xgb

folder, rows, types = pathlib.Path(sys.argv[1]), int(sys.argv[2]), list(sys.argv[3])
cells = np.fromfile(folder / "cells", dtype="<f4").reshape(rows, len(types))
labels = np.fromfile(folder / "labels", dtype="<f4")
parameters = {"objective": "binary:logistic", "tree_method": "hist", "eta": 0.1, "max_depth": 6, "nthread": 1,
              "base_score": float(sys.argv[4])}


def best(action, repeats):
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = action()
        times.append(time.process_time() - start)
    return min(times), result


def train():
    data = xgb.DMatrix(cells, labels, feature_types=types, enable_categorical=True, nthread=1)
    return xgb.train(parameters, data, 300)


seconds, own = best(train, int(sys.argv[5]))
model = xgb.Booster({"nthread": 1}, model_file=folder / "model.ubj")
data = xgb.DMatrix(cells, feature_names=model.feature_names, feature_types=types, enable_categorical=True, nthread=1)
scores = model.predict(data)
scores.astype("<f4").tofile(folder / "scores")
batch, _ = best(lambda: own.inplace_predict(cells), 3)
row = cells[:1]
one, _ = best(lambda: [own.inplace_predict(row) for _ in range(500)], 3)
same = own.predict(xgb.DMatrix(cells, feature_types=types, enable_categorical=True, nthread=1))
print(json.dumps({"trainSeconds": seconds, "batchSeconds": batch, "rowMicroseconds": one / 500 * 1e6,
                  "distanceOfTrained": float(np.abs(same - scores).max())}))
