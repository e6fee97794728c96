/// The counts of one column in one pane or window, on the cells of its reference.
public struct ColumnSummary: Sendable, Equatable {
    /// Per cell.
    public var counts: [Int64]
    /// Null, absent, NaN.
    public var missing: Int64 = 0
    /// ±∞.
    public var invalid: Int64 = 0
    /// Values of another type than the column's.
    public var violations: Int64 = 0
    /// Events without the column's key; among the missing.
    public var absent: Int64 = 0
    /// Values below the bounds of each `RangeMargin`, then above them; empty where all are in range.
    var outside: [Int64] = []
    /// Values more than 1,024 standard deviations from the reference's mean: counted in their cell, clamped in the sums.
    public var saturated: Int64 = 0
    /// Σz in units of 2⁻²⁰, with z = (value − mean)/sd of the reference.
    public var sum: Int64 = 0
    /// Σz² in units of 2⁻¹⁰.
    public var sumOfSquares: Int64 = 0
    /// Of the finite values; `nil` without any, and for categories.
    public var minimum: Double?
    public var maximum: Double?

    public init(cellCount: Int) { counts = Array(repeating: 0, count: cellCount) }

    /// Usable values.
    public var present: Int64 { counts.reduce(0, &+) }
    /// All of them: usable, missing, invalid, of the wrong type.
    public var total: Int64 { present &+ missing &+ invalid &+ violations }

    /// Values beyond the reference's range with its margin on either side.
    public func outOfRange(beyond margin: RangeMargin) -> Int64 {
        outside.isEmpty ? 0 : outside[margin.rawValue] &+ outside[RangeMargin.allCases.count + margin.rawValue]
    }

    /// The mean of the usable values in the column's unit; `nil` without any, and for categories.
    public func mean(on reference: ColumnReference) -> Double? {
        guard reference.kind == .numeric, present > 0 else { return nil }
        return reference.origin + reference.scale * standardizedMean
    }

    /// The population standard deviation of the usable values; `nil` without any, and for categories.
    public func standardDeviation(on reference: ColumnReference) -> Double? {
        guard reference.kind == .numeric, present > 0 else { return nil }
        let square = Double(sumOfSquares) / FixedPoint.squareUnit / Double(present)
        return reference.scale * max(0, square - standardizedMean * standardizedMean).squareRoot()
    }

    private var standardizedMean: Double { Double(sum) / FixedPoint.sumUnit / Double(present) }

    mutating func merge(_ other: ColumnSummary) {
        precondition(counts.count == other.counts.count, "summaries on one reference have the same cells")
        for cell in counts.indices { counts[cell] = FixedPoint.saturatingSum(counts[cell], other.counts[cell]) }
        missing = FixedPoint.saturatingSum(missing, other.missing)
        invalid = FixedPoint.saturatingSum(invalid, other.invalid)
        violations = FixedPoint.saturatingSum(violations, other.violations)
        absent = FixedPoint.saturatingSum(absent, other.absent)
        if outside.isEmpty {
            outside = other.outside
        } else {
            for index in other.outside.indices {
                outside[index] = FixedPoint.saturatingSum(outside[index], other.outside[index])
            }
        }
        saturated = FixedPoint.saturatingSum(saturated, other.saturated)
        sum = FixedPoint.saturatingSum(sum, other.sum)
        sumOfSquares = FixedPoint.saturatingSum(sumOfSquares, other.sumOfSquares)
        minimum = [minimum, other.minimum].compactMap { $0 }.min()
        maximum = [maximum, other.maximum].compactMap { $0 }.max()
    }
}

extension ColumnReference {
    /// The reference's own counts in the shape of a window, as if it were compared with itself. Without the sums.
    public var countsAsWindow: ColumnSummary {
        var summary = ColumnSummary(cellCount: cellCount)
        summary.counts = counts
        summary.missing = missing
        summary.invalid = invalid
        summary.minimum = minimum
        summary.maximum = maximum
        return summary
    }
}
