"""A pipeline as one would write it by hand: confluent-kafka's batches, orjson, numpy's counts, PSI of sliding windows.

Usage: stream.py BROKERS TOPIC EVENTS REFERENCE PREFETCH_KILOBYTES, prints one measurement as JSON. REFERENCE is a file
of feature objects, one a line. Predictions wait for their outcomes in a dict, and repetitions are left out; what the
agent does beyond that (checks of every field, limits, checkpoints, alerts) it does not.
"""

import collections
import json
import os
import sys
import time

import numpy as np
import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer

NUMERIC = ["amount", "income", "age", "balance", "ratio", "tenure"]
CATEGORICAL = ["country", "channel", "device", "tier"]
PANE = 60_000_000
PANES_OF_A_WINDOW = 60
BINS = 10


def psi(expected, actual):
    """Population stability index of two vectors of counts."""
    p = np.maximum(expected / expected.sum(), 1e-4)
    q = np.maximum(actual / max(actual.sum(), 1), 1e-4)
    return float(((q - p) * np.log(q / p)).sum())


class Counter:
    """Counts of every column by pane, on the reference's bins."""

    def __init__(self, rows):
        self.edges = {
            name: np.quantile([row[name] for row in rows], np.linspace(0, 1, BINS + 1)[1:-1]) for name in NUMERIC
        }
        self.codes = {
            name: {value: code for code, value in enumerate(sorted({row[name] for row in rows}))}
            for name in CATEGORICAL
        }
        self.panes = collections.defaultdict(dict)
        self.waiting = {}
        self.reference = self.counts(rows)

    def counts(self, features):
        found = {}
        for name in NUMERIC:
            values = np.array([row[name] for row in features], dtype=np.float64)
            found[name] = np.bincount(np.searchsorted(self.edges[name], values, side="left"), minlength=BINS)
        for name in CATEGORICAL:
            codes = self.codes[name]
            values = np.array([codes.get(row[name], len(codes)) for row in features], dtype=np.int64)
            found[name] = np.bincount(values, minlength=len(codes) + 1)
        return found

    def add(self, messages):
        by_pane = collections.defaultdict(list)
        for message in messages:
            event = orjson.loads(message.value())
            if event["kind"] == "prediction" and event["id"] not in self.waiting:
                self.waiting[event["id"]] = (event["time"], event["score"])
                by_pane[event["time"] // PANE].append(event["features"])
        for pane, features in by_pane.items():
            total = self.panes[pane]
            for name, counts in self.counts(features).items():
                total[name] = total[name] + counts if name in total else counts

    def judge(self):
        """PSI of every column in every sliding window; how many were computed."""
        judged = 0
        for last in sorted(self.panes):
            window = [self.panes[pane] for pane in range(last - PANES_OF_A_WINDOW + 1, last + 1) if pane in self.panes]
            for name, expected in self.reference.items():
                psi(expected, sum(counts[name] for counts in window))
                judged += 1
        return judged


def main():
    brokers, topic, events, reference, prefetch = sys.argv[1:]
    with open(reference, encoding="utf-8") as lines:
        counter = Counter([json.loads(line) for line in lines])
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": f"peer-{os.getpid()}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "queued.max.messages.kbytes": int(prefetch),
            "fetch.wait.max.ms": 10,
        }
    )

    def from_the_start(consumer, partitions):
        for partition in partitions:
            partition.offset = OFFSET_BEGINNING
        consumer.assign(partitions)

    consumer.subscribe([topic], on_assign=from_the_start)
    received = 0
    while received == 0:
        messages = [message for message in consumer.consume(10_000, timeout=0.1) if message.error() is None]
        counter.add(messages)
        received = len(messages)
    first, started = received, time.perf_counter()
    while received < int(events):
        messages = [message for message in consumer.consume(10_000, timeout=0.1) if message.error() is None]
        counter.add(messages)
        received += len(messages)
    judged = counter.judge()
    seconds = time.perf_counter() - started
    print(
        json.dumps(
            {
                "name": f"python, {int(prefetch) // 1024} MiB",
                "events": received - first,
                "seconds": seconds,
                "extra": {"psi_values": judged},
            }
        )
    )
    consumer.close()


main()
