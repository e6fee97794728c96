"""ROC AUC by scikit-learn and CBPE by NannyML, on the rows that the suite "performance" wrote; one JSON line.

Arguments: <reference csv> <analysis csv>, each with y_true, score, y_pred. CPU seconds, best of five; imports and reading
do not count. NannyML's fit is timed apart: ours is compared with its estimate alone and with both."""

import json
import os
import sys
import time
import warnings

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
warnings.simplefilter("ignore")
import nannyml as nml
import pandas as pd
from sklearn.metrics import roc_auc_score

METRICS = ["roc_auc", "f1", "precision", "recall", "specificity", "accuracy"]
reference, analysis = pd.read_csv(sys.argv[1]), pd.read_csv(sys.argv[2])


def best(action, repetitions=5):
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        result = action()
        times.append(time.process_time() - start)
    return min(times), result


labels, scores = analysis.y_true.to_numpy(), analysis.score.to_numpy()
auc_seconds, auc = best(lambda: float(roc_auc_score(labels, scores)))


def estimator():
    return nml.CBPE(y_pred_proba="score", y_pred="y_pred", y_true="y_true", problem_type="classification_binary",
                    metrics=METRICS, chunk_size=len(analysis))


fit_seconds, fitted = best(lambda: estimator().fit(reference), 2)
seconds, found = best(lambda: fitted.estimate(analysis), 3)
found = found.filter(period="analysis").to_df()
print(json.dumps({
    "auc": auc, "aucSeconds": auc_seconds, "fitSeconds": fit_seconds, "estimateSeconds": seconds,
    "isCalibrated": bool(fitted.needs_calibration),
    "estimated": {m: float(found[(m, "value")].iloc[0]) for m in METRICS}}))
