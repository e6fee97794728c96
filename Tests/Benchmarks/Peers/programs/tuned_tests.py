"""Median detection delay, in panes, of other libraries' tests and detectors with thresholds tuned on quiet panes.

python tuned_tests.py file limits num|cat rows pane quiet_references quiet_panes repetitions warm drifted

The file holds doubles: per quiet reference its rows and panes, then per repetition a reference, `warm` quiet panes and
`drifted` drifted ones. Prints `name,median,mean` of the delay per method; 1 is the first drifted pane. The limits found
on the quiet panes are kept in the JSON file `limits` for the next scenario of the same sizes, which then has none.
"""
import json
import os
import sys
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
kind = sys.argv[3]
m, n, R, K, D, W, H = (int(x) for x in sys.argv[4:])
data = np.fromfile(sys.argv[1])
quiet = data[: R * (m + K * n)].reshape(R, m + K * n)
limits = json.load(open(sys.argv[2])) if os.path.exists(sys.argv[2]) else {}
drift = data[R * (m + K * n):].reshape(D, m + (W + H) * n)


def panes(row, count):
    return row[:m], row[m:].reshape(count, n)


def report(name, first):
    """Of the first alarms' places; what is not found counts as the last pane."""
    places = [f if f is not None else H for f in first]
    print(f"{name},{np.median(places)},{np.mean(places)}", flush=True)


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
        if name not in limits:
            limits[name] = max(score(test, sign, r, p) for r, ps in (panes(row, K) for row in quiet) for p in ps)
        limit = limits[name]
        first = []
        for row in drift:
            ref, ps = panes(row, W + H)
            found = None
            for index, pane in enumerate(ps[W:]):
                if score(test, sign, ref, pane) > limit:
                    found = index + 1
                    break
            first.append(found)
        report(f"evidently {name}", first)


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
            (lambda t=t: rd.PageHinkley(min_instances=5, delta=0.25, threshold=t)) for t in (4, 6, 8, 10, 12, 14, 17, 20, 25, 30, 40, 60, 90)
        ],
        "river ADWIN": [(lambda d=d: rd.ADWIN(delta=d, clock=1, grace_period=5)) for d in (0.5, 0.1, 0.01, 0.002, 1e-4)],
        "frouros CUSUM": [
            (lambda t=t: CUSUM(config=CUSUMConfig(delta=0.25, lambda_=t, min_num_instances=5)))
            for t in (4, 6, 8, 10, 12, 14, 17, 20, 25, 30, 40, 60, 90)
        ],
    }
    for name, makers in families.items():
        for place, make in enumerate(makers):
            if name in limits:
                if place != limits[name]:
                    continue
            elif any(run(make, stream) is not None for stream in calm):
                continue
            limits[name] = place
            first = []
            for stream in moved:
                place = run(make, stream)
                first.append(place - W + 1 if place is not None and place >= W else None)
            report(f"{name} on means", first)
            break


evidently_tests()
if kind == "num":
    detectors()
json.dump(limits, open(sys.argv[2], "w"))
