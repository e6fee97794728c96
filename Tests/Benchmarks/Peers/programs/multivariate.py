"""NannyML's multivariate drift and a cross-validated classifier of scikit-learn, on the rows that the suite
"multivariate" wrote; one JSON line.

Arguments: <reference> <window> <rows of the classifiers>; each file holds ten columns of doubles, column by column. CPU
seconds; imports and reading do not count. NannyML takes the window as one chunk."""

import json
import os
import sys
import time
import warnings

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
warnings.simplefilter("ignore")
import nannyml as nml
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

NAMES = [f"x{column}" for column in range(10)]
reference, window = (
    pd.DataFrame(np.fromfile(path).reshape(10, -1).T, columns=NAMES) for path in sys.argv[1:3])
rows = int(sys.argv[3])


def best(action, repetitions):
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        result = action()
        times.append(time.process_time() - start)
    return min(times), result


def reconstruction():
    calculator = nml.DataReconstructionDriftCalculator(column_names=NAMES, chunk_size=len(window))
    calculator.fit(reference)
    return calculator.calculate(window)


def classifier():
    calculator = nml.DomainClassifierCalculator(feature_column_names=NAMES, chunk_size=rows)
    calculator.fit(reference[:rows])
    found = calculator.calculate(window[:rows]).filter(period="analysis").to_df()
    return float(found[("domain_classifier_auroc", "value")].iloc[0])


def scikit():
    table = pd.concat([reference[:rows], window[:rows]]).to_numpy()
    labels = np.repeat([0, 1], rows)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    model = HistGradientBoostingClassifier(max_iter=30, max_depth=4)
    scores = cross_val_predict(model, table, labels, cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(labels, scores))


reconstruction_seconds, _ = best(reconstruction, 3)
classifier_seconds, nannyml_area = best(classifier, 1)
scikit_seconds, scikit_area = best(scikit, 2)
print(json.dumps({
    "reconstruction": reconstruction_seconds, "classifier": classifier_seconds, "scikit": scikit_seconds,
    "areas": [nannyml_area, scikit_area]}))
