"""Writes online.json: where river 0.23 and frouros 0.9 see the changes of seeded streams. python3 generate.py

HDDM-W runs with a weighted mean that begins once (river's begins anew after a mean of exactly 0), ADWIN as the paper has
it: river's own C class, without the wrapper that throws the window away after a change."""

import json
import random

import numpy as np
import river
from frouros.detectors.concept_drift import CUSUM, CUSUMConfig
from river import drift
from river.drift import binary
from river.drift.adwin_c import AdaptiveWindowing
from river.drift.binary import hddm_w


class WeightedMean:
    def __init__(self, weight):
        self.weight, self.mean, self.begun = weight, 0.0, False

    def update(self, value):
        self.mean = self.weight * value + (1 - self.weight) * self.mean if self.begun else value
        self.begun = True

    def get(self):
        return self.mean


class Stats:
    EWMean = WeightedMean


hddm_w.stats = Stats
generator = np.random.default_rng(20261123)


def normals(*parts):
    return [round(float(v), 6) for n, mean, sd in parts for v in generator.normal(mean, sd, n)]


def errors(*parts):
    return [int(v) for n, rate in parts for v in generator.random(n) < rate]


streams = {
    "step": normals((600, 0, 1), (600, 2, 1), (500, 2, 1)),
    "steps": normals((400, 0, 1), (300, 3, 1), (300, -1, 0.5), (400, 0.5, 2)),
    "calm": normals((2000, 5, 1)),
    "rising errors": errors((800, 0.1), (700, 0.35), (500, 0.1)),
    "rare errors": errors((1500, 0.02), (700, 0.12)),
    "calm errors": errors((2000, 0.2)),
}


def signals(detector, values):
    drifts, warnings = [], []
    for index, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            drifts.append(index)
        elif getattr(detector, "warning_detected", False):
            warnings.append(index)
    return {"drifts": drifts, "warnings": warnings}


def adwin(values):
    window = AdaptiveWindowing()
    drifts = [index for index, value in enumerate(values) if window.update(value)]
    return {"drifts": drifts, "warnings": [], "width": window.get_width(), "total": window.get_total(),
            "variance": window.get_variance()}


def cusum(values):
    detector = CUSUM(config=CUSUMConfig(delta=0.005, lambda_=50, min_num_instances=30))
    drifts = []
    for index, value in enumerate(values):
        detector.update(value=value)
        if detector.drift:
            drifts.append(index)
            detector.reset()
    return {"drifts": drifts, "warnings": []}


cases = []
for name, values in streams.items():
    isErrors = "errors" in name
    found = {"adwin": adwin([float(v) for v in values]), "page_hinkley": signals(drift.PageHinkley(), values)}
    if isErrors:
        found |= {"ddm": signals(binary.DDM(), values), "eddm": signals(binary.EDDM(), values),
                  "hddm_a": signals(binary.HDDM_A(), values),
                  "hddm_a two-sided": signals(binary.HDDM_A(two_sided_test=True), values),
                  "hddm_w": signals(binary.HDDM_W(), values)}
    else:
        found["cusum"] = cusum(values)
    cases.append({"stream": name, "values": values, "found": found})
json.dump({"source": f"river {river.__version__}, frouros 0.9.0", "cases": cases}, open("online.json", "w"),
          separators=(",", ":"))
