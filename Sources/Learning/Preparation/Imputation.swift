import Statistics

/// Fills missing cells. A column without any value in the training rows is filled with 0, `false` or `missing`.
///
/// Sample weights count in the mean, the median and the most frequent value.
public struct Imputation: Codable, Sendable, Equatable {
    public enum Strategy: Codable, Sendable, Equatable {
        /// Of numeric columns; others take their most frequent value.
        case mean
        /// Of numeric columns; others take their most frequent value.
        case median
        /// Of equally frequent ones the smallest number, the first category by name, `false`.
        case mostFrequent
        /// The number for numeric columns, the category for categorical ones, `false` for boolean ones.
        case constant(number: Double, category: String)
        /// Between the present values before and after, by position in the sequence; before the first and after the
        /// last, the nearest one. It reads later rows: for series that are complete when they are prepared, not for
        /// rows that are scored one by one. Columns that are not numeric are filled forward.
        case linearInterpolation(RowSequence)
        /// The last present value of the sequence.
        case forwardFill(RowSequence)
        /// Leaves the cells missing: for the indicator alone.
        case keep
    }

    public var columns: ColumnSelection
    public var strategy: Strategy
    /// Adds `name__missing`, whether the cell was missing, for each column with a missing cell in the training rows.
    public var addsIndicator: Bool

    public init(columns: ColumnSelection = .all, strategy: Strategy, addsIndicator: Bool = false) {
        self.columns = columns
        self.strategy = strategy
        self.addsIndicator = addsIndicator
    }

    func fit(
        _ columns: inout WorkingColumns, _ context: inout FitContext
    ) throws(LearningError) -> FittedImputation {
        if case .constant(let number, _) = strategy, !number.isFinite {
            throw invalidStep("the constant of an imputation is \(number)", advice: "Give a finite number.")
        }
        if let sequence { try sequence.require(in: columns, &context) }
        let weights = try context.weights(columns)
        var fills: [FittedImputation.Fill] = []
        for name in try self.columns.resolve(in: columns) {
            let column = try columns.column(name)
            let missing = column.missingCount
            if missing == column.count {
                context.notes.append("\"\(name)\" has no value in the training rows.")
            }
            fills.append(
                FittedImputation.Fill(
                    name: name, cell: cell(of: column, weights), isIndicated: addsIndicator && missing > 0))
        }
        let fitted = FittedImputation(strategy: strategy, fills: fills)
        try fitted.applyToTraining(&columns)
        return fitted
    }

    private var sequence: RowSequence? {
        switch strategy {
        case .linearInterpolation(let sequence), .forwardFill(let sequence): sequence
        default: nil
        }
    }

    /// - Parameter weights: one per row; `nil` where all count alike.
    private func cell(of column: TableColumn, _ weights: [Double]?) -> FittedImputation.Cell {
        switch column.values {
        case .numeric(let numbers): return .number(number(for: numbers, weights))
        case .boolean(let flags):
            if case .constant = strategy { return .flag(false) }
            guard let weights else { return .flag(flags.count { $0 == 1 } > flags.count { $0 == 0 }) }
            var (yes, no) = (0.0, 0.0)
            for (flag, weight) in zip(flags, weights) {
                if flag == 1 { yes += weight } else if flag == 0 { no += weight }
            }
            return .flag(yes > no)
        case .categorical(let codes, let categories):
            if case .constant(_, let category) = strategy { return .category(category) }
            var counts = [Double](repeating: 0, count: categories.count)
            if let weights {
                for (code, weight) in zip(codes, weights) where code >= 0 { counts[Int(code)] += weight }
            } else {
                for code in codes where code >= 0 { counts[Int(code)] += 1 }
            }
            let best = counts.indices.min { (-counts[$0], categories[$0]) < (-counts[$1], categories[$1]) }
            guard let best, counts[best] > 0 else { return .category("missing") }
            return .category(categories[best])
        }
    }

    private func number(for numbers: [Double], _ weights: [Double]?) -> Double {
        switch strategy {
        case .constant(let number, _): return number
        case .mean:
            let moments = weights.map { Moments.of(numbers, weights: $0) } ?? Moments.of(numbers)
            return moments?.mean ?? 0
        case .mostFrequent:
            return (weights.map { Self.mostFrequent(numbers, weights: $0) } ?? Self.mostFrequent(numbers)) ?? 0
        case .keep: return 0
        case .median, .linearInterpolation, .forwardFill:
            if let weights { return OrderStatistics.median(numbers, weights: weights) ?? 0 }
            var present = numbers.filter { !$0.isNaN }
            return OrderStatistics.median(&present) ?? 0
        }
    }

    private static func mostFrequent(_ numbers: [Double]) -> Double? {
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        var best: Double?
        var bestCount = 0
        var start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
            if end - start > bestCount { (best, bestCount) = (sorted[start], end - start) }
            start = end
        }
        return best
    }

    private static func mostFrequent(_ numbers: [Double], weights: [Double]) -> Double? {
        var totals: [Double: Double] = [:]
        for (number, weight) in zip(numbers, weights) where !number.isNaN { totals[number, default: 0] += weight }
        return totals.min { (-$0.value, $0.key) < (-$1.value, $1.key) }?.key
    }
}
