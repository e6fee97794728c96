"""Rows, models and what Python's libraries make of them:

    pip install -r Tests/Benchmarks/Peers/programs/requirements-learning.txt lime==0.2.0.1; OMP_NUM_THREADS=1 python generate.py

Writes beside this file: rows.csv (features a to d with missing cells and a category, a number y, a class of two and of three),
lists.csv (rows to rank, shuffled), growth.json (predictions of models trained with other kinds of trees), *.ubj (models),
explanations.json (TreeSHAP, KernelSHAP, LIME, permutation importance, partial dependence of those models), ranking.json and
quantile.json."""
import json
import pathlib

import numpy
import pandas
import shap
import xgboost
from lime.lime_tabular import LimeTabularExplainer
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import label_ranking_average_precision_score, mean_pinball_loss, ndcg_score

folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(20261130)
NAMES = ["a", "b", "c", "d"]
TYPES = ["q", "q", "q", "c"]


def rounded(values, digits=9):
    return [float(f"{value:.{digits}g}") for value in numpy.asarray(values, dtype=float).ravel()]


def save(name, value):
    (folder / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def make_rows(count=600):
    # Single precision, so that nothing depends on where a cell is rounded.
    a = generator.normal(size=count).astype("float32")
    b = generator.uniform(0, 10, size=count).astype("float32")
    c = generator.integers(0, 5, size=count).astype("float32")
    d = generator.choice(4, size=count, p=[0.4, 0.3, 0.2, 0.1])
    y = 2 * a + numpy.sin(b) + 0.5 * c * (d == 1) - (d == 2) + generator.normal(scale=0.5, size=count)
    a[::13] = numpy.nan
    two = (y > 0.5).astype(int)
    three = numpy.digitize(y, [-0.5, 1.2])
    frame = pandas.DataFrame({"a": a, "b": b, "c": c, "d": d, "y": y.astype("float32"), "two": two, "three": three})
    # Categories have codes by their frequency here as there.
    assert list(frame.d.value_counts().index) == [0, 1, 2, 3]
    text = frame.assign(d=frame.d.map(lambda code: "pqrs"[code]), two=frame.two.map(["no", "yes"].__getitem__),
                        three=frame.three.map(["low", "middle", "high"].__getitem__))
    text.to_csv(folder / "rows.csv", index=False)
    return frame


frame = make_rows()
features = frame[NAMES].to_numpy("float32")
weight = (1 + frame.c / 2).to_numpy("float32")


def matrix(label=None, rows=slice(None), weight=None):
    return xgboost.DMatrix(features[rows], label=None if label is None else label[rows], weight=weight,
                           feature_names=NAMES, feature_types=TYPES, enable_categorical=True)


def train(parameters, label, rounds, base, weight=None):
    settings = {"tree_method": "hist", "nthread": 1, "base_score": base, "seed": 3} | parameters
    return xgboost.train(settings, matrix(label, weight=weight), rounds)


# Kinds of trees
y, two, three = frame.y.to_numpy(), frame.two.to_numpy(), frame.three.to_numpy()
mean = float(numpy.float32(y.astype(float).mean()))
share = float(numpy.float32(two.mean()))
weighted = float(numpy.float32((two * weight.astype(float)).sum() / weight.astype(float).sum()))
square, logistic = {"objective": "reg:squarederror"}, {"objective": "binary:logistic"}
growth = {
    "leaf_wise": train(square | {"grow_policy": "lossguide", "max_leaves": 9, "max_depth": 0, "eta": 0.2, "alpha": 0.1,
                                 "gamma": 0.05, "subsample": 0.8}, y, 30, mean),
    "dart": train(logistic | {"booster": "dart", "rate_drop": 0.2, "skip_drop": 0.3, "one_drop": 1, "eta": 0.3,
                              "max_depth": 3}, two, 25, share),
    "random_forest": train(logistic | {"num_parallel_tree": 40, "eta": 1, "subsample": 0.8, "colsample_bynode": 0.8,
                                       "lambda": 1e-5, "max_depth": 7}, two, 1, 0.5),
    "columns": train({"objective": "multi:softprob", "num_class": 3, "eta": 0.3, "max_depth": 4,
                      "colsample_bylevel": 0.7, "colsample_bynode": 0.6, "colsample_bytree": 0.9}, three, 10, 0.5),
    "weights": train(logistic | {"eta": 0.3, "max_depth": 3}, two, 10, weighted, weight),
    "monotone": train(square | {"eta": 0.3, "max_depth": 4, "monotone_constraints": "(1,0,-1,0)"}, y, 20, mean),
}
save("growth.json", {name: rounded(model.predict(matrix(rows=slice(0, 60)))) for name, model in growth.items()})

# Explanations
binary = train(logistic | {"eta": 0.3, "max_depth": 3}, two, 12, share)
several = train({"objective": "multi:softprob", "num_class": 3, "eta": 0.3, "max_depth": 2}, three, 5, 0.5)
binary.save_model(folder / "binary.ubj")
several.save_model(folder / "several.ubj")
explained = matrix(rows=slice(0, 20))


class Classifier(ClassifierMixin, BaseEstimator):
    """The binary model as scikit-learn wants it."""

    def fit(self, X, y):
        self.classes_ = numpy.array([0, 1])
        self.n_features_in_ = 4
        return self

    def predict_proba(self, X):
        cells = numpy.asarray(X, dtype="float32")
        found = binary.predict(xgboost.DMatrix(cells, feature_names=NAMES, feature_types=TYPES, enable_categorical=True))
        return numpy.column_stack([1 - found, found]).astype(float)

    def predict(self, X):
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)


