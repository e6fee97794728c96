"""k-means and silhouettes of scikit-learn 1.9.1:

    pip install scikit-learn==1.9.1; python generate.py

Writes rows.csv (three groups, a weight) and kmeans.json (given centres and what becomes of them; silhouettes) beside this
file."""
import json
import pathlib

import numpy
import pandas
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples, silhouette_score

folder = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(5)
centres = numpy.array([[0, 0, 10], [4, 1, 12], [1, 5, 9]])
x = numpy.concatenate([generator.normal(centre, 1.1, size=(size, 3)) for centre, size in zip(centres, (60, 80, 40))])
x = generator.permutation(x).round(5)
weight = generator.choice([0.5, 1, 3], size=len(x))
table = pandas.DataFrame(x, columns=["a", "b", "c"])
table["weight"] = weight
table.to_csv(folder / "rows.csv", index=False)
cases = []
for clusters, weighted in ((3, False), (3, True), (6, False)):
    start = x[:clusters]
    model = KMeans(clusters, init=start, n_init=1, tol=0, max_iter=1_000, algorithm="lloyd")
    model.fit(x, sample_weight=weight if weighted else None)
    cases.append({
        "weighted": weighted, "start": start.tolist(), "centres": model.cluster_centers_.tolist(),
        "inertia": model.inertia_, "labels": model.labels_.tolist(),
        "silhouette": silhouette_score(x, model.labels_),
        "silhouettes": silhouette_samples(x, model.labels_).tolist()})
best = KMeans(3, n_init=20, random_state=0).fit(x)
(folder / "kmeans.json").write_text(json.dumps({"cases": cases, "best": best.inertia_}) + "\n")
