"""Updates per second of river's detectors on the values of two files (float64: numbers, errors), as JSON."""

import json
import sys
import time

import numpy as np
from river import drift
from river.drift import binary

numbers, errors = (np.fromfile(path).tolist() for path in sys.argv[1:3])
errors = [int(value) for value in errors]
detectors = {"adwin": (drift.ADWIN(), numbers, 200_000), "page_hinkley": (drift.PageHinkley(), numbers, 200_000),
             "ddm": (binary.DDM(), errors, 200_000), "eddm": (binary.EDDM(), errors, 200_000),
             "hddm_a": (binary.HDDM_A(), errors, 100_000), "hddm_w": (binary.HDDM_W(), errors, 20_000),
             "kswin": (drift.KSWIN(seed=1), numbers, 1_000)}
rates = {}
for name, (detector, values, count) in detectors.items():
    start = time.process_time()
    for value in values[:count]:
        detector.update(value)
    rates[name] = count / (time.process_time() - start)
print(json.dumps(rates))
