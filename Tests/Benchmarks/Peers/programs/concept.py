"""Delay of river's and frouros' detectors after a switch of the concept, thresholds tuned to a number of false alarms.

python concept.py file quiet_streams quiet_length concepts repetitions warm after allowed

The file holds doubles (1 for an error): the quiet streams, then per concept and repetition `warm` quiet values and `after`
of the concept. Prints a JSON list of {name, threshold, alarms, delays: [{median, mean, missed}]}; 1 is the first row after
the switch. The threshold is the loosest of sixty steps with at most `allowed` alarms on the quiet streams.
"""
import json
import statistics
import sys
import warnings

import numpy as np
from frouros.detectors import concept_drift as frouros
from river import drift as river
from river.drift import binary

warnings.filterwarnings("ignore")
Q, L, C, D, W, A, ALLOWED = (int(x) for x in sys.argv[2:])
data = np.fromfile(sys.argv[1])
quiet = [row.tolist() for row in data[: Q * L].reshape(Q, L).astype(int)]
switched = [[row.tolist() for row in concept] for concept in data[Q * L :].reshape(C, D, W + A).astype(int)]


def steps(strict, loose):
    return [strict * (loose / strict) ** (k / 59) for k in range(60)]


CHANCES, SUMS, DEVIATIONS = steps(1e-12, 0.99), steps(200, 0.5), steps(20, 1)


def river_alarms(detector, values):
    """River's detectors begin anew with the value after an alarm."""
    update = detector.update
    for index, value in enumerate(values):
        update(value)
        if detector.drift_detected:
            yield index


def fhddm_alarms(detector, values):
    """River 0.23's FHDDM looks for a fall of the mean, so it is shown 1 for a right answer, whatever its docstring says."""
    return river_alarms(detector, (1 - value for value in values))


def frouros_alarms(detector, values):
    for index, value in enumerate(values):
        detector.update(value=value)
        if detector.drift:
            yield index
            detector.reset()


def frouros_config(name, **fixed):
    detector, config = getattr(frouros, name), getattr(frouros, name + "Config")
    parameter = fixed.pop("parameter")
    return lambda t: detector(config=config(**{parameter: t}, **fixed))


FAMILIES = [
    ("river ADWIN", river_alarms, CHANCES, lambda t: river.ADWIN(delta=t)),
    ("river ADWIN, each row", river_alarms, CHANCES, lambda t: river.ADWIN(delta=t, clock=1)),
    ("river PageHinkley", river_alarms, SUMS, lambda t: river.PageHinkley(threshold=t)),
    ("river PageHinkley, tolerance 0.1", river_alarms, SUMS, lambda t: river.PageHinkley(threshold=t, delta=0.1)),
    ("river DDM", river_alarms, DEVIATIONS, lambda t: binary.DDM(warning_threshold=min(1, t), drift_threshold=t)),
    ("river DDM, warm start 500", river_alarms, DEVIATIONS,
     lambda t: binary.DDM(warm_start=500, warning_threshold=min(1, t), drift_threshold=t)),
    ("river EDDM", river_alarms, steps(0.01, 0.9999), lambda t: binary.EDDM(alpha=1, beta=t)),
    ("river HDDM_A", river_alarms, CHANCES, lambda t: binary.HDDM_A(drift_confidence=t, warning_confidence=0.995)),
    ("river HDDM_W", river_alarms, CHANCES, lambda t: binary.HDDM_W(drift_confidence=t, warning_confidence=0.995)),
    ("river FHDDM, of right answers", fhddm_alarms, CHANCES, lambda t: binary.FHDDM(confidence_level=t)),
    ("frouros CUSUM", frouros_alarms, SUMS, frouros_config("CUSUM", parameter="lambda_")),
    ("frouros CUSUM, tolerance 0.1", frouros_alarms, SUMS, frouros_config("CUSUM", parameter="lambda_", delta=0.1)),
    ("frouros PageHinkley", frouros_alarms, SUMS, frouros_config("PageHinkley", parameter="lambda_")),
    ("frouros GeometricMovingAverage", frouros_alarms, steps(1, 0.001),
     frouros_config("GeometricMovingAverage", parameter="lambda_")),
    ("frouros ECDDWT", frouros_alarms, [1000, 400, 100], frouros_config("ECDDWT", parameter="average_run_length")),
    ("frouros RDDM", frouros_alarms, DEVIATIONS, frouros_config("RDDM", parameter="drift_level", warning_level=0.9)),
    ("frouros STEPD", frouros_alarms, CHANCES, frouros_config("STEPD", parameter="alpha_d", alpha_w=0.995)),
]


def tune(alarms, thresholds, make):
    def count(threshold):
        found = 0
        for stream in quiet:
            for _ in alarms(make(threshold), stream):
                found += 1
            if found > ALLOWED and threshold != thresholds[0]:
                break
        return found

    low, high, at_low = 0, len(thresholds), None
    while high - low > 1:
        middle = (low + high) // 2
        found = count(thresholds[middle])
        if found <= ALLOWED:
            low, at_low = middle, found
        else:
            high = middle
    return thresholds[low], count(thresholds[low]) if at_low is None else at_low


def delay(alarms, detector, stream):
    for place in alarms(detector, stream):
        if place >= W:
            return place - W + 1
    return None


rows = []
for name, alarms, thresholds, make in FAMILIES:
    threshold, found = tune(alarms, thresholds, make)
    delays = []
    for streams in switched:
        places = [delay(alarms, make(threshold), stream) for stream in streams]
        missed = sum(place is None for place in places)
        counted = [A if place is None else place for place in places]
        delays.append({"median": statistics.median(counted) if missed * 2 < D else None,
                       "mean": statistics.fmean(counted), "missed": missed})
    rows.append({"name": name, "threshold": threshold, "alarms": found, "delays": delays})
    print(name, threshold, found, delays, file=sys.stderr, flush=True)
print(json.dumps(rows))
