import Statistics

struct FittedScaling: FittedTransform {
    enum Scale: Codable, Sendable, Equatable {
        /// (x − center) / width + shift.
        case linear(center: Double, width: Double, shift: Double)
        case quantile(QuantileScale)
    }

    struct Column: Codable, Sendable, Equatable {
        let name: String
        let scale: Scale
    }

    let columns: [Column]
    /// What the columns are brought to, for the model card.
    let method: String

    func apply(_ table: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        for column in columns {
            try table.update(column.name) { numbers in
                switch column.scale {
                case .linear(let center, let width, let shift):
                    numbers.withUnsafeMutableBufferPointer { cells in
                        for row in 0..<cells.count { cells[row] = (cells[row] - center) / width + shift }
                    }
                case .quantile(let scale):
                    for row in numbers.indices where !numbers[row].isNaN { numbers[row] = scale.value(numbers[row]) }
                }
            }
        }
    }

    /// Quantiles come back on the line between the table's quantiles; values beyond them as the outermost.
    func invert(_ table: inout WorkingColumns) throws(LearningError) {
        for column in columns where table.isFeature(column.name) {
            try table.update(column.name) { numbers in
                for row in numbers.indices where !numbers[row].isNaN {
                    switch column.scale {
                    case .linear(let center, let width, let shift):
                        numbers[row] = (numbers[row] - shift) * width + center
                    case .quantile(let scale): numbers[row] = scale.inverse(numbers[row])
                    }
                }
            }
        }
    }

    var isConsistent: Bool {
        columns.allSatisfy { column in
            guard case .quantile(let scale) = column.scale else { return true }
            return scale.isConsistent
        }
    }

    var description: String { "Numbers are scaled to \(method): \(listed(columns.map(\.name)))." }
}
