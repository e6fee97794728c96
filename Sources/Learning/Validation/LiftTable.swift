import Foundation
public import Statistics

/// How many positives are found by taking the rows with the highest scores first.
public struct LiftTable: Sendable, Equatable {
    /// One part of the rows, best scores first.
    public struct Part: Sendable, Equatable {
        public let rows: Int
        public let lowestScore: Double
        /// Share of positives in it, with Wilson's interval.
        public let rate: MetricValue
        /// The rate over that of all rows.
        public let lift: Double
        /// Of all positives, the share in this part and those before it.
        public let gain: Double
    }

    public let parts: [Part]

    /// Parts of equal size (the first ones are one row larger where that does not work out); rows of one score are
    /// divided in their order in the table.
    /// - Returns: `nil` without rows, without positives, or with a score that is not a number.
    /// - Precondition: equally many scores and labels; at least one part.
    public init?(scores: [Double], labels: [Bool], parts count: Int = 10) {
        precondition(scores.count == labels.count && count > 0, "one outcome per score")
        let positives = labels.count(where: \.self)
        guard positives > 0, !scores.contains(where: \.isNaN) else { return nil }
        let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        let base = Double(positives) / Double(scores.count)
        var start = 0
        var found = 0
        var parts: [Part] = []
        for index in 0..<count {
            let size = scores.count / count + (index < scores.count % count ? 1 : 0)
            guard size > 0 else { break }
            let rows = order[start..<(start + size)]
            let hits = rows.count { labels[$0] }
            start += size
            found += hits
            var confusion = BinaryConfusion()
            confusion.truePositives = Int64(hits)
            confusion.falsePositives = Int64(size - hits)
            parts.append(
                Part(
                    rows: size, lowestScore: rows.last.map { scores[$0] } ?? .nan,
                    // Of rows all taken for positive, the precision is the share of positives.
                    rate: confusion.metric(.precision), lift: Double(hits) / Double(size) / base,
                    gain: Double(found) / Double(positives)))
        }
        self.parts = parts
    }
}
