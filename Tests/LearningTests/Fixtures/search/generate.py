"""Makes search.json: what other libraries say of splits, densities, comparisons and ensemble weights.

Versions: optuna 5.0.0, scikit-learn 1.9.1, scipy 1.14.1, numpy 2.1.3. Run: python generate.py
"""
import json
import pathlib

import numpy
import optuna
import scipy.optimize
import scipy.stats
import sklearn.calibration
import sklearn.metrics
import sklearn.model_selection
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

generator = numpy.random.default_rng(20261130)
# Equal values get their kernels in the order of an unstable sort otherwise, which is another one on each machine.
unstable = numpy.argsort
numpy.argsort = lambda *arguments, **options: unstable(*arguments, **{**options, "kind": "stable"})


def density(domain, values, points):
    settings = _ParzenEstimatorParameters(1.0, True, False, default_weights, False)
    # Choices are given as indices.
    estimator = _ParzenEstimator({"x": numpy.array(values, dtype=float)}, {"x": domain}, settings)
    return estimator.log_pdf({"x": numpy.array(points, dtype=float)}).tolist()


def densities():
    found = []
    for count in [0, 1, 2, 7, 30]:
        real = generator.uniform(0.5, 1, count).round(3)
        rate = numpy.exp(generator.uniform(numpy.log(0.01), numpy.log(0.3), count)).round(5)
        depth = generator.integers(3, 11, count)
        rounds = numpy.exp(generator.uniform(numpy.log(50), numpy.log(400), count)).round()
        choice = generator.integers(0, 3, count)
        for kind, domain, values, points in [
            ("real", FloatDistribution(0.5, 1), real, [0.5, 0.61, 0.75, 1]),
            ("logarithmic", FloatDistribution(0.01, 0.3, log=True), rate, [0.01, 0.02, 0.1, 0.3]),
            ("integer", IntDistribution(3, 10), depth, [3, 4, 7, 10]),
            ("logarithmic integer", IntDistribution(50, 400, log=True), rounds, [50, 80, 200, 400]),
            ("choice", CategoricalDistribution(["a", "b", "c"]), choice, [0, 1, 2]),
        ]:
            found.append({"kind": kind, "values": values.tolist(), "points": points,
                          "log_density": density(domain, values, points)})
    return found


def delong(first, second, labels):
    """The definition: placements of every pair, no ranks."""
    labels = numpy.array(labels, dtype=bool)
    placements = []
    for scores in [numpy.array(first), numpy.array(second)]:
        wins = (scores[labels][:, None] > scores[~labels][None, :]) + 0.5 * (
            scores[labels][:, None] == scores[~labels][None, :])
        placements.append((wins.mean(axis=1), wins.mean(axis=0), wins.mean()))
    up = numpy.cov(placements[0][0], placements[1][0])
    down = numpy.cov(placements[0][1], placements[1][1])
    variance = sum(c[0, 0] + c[1, 1] - 2 * c[0, 1] for c in [up / labels.sum(), down / (~labels).sum()])
    difference = placements[1][2] - placements[0][2]
    assert abs(placements[0][2] - sklearn.metrics.roc_auc_score(labels, first)) < 1e-12
    return {"first": placements[0][2], "second": placements[1][2], "error": float(variance) ** 0.5,
            "p_value": 2 * scipy.stats.norm.sf(abs(difference) / float(variance) ** 0.5)}


labels = generator.random(120) < 0.4
first = (labels + generator.normal(0, 1.2, 120)).round(1)
second = (labels + generator.normal(0, 0.9, 120)).round(1)
right = {"few": (generator.random(60) < 0.8, generator.random(60) < 0.7),
         "many": (generator.random(400) < 0.8, generator.random(400) < 0.7)}
mcnemar = {}
for name, (one, two) in right.items():
    losses, wins = int((one & ~two).sum()), int((~one & two).sum())
    p = (scipy.stats.binomtest(min(losses, wins), losses + wins).pvalue if losses + wins <= 25
         else scipy.stats.chi2.sf((abs(losses - wins) - 1) ** 2 / (losses + wins), 1))
    mcnemar[name] = {"first": one.tolist(), "second": two.tolist(), "p_value": float(p)}
assert sum(a != b for a, b in zip(*right["few"])) <= 25 < sum(a != b for a, b in zip(*right["many"]))

truth = generator.normal(10, 3, 80)
members = [(truth + generator.normal(bias, s, 80)).round(3) for bias, s in [(0, 1), (0.5, 1.5), (3, 4)]]
weights, _ = scipy.optimize.nnls(numpy.array(members).T, truth.round(3))
outcome = generator.random(150) < 0.5
scores = [numpy.clip(0.5 + (outcome - 0.5) * a + generator.normal(0, s, 150), 0.02, 0.98).round(3)
          for a, s in [(0.5, 0.2), (0.4, 0.25), (0.1, 0.3)]]
likelihoods = numpy.array([numpy.where(outcome, s, 1 - s) for s in scores])
mixture = scipy.optimize.minimize(
    lambda w: -numpy.log(w @ likelihoods).mean(), numpy.full(3, 1 / 3), bounds=[(0, 1)] * 3, method="SLSQP",
    constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, options={"ftol": 1e-14, "maxiter": 1000}).x

calibrated_scores = generator.random(60).round(3)
calibrated_labels = generator.random(60) < calibrated_scores ** 2
isotonic = sklearn.isotonic.IsotonicRegression(out_of_bounds="clip").fit(calibrated_scores, calibrated_labels)

result = {
    "time_series": [{"rows": n, "folds": k, "gap": g, "splits": [
        {"train": a.tolist(), "test": b.tolist()}
        for a, b in sklearn.model_selection.TimeSeriesSplit(n_splits=k, gap=g).split(numpy.zeros(n))]}
        for n, k, g in [(10, 3, 0), (17, 4, 0), (23, 3, 2)]],
    "densities": densities(),
    "delong": {"labels": labels.tolist(), "first": first.tolist(), "second": second.tolist(),
               "expected": delong(first, second, labels)},
    "mcnemar": mcnemar,
    "least_squares": {"outcomes": truth.round(3).tolist(), "members": [m.tolist() for m in members],
                      "weights": weights.tolist()},
    "mixture": {"outcomes": outcome.tolist(), "members": [s.tolist() for s in scores], "weights": mixture.tolist()},
    "isotonic": {"scores": calibrated_scores.tolist(), "labels": calibrated_labels.tolist(),
                 "points": [0.05, 0.3, 0.55, 0.99], "expected": isotonic.predict([0.05, 0.3, 0.55, 0.99]).tolist()},
}
(pathlib.Path(__file__).parent / "search.json").write_text(json.dumps(result) + "\n")
