"""Makes preparation.json: a small table, and what scikit-learn and pandas make of it.

Missing cells are null. Versions: scikit-learn 1.9.1, pandas 2.3.3, numpy 2.1.3. Run: python generate.py
"""
import json
import pathlib

import numpy
import pandas
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.feature_selection import chi2, f_classif, f_regression, mutual_info_classif, mutual_info_regression
from sklearn.impute import SimpleImputer
from sklearn.metrics import mutual_info_score, roc_auc_score
from sklearn.preprocessing import (
    MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures, QuantileTransformer, RobustScaler,
    StandardScaler, TargetEncoder)

folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(20261130)
rows = 120

amount = generator.lognormal(3, 1, rows).round(6)
age = generator.normal(40, 12, rows).round(6)
visits = generator.poisson(2, rows).astype(float)
country = generator.choice(["KR", "US", "DE", "FR", "BR"], rows, p=[0.4, 0.3, 0.2, 0.06, 0.04])
outcome = (0.05 * age + numpy.where(country == "KR", 2, 0) + generator.normal(0, 1, rows)).round(6)
label = (outcome > numpy.median(outcome)).astype(int)
grade = numpy.digitize(outcome, numpy.quantile(outcome, [0.3, 0.7]))
holes = {name: generator.random(rows) < 0.12 for name in ["amount", "visits", "country"]}
holed = {
    "amount": numpy.where(holes["amount"], numpy.nan, amount),
    "visits": numpy.where(holes["visits"], numpy.nan, visits),
    "country": numpy.where(holes["country"], None, country),
}


def cells(values):
    return [None if value is None or value != value else (value if isinstance(value, str) else float(value))
            for value in values]


def column(values):
    return numpy.asarray(values, dtype=float).reshape(-1, 1)


expected = {}
for strategy in ["mean", "median", "most_frequent"]:
    for name in ["amount", "visits"]:
        expected[f"impute {strategy} {name}"] = cells(
            SimpleImputer(strategy=strategy).fit_transform(column(holed[name]))[:, 0])
expected["impute most_frequent country"] = cells(
    SimpleImputer(strategy="most_frequent", missing_values=None)
    .fit_transform(holed["country"].reshape(-1, 1))[:, 0])
expected["interpolate amount"] = cells(
    pandas.Series(holed["amount"]).interpolate(method="linear", limit_direction="both"))
expected["fill amount by country"] = cells(
    pandas.DataFrame({"k": country, "v": holed["amount"]}).groupby("k").v.ffill())

for name, scaler in {
    "standard": StandardScaler(), "minmax": MinMaxScaler((-1, 3)), "robust": RobustScaler(),
    "quantile uniform": QuantileTransformer(n_quantiles=25, subsample=None),
    "quantile normal": QuantileTransformer(n_quantiles=25, subsample=None, output_distribution="normal"),
}.items():
    for source in ["amount", "visits"]:
        expected[f"scale {name} {source}"] = cells(scaler.fit_transform(column(holed[source]))[:, 0])
for name, norm in {"l1": "l1", "l2": "l2", "maximum": "max"}.items():
    found = Normalizer(norm).fit_transform(numpy.column_stack([amount, age, visits]))
    for place, source in enumerate(["amount", "age", "visits"]):
        expected[f"normalize {name} {source}"] = cells(found[:, place])

reference = country.reshape(-1, 1)
for smooth in ["auto", 10.0]:
    for task, target in {"regression": outcome, "binary": label, "multiclass": grade}.items():
        kind = {"regression": "continuous"}.get(task, task)
        encoder = TargetEncoder(target_type=kind, smooth=smooth, cv=5, shuffle=False).fit(reference, target)
        found = encoder.transform(numpy.array([["KR"], ["US"], ["DE"], ["FR"], ["BR"], ["unseen"]]))
        expected[f"target {task} {smooth}"] = [cells(found[:, place]) for place in range(found.shape[1])]
    encoder = TargetEncoder(target_type="continuous", smooth=smooth, cv=5, shuffle=False)
    expected[f"target folds {smooth}"] = cells(encoder.fit_transform(reference, outcome)[:, 0])
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(reference)
expected["ordinal"] = cells(ordinal.transform([["KR"], ["US"], ["DE"], ["FR"], ["BR"], ["unseen"]])[:, 0])
onehot = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=4, sparse_output=False).fit(reference)
expected["one-hot"] = [cells(row) for row in onehot.transform([["KR"], ["US"], ["DE"], ["FR"], ["BR"], ["unseen"]])]

