/// Right and wrong decisions between two classes.
public struct BinaryConfusion: Sendable, Equatable, Codable {
    public var truePositives: Int64 = 0
    public var falsePositives: Int64 = 0
    public var trueNegatives: Int64 = 0
    public var falseNegatives: Int64 = 0

    public init() {}

    public mutating func add(predicted: Bool, actual: Bool) {
        switch (predicted, actual) {
        case (true, true): truePositives += 1
        case (true, false): falsePositives += 1
        case (false, false): trueNegatives += 1
        case (false, true): falseNegatives += 1
        }
    }

    public var count: Int64 { truePositives + falsePositives + trueNegatives + falseNegatives }
    /// `nil` without any pair.
    public var accuracy: Double? { ratio(truePositives + trueNegatives, count) }
    /// `nil` when nothing was predicted positive.
    public var precision: Double? { ratio(truePositives, truePositives + falsePositives) }
    /// `nil` when nothing is positive.
    public var recall: Double? { ratio(truePositives, truePositives + falseNegatives) }
    /// `nil` when nothing is positive and nothing was predicted so.
    public var f1: Double? { ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }

    mutating func merge(_ other: BinaryConfusion) {
        truePositives = FixedPoint.saturatingSum(truePositives, other.truePositives)
        falsePositives = FixedPoint.saturatingSum(falsePositives, other.falsePositives)
        trueNegatives = FixedPoint.saturatingSum(trueNegatives, other.trueNegatives)
        falseNegatives = FixedPoint.saturatingSum(falseNegatives, other.falseNegatives)
    }
}

/// `nil` for 0/0.
func ratio(_ part: Int64, _ whole: Int64) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
