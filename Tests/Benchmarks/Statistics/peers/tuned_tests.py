"""Median detection delay, in panes, of other libraries' tests and detectors with thresholds tuned on quiet panes.

python tuned_tests.py file num|cat rows pane quiet_references quiet_panes repetitions warm drifted

The file holds doubles: per quiet reference its rows and panes, then per repetition a reference, `warm` quiet panes and
`drifted` drifted ones. Prints `name,median delay` per method; 1 is the first drifted pane.
"""
import sys
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
kind = sys.argv[2]
m, n, R, K, D, W, H = (int(x) for x in sys.argv[3:])
data = np.fromfile(sys.argv[1])
quiet = data[: R * (m + K * n)].reshape(R, m + K * n)
drift = data[R * (m + K * n):].reshape(D, m + (W + H) * n)


def panes(row, count):
    return row[:m], row[m:].reshape(count, n)


def delays(first):
    """Median of the first alarm's place; panes before the drift do not count as found."""
    return np.median([f if f is not None else np.inf for f in first])


def evidently_tests():
    from evidently.legacy.calculations import stattests as s
    from evidently.legacy.core import ColumnType

    tests = (
        {"ks": (s.ks_stat_test, -1), "psi": (s.psi_stat_test, 1), "wasserstein": (s.wasserstein_stat_test, 1),
         "jensen_shannon": (s.jensenshannon_stat_test, 1)}
        if kind == "num"
        else {"chi_square": (s.chi_stat_test, -1), "psi": (s.psi_stat_test, 1),
              "jensen_shannon": (s.jensenshannon_stat_test, 1)}
    )
    column = ColumnType.Numerical if kind == "num" else ColumnType.Categorical

    def score(test, sign, a, b):
        return sign * test.func(pd.Series(a), pd.Series(b), column, 0.05)[0]

    for name, (test, sign) in tests.items():
        limit = max(
            score(test, sign, ref, pane) for ref, pane in ((r, p) for row in quiet for r, ps in [panes(row, K)] for p in ps)
        )
        first = []
        for row in drift:
            ref, ps = panes(row, W + H)
            found = None
            for index, pane in enumerate(ps[W:]):
                if score(test, sign, ref, pane) > limit:
                    found = index + 1
                    break
            first.append(found)
        print(f"evidently {name},{delays(first)}", flush=True)


def detectors():
    from frouros.detectors.concept_drift import CUSUM, CUSUMConfig
    from river import drift as rd

    def run(make, values):
        detector = make()
        for index, value in enumerate(values):
            if hasattr(detector, "drift_detected"):
                detector.update(float(value))
                if detector.drift_detected:
                    return index
            else:
                detector.update(value=float(value))
                if detector.drift:
                    return index
        return None

    def streams(rows, count):
        for row in rows:
            ref, ps = panes(row, count)
            scale = ref.std() / np.sqrt(n)
            yield (ps.mean(axis=1) - ref.mean()) / scale

    calm = list(streams(quiet, K))
    moved = list(streams(drift, W + H))
    families = {
        "river PageHinkley": [
            (lambda t=t: rd.PageHinkley(min_instances=5, delta=0.25, threshold=t)) for t in (2, 4, 6, 8, 12, 16, 24, 40)
        ],
        "river ADWIN": [(lambda d=d: rd.ADWIN(delta=d, clock=1, grace_period=5)) for d in (0.5, 0.1, 0.01, 0.002, 1e-4)],
        "frouros CUSUM": [
            (lambda t=t: CUSUM(config=CUSUMConfig(delta=0.25, lambda_=t, min_num_instances=5)))
            for t in (2, 4, 6, 8, 12, 16, 24, 40)
        ],
    }
    for name, makers in families.items():
        for make in makers:
            if any(run(make, stream) is not None for stream in calm):
                continue
            first = []
            for stream in moved:
                place = run(make, stream)
                first.append(place - W + 1 if place is not None and place >= W else None)
            print(f"{name} on means,{delays(first)}", flush=True)
            break


evidently_tests()
if kind == "num":
    detectors()