matrix = numpy.column_stack([amount, age, visits])
names = ["amount", "age", "visits"]
for title, only in {"polynomial": False, "interactions": True}.items():
    powers = PolynomialFeatures(3, include_bias=False, interaction_only=only).fit(matrix)
    found = powers.transform(matrix)
    expected[title] = {
        name.replace(" ", "*"): cells(found[:5, place])
        for place, name in enumerate(powers.get_feature_names_out(names)) if place >= 3}

stamps = pandas.to_datetime(
    ["1969-12-31T23:59:58Z", "2000-02-29T12:34:56Z", "2024-12-31T00:00:00Z", "2026-11-29T18:05:00Z",
     "1900-03-01T06:00:00Z"])
expected["dates"] = {
    "year": cells(stamps.year), "month": cells(stamps.month), "day": cells(stamps.day),
    "dayOfYear": cells(stamps.dayofyear), "dayOfWeek": cells(stamps.dayofweek), "hour": cells(stamps.hour),
    "minute": cells(stamps.minute), "epochSeconds": cells(stamps.astype("datetime64[s, UTC]").astype("int64")),
}

frame = pandas.DataFrame({"k": country, "v": holed["amount"]})
groups = frame.groupby("k").v
expected["lag 1"] = cells(groups.shift(1))
expected["lag 3"] = cells(groups.shift(3))
past = groups.shift(1).groupby(frame.k)
for name in ["mean", "sum", "min", "max", "std", "count"]:
    found = getattr(past.rolling(4, min_periods=0 if name == "count" else 1), name)()
    expected[f"rolling {name}"] = cells(found.reset_index(level=0, drop=True).sort_index())

counts = numpy.column_stack([amount, visits])
expected["chi2"] = cells(chi2(counts, grade)[0])
expected["f_classif"] = cells(f_classif(matrix, grade)[0])
expected["f_regression"] = cells(f_regression(matrix, outcome)[0])
expected["mutual_info_classif"] = cells(mutual_info_classif(matrix[:, :2], grade, random_state=0))
expected["mutual_info_regression"] = cells(mutual_info_regression(matrix[:, :2], outcome, random_state=0))
codes = OrdinalEncoder().fit_transform(reference)
expected["mutual_info discrete"] = [
    float(mutual_info_score(country, grade)),
    float(mutual_info_regression(codes, outcome, discrete_features=True, random_state=0)[0])]

# The forest draws other numbers than ours: its scores are compared as a distribution.
cloud = numpy.vstack([generator.normal(0, 1, (190, 2)), generator.uniform(-6, 6, (10, 2))]).round(4)
scores = numpy.array([
    -IsolationForest(n_estimators=100, random_state=seed).fit(cloud).score_samples(cloud) for seed in range(20)])
forest = {
    "x": cells(cloud[:, 0]), "y": cells(cloud[:, 1]), "mean": [round(v, 6) for v in scores.mean(axis=0)],
    "deviation": [round(v, 6) for v in scores.std(axis=0)],
}

fixture = {
    "versions": {"sklearn": sklearn.__version__, "pandas": pandas.__version__, "numpy": numpy.__version__},
    "numbers": {
        "amount": cells(amount), "age": cells(age), "visits": cells(visits), "outcome": cells(outcome),
        "amount with holes": cells(holed["amount"]), "visits with holes": cells(holed["visits"])},
    "texts": {
        "country": cells(country), "country with holes": cells(holed["country"]),
        "label": [str(v) for v in label], "grade": [str(v) for v in grade]},
    "stamps": [stamp.isoformat() for stamp in stamps],
    "forest": forest,
    "expected": expected,
}
(folder / "preparation.json").write_text(json.dumps(fixture, indent=0) + "\n")
