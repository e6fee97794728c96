import Agent
import Alerting
import Events
import Foundation
import TidewatchTestKit

/// Made-up events of a model that says something of each: two features, a prediction, and an outcome some time later.
struct ScoredStream {
    static let hour: Int64 = 3_600_000_000
    static let start: Int64 = 1_767_225_600_000_000
    static let perHour = 200

    enum Task { case binary, multiclass, regression }

    var task = Task.binary
    var hours: Int
    var seed: UInt64
    /// Added to the log-odds of the scores (a third class's weight, a number's mean) within `drift`, hours.
    var shift = 0.0
    var drift = 0..<0
    /// The share of outcomes within `flips`, hours, that are the opposite of what the score promises.
    var flipped = 0.0
    var flips = 0..<0
    /// A regression's errors are larger by this for each unit of a positive prediction.
    var growth = 0.0
    var outcomeDelay: Int64 = 600_000_000
    var extraFeature: String?

    func messages() -> [SourceMessage] {
        var stream = DriftStream(seed: seed)
        var generator = SeededGenerator(seed: seed &+ 1)
        var messages: [(time: Int64, message: SourceMessage)] = []
        for number in 0..<hours * Self.perHour {
            let hour = number / Self.perHour
            let time = Self.start + Int64(number) * Self.hour / Int64(Self.perHour)
            let moved = drift.contains(hour) ? shift : 0
            let x = stream.normal()
            let chance = Double.random(in: 0..<1, using: &generator)
            let isFlipped = flips.contains(hour) && Double.random(in: 0..<1, using: &generator) < flipped
            messages.append(
                (
                    time,
                    Self.message(number, at: time, kind: "prediction") { writer in
                        writer.key("features")
                        writer.beginObject()
                        writer.field("a", stream.normal())
                        writer.field("b", stream.normal())
                        if let extraFeature { writer.field(extraFeature, stream.normal()) }
                        writer.endObject()
                        write(x + moved, to: &writer)
                    }
                ))
            messages.append(
                (
                    time + outcomeDelay,
                    Self.message(number, at: time + outcomeDelay, kind: "outcome") { writer in
                        let isLikely = chance < Self.score(x + moved)
                        switch task {
                        case .binary: writer.field("label", isLikely != isFlipped ? "fraud" : "fine")
                        case .multiclass:
                            writer.field("label", isFlipped ? "c" : Self.label(x + moved, chance: chance))
                        case .regression:
                            let spread = (isFlipped ? 8 : 1) * (1 + growth * max(0, x + moved))
                            writer.field("value", x + moved + (chance - 0.5) * spread)
                        }
                    }
                ))
        }
        return messages.sorted { $0.time < $1.time }.map(\.message)
    }

    static func score(_ x: Double) -> Double { 1 / (1 + exp(-1.5 * x)) }

    /// Three classes with weights of 1, eˣ and e⁻ˣ; drawn by `chance`.
    static func weights(_ x: Double) -> [(label: String, share: Double)] {
        let weights = [("a", 1), ("b", exp(x)), ("c", exp(-x))]
        let sum = weights.reduce(0) { $0 + $1.1 }
        return weights.map { (label: $0.0, share: $0.1 / sum) }
    }

    private static func label(_ x: Double, chance: Double) -> String {
        var left = chance
        for (label, share) in weights(x) {
            left -= share
            if left < 0 { return label }
        }
        return "c"
    }

    private func write(_ x: Double, to writer: inout JSONWriter) {
        switch task {
        case .binary: writer.field("score", Self.score(x))
        case .multiclass:
            writer.key("scores")
            writer.beginObject()
            for (label, share) in Self.weights(x) { writer.field(label, share) }
            writer.endObject()
        case .regression: writer.field("value", x)
        }
    }

    private static func message(
        _ number: Int, at time: Int64, kind: String, _ body: (inout JSONWriter) -> Void
    ) -> SourceMessage {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("kind", kind)
        writer.field("id", "\(number)")
        writer.field("model", "fraud")
        writer.field("time", EventTime.format(time))
        body(&writer)
        writer.endObject()
        return SourceMessage(
            source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: writer.bytes)
    }

    /// - Parameter model: keys of the model beside its name and task.
    func replay(_ model: String) throws -> EventLog {
        let tasks: [Task: String] = [
            .binary: "binary, positive: fraud", .multiclass: "multiclass, classes: [a, b, c]",
            .regression: "regression",
        ]
        let configuration = try AgentConfiguration.parse(
            "models:\n  - {name: fraud, task: \(tasks[task] ?? ""), window: {length: 6h, slide: 1h}, \(model)}")
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = InMemorySource(messages())
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        return events
    }
}
