import Events
import Foundation
import Storage

/// The agent on a file of JSON lines, next to loops that take the same lines and touch each, or decode each.
enum FileBenchmark {
    static func run(events: Int, rounds: Int) throws {
        let path = NSTemporaryDirectory() + "tidewatch-bench-\(ProcessInfo.processInfo.processIdentifier).jsonl"
        defer { unlink(path) }
        StreamBenchmark.say("\nWriting \(events) events of about 300 bytes to a file …")
        var source = BenchmarkEvents(total: events, models: BenchmarkEvents.models)
        try BenchmarkFile.write(events, to: path) { source.message($0) }
        try StreamBenchmark.compare(
            [
                ["lines", path, "\(events)"], ["decoded-lines", path, "\(events)"],
                ["agent-file", path, "\(events)", "1"], ["agent-file", path, "\(events)", "2"],
            ], rounds: rounds)
    }

    /// The raw limit: the followed file's lines, one after the other.
    static func readLines(of path: String, events: Int) throws {
        let file = FollowedFile(path: path) { 0 }
        var bytes = 0
        var lines = 0
        let started = ContinuousClock.now
        while let line = try file.next() {
            bytes += line.count + Int(line[0] & 1)
            lines += 1
        }
        Measurement(
            name: "lines only", events: lines, seconds: started.duration(to: .now) / .seconds(1), residentBytes: nil,
            extra: ["bytes": bytes]
        ).print()
    }

    /// What one thread can do that has to decode every line.
    static func decodeLines(of path: String, events: Int) throws {
        let file = FollowedFile(path: path) { 0 }
        let decoder = EventDecoder(limits: .unlimited)
        var decoded = 0
        let started = ContinuousClock.now
        while let line = try file.next() {
            if case .event = decoder.decode(line, recordTimeMicroseconds: BenchmarkEvents.start) { decoded += 1 }
        }
        let seconds = started.duration(to: .now) / .seconds(1)
        guard decoded == events else { throw BenchmarkError("\(decoded) of \(events) lines were events") }
        Measurement(name: "lines decoded", events: decoded, seconds: seconds, residentBytes: nil, extra: [:]).print()
    }
}
