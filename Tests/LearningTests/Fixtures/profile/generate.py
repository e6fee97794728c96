"""Makes rows.csv and profile.json: a table and what pandas, scipy and scikit-learn say of it.

Versions: numpy 2.1.3, pandas 2.3.3, scipy 1.14.1, scikit-learn 1.9.1. Run: python generate.py
"""
import json
import pathlib

import numpy
import pandas
import scipy.stats
import sklearn.metrics

folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(20261130)
count = 600

x = generator.normal(size=count)
table = pandas.DataFrame({
    "x": x.round(3),
    "skewed": numpy.exp(1.2 * x + generator.normal(size=count)).round(2),
    "few": generator.integers(0, 6, size=count),
    "colour": generator.choice(["red", "green", "blue", "grey"], size=count, p=[0.5, 0.3, 0.15, 0.05]),
})
table["shape"] = numpy.where(generator.random(count) < 0.6, table.colour.map(
    {"red": "round", "green": "square", "blue": "long", "grey": "round"}), "flat")
table["score"] = (table.few + table.colour.map({"red": 0, "green": 1, "blue": 3, "grey": 5})
                  + generator.normal(size=count)).round(2)
table["label"] = numpy.where(table.few + generator.normal(size=count) > 3.5, "yes", "no")
for name in ["score", "shape"]:
    table.loc[generator.random(count) < 0.1, name] = None
table.to_csv(folder / "rows.csv", index=False)
table = pandas.read_csv(folder / "rows.csv")

numeric = ["x", "skewed", "few", "score"]
levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]


def describe(values):
    values = values.dropna()
    low, high = values.quantile(0.25), values.quantile(0.75)
    mad = (values - values.median()).abs().median()
    z = 0.6745 * (values - values.median()) / mad
    return {
        "n": int(values.count()), "distinct": int(values.nunique()), "mean": values.mean(), "sd": values.std(),
        "skewness": values.skew(), "kurtosis": values.kurt(), "quantiles": [values.quantile(q) for q in levels],
        "mad": mad, "quartileOutliers": int(((values < low - 1.5 * (high - low)) | (values > high + 1.5 * (high - low))).sum()),
        "robustOutliers": int((z.abs() > 3.5).sum()),
        "scipy_skewness": scipy.stats.skew(values, bias=False), "scipy_kurtosis": scipy.stats.kurtosis(values, bias=False),
    }


def cramers_v(first, second):
    """Bergsma (2013), on scipy's chi-square without a continuity correction."""
    counts = pandas.crosstab(first, second)
    n = counts.values.sum()
    r, k = counts.shape
    phi = scipy.stats.chi2_contingency(counts, correction=False).statistic / n
    phi = max(0, phi - (r - 1) * (k - 1) / (n - 1))
    return (phi / min(r - (r - 1) ** 2 / (n - 1) - 1, k - (k - 1) ** 2 / (n - 1) - 1)) ** 0.5


def correlation_ratio(names, numbers):
    """From the R² of a one-way analysis of variance: F = η²/(1 − η²)·(n − k)/(k − 1), with scipy's F."""
    frame = pandas.DataFrame({"name": names, "number": numbers}).dropna()
    groups = [part.number for _, part in frame.groupby("name")]
    f = scipy.stats.f_oneway(*groups).statistic
    between, within = len(groups) - 1, len(frame) - len(groups)
    return (f * between / (f * between + within)) ** 0.5


def pearson(first, second):
    both = table[[first, second]].dropna()
    return scipy.stats.pearsonr(both[first], both[second]).statistic


def information(cells):
    return sklearn.metrics.mutual_info_score(table.label, cells)


def bins(values):
    """√n / 2 bins of about equally many values, their upper ends belonging to them; missing is one more."""
    ordered = values.dropna().sort_values().to_numpy()
    number = int(len(ordered) ** 0.5 / 2)
    cuts = numpy.unique([ordered[index * len(ordered) // number - 1] for index in range(1, number)])
    return numpy.where(values.isna(), -1, numpy.searchsorted(cuts, values.to_numpy(), side="left"))


result = {
    "columns": {name: describe(table[name]) for name in numeric},
    "pearson": {f"{a} {b}": pearson(a, b) for i, a in enumerate(numeric) for b in numeric[i + 1:]},
    # Of columns without missing cells: elsewhere the ranks are those of each column by itself.
    "spearman": {f"{a} {b}": scipy.stats.spearmanr(table[a], table[b]).statistic
                 for a, b in [("x", "skewed"), ("x", "few"), ("skewed", "few")]},
    "cramersV": {f"{a} {b}": cramers_v(table[a], table[b])
                  for a, b in [("colour", "shape"), ("colour", "label"), ("shape", "label")]},
    "correlationRatio": {f"{a} {b}": correlation_ratio(table[a], table[b])
                          for a in ["colour", "shape", "label"] for b in numeric},
    "mutualInformation": {name: information(table[name].fillna("missing")) for name in ["few", "colour", "shape"]}
    | {name: information(bins(table[name])) for name in ["x", "score"]},
}
(folder / "profile.json").write_text(json.dumps(result, indent=1) + "\n")
