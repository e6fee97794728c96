"""Writes estimates.json: what NannyML's CBPE says of seeded samples, and rates that fairlearn and scikit-learn define.
Run with nannyml 0.13.1, scikit-learn 1.9.1, numpy 2.1.3: python generate.py"""

import json
import warnings

warnings.simplefilter("ignore")
import nannyml as nml
import numpy as np
import pandas as pd
from sklearn.metrics import ndcg_score

rng = np.random.default_rng(20261)
CHUNK = 2_000


def binary(rows, shift):
    truth = rng.beta(1.2 + shift, 1.6, size=rows)
    # Overconfident scores: the log-odds stretched, so that calibration has something to do.
    score = 1 / (1 + np.exp(-2.2 * np.log(truth / (1 - truth)) - 0.4))
    score = np.clip(np.round(score, 4), 0, 1)
    return pd.DataFrame({"y_true": (rng.random(rows) < truth).astype(int), "score": score,
                         "y_pred": (score >= 0.5).astype(int)})


reference, analysis = binary(3_000, 0.0), binary(CHUNK, 0.7)
metrics = ["roc_auc", "f1", "precision", "recall", "specificity", "accuracy", "average_precision"]
estimator = nml.CBPE(y_pred_proba="score", y_pred="y_pred", y_true="y_true", problem_type="classification_binary",
                     metrics=metrics + ["business_value"], chunk_size=CHUNK, business_value_matrix=[[0, -1], [-5, 10]])
estimator.fit(reference)
assert estimator.needs_calibration
found = estimator.estimate(analysis).filter(period="analysis").to_df()
two = {"reference": {"score": reference.score.tolist(), "y": reference.y_true.tolist()},
       "analysis": {"score": analysis.score.tolist(), "y": analysis.y_true.tolist()},
       "calibrated": estimator.calibrator.calibrate(np.array([0.0, 0.0123, 0.31, 0.5, 0.77777, 0.98, 1.0])).tolist(),
       "at": [0.0, 0.0123, 0.31, 0.5, 0.77777, 0.98, 1.0],
       "estimated": {m: float(found[(m, "value")].iloc[0]) for m in metrics + ["business_value"]}}


def several(rows):
    logits = rng.normal(size=(rows, 3)) * 1.3
    truth = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    sharp = np.exp(1.8 * logits) / np.exp(1.8 * logits).sum(axis=1, keepdims=True)
    frame = pd.DataFrame(np.round(sharp, 4), columns=["p0", "p1", "p2"])
    frame["y_true"] = [rng.choice(3, p=p) for p in truth]
    frame["y_pred"] = frame[["p0", "p1", "p2"]].to_numpy().argmax(axis=1)
    return frame


reference, analysis = several(2_000), several(1_000)
names = ["accuracy", "f1", "precision", "recall"]
estimator = nml.CBPE(y_pred_proba={0: "p0", 1: "p1", 2: "p2"}, y_pred="y_pred", y_true="y_true",
                     problem_type="classification_multiclass", metrics=names, chunk_size=1_000)
estimator.fit(reference)
found = estimator.estimate(analysis).filter(period="analysis").to_df()
used = [type(c).__name__ == "IsotonicCalibrator" for c in estimator._calibrators.values()]
three = {"reference": {"p": reference[["p0", "p1", "p2"]].values.tolist(), "y": reference.y_true.tolist()},
         "analysis": {"p": analysis[["p0", "p1", "p2"]].values.tolist(), "predicted": analysis.y_pred.tolist()},
         "isotonic": used, "estimated": {m: float(found[(m, "value")].iloc[0]) for m in names}}

lists = []
for _ in range(12):
    size = int(rng.integers(2, 9))
    relevance = rng.integers(0, 4, size=size).tolist()
    scores = np.round(rng.normal(size=size), 1).tolist()
    places = int(rng.integers(1, size + 1))
    if max(relevance) > 0:
        lists.append({"relevance": relevance, "scores": scores, "places": places,
                      "ndcg": float(ndcg_score([relevance], [scores])),
                      "ndcg_at": float(ndcg_score([relevance], [scores], k=places))})

json.dump({"source": "nannyml 0.13.1, scikit-learn 1.9.1", "binary": two, "multiclass": three, "ranking": lists},
          open("estimates.json", "w"), separators=(",", ":"))
