"""Makes weighted_metrics.json: what scikit-learn's metrics say of rows with sample weights.

Versions: scikit-learn 1.9.1, numpy 2.1.3. Run: python generate.py
"""
import json
import pathlib

import numpy
import sklearn.metrics as metrics

generator = numpy.random.default_rng(20261130)
ROWS = 90
weights = generator.uniform(0.1, 4, ROWS).round(3)
weights[::9] = 0


def decisions(actual, predicted, binary):
    shared = {"sample_weight": weights}
    found = {
        "accuracy": metrics.accuracy_score(actual, predicted, **shared),
        "balanced_accuracy": metrics.balanced_accuracy_score(actual, predicted, **shared),
        "mcc": metrics.matthews_corrcoef(actual, predicted, **shared),
        "kappa": metrics.cohen_kappa_score(actual, predicted, **shared),
    }
    for name, score in [("precision", metrics.precision_score), ("recall", metrics.recall_score),
                        ("f1", metrics.f1_score)]:
        for average in ["macro", "micro", "weighted"]:
            found[f"{name}_{average}"] = score(actual, predicted, average=average, zero_division=0, **shared)
        found[name] = score(actual, predicted, average="binary" if binary else "macro", zero_division=0, **shared)
    if binary:
        found["specificity"] = metrics.recall_score(actual, predicted, pos_label=0, **shared)
    return found


labels = generator.random(ROWS) < 0.4
# Tied scores too.
scores = numpy.clip(0.35 * labels + generator.uniform(0.1, 0.6, ROWS), 0, 1).round(1)
binary = decisions(labels, scores >= 0.5, True) | {
    "roc_auc": metrics.roc_auc_score(labels, scores, sample_weight=weights),
    "average_precision": metrics.average_precision_score(labels, scores, sample_weight=weights),
    "log_loss": metrics.log_loss(labels, scores, sample_weight=weights),
    "brier": metrics.brier_score_loss(labels, scores, sample_weight=weights),
}
classes = generator.integers(0, 3, ROWS)
probabilities = generator.dirichlet([1, 1, 1], ROWS) + 0.4 * numpy.eye(3)[classes]
probabilities = (probabilities / probabilities.sum(axis=1, keepdims=True)).round(6)
probabilities[:, 2] = 1 - probabilities[:, 0] - probabilities[:, 1]
multiclass = decisions(classes, probabilities.argmax(axis=1), False) | {
    "log_loss": metrics.log_loss(classes, probabilities, sample_weight=weights),
}
outcomes = generator.normal(5, 2, ROWS).round(3)
forecasts = (outcomes + generator.normal(0.3, 1, ROWS)).round(3)
shared = {"sample_weight": weights}
regression = {
    "mae": metrics.mean_absolute_error(outcomes, forecasts, **shared),
    "mse": metrics.mean_squared_error(outcomes, forecasts, **shared),
    "rmse": metrics.root_mean_squared_error(outcomes, forecasts, **shared),
    "mape": metrics.mean_absolute_percentage_error(outcomes, forecasts, **shared),
    "r2": metrics.r2_score(outcomes, forecasts, **shared),
    "pinball": metrics.mean_pinball_loss(outcomes, forecasts, alpha=0.5, **shared),
}
result = {
    "weights": weights.tolist(),
    "binary": {"labels": [int(label) for label in labels], "scores": scores.tolist(), "expected": binary},
    "multiclass": {"labels": classes.tolist(), "scores": probabilities.reshape(-1).tolist(), "expected": multiclass},
    "regression": {"labels": outcomes.tolist(), "scores": forecasts.tolist(), "expected": regression},
}
(pathlib.Path(__file__).parent / "weighted_metrics.json").write_text(json.dumps(result, default=float) + "\n")
