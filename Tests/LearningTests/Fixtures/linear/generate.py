"""Coefficients of scikit-learn 1.9.1 at a tight tolerance:

    pip install scikit-learn==1.9.1; python generate.py

Writes rows.csv (features of different scales, two of them correlated, a flag and a constant; a weight; three targets) and
coefficients.json (per case the parameters, intercepts and coefficients) beside this file."""
import json
import pathlib
import warnings

import numpy
import pandas
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge

warnings.simplefilter("error")
folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(11)
rows = 240
a = generator.normal(size=rows)
features = pandas.DataFrame({
    "a": a, "b": 100 + 20 * (0.9 * a + generator.normal(size=rows)), "c": generator.uniform(0, 0.1, size=rows),
    "flag": generator.integers(0, 2, size=rows), "noise": generator.normal(size=rows), "constant": 4.0})
features = features.round(6)
names = list(features)
score = a - 0.02 * (features.b - 100) + 10 * (features.c - 0.05) + 0.5 * features.flag
table = features.copy()
table["weight"] = generator.choice([0, 0.5, 1, 2.5], size=rows)
table["amount"] = (50 + 7 * score + generator.normal(scale=3, size=rows)).round(6)
table["label"] = numpy.where(score + generator.logistic(size=rows) > 0.4, "yes", "no")
table["kind"] = numpy.array(["p", "q", "r"])[
    numpy.clip(numpy.floor(score + generator.normal(scale=0.7, size=rows) + 1), 0, 2).astype(int)]
table.to_csv(folder / "rows.csv", index=False)
table = pandas.read_csv(folder / "rows.csv")
x, weight = table[names].to_numpy(float), table.weight.to_numpy()
# scikit-learn's saga does not come to an end where columns have different units.
scaled_x = (x - x.mean(axis=0)) / numpy.where(x.std(axis=0) > 0, x.std(axis=0), 1)
cases = []


def keep(name, target, model, parameters, weighted=False, class_weights="none", scaled=False):
    model.fit(scaled_x if scaled else x, table[target], sample_weight=weight if weighted else None)
    coefficients = numpy.atleast_2d(model.coef_).tolist()
    intercepts = numpy.atleast_1d(model.intercept_).tolist()
    cases.append({"name": name, "target": target, "weighted": weighted, "classWeights": class_weights, "scaled": scaled,
                  "parameters": parameters, "coefficients": coefficients, "intercepts": intercepts})


for weighted in (False, True):
    total = weight.sum() if weighted else rows
    suffix = ", weighted" if weighted else ""
    keep("ridge" + suffix, "amount", Ridge(alpha=30, solver="cholesky"), {"alpha": 30 / total, "l1Ratio": 0}, weighted)
    for ratio in (1, 0.4):
        keep(f"l1 ratio {ratio}" + suffix, "amount",
             ElasticNet(alpha=0.3, l1_ratio=ratio, tol=1e-14, max_iter=1_000_000),
             {"alpha": 0.3, "l1Ratio": ratio}, weighted)
keep("without an intercept", "amount", ElasticNet(alpha=0.3, l1_ratio=0.5, tol=1e-14, max_iter=1_000_000,
                                                  fit_intercept=False),
     {"alpha": 0.3, "l1Ratio": 0.5, "fitsIntercept": False})
for target in ("label", "kind"):
    for ratio, strength in ((0, 0.7), (1, 0.15), (0.5, 0.3)):
        solver = {"solver": "newton-cg", "tol": 1e-12} if ratio == 0 else {"solver": "saga", "tol": 1e-13}
        for weighted, classes in ((False, "none"), (True, "none"), (False, "balanced")):
            model = LogisticRegression(C=strength, l1_ratio=ratio, max_iter=1_000_000, random_state=0,
                                       class_weight=None if classes == "none" else classes, **solver)
            keep(f"{target} l1 ratio {ratio}" + (", weighted" if weighted else "") + f", {classes}", target, model,
                 {"inverseStrength": strength, "l1Ratio": ratio}, weighted, classes, scaled=True)
    keep(f"{target} in units", target, LogisticRegression(C=2, solver="newton-cholesky", tol=1e-10, max_iter=1_000),
         {"inverseStrength": 2})
(folder / "coefficients.json").write_text(json.dumps(cases, indent=1) + "\n")
