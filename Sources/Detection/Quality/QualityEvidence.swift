import Statistics

/// What a window shows of one check: how many of how many are bad, and the share that its reference leads to expect.
///
/// The p-value is that of the one-sided exact binomial test against `allowed` = max(the rule's share, what the
/// reference allows at an error of 0.001); for `missing` the sum of the two: an exact two-sample test of "the rate is
/// at most the reference's plus the margin", with both samples' errors counted.
struct QualityEvidence: Equatable {
    /// What the reference's own share may truly be: the reference is a sample too.
    static let referenceError = 0.001

    var bad: Int64
    var count: Int64
    /// What the rule's share is compared with: bad/count, less the reference's share for `missing`.
    var value: Double
    var allowed: Double

    private init(bad: Int64, count: Int64, value: Double, allowed: Double) {
        self.bad = bad
        self.count = count
        self.value = value
        self.allowed = allowed
    }

    /// - Parameter tolerance: the share that the reference allows.
    init(bad: Int64, of count: Int64, maximumShare: Double, tolerance: Double = 0) {
        let share = count == 0 ? 0 : Double(bad) / Double(count)
        self.init(bad: bad, count: count, value: share, allowed: max(maximumShare, tolerance))
    }

    var pValue: Double { ShareTest.upperTail(hits: bad, count: count, share: allowed) }

    /// - Returns: `nil` where the check has no meaning for the column: no number, no category, a constant reference.
    static func of(_ rule: QualityRule, column: ColumnReference, window: ColumnSummary) -> QualityEvidence? {
        let error = Self.referenceError
        let share = rule.maximumShare
        switch rule.check {
        case .missing:
            guard column.total > 0, window.total > 0 else { return nil }
            let before = Double(column.missing) / Double(column.total)
            let expected = ShareTest.upperBound(hits: column.missing, count: column.total, error: error)
            return QualityEvidence(
                bad: window.missing, count: window.total,
                value: max(0, Double(window.missing) / Double(window.total) - before),
                allowed: min(1, expected + share))
        case .unseenCategory:
            guard column.kind == .categorical, let unseen = window.counts.last else { return nil }
            return QualityEvidence(
                bad: unseen, of: window.present, maximumShare: share,
                tolerance: column.expectedUnseenShare(error: error))
        case .outOfRange:
            guard column.kind == .numeric, column.minimum != nil else { return nil }
            return QualityEvidence(
                bad: window.outOfRange(beyond: rule.margin), of: window.present, maximumShare: share,
                tolerance: ShareTest.outsideRange(ofSample: column.present, error: error))
        case .typeMismatch:
            return QualityEvidence(bad: window.violations, of: window.total, maximumShare: share)
        case .invalidValue:
            guard column.kind == .numeric else { return nil }
            return QualityEvidence(
                bad: window.invalid, of: window.total, maximumShare: share,
                tolerance: column.invalid == 0
                    ? 0 : ShareTest.upperBound(hits: column.invalid, count: column.total, error: error))
        case .constant: return constant(column: column, window: window)
        case .schema:
            // The reference tells missing values from absent keys no more; a producer may leave out what is null.
            let expected =
                column.missing == 0
                ? 0 : ShareTest.upperBound(hits: column.missing, count: column.total, error: error)
            return QualityEvidence(bad: window.absent, of: window.total, maximumShare: share, tolerance: expected)
        case .duplicates: preconditionFailure("duplicates are counted by event")
        }
    }

    /// One value in all n events: the value 1, and p = qⁿ with q the upper bound of that cell's share in the reference.
    private static func constant(column: ColumnReference, window: ColumnSummary) -> QualityEvidence? {
        guard column.usedCells > 1 else { return nil }
        let count = window.present
        guard let cell = column.onlyCell(of: window) else {
            return QualityEvidence(bad: 0, count: count, value: 0, allowed: 1)
        }
        let share = ShareTest.upperBound(hits: column.counts[cell], count: column.present, error: Self.referenceError)
        return QualityEvidence(bad: count, count: count, value: 1, allowed: share)
    }
}
