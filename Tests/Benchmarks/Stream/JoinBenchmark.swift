import Dispatch
import Events
import Foundation
import Statistics
import Synchronization
import Windowing

/// Predictions meet their outcomes in two partitions on two threads, next to decoding alone; and what one waiting
/// prediction costs in memory, and a pane on its way to its evaluator.
enum JoinBenchmark {
    typealias Column = (name: String, values: ReferenceBuilder.ColumnValues)
    private static let threads = 2

    static func run(pairs: Int, rounds: Int) throws {
        StreamBenchmark.say("\nJoining \(pairs) predictions of about 300 bytes with their outcomes …")
        try StreamBenchmark.compare(
            [["join-decoding", "\(pairs)"], ["join", "\(pairs)"], ["waiting", "10000000"]], rounds: rounds)
    }

    /// Messages of one thread: predictions in order of time, each with its outcome half a minute of event time later.
    private struct Messages {
        var predictions: [[UInt8]] = []
        var outcomes: [[UInt8]] = []

        init(pairs: Int, seed: UInt64) {
            var source = BenchmarkEvents(total: pairs, seed: seed)
            for number in 0..<pairs {
                predictions.append(source.message(number))
                outcomes.append(
                    Array(
                        """
                        {"kind":"outcome","id":"p-\(number)","model":"bench","label":"\(number % 3 == 0 ? "yes" : "no")"}
                        """.utf8))
            }
        }
    }

    /// The raw limit: the same messages decoded and nothing else.
    static func decode(pairs: Int) throws {
        try measure("decoding only", pairs: pairs) { messages, _ in decode(messages) }
    }

    /// Decoding, join, performance and drift counts, closed panes.
    static func join(pairs: Int) throws {
        try measure("join", pairs: pairs) { messages, thread in try join(messages, partition: Int32(thread)) }
    }

    /// On this thread, and unmeasured: for what counts instructions.
    enum Once {
        static func make(pairs: Int) { _ = Messages(pairs: pairs, seed: 1) }

        static func make(predictions: Int) {
            var source = BenchmarkEvents(total: predictions)
            var bytes = 0
            for number in 0..<predictions { bytes += source.message(number).count }
            precondition(bytes > 0)
        }

        static func decode(pairs: Int) { _ = JoinBenchmark.decode(Messages(pairs: pairs, seed: 1)) }

        static func join(pairs: Int) throws {
            _ = try JoinBenchmark.join(Messages(pairs: pairs, seed: 1), partition: 0)
        }

