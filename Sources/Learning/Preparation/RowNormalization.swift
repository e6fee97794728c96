import Statistics

/// Divides the numbers of each row by their size. Missing cells stay missing and count as 0; a row of zeros stays.
public struct RowNormalization: Codable, Sendable, Equatable {
    public enum Norm: String, Codable, Sendable {
        /// Sum of the magnitudes.
        case l1
        /// Root of the sum of the squares.
        case l2
        /// Largest magnitude.
        case maximum
    }

    public var columns: ColumnSelection
    public var norm: Norm

    public init(columns: ColumnSelection = .numeric, norm: Norm = .l2) {
        self.columns = columns
        self.norm = norm
    }

    func fit(
        _ columns: inout WorkingColumns, _ context: inout FitContext
    ) throws(LearningError) -> FittedNormalization {
        let names = try self.columns.resolve(in: columns)
        try context.requireNumbers(names, in: columns, for: "normalising rows")
        let fitted = FittedNormalization(names: names, norm: norm)
        var applied = ApplyContext()
        try fitted.apply(&columns, &applied)
        return fitted
    }
}

struct FittedNormalization: FittedTransform {
    let names: [String]
    let norm: RowNormalization.Norm

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        var sizes = [Double](repeating: 0, count: columns.rowCount)
        for name in names {
            for (row, number) in try columns.numbers(name).enumerated() where !number.isNaN {
                switch norm {
                case .l1: sizes[row] += number.magnitude
                case .l2: sizes[row] += number * number
                case .maximum: sizes[row] = max(sizes[row], number.magnitude)
                }
            }
        }
        for row in sizes.indices {
            if norm == .l2 { sizes[row].formSquareRoot() }
            if sizes[row] == 0 || !sizes[row].isFinite { sizes[row] = 1 }
        }
        for name in names {
            try columns.update(name) { numbers in
                for row in numbers.indices { numbers[row] /= sizes[row] }
            }
        }
    }

    var description: String { "Each row is divided by its \(norm.rawValue) norm: \(listed(names))." }
}
