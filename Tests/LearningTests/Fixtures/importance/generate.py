"""A model and its feature importances, both made by Python's XGBoost 1.7.6 (NumPy 1.26):

    pip install xgboost==1.7.6 'numpy<2'; python generate.py

Writes model.ubj and importance.json (get_score of the model loaded again, total_gain and weight) beside this file."""
import json
import pathlib

import numpy
import xgboost

folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(7)
rows = 2_000
amount = generator.normal(size=rows)
age = generator.uniform(18, 90, size=rows)
noise = generator.normal(size=rows)
idle = numpy.full(rows, 3.0)
amount[::17] = numpy.nan
target = (numpy.nan_to_num(amount) * 1.5 + (age > 50) + generator.normal(scale=0.5, size=rows) > 0.7).astype(float)
names = ["amount", "age", "noise", "idle"]
matrix = xgboost.DMatrix(numpy.column_stack([amount, age, noise, idle]), label=target, feature_names=names)
booster = xgboost.train(
    {"objective": "binary:logistic", "max_depth": 3, "eta": 0.3, "tree_method": "hist", "seed": 7}, matrix, 12)
booster.save_model(folder / "model.ubj")
loaded = xgboost.Booster(model_file=folder / "model.ubj")
scores = {kind: loaded.get_score(importance_type=kind) for kind in ("total_gain", "weight")}
(folder / "importance.json").write_text(json.dumps(scores, indent=2) + "\n")
