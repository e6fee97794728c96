import Events
import Foundation
import KafkaClient
import Learning
import Statistics
import Storage

/// A production system as Tidewatch's users have it: a scorer that follows the compacted topic `tidewatch.models`,
/// logs its predictions to one topic and, when the truth turns up, its outcomes to another. It knows nothing of the
/// agent but these topics.
public final class SimulatedProduction {
    public struct Settings: Sendable {
        public var bootstrapServers: String
        public var model: String
        public var positive: String
        public var predictionsTopic = "predictions"
        public var outcomesTopic = "outcomes"
        public var modelsTopic = "tidewatch.models"
        /// How long after a prediction its outcome is known, microseconds.
        public var labelDelayMicroseconds: Int64

        public init(bootstrapServers: String, model: String, positive: String, labelDelayMicroseconds: Int64) {
            self.bootstrapServers = bootstrapServers
            self.model = model
            self.positive = positive
            self.labelDelayMicroseconds = labelDelayMicroseconds
        }
    }

    /// How many of a version's predictions were right.
    public struct Score: Sendable {
        public var rows = 0
        public var correct = 0
        public var accuracy: Double { rows == 0 ? .nan : Double(correct) / Double(rows) }
    }

    private let settings: Settings
    private let producer: KafkaProducer
    private let follower: ModelFollower
    private var waiting: [(time: Int64, id: String, label: String)] = []
    private var number = 0
    /// Live accuracy by the version that served.
    public private(set) var served: [String: Score] = [:]
    /// Records produced so far, on both topics.
    public private(set) var produced: Int64 = 0

    public init(settings: Settings) throws {
        self.settings = settings
        producer = try KafkaProducer(
            settings: ProducerSettings(bootstrapServers: settings.bootstrapServers, properties: ["linger.ms": "1"]))
        follower = try ModelFollower(
            bootstrapServers: settings.bootstrapServers, topic: settings.modelsTopic, model: settings.model)
    }

    var model: String { settings.model }
    var positive: String { settings.positive }

    /// The version that serves now; `nil` before the first one was published.
    public var version: String? { follower.version }

    /// Takes over a champion that has been published since; waits for one if there is none yet.
    public func followChampion(timeout seconds: Double) throws {
        try follower.catchUp(timeout: seconds)
    }

    /// Waits until a certain version has been published and serves with it.
    public func followChampion(until version: String, timeout seconds: Double) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while follower.version != version {
            guard Date() < deadline else {
                throw DemonstrationError("v\(version) of \(settings.model) was not published within \(Int(seconds)) s")
            }
            try follower.catchUp(timeout: seconds)
        }
    }

    /// Leaves the broker.
    public func close() {
        follower.close()
        producer.close()
    }

    /// Serves rows, in the order of their time, and sends the outcomes that have become known by then.
    ///
    /// - Returns: for each row whether the prediction was right.
    @discardableResult
    public func serve(_ rows: [ProductionRow]) throws -> [Bool] {
        guard let model = follower.loaded, let version = follower.version else {
            throw DemonstrationError("no champion of \(settings.model) has been published on \(settings.modelsTopic)")
        }
        let scores = try model.predict(try Table(rows: rows)).probabilities
        var results: [Bool] = []
        for (row, score) in zip(rows, scores) {
            try sendOutcomes(until: row.timeMicroseconds)
            let id = "\(settings.model)-\(number)"
            number += 1
            let isRight = (score >= 0.5) == (row.label == settings.positive)
            results.append(isRight)
            served[version, default: Score()].rows += 1
            if isRight { served[version, default: Score()].correct += 1 }
            try send(prediction(row, id: id, version: version, score: score), id: id, at: row.timeMicroseconds)
            waiting.append((row.timeMicroseconds + settings.labelDelayMicroseconds, id, row.label))
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        return results
    }

    /// Sends the outcomes that are still to come.
    public func finish() throws {
        try sendOutcomes(until: .max)
        try producer.flush(timeoutMilliseconds: 30_000)
    }

    private func sendOutcomes(until time: Int64) throws {
        let due = waiting.prefix { $0.time <= time }
        for outcome in due {
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("kind", "outcome")
            writer.field("id", outcome.id)
            writer.field("model", settings.model)
            writer.field("time", EventTime.format(outcome.time))
            writer.field("label", outcome.label)
            writer.endObject()
            try send(writer.bytes, id: outcome.id, at: outcome.time, topic: settings.outcomesTopic)
        }
        waiting.removeFirst(due.count)
    }

    private func prediction(_ row: ProductionRow, id: String, version: String, score: Double) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("kind", "prediction")
        writer.field("id", id)
        writer.field("model", settings.model)
        writer.field("version", version)
        writer.field("time", EventTime.format(row.timeMicroseconds))
        writer.key("features")
        writer.beginObject()
        for feature in row.features {
            writer.key(feature.name)
            switch feature.value {
            case .number(let number): writer.number(number)
            case .text(let text): writer.string(text)
            case .boolean(let flag): writer.boolean(flag)
            case .missing: writer.null()
            }
        }
        writer.endObject()
        writer.field("score", score)
        writer.endObject()
        return writer.bytes
    }

    private func send(_ value: [UInt8], id: String, at time: Int64, topic: String? = nil) throws {
        try producer.send(
            topic: topic ?? settings.predictionsTopic, key: Array(id.utf8), value: value, timestampMicroseconds: time)
        produced += 1
    }
}

/// A demonstration that cannot go on: what is missing.
public struct DemonstrationError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
