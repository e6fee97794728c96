"""Makes logistic_stack.json: logistic regressions on members' log-probabilities with weights of 0 or more, by SciPy.

Versions: scipy 1.14.1, scikit-learn 1.9.1, numpy 2.1.3. Run: python generate.py
"""
import json
import pathlib

import numpy
import scipy.optimize
import scipy.special
import sklearn.linear_model

generator = numpy.random.default_rng(20261130)
ROWS, RIDGE = 160, 1e-6


def fit(members, labels, weights):
    """The definition: mean loss, and a ridge towards the plain mean of the members."""
    logs = numpy.log(members)  # members × rows × classes
    count, _, classes = logs.shape

    def loss(values):
        scores = numpy.tensordot(values[:count], logs, axes=1) + numpy.append(0, values[count:])
        own = scipy.special.log_softmax(scores, axis=1)[numpy.arange(len(labels)), labels]
        away = values - numpy.append(numpy.full(count, 1 / count), numpy.zeros(classes - 1))
        return -(weights * own).sum() / weights.sum() + RIDGE / 2 * (away ** 2).sum()

    start = numpy.append(numpy.full(count, 1 / count), numpy.zeros(classes - 1))
    bounds = [(0, None)] * count + [(None, None)] * (classes - 1)
    found = scipy.optimize.minimize(loss, start, bounds=bounds, method="L-BFGS-B",
                                    options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 10000})
    return {"weights": found.x[:count].tolist(), "intercepts": [0, *found.x[count:].tolist()], "loss": found.fun}


def binary():
    labels = (generator.random(ROWS) < 0.4).astype(int)
    scores = [scipy.special.expit(a * (labels - 0.5) + b + generator.normal(0, s, ROWS))
              for a, b, s in [(1.5, 0.3, 0.8), (1.2, -0.5, 1), (-0.3, 0, 0.7)]]
    scores = numpy.array(scores).round(4)
    members = numpy.stack([1 - scores, scores], axis=2)
    rows = generator.integers(0, 4, ROWS).astype(float)
    plain, weighted = fit(members, labels, numpy.ones(ROWS)), fit(members, labels, rows)
    # The third member says the contrary: without it this is scikit-learn's regression on two columns of log-odds.
    assert plain["weights"][2] == 0 and weighted["weights"][2] == 0
    library = sklearn.linear_model.LogisticRegression(C=1e9, tol=1e-10).fit(scipy.special.logit(scores[:2].T), labels)
    assert numpy.allclose(library.coef_[0], plain["weights"][:2], atol=1e-3)
    assert numpy.allclose(library.intercept_[0], plain["intercepts"][1], atol=1e-3)
    return {"labels": labels.tolist(), "members": scores.tolist(), "rows": rows.tolist(), "plain": plain,
            "weighted": weighted}


def multiclass():
    labels = generator.integers(0, 3, ROWS)
    members = []
    for strength in [1.5, 0.8, 0.2]:
        odds = strength * numpy.eye(3)[labels] + generator.normal(0, 0.8, (ROWS, 3)) + [0, 0.4, -0.4]
        members.append(scipy.special.softmax(odds, axis=1).round(5))
    members = numpy.array(members)
    rows = generator.integers(0, 4, ROWS).astype(float)
    return {"labels": labels.tolist(), "members": members.reshape(3, -1).tolist(), "rows": rows.tolist(),
            "plain": fit(members, labels, numpy.ones(ROWS)), "weighted": fit(members, labels, rows)}


(pathlib.Path(__file__).parent / "logistic_stack.json").write_text(
    json.dumps({"binary": binary(), "multiclass": multiclass()}) + "\n")
