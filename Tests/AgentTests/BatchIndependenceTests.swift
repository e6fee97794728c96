import Events
import Foundation
import Testing
import TidewatchTestKit
import Windowing

@testable import Agent

/// A property: however a recording is cut into batches, a replay says the same, to the last character, and decides the same
/// at the same event time.
struct BatchIndependenceTests {
    private static let minute: Int64 = 60_000_000
    private static let start: Int64 = 1_767_225_600_000_000

    /// Two models in one stream. Version 1 of `fraud` is replaced by version 2 after a third; both models go wrong for a
    /// while, one column moves, and nothing comes for three hours. Outcomes come ten minutes after their predictions.
    private static func messages(seed: UInt64) -> [SourceMessage] {
        var stream = DriftStream(seed: seed)
        var generator = SeededGenerator(seed: seed)
        var messages: [(time: Int64, message: SourceMessage)] = []
        for number in 0..<6_000 {
            let isMoved = (3_000..<4_200).contains(number)
            let time = start + (Int64(number) / 10 + (number < 4_800 ? 0 : 180)) * minute
            let model = number % 3 == 0 ? "churn" : "fraud"
            let version = model == "fraud" && number >= 2_000 ? "2" : "1"
            let x = stream.normal()
            let isLikely = Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-2 * x))
            let isFlipped = isMoved && Double.random(in: 0..<1, using: &generator) < 0.8
            let head = "\"id\":\"\(number)\",\"model\":\"\(model)\""
            func add(_ time: Int64, _ text: String) {
                let message = "{\"time\":\"\(EventTime.format(time))\",\(head),\(text)}"
                messages.append(
                    (
                        time,
                        SourceMessage(
                            source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [],
                            value: Array(message.utf8))
                    ))
            }
            add(
                time,
                "\"kind\":\"prediction\",\"version\":\"\(version)\",\"score\":\(1 / (1 + exp(-2 * x))),"
                    + "\"features\":{\"x\":\(x + (isMoved ? 1 : 0)),\"y\":\(stream.normal())}")
            add(time + 10 * minute, "\"kind\":\"outcome\",\"label\":\"\(isLikely != isFlipped ? "yes" : "no")\"")
        }
        return messages.sorted { $0.time < $1.time }.map(\.message)
    }

    /// Each model's policy may ask again after half an hour: in a batch that closes ten panes, more than once.
    private static func configuration() throws -> AgentConfiguration {
        let rest = """
            task: binary, positive: "yes", reference: {learn: 300}, window: {length: 1h, slide: 10m},
                 drift: {false_alarms: 1 per 7d, minimum_sample: 50, rules: [{statistic: psi, raise: 0.2, clear: 0.1}]},
                 performance: {minimum_sample: 20, rules: [{metric: accuracy, raise_below: 0.6, clear: 0.7}]},
                 retraining: {cooldown: 30m, minimum_rows: 100, maximum_rows: 400, drifted_share_above: 0.3,
                              performance_below: {metric: accuracy, value: 0.6}}
            """
        return try AgentConfiguration.parse("models:\n  - {name: fraud, \(rest)}\n  - {name: churn, \(rest)}")
    }

    /// All that a replay says, and decides.
    private final class Lines {
        let replay: Replay
        private(set) var all: [String] = []

        init() throws { replay = try Replay(configuration: configuration()) }

        func run(_ messages: [SourceMessage], batch: Int) throws {
            var source = Batches(source: InMemorySource(messages), size: batch)
            try replay.run(&source, observer: say)
        }

        func finish() { replay.finish(observer: say) }

        private func say(_ event: AgentEvent) {
            if let line = event.json(at: replay.nowMicroseconds) { all.append(line) }
        }
    }

    private static func lines(_ messages: [SourceMessage], batch: Int) throws -> [String] {
        let lines = try Lines()
        try lines.run(messages, batch: batch)
        lines.finish()
        return lines.all
    }

    @Test(arguments: [1, 2] as [UInt64]) func batchesDecideNothing(seed: UInt64) throws {
        let messages = Self.messages(seed: seed)
        let whole = try Self.lines(messages, batch: 1_000)
        for model in ["fraud", "churn"] {
            let count = whole.count { $0.contains("\"retrain_due\",\"model\":\"\(model)\"") }
            #expect(count >= 2, "the policy asks more than once of \(model)")
        }
        #expect(whole.contains { $0.contains("\"drift_detected\"") })
        #expect(whole.contains { $0.contains("\"performance_degraded\"") })
        for size in [997, 13] {
            let cut = try Self.lines(messages, batch: size)
            let first = zip(whole, cut).first { $0 != $1 }
            #expect(first == nil && cut.count == whole.count, "seed \(seed), batches of \(size)")
        }
    }

    /// Nor does a restart, in the midst of what is decided: what was handed on before is not said again, and what follows
    /// is the same.
    @Test(arguments: [2_517, 7_301]) func restartsDecideNothing(after count: Int) throws {
        let messages = Self.messages(seed: 3)
        let whole = try Self.lines(messages, batch: 1_000)
        let before = try Lines()
        try before.run(Array(messages[..<count]), batch: 100)
        let after = try Lines()
        try after.replay.coordinator.restore(from: before.replay.coordinator.snapshot())
        let counted = before.replay.pipeline(of: 0, sharesOneTopic: true).snapshot()
        try after.replay.pipeline(of: 0, sharesOneTopic: true).restore(from: counted)
        // All of it again: what was counted is left out by its offset.
        try after.run(messages, batch: 100)
        after.finish()
        let both = before.all + after.all
        #expect(!before.all.isEmpty && !after.all.isEmpty)
        let first = zip(whole, both).first { $0 != $1 }
        #expect(first == nil && both.count == whole.count, "restart after \(count)")
    }
}

/// A source that hands out at most so many messages at a time.
struct Batches: EventSource {
    var source: InMemorySource
    let size: Int

    mutating func next(maximum: Int) -> [SourceMessage] { source.next(maximum: min(size, maximum)) }
}
