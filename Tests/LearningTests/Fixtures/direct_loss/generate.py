"""Makes rows.csv and estimates.json: a regression's rows and NannyML's direct loss estimates of them.

Versions: nannyml 0.13.1, lightgbm 4.5.0. Run: python generate.py
"""
import json
import pathlib

import nannyml
import numpy
import pandas

folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(20261123)


def rows(count, window, low):
    """Errors grow with x, and are three times as large in group b; later windows have more large x."""
    x = low + (1 - low) * generator.random(count)
    group = numpy.where(generator.random(count) < 0.7, "a", "b")
    predicted = 10 * x
    deviation = (0.5 + 2 * x) * numpy.where(group == "b", 3, 1)
    actual = predicted + deviation * generator.standard_normal(count)
    return pandas.DataFrame(
        {"x": x.round(4), "group": group, "predicted": predicted.round(4), "actual": actual.round(4), "window": window})


reference = rows(2000, 0, 0.0)
windows = [rows(500, 1, 0.0), rows(500, 2, 0.3), rows(500, 3, 0.6)]
estimates = {"nannyml": nannyml.__version__, "windows": []}
estimator = nannyml.DLE(
    feature_column_names=["x", "group"], y_pred="predicted", y_true="actual", metrics=["mae", "mse", "rmse"],
    chunk_size=500)
estimator.fit(reference)
result = estimator.estimate(pandas.concat(windows, ignore_index=True).drop(columns="actual")).filter(period="analysis")
table = result.to_df()
for number, window in enumerate(windows):
    error = window.actual - window.predicted
    estimates["windows"].append({
        "window": number + 1,
        "estimated": {m: float(table[(m, "value")].iloc[number]) for m in ["mae", "mse", "rmse"]},
        "realized": {"mae": float(error.abs().mean()), "mse": float((error ** 2).mean()),
                     "rmse": float((error ** 2).mean() ** 0.5)},
    })
pandas.concat([reference, *windows]).to_csv(folder / "rows.csv", index=False)
(folder / "estimates.json").write_text(json.dumps(estimates, indent=1) + "\n")