classifier = Classifier().fit(None, None)


def probability(X):
    return classifier.predict_proba(X)[:, 1]


kernel = shap.KernelExplainer(probability, features[100:130])
# Rows without a missing cell: shap takes NaN for different from itself.
complete = [row for row in range(20) if not numpy.isnan(features[row]).any()][:5]
kernel_values = kernel.shap_values(features[complete], nsamples=10_000, l1_reg=0, silent=True)
lime_rows = features[~numpy.isnan(features).any(axis=1)]
lime = LimeTabularExplainer(lime_rows, feature_names=NAMES, categorical_features=[3], random_state=1)
lime_terms = []
for row in complete[:3]:
    found = lime.explain_instance(features[row], classifier.predict_proba, num_features=4, num_samples=50_000)
    weights = dict(found.as_map()[1])
    lime_terms.append({"row": row, "weights": rounded([weights[index] for index in range(4)], 6), "r2": found.score,
                       "conditions": [dict(zip([index for index, _ in found.as_map()[1]],
                                               [text for text, _ in found.as_list()]))[index] for index in range(4)]})
holdout = slice(300, 600)
permuted = permutation_importance(classifier, features[holdout], two[holdout], scoring="roc_auc", n_repeats=200, random_state=1)
dependence = {}
for index in (1, 2, 3):
    found = partial_dependence(classifier, features[:300], [index], kind="both", method="brute", grid_resolution=20,
                               categorical_features=[3], response_method="predict_proba")
    dependence[NAMES[index]] = {
        "grid": rounded(found["grid_values"][0]), "average": rounded(found["average"][0]),
        "individual": rounded(found["individual"][0][0])}
save("explanations.json", {
    "contributions": rounded(binary.predict(explained, pred_contribs=True)),
    "interactions": rounded(binary.predict(matrix(rows=slice(1, 2)), pred_interactions=True)),
    "contributionsOfSeveral": rounded(several.predict(explained, pred_contribs=True)),
    "margins": rounded(binary.predict(explained, output_margin=True)),
    "kernel": {"rows": complete, "base": float(kernel.expected_value), "values": rounded(kernel_values, 12)},
    "lime": lime_terms,
    "permutation": {"mean": rounded(permuted.importances_mean), "deviation": rounded(permuted.importances_std)},
    "dependence": dependence})


# Ranking: lists of 6 to 14 rows in any order
def make_lists():
    parts = []
    for number in range(60):
        size = generator.integers(6, 15)
        x = generator.normal(size=(size, 3)).astype("float32")
        taste = x[:, 0] + 0.6 * x[:, 1] * x[:, 0] + generator.normal(scale=0.4, size=size)
        grade = numpy.digitize(taste, [0.3, 1.2, 2])
        parts.append(pandas.DataFrame({"query": f"q{number}", "u": x[:, 0], "v": x[:, 1], "w": x[:, 2], "grade": grade}))
    lists = pandas.concat(parts)
    lists = lists.sample(frac=1, random_state=5).reset_index(drop=True)
    lists.to_csv(folder / "lists.csv", index=False)
    return lists


def in_lists(lists):
    order = {name: place for place, name in enumerate(lists["query"].drop_duplicates())}
    return lists.assign(place=lists["query"].map(order)).sort_values("place", kind="stable")


lists = make_lists()
first, second = lists["query"].drop_duplicates()[:40], lists["query"].drop_duplicates()[40:]
learned, tried = in_lists(lists[lists["query"].isin(first)]), in_lists(lists[lists["query"].isin(second)])
ranking = {}
for objective in ("ndcg", "pairwise", "map"):
    label = (learned.grade > 0).astype(int) if objective == "map" else learned.grade
    data = xgboost.DMatrix(learned[["u", "v", "w"]], label=label)
    data.set_group(learned.groupby("place", sort=True).size().to_numpy())
    model = xgboost.train({"objective": f"rank:{objective}", "tree_method": "hist", "eta": 0.2, "max_depth": 3, "nthread": 1,
                           "seed": 0, "base_score": 0.5}, data, 25)
    scores = model.predict(xgboost.DMatrix(tried[["u", "v", "w"]]))
    gains, ranks, precisions = [], [], []
    for _, rows in tried.assign(score=scores).groupby("place"):
        if rows.grade.max() == 0:
            continue
        gains.append(ndcg_score([rows.grade], [rows.score], k=5))
        best = rows.sort_values("score", ascending=False).grade.to_numpy()
        ranks.append(1 / (1 + numpy.argmax(best > 0)))
        precisions.append(label_ranking_average_precision_score([rows.grade > 0], [rows.score]))
    ranking[objective] = {"scores": rounded(scores), "ndcg": numpy.mean(gains), "mrr": numpy.mean(ranks),
                          "map": numpy.mean(precisions)}
save("ranking.json", ranking)

# Quantiles of the last 200 rows, by two peers
cells = numpy.nan_to_num(features)
quantile = {}
for alpha in (0.1, 0.5, 0.9):
    peers = [
        GradientBoostingRegressor(loss="quantile", alpha=alpha, n_estimators=100, max_depth=3, learning_rate=0.1, random_state=0),
        HistGradientBoostingRegressor(loss="quantile", quantile=alpha, max_iter=100, max_depth=3, learning_rate=0.1,
                                      random_state=0, early_stopping=False)]
    quantile[str(alpha)] = [
        mean_pinball_loss(y[400:], peer.fit(cells[:400], y[:400]).predict(cells[400:]), alpha=alpha) for peer in peers]
save("quantile.json", quantile)