        /// On ten columns.
        static func count(predictions: Int) {
            let pipeline = pipeline(0, waiting: predictions, columns: wideReference)
            var source = BenchmarkEvents(total: predictions)
            for number in 0..<predictions {
                source.message(number).withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: .predictions, offset: Int64(number), recordMicroseconds: source.time(of: number))
                }
            }
            _ = pipeline.closeEverything()
        }
    }

    private static func decode(_ messages: Messages) -> Int {
        let decoder = EventDecoder(limits: .unlimited)
        var decoded = 0
        for (prediction, outcome) in zip(messages.predictions, messages.outcomes) {
            for message in [prediction, outcome] {
                message.withUnsafeBytes {
                    if case .event = decoder.decode($0, recordTimeMicroseconds: BenchmarkEvents.start) {
                        decoded += 1
                    }
                }
            }
        }
        return decoded / 2
    }

    private static func join(_ messages: Messages, partition: Int32) throws -> Int {
        let pipeline = pipeline(partition, waiting: messages.predictions.count)
        let delay = messages.predictions.count / (2 * BenchmarkEvents.panes)
        let source = BenchmarkEvents(total: messages.predictions.count)
        var closed: Int64 = 0
        for number in 0..<(messages.predictions.count + delay) {
            let time = source.time(of: number)
            if number < messages.predictions.count {
                messages.predictions[number].withUnsafeBytes {
                    _ = pipeline.process($0, from: .predictions, offset: Int64(number), recordMicroseconds: time)
                }
            }
            if number >= delay {
                messages.outcomes[number - delay].withUnsafeBytes {
                    _ = pipeline.process($0, from: .outcomes, offset: Int64(number - delay), recordMicroseconds: time)
                }
            }
            if number % 2_000 == 0 {
                closed += pipeline.closePanes().performancePanes.reduce(0) { $0 + $1.summary.count }
            }
        }
        guard closed > 0 else { throw BenchmarkError("no pane of pairs was closed") }
        return Int(pipeline.counters.joined)
    }

    /// Predictions that wait, and nothing else of weight.
    static func fill(_ pipeline: PartitionPipeline, predictions: Int) {
        let source = BenchmarkEvents(total: predictions)
        for number in 0..<predictions {
            var message = "{\"kind\":\"prediction\",\"id\":\"p-\(number)\",\"time\":\(source.time(of: number)),"
            message += "\"model\":\"bench\",\"features\":{},\"score\":0.5}"
            message.withUTF8 {
                _ = pipeline.process(
                    UnsafeRawBufferPointer($0), from: .predictions, offset: Int64(number),
                    recordMicroseconds: source.time(of: number))
            }
        }
    }

    /// Predictions that wait: resident memory by prediction, and how long a snapshot
    /// of them holds the worker up.
    static func wait(predictions: Int) throws {
        let pipeline = pipeline(0, waiting: predictions)
        let before = try ProcessMemory.resident()
        let started = ContinuousClock.now
        fill(pipeline, predictions: predictions)
        let seconds = started.duration(to: .now) / .seconds(1)
        let bytes = try ProcessMemory.resident() - before
        let freezing = ContinuousClock.now
        let frozen = pipeline.frozen()
        let frozenAt = ContinuousClock.now
        let snapshot = frozen.serialized().count
        Measurement(
            name: "waiting", events: Int(pipeline.counters.predictions), seconds: seconds, residentBytes: bytes,
            extra: [
                "bytes_each": bytes / predictions, "snapshot_bytes": snapshot,
                "stall_us": Int(freezing.duration(to: frozenAt) / .microseconds(1)),
                "written_in_ms": Int(frozenAt.duration(to: .now) / .milliseconds(1)),
            ]
        ).print()
    }

    /// What a closed pane of ten columns takes on the panes topic, and how many an evaluator merges.
    static func panes(events: Int) throws {
        let pipeline = pipeline(0, waiting: events, columns: wideReference)
        var source = BenchmarkEvents(total: events)
        for number in 0..<events {
            source.message(number).withUnsafeBytes {
                _ = pipeline.process(
                    $0, from: .predictions, offset: Int64(number), recordMicroseconds: source.time(of: number))
            }
            Array("{\"kind\":\"outcome\",\"id\":\"p-\(number)\",\"model\":\"bench\",\"label\":\"yes\"}".utf8)
                .withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: .outcomes, offset: Int64(number), recordMicroseconds: source.time(of: number))
                }
        }
        let output = pipeline.closeEverything()
        // An evaluator takes each pane from its bytes and adds it to those of the other partitions.
        let records = output.driftPanes.map { PaneRecord.drift($0).serialized() }
        var store = PaneStore<PaneSummary>()
        let started = ContinuousClock.now
        let rounds: Int32 = 200
        for partition in 0..<rounds {
            for bytes in records {
                guard case .drift(let pane) = try PaneRecord(serialized: bytes), case .summary(let part) = pane.content
                else { throw BenchmarkError("a drift pane came back as something else") }
                store.add(part, pane: pane.pane, partition: partition)
            }
        }
        let seconds = started.duration(to: .now) / .seconds(1)
        let drift = output.driftPanes.map { PaneRecord.drift($0).serialized().count }.sorted()
        let pairs = output.performancePanes.map { PaneRecord.performance($0).serialized().count }.sorted()
        Measurement(
            name: "panes merged", events: records.count * Int(rounds), seconds: seconds, residentBytes: nil,
            extra: [
                "drift_pane_bytes": drift[drift.count / 2], "performance_pane_bytes": pairs[pairs.count / 2],
                "progress_bytes": PaneRecord.progress(partition: 0, .none).serialized().count,
            ]
        ).print()
    }

    private static var wideReference: [Column] {
        let numeric = ["amount", "income", "age", "balance", "ratio", "tenure"].map { name in
            Column(name: name, values: .numeric((0..<5_000).map { Double(($0 * 7_919) % 9_973) }))
        }
        let categorical = ["country", "channel", "device", "tier"].map { name in
            Column(name: name, values: .categorical((0..<5_000).map { "\(name)-\($0 % 20)" }))
        }
        return numeric + categorical
    }

    private static func measure(
        _ name: String, pairs: Int, _ body: @escaping @Sendable (Messages, Int) throws -> Int
    ) throws {
        let messages = (0..<threads).map { Messages(pairs: pairs / threads, seed: UInt64($0 + 1)) }
        let seen = Mutex(0)
        let failure = Mutex<(any Error)?>(nil)
        let started = ContinuousClock.now
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            do {
                let count = try body(messages[thread], thread)
                seen.withLock { $0 += count }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        let seconds = started.duration(to: .now) / .seconds(1)
        if let failure = failure.withLock(\.self) { throw failure }
        let count = seen.withLock(\.self)
        guard count == pairs / threads * threads else { throw BenchmarkError("\(count) of \(pairs) pairs were seen") }
        Measurement(name: name, events: count, seconds: seconds, residentBytes: nil, extra: [:]).print()
    }

    static func pipeline(
        _ partition: Int32, waiting: Int,
        columns: [Column] = [
            (name: "amount", values: .numeric((0..<5_000).map { Double($0 % 2_000) })),
            (name: "country", values: .categorical((0..<5_000).map { "C\($0 % 40)" })),
        ]
    ) -> PartitionPipeline {
        let catalog = ReferenceCatalog()
        let profile = ReferenceBuilder.build(columns: columns)
        catalog.setDefault(ReferenceEncoder(profile), forModel: BenchmarkEvents.model)
        return PartitionPipeline(
            partition: partition,
            models: [
                ModelSettings(
                    name: BenchmarkEvents.model, task: .binary(positive: "yes"),
                    geometry: PaneGeometry(
                        windowMicroseconds: 60 * BenchmarkEvents.slide, slideMicroseconds: BenchmarkEvents.slide),
                    maximumLabelDelayMicroseconds: 48 * 60 * BenchmarkEvents.slide, maximumWaiting: waiting)
            ], catalog: catalog, limits: .unlimited, allowedLatenessMicroseconds: BenchmarkEvents.slide)
    }
}
