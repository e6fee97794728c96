import Statistics

/// Fills missing cells. A column without any value in the training rows is filled with 0, `false` or `missing`.
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
        var fills: [FittedImputation.Fill] = []
        for name in try self.columns.resolve(in: columns) {
            let column = try columns.column(name)
            let missing = column.missingCount
            if missing == column.count {
                context.notes.append("\"\(name)\" has no value in the training rows.")
            }
            fills.append(
                FittedImputation.Fill(name: name, cell: cell(of: column), isIndicated: addsIndicator && missing > 0))
        }
        let fitted = FittedImputation(strategy: strategy, fills: fills)
        var applied = ApplyContext()
        try fitted.apply(&columns, &applied)
        return fitted
    }

    private var sequence: RowSequence? {
        switch strategy {
        case .linearInterpolation(let sequence), .forwardFill(let sequence): sequence
        default: nil
        }
    }

    private func cell(of column: TableColumn) -> FittedImputation.Cell {
        switch column.values {
        case .numeric(let numbers): return .number(number(for: numbers))
        case .boolean(let flags):
            let yes = flags.count { $0 == 1 }
            if case .constant = strategy { return .flag(false) }
            return .flag(yes > flags.count { $0 == 0 })
        case .categorical(let codes, let categories):
            if case .constant(_, let category) = strategy { return .category(category) }
            var counts = [Int](repeating: 0, count: categories.count)
            for code in codes where code >= 0 { counts[Int(code)] += 1 }
            let best = counts.indices.min { (-counts[$0], categories[$0]) < (-counts[$1], categories[$1]) }
            guard let best, counts[best] > 0 else { return .category("missing") }
            return .category(categories[best])
        }
    }

    private func number(for numbers: [Double]) -> Double {
        switch strategy {
        case .constant(let number, _): return number
        case .mean: return Moments.of(numbers)?.mean ?? 0
        case .mostFrequent: return Self.mostFrequent(numbers) ?? 0
        case .keep: return 0
        case .median, .linearInterpolation, .forwardFill:
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
}

/// Mean and spread of the present numbers.
struct Moments {
    let count: Int
    let mean: Double
    /// Mean of the squared deviations (divided by the count).
    let variance: Double

    /// In two passes, since the one-pass formula loses the digits of a column far from 0; `nil` without a number.
    static func of(_ numbers: [Double]) -> Moments? {
        numbers.withUnsafeBufferPointer { buffer in
            // Four sums side by side, which the processor adds at once.
            var sums = SIMD4<Double>()
            var counts = SIMD4<Double>()
            forEachFour(buffer) { four, isPresent in
                sums += four
                counts.replace(with: counts + 1, where: isPresent)
            }
            let count = counts.sum()
            guard count > 0 else { return nil }
            let mean = sums.sum() / count
            var squares = SIMD4<Double>()
            var deviations = SIMD4<Double>()
            forEachFour(buffer) { four, isPresent in
                let deviation = (four - mean).replacing(with: 0, where: .!isPresent)
                deviations += deviation
                squares += deviation * deviation
            }
            // The rest of rounding in the mean is taken out again (Chan, Golub, LeVeque 1983).
            let rest = deviations.sum()
            let variance = max(0, (squares.sum() - rest * rest / count) / count)
            return Moments(count: Int(count), mean: mean + rest / count, variance: variance)
        }
    }

    /// Missing numbers are given as 0 and marked; the last group is filled up with missing ones.
    @inline(__always)
    private static func forEachFour(
        _ buffer: UnsafeBufferPointer<Double>, _ body: (SIMD4<Double>, SIMDMask<SIMD4<Int64>>) -> Void
    ) {
        var index = 0
        while index < buffer.count {
            var four = SIMD4<Double>(repeating: .nan)
            if index + 4 <= buffer.count {
                four = UnsafeRawPointer(buffer.baseAddress! + index).loadUnaligned(as: SIMD4<Double>.self)
            } else {
                for lane in 0..<(buffer.count - index) { four[lane] = buffer[index + lane] }
            }
            let isPresent = four .== four
            body(four.replacing(with: 0, where: .!isPresent), isPresent)
            index += 4
        }
    }
}
