import Agent
import Events
import Foundation
import Storage
import Windowing

/// What a checkpoint of many waiting predictions writes, and how long it takes: all of it in one piece, as it was once
/// done each time; the first one in segments; and one after a hundredth of the predictions have met their outcomes.
enum CheckpointBenchmark {
    static func run(predictions: Int, rounds: Int) throws {
        StreamBenchmark.say("\nCheckpoints of \(predictions) waiting predictions …")
        try StreamBenchmark.compare([["checkpoint", "\(predictions)"]], rounds: rounds)
    }

    static func checkpoint(predictions: Int) throws {
        let folder = NSTemporaryDirectory() + "tidewatch-checkpoint-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pipeline = JoinBenchmark.pipeline(0, waiting: predictions)
        JoinBenchmark.fill(pipeline, predictions: predictions)
        var extra: [String: Int] = [:]
        try measure("whole", in: &extra) {
            let bytes = pipeline.snapshot()
            try AtomicFile.write(bytes, to: folder + "/whole")
            return bytes.count
        }
        let files = CheckpointFiles(path: folder + "/checkpoint")
        try measure("first", in: &extra) { try save(pipeline.frozen(), in: files) }
        let changed = predictions / 100
        // Old blocks are written anew in steps, so that one checkpoint alone would say little.
        let checkpoints = 10
        var sums: [String: Int] = [:]
        for number in 0..<checkpoints {
            meetOutcomes(changed, from: number * changed, of: predictions, in: pipeline)
            let freezing = ContinuousClock.now
            let frozen = pipeline.frozen()
            let stall = Int(freezing.duration(to: .now) / .microseconds(1))
            extra["stall_us"] = max(stall, extra["stall_us"] ?? 0)
            var one: [String: Int] = [:]
            try measure("changed", in: &one) { try save(frozen, in: files) }
            sums.merge(one, uniquingKeysWith: +)
            extra["largest_bytes"] = max(one["changed_bytes"] ?? 0, extra["largest_bytes"] ?? 0)
        }
        extra.merge(sums.mapValues { $0 / checkpoints }) { _, mean in mean }
        let restoring = ContinuousClock.now
        try restore(files, predictions)
        extra["restored_in_ms"] = Int(restoring.duration(to: .now) / .milliseconds(1))
        Measurement(
            name: "checkpoint", events: changed, seconds: Double(extra["changed_ms"] ?? 0) / 1_000,
            residentBytes: nil, extra: extra
        ).print()
    }

    private static func measure(_ name: String, in extra: inout [String: Int], _ body: () throws -> Int) rethrows {
        let started = ContinuousClock.now
        extra["\(name)_bytes"] = try body()
        extra["\(name)_ms"] = Int(started.duration(to: .now) / .milliseconds(1))
    }

    private static func save(_ frozen: FrozenPartition, in files: CheckpointFiles) throws -> Int {
        let saved = try files.save {
            let written = try frozen.write(into: files)
            return ["partition/0": CheckpointPart(bytes: written.bytes, segments: written.segments)]
        }
        frozen.commit()
        return saved.bytesWritten
    }

    /// Outcomes of predictions from all over the table.
    private static func meetOutcomes(_ count: Int, from first: Int, of predictions: Int, in pipeline: PartitionPipeline)
    {
        let source = BenchmarkEvents(total: predictions)
        for number in first..<first + count {
            let id = number * 7_919 % predictions
            Array("{\"kind\":\"outcome\",\"id\":\"p-\(id)\",\"model\":\"bench\",\"label\":\"yes\"}".utf8)
                .withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: .outcomes, offset: Int64(number),
                        recordMicroseconds: source.time(of: predictions - 1))
                }
        }
    }

    /// As after a restart.
    private static func restore(_ files: CheckpointFiles, _ predictions: Int) throws {
        let again = CheckpointFiles(path: files.path)
        guard let part = try again.load()?.parts["partition/0"] else { throw BenchmarkError("there is no checkpoint") }
        let restored = JoinBenchmark.pipeline(0, waiting: predictions)
        try restored.restore(from: part.bytes, store: again)
        guard restored.counters.predictions == Int64(predictions) else {
            throw BenchmarkError("predictions are missing")
        }
    }
}
