import Events
import TidewatchTestKit
import Windowing

/// What decides the outcome of a made-up row.
enum Concept: Sendable {
    /// Fraud where `amount` is positive, else where it is negative.
    case positive, negative
}

/// Labelled rows with native prediction messages; the same rows for the same seed.
struct RowFactory {
    static let start: Int64 = 1_767_225_600_000_000
    static let second: Int64 = 1_000_000
    private var stream: DriftStream
    private var number = 0

    init(seed: UInt64) { stream = DriftStream(seed: seed) }

    /// One row a second. What is logged as score follows the concept of ``Concept/positive``: the version in production
    /// does not know of any other.
    mutating func binary(_ count: Int, concept: Concept, noise: Double = 0.1, version: String = "1") -> [LabelledRow] {
        (0..<count).map { _ in
            let amount = stream.normal()
            let isFlipped = stream.uniform() <= noise
            let isFraud = ((concept == .positive) == (amount > 0)) != isFlipped
            let country = stream.uniform() < 0.5 ? "KR" : "DE"
            return row(
                version: version,
                body: """
                    "features":{"amount":\(amount),"country":"\(country)","new":\(stream.uniform() < 0.5)},\
                    "score":\(amount > 0 ? 0.9 : 0.1),"label":"\(amount > 0 ? "fraud" : "fine")"
                    """, label: isFraud ? "fraud" : "fine")
        }
    }

    /// y = slope · x + noise; the logged value is 2 · x.
    mutating func regression(_ count: Int, slope: Double) -> [LabelledRow] {
        (0..<count).map { _ in
            let x = stream.normal()
            return row(
                version: "1", body: "\"features\":{\"x\":\(x)},\"value\":\(2 * x)", label: "",
                value: slope * x + stream.normal(deviation: 0.1))
        }
    }

    /// One row with the members given.
    mutating func row(
        version: String = "1", body: String, label: String = "fraud", value: Double? = nil
    ) -> LabelledRow {
        let time = Self.start + Int64(number) * Self.second
        let id = "p-\(number)"
        number += 1
        return LabelledRow(
            identifier: EventIdentifier(hashing: id), predictionMicroseconds: time,
            joinedMicroseconds: time + Self.second, recordMicroseconds: time, version: version,
            message: Array(
                """
                {"kind":"prediction","id":"\(id)","time":\(time),"model":"fraud","version":"\(version)",\(body)}
                """.utf8), label: label, value: value)
    }
}
