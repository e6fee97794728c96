import Foundation
import KafkaClient
import TidewatchTestKit

/// What the simulated topics hold: a seeded day of predictions and outcomes with everything that real logs have, from
/// duplicates and disorder to late labels, gaps in the offsets and records that are no events.
struct SimulatedLog {
    static let start: Int64 = 1_767_225_600_000_000
    static let minute: Int64 = 60_000_000

    let topics: SimulatedTopics

    init(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let partitions = Int32.random(in: 1...4, using: &chance)
        let hours = Int.random(in: 10...18, using: &chance)
        let perHour = Int.random(in: 30...70, using: &chance)
        let driftHour = Int.random(in: 5..<hours, using: &chance)
        let versionHour = Bool.random(using: &chance) ? Int.random(in: 4..<hours, using: &chance) : Int.max
        var arrivals: [(place: TopicPartition, time: Int64, value: [UInt8]?)] = []
        let events = hours * perHour
        for number in 0..<events {
            let hour = number / perHour
            let time =
                Self.start + Int64.random(in: 0..<60 * Self.minute, using: &chance) + Int64(hour) * 60 * Self.minute
            let partition = Int32.random(in: 0..<partitions, using: &chance)
            let prediction = Self.prediction(
                number, at: time, version: hour >= versionHour ? "2" : "1", isDrifted: hour >= driftHour, &chance)
            // A few come late, some of them so late that their pane has closed.
            let delay: Int64 =
                Double.random(in: 0..<1, using: &chance) < 0.1
                ? Int64.random(in: 0..<40 * Self.minute, using: &chance) : 0
            let place = TopicPartition(topic: SimulatedTopics.predictions, partition: partition)
            arrivals.append((place, time + delay, prediction.value))
            if Double.random(in: 0..<1, using: &chance) < 0.03 {
                arrivals.append(
                    (place, time + delay + Int64.random(in: 0..<20 * Self.minute, using: &chance), prediction.value))
            }
            guard Double.random(in: 0..<1, using: &chance) < 0.9 else { continue }
            // From before the prediction to beyond the label delay of three hours.
            let known = time + Int64.random(in: -10 * Self.minute..<200 * Self.minute, using: &chance)
            let outcome = Self.outcome(number, isFraud: prediction.isFraud)
            let end = TopicPartition(topic: SimulatedTopics.outcomes, partition: partition)
            arrivals.append((end, known, outcome))
            if Double.random(in: 0..<1, using: &chance) < 0.03 {
                arrivals.append((end, known + Int64.random(in: 0..<60 * Self.minute, using: &chance), outcome))
            }
        }
        for _ in 0..<events / 50 {
            let topic = Bool.random(using: &chance) ? SimulatedTopics.predictions : SimulatedTopics.outcomes
            let place = TopicPartition(topic: topic, partition: Int32.random(in: 0..<partitions, using: &chance))
            let time = Self.start + Int64.random(in: 0..<Int64(hours) * 60 * Self.minute, using: &chance)
            arrivals.append((place, time, Self.noEvent(&chance)))
        }
        topics = SimulatedTopics(partitions: partitions)
        // In the order of their arrival.
        let sorted = arrivals.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        for (_, arrival) in sorted {
            let gap = Double.random(in: 0..<1, using: &chance) < 0.05 ? Int64.random(in: 1...4, using: &chance) : 0
            topics.append(arrival.value, to: arrival.place, at: arrival.time, gap: gap)
        }
    }

    /// A table of the world before it drifts, as JSON lines.
    static func table(rows: Int, seed: UInt64) -> String {
        var chance = SeededGenerator(seed: seed ^ 0x7ab1e)
        return (0..<rows).map { _ in
            let amount = Double.random(in: 0..<100, using: &chance)
            let country = ["KR", "US", "DE"][Int.random(in: 0..<3, using: &chance)]
            return "{\"amount\":\(amount),\"country\":\"\(country)\"}\n"
        }.joined()
    }

    private static func prediction(
        _ number: Int, at time: Int64, version: String, isDrifted: Bool, _ chance: inout SeededGenerator
    ) -> (value: [UInt8], isFraud: Bool) {
        let amount = Double.random(in: 0..<100, using: &chance) + (isDrifted ? 70 : 0)
        let country = ["KR", "US", "DE"][Int.random(in: 0..<3, using: &chance)]
        let score = Double.random(in: 0..<1, using: &chance)
        let isFraud = Double.random(in: 0..<1, using: &chance) < (isDrifted ? 1 - score : score)
        let shown = Double.random(in: 0..<1, using: &chance) < 0.05 ? "null" : "\(amount)"
        let text =
            "{\"kind\":\"prediction\",\"id\":\"p\(number)\",\"time\":\(time),\"model\":\"fraud\",\"version\":\"\(version)\","
            + "\"features\":{\"amount\":\(shown),\"country\":\"\(country)\"},\"score\":\(score)}"
        return (Array(text.utf8), isFraud)
    }

    private static func outcome(_ number: Int, isFraud: Bool) -> [UInt8] {
        Array(
            "{\"kind\":\"outcome\",\"id\":\"p\(number)\",\"model\":\"fraud\",\"label\":\"\(isFraud ? "fraud" : "fine")\"}"
                .utf8)
    }

    private static func noEvent(_ chance: inout SeededGenerator) -> [UInt8]? {
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: nil
        case 1: Array("{\"kind\":".utf8)
        case 2: Array("{\"kind\":\"prediction\",\"id\":\"x\",\"model\":\"nobody\",\"features\":{}}".utf8)
        default:
            Array("{\"kind\":\"prediction\",\"id\":\"y\",\"model\":\"fraud\",\"time\":\"2099-01-01T00:00:00Z\"}".utf8)
        }
    }
}
