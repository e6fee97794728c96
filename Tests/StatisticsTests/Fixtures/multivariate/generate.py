"""Oracle values for Sources/Statistics/Multivariate, from NumPy 2.1.3, SciPy 1.14.1, scikit-learn 1.9.1 and NannyML
0.13.1: python generate.py > multivariate.json"""
import json
import math

import os

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import nannyml
import numpy
import pandas
import scipy
import sklearn
from scipy.integrate import quad
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

for module, version in ((numpy, "2.1.3"), (scipy, "1.14.1"), (sklearn, "1.9.1"), (nannyml, "0.13.1")):
    assert module.__version__ == version, (module, module.__version__)

chance = numpy.random.default_rng(20)


def rows(count, width, mixing):
    return numpy.round(chance.standard_normal((count, width)) @ mixing, 4)


# Principal components of rows that are not scaled.
mixing = chance.standard_normal((5, 5))
fitted, scored = rows(60, 5, mixing), rows(12, 5, mixing)
components = []
for share in (0.3, 0.65, 0.9):
    pca = PCA(n_components=share, random_state=16).fit(fitted)
    rest = scored - pca.inverse_transform(pca.transform(scored))
    components.append({
        "share": share, "count": int(pca.n_components_), "explained": float(pca.explained_variance_ratio_.sum()),
        "errors": numpy.linalg.norm(rest, axis=1).tolist(),
    })

# NannyML's calculator from the table to the reconstruction error of a chunk.
mixing = chance.standard_normal((4, 4))
reference, analysis = rows(200, 4, mixing), rows(100, 4, mixing[::-1])
names = ["a", "b", "c", "d"]
calculator = nannyml.DataReconstructionDriftCalculator(column_names=names, chunk_size=50)
calculator.fit(pandas.DataFrame(reference, columns=names))
result = calculator.calculate(pandas.DataFrame(analysis, columns=names)).filter(period="analysis").to_df()
scaler = StandardScaler().fit(reference)

# The unbiased MMD² by all pairs, as alibi-detect's mmd2_from_kernel_matrix; its median heuristic on the reference only.
left, right = rows(40, 3, numpy.eye(3)), rows(30, 3, numpy.diag([1, 2, 1]))


def distances(a, b):
    return ((a[:, None, :] - b[None, :, :]) ** 2).sum(-1)


own = distances(left, left)[numpy.triu_indices(40, 1)]
gamma = 1 / float(numpy.median(own))
discrepancies = []
for factor in (0.25, 1, 4):
    def kernel(a, b):
        return numpy.exp(-factor * gamma * distances(a, b))

    def off_diagonal(matrix):
        return (matrix.sum() - numpy.trace(matrix)) / (len(matrix) * (len(matrix) - 1))

    discrepancies.append([
        factor * gamma,
        off_diagonal(kernel(left, left)) + off_diagonal(kernel(right, right)) - 2 * kernel(left, right).mean(),
    ])

# P(sum of weights times chi-square(1) > x), by Imhof's inversion (1961).
tails = []
for weights in ([1.0] * 3, [1.0], [0.6, 0.3, 0.1], [2.0 ** -k for k in range(20)], [1 / (k + 1) for k in range(60)]):
    weights = numpy.array(weights)
    for deviations in (-0.5, 1.0, 2.0, 4.0):
        x = weights.sum() + deviations * math.sqrt(2 * (weights ** 2).sum())
        if x <= 0:
            continue

        def integrand(u):
            theta = 0.5 * numpy.arctan(weights * u).sum() - 0.5 * x * u
            return math.sin(theta) / (u * math.exp(0.25 * numpy.log1p((weights * u) ** 2).sum()))

        area = sum(quad(integrand, a, a + 50, limit=500)[0] for a in range(0, 4_000, 50))
        sums = [(weights ** power).sum() for power in (1, 2, 3)]
        tails.append([x, *sums, 0.5 + area / math.pi])

print(json.dumps({
    "components": {"fitted": fitted.tolist(), "scored": scored.tolist(), "cases": components},
    "nannyml": {
        "reference": reference.tolist(), "window": analysis.tolist(), "means": scaler.mean_.tolist(),
        "deviations": scaler.scale_.tolist(),
        "errors": result[("reconstruction_error", "value")].tolist(),
    },
    "discrepancy": {"left": left.tolist(), "right": right.tolist(), "gamma": gamma, "cases": discrepancies},
    "weightedChiSquare": tails,
}))
