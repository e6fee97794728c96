"""Optuna's TPE on XGBoost over given folds: CPU seconds, best mean score, score of the best on the hold-out.

Usage: python tuning.py QUESTION.json; prints one JSON object.
"""
import json
import sys
import time

import numpy
import optuna
import pandas
import sklearn.metrics
import xgboost

# XGBoost 1.7 asks for a name that NumPy 2 no longer has.
numpy.NaN = numpy.nan

question = json.load(open(sys.argv[1]))
target = question["target"]
training, holdout = (pandas.read_csv(question[name], keep_default_na=True) for name in ("training", "holdout"))
optuna.logging.set_verbosity(optuna.logging.WARNING)


def outcomes(table):
    if question.get("positive") is None:
        return table[target].astype(float).to_numpy()
    return (table[target].astype(str) == question["positive"]).to_numpy().astype(float)


def features(table):
    return table.drop(columns=[name for name in (target, question.get("time")) if name])


# Text columns as XGBoost's own categories, with codes that both tables share.
whole = features(pandas.concat([training, holdout], ignore_index=True))
for name in whole.columns:
    if whole[name].dtype == object:
        whole[name] = whole[name].astype("category")
x, tested = whole.iloc[:len(training)], whole.iloc[len(training):]
y, known = outcomes(training), outcomes(holdout)
isBinary = question.get("positive") is not None


def score(actual, said):
    if isBinary:
        return sklearn.metrics.roc_auc_score(actual, said)
    return float(numpy.sqrt(numpy.mean((actual - said) ** 2)))


def matrix(table, labels=None):
    return xgboost.DMatrix(table, label=labels, enable_categorical=True, nthread=1)


def fit(data, values):
    settings = dict(values, tree_method="hist", nthread=1, seed=question["seed"], verbosity=0,
                    objective="binary:logistic" if isBinary else "reg:squarederror")
    return xgboost.train(settings, data, num_boost_round=settings.pop("rounds"))


start = time.process_time()
# Once for all trials: what a careful user does.
parts = [(matrix(x.iloc[f["train"]], y[f["train"]]), matrix(x.iloc[f["test"]]), y[f["test"]])
         for f in question["folds"]]


def objective(trial):
    values = {
        "rounds": trial.suggest_int("rounds", 50, 500, log=True),
        "eta": trial.suggest_float("eta", 0.01, 0.3, log=True),
        "max_depth": trial.suggest_int("max_depth", 3, 10),
        "min_child_weight": trial.suggest_float("min_child_weight", 0.5, 20, log=True),
        "subsample": trial.suggest_float("subsample", 0.5, 1),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.4, 1),
        "lambda": trial.suggest_float("lambda", 0.01, 10, log=True),
    }
    trial.set_user_attr("values", values)
    return float(numpy.mean([score(actual, fit(train, values).predict(test)) for train, test, actual in parts]))


study = optuna.create_study(
    direction="maximize" if isBinary else "minimize", sampler=optuna.samplers.TPESampler(seed=question["seed"]))
study.optimize(objective, n_trials=question["trials"])
model = fit(matrix(x, y), study.best_trial.user_attrs["values"])
found = score(known, model.predict(matrix(tested)))
print(json.dumps({"seconds": time.process_time() - start, "best": study.best_value, "holdout": found}))
